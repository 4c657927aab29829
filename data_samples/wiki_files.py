"""The full-history XML dump of MediaWiki, schema 0.11.

What happens on the pages is `wiki`'s business.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr  # nosec B406  # writes XML, parses none

from data_samples.accounts import WIKI_NAME, Account
from data_samples.archive import open_gzip
from data_samples.period import iso

NAMESPACES = {
    -2: "Media", -1: "Special", 0: "", 1: "Talk", 2: "User", 3: "User talk", 4: "Acme", 5: "Acme talk",
    10: "Template", 11: "Template talk", 3000: "Project Aurora", 3001: "Project Aurora talk",
}  # fmt: skip
_SCHEMA = "http://www.mediawiki.org/xml/export-0.11/"
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(eq=False, slots=True)
class Revision:
    """One version of a page. Without an account the author is an address, or hidden."""

    id: int
    at: int
    account: Account | None
    text: str
    comment: str
    minor: bool = False
    address: str = ""
    digest: bytes = b""
    is_null: bool = False
    is_revert: bool = False
    is_self_revert: bool = False


@dataclass(eq=False, slots=True)
class Page:
    """One page with its history."""

    id: int
    namespace: int
    title: str
    redirect: str = ""
    talk: "Page | None" = None
    revisions: list[Revision] = field(default_factory=list)


def write_dump(path: Path, pages: list[Page], accounts: list[Account]) -> None:
    """All pages in order of their id, streamed."""
    numbers = {account.id: number for number, account in enumerate(accounts, start=11)}
    with open_gzip(path) as stream:
        for piece in _head():
            stream.write(piece.encode())
        for page in pages:
            for piece in _page(page, numbers):
                stream.write(piece.encode())
        stream.write(b"</mediawiki>\n")


def base36(digest: bytes) -> str:
    """A SHA-1 as MediaWiki writes it: base 36, 31 characters."""
    number, text = int.from_bytes(digest, "big"), ""
    while number:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text.rjust(31, "0")


def _head() -> Iterator[str]:
    yield (
        f'<mediawiki xmlns="{_SCHEMA}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:schemaLocation="{_SCHEMA} http://www.mediawiki.org/xml/export-0.11.xsd" '
        'version="0.11" xml:lang="en">\n'
        f"  <siteinfo>\n    <sitename>Acme Wiki</sitename>\n    <dbname>{WIKI_NAME}</dbname>\n"
        "    <base>https://wiki.acme.example/index.php/Main_Page</base>\n"
        "    <generator>MediaWiki 1.43.0</generator>\n"
        "    <case>first-letter</case>\n    <namespaces>\n"
    )
    for key, name in NAMESPACES.items():
        end = f">{name}</namespace>" if name else " />"
        yield f'      <namespace key="{key}" case="first-letter"{end}\n'
    yield "    </namespaces>\n  </siteinfo>\n"


def _page(page: Page, numbers: dict[str, int]) -> Iterator[str]:
    prefix = f"{NAMESPACES[page.namespace]}:" if page.namespace else ""
    yield f"  <page>\n    <title>{escape(prefix + page.title)}</title>\n    <ns>{page.namespace}</ns>\n"
    yield f"    <id>{page.id}</id>\n"
    if page.redirect:
        yield f"    <redirect title={quoteattr(page.redirect)} />\n"
    parent = 0
    for revision in page.revisions:
        yield _revision(revision, parent, numbers)
        parent = revision.id
    yield "  </page>\n"


def _revision(revision: Revision, parent: int, numbers: dict[str, int]) -> str:
    account, digest = revision.account, base36(revision.digest)
    if account:
        author = (
            f"      <contributor>\n        <username>{escape(account.id)}</username>\n"
            f"        <id>{numbers[account.id]}</id>\n      </contributor>\n"
        )
    elif revision.address:
        author = f"      <contributor>\n        <ip>{revision.address}</ip>\n      </contributor>\n"
    else:
        author = '      <contributor deleted="deleted" />\n'
    return (
        f"    <revision>\n      <id>{revision.id}</id>\n"
        + (f"      <parentid>{parent}</parentid>\n" if parent else "")
        + f"      <timestamp>{iso(revision.at)}</timestamp>\n{author}"
        + ("      <minor />\n" if revision.minor else "")
        + (f"      <comment>{escape(revision.comment)}</comment>\n" if revision.comment else "")
        + f"      <origin>{revision.id}</origin>\n      <model>wikitext</model>\n"
        + "      <format>text/x-wiki</format>\n"
        + f'      <text bytes="{len(revision.text.encode())}" sha1="{digest}" xml:space="preserve">'
        + f"{escape(revision.text)}</text>\n      <sha1>{digest}</sha1>\n    </revision>\n"
    )
