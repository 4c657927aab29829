"""A WordPress export (WXR 1.2): site time is Berlin's, with GMT beside it.

What is posted is `blog`'s business.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from data_samples.accounts import Account
from data_samples.archive import Archive
from data_samples.period import DAY, SECOND, day_of

SITE = "https://leaders.acme.example"
_ZONE = ZoneInfo("Europe/Berlin")
_NEVER = "0000-00-00 00:00:00"
_HEAD = f"""\
<?xml version="1.0" encoding="UTF-8" ?>
<!-- generator="WordPress/6.6.2" -->
<rss version="2.0"
	xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
	xmlns:content="http://purl.org/rss/1.0/modules/content/"
	xmlns:wfw="http://wellformedweb.org/CommentAPI/"
	xmlns:dc="http://purl.org/dc/elements/1.1/"
	xmlns:wp="http://wordpress.org/export/1.2/"
>
<channel>
	<title>Acme leaders</title>
	<link>{SITE}</link>
	<description>What moves us</description>
	<language>en-GB</language>
	<wp:wxr_version>1.2</wp:wxr_version>
	<wp:base_site_url>{SITE}</wp:base_site_url>
	<wp:base_blog_url>{SITE}</wp:base_blog_url>"""


@dataclass(frozen=True, slots=True)
class Remark:
    """One comment; nobody is logged in, so that only the address says who it was."""

    id: int
    at: int
    author: str
    email: str
    approved: str = "1"
    form: str = "comment"


@dataclass(eq=False, slots=True)
class Item:
    """A post, page, upload or whatever else WordPress files as one."""

    id: int
    kind: str
    account: Account
    at: int
    status: str
    title: str
    remarks: list[Remark] = field(default_factory=list)

    @property
    def day(self) -> date:
        """The UTC day."""
        return day_of(self.at // DAY)


def write_blog(path: Path, day: date, items: list[Item], authors: list[Account]) -> None:
    """The whole export, zipped as WordPress.com hands it out."""
    lines = [_HEAD]
    lines += [_author(number, account) for number, account in enumerate(authors, start=2)]
    for item in items:
        lines.append(_item(item))
        lines += [_remark(remark) for remark in item.remarks]
        lines.append("\t</item>")
    archive = Archive(path, day)
    archive.add("acmeleaders.wordpress.xml", "\n".join([*lines, "</channel>", "</rss>", ""]))
    archive.close()


def _author(number: int, account: Account) -> str:
    return (
        f"\t<wp:author><wp:author_id>{number}</wp:author_id>"
        f"<wp:author_login><![CDATA[{account.id}]]></wp:author_login>"
        f"<wp:author_email><![CDATA[{account.email}]]></wp:author_email>"
        f"<wp:author_display_name><![CDATA[{account.name}]]></wp:author_display_name></wp:author>"
    )


def _item(item: Item) -> str:
    is_draft = item.status == "draft"
    published = "Mon, 30 Nov -0001 00:00:00 +0000" if is_draft else f"{_utc(item.at):%a, %d %b %Y %H:%M:%S +0000}"
    gmt = _NEVER if is_draft else f"{_utc(item.at):%Y-%m-%d %H:%M:%S}"
    local = f"{_utc(item.at).astimezone(_ZONE):%Y-%m-%d %H:%M:%S}"
    return (
        f"\t<item>\n\t\t<title><![CDATA[{item.title}]]></title>\n\t\t<link>{SITE}/?p={item.id}</link>\n"
        f"\t\t<pubDate>{published}</pubDate>\n\t\t<dc:creator><![CDATA[{item.account.id}]]></dc:creator>\n"
        f'\t\t<guid isPermaLink="false">{SITE}/?p={item.id}</guid>\n\t\t<description></description>\n'
        f"\t\t<content:encoded><![CDATA[<p>{item.title}</p>]]></content:encoded>\n"
        f"\t\t<wp:post_id>{item.id}</wp:post_id>\n"
        f"\t\t<wp:post_date><![CDATA[{local}]]></wp:post_date>\n"
        f"\t\t<wp:post_date_gmt><![CDATA[{gmt}]]></wp:post_date_gmt>\n"
        f"\t\t<wp:post_modified><![CDATA[{local}]]></wp:post_modified>\n"
        f"\t\t<wp:post_modified_gmt><![CDATA[{_utc(item.at):%Y-%m-%d %H:%M:%S}]]></wp:post_modified_gmt>\n"
        f"\t\t<wp:comment_status><![CDATA[open]]></wp:comment_status>\n"
        f"\t\t<wp:status><![CDATA[{item.status}]]></wp:status>\n\t\t<wp:post_parent>0</wp:post_parent>\n"
        f"\t\t<wp:post_type><![CDATA[{item.kind}]]></wp:post_type>\n\t\t<wp:is_sticky>0</wp:is_sticky>"
    )


def _remark(remark: Remark) -> str:
    at = _utc(remark.at)
    return (
        f"\t\t<wp:comment>\n\t\t\t<wp:comment_id>{remark.id}</wp:comment_id>\n"
        f"\t\t\t<wp:comment_author><![CDATA[{remark.author}]]></wp:comment_author>\n"
        f"\t\t\t<wp:comment_author_email><![CDATA[{remark.email}]]></wp:comment_author_email>\n"
        "\t\t\t<wp:comment_author_IP><![CDATA[192.0.2.7]]></wp:comment_author_IP>\n"
        f"\t\t\t<wp:comment_date><![CDATA[{at.astimezone(_ZONE):%Y-%m-%d %H:%M:%S}]]></wp:comment_date>\n"
        f"\t\t\t<wp:comment_date_gmt><![CDATA[{at:%Y-%m-%d %H:%M:%S}]]></wp:comment_date_gmt>\n"
        f"\t\t\t<wp:comment_content><![CDATA[Noted.]]></wp:comment_content>\n"
        f"\t\t\t<wp:comment_approved><![CDATA[{remark.approved}]]></wp:comment_approved>\n"
        f"\t\t\t<wp:comment_type><![CDATA[{remark.form}]]></wp:comment_type>\n"
        "\t\t\t<wp:comment_parent>0</wp:comment_parent>\n\t\t\t<wp:comment_user_id>0</wp:comment_user_id>\n"
        "\t\t</wp:comment>"
    )


def _utc(at: int) -> datetime:
    return datetime.fromtimestamp(at // SECOND, UTC)
