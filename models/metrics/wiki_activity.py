"""What happens on wiki pages, and whether people work on them together."""

from typing import Final

from models.metrics.entry import BY_UNIT, MINIMUM_GROUP, PEOPLE, PERIOD, Mart, Metric, count, share

_SOURCES: Final = "exports of wikis and blogs; the roster"
_EDITS: Final = "exports that show every edit (MediaWiki, Confluence); unknown elsewhere"
_HISTORY: Final = "exports with sizes or texts of all revisions (MediaWiki); unknown elsewhere"
_BY_DAY: Final = "period, platform, unit (of the day of the edit)"

MART: Final = Mart(
    "mart_wiki_activity",
    "What happens on wiki pages, and whether people work on them together.",
    (
        Metric(
            "wiki_work", 1, "Pages, edits and comments", "How much happens on wiki pages?",
            "pages created, edits of pages, those that their authors call minor, and comments on pages (in MediaWiki "
            "every revision of a talk page)",
            None, PERIOD, _BY_DAY, f"{PEOPLE}; edits that change nothing", _SOURCES, MINIMUM_GROUP,
            (
                count("n_pages_created", "Pages created."),
                count("n_edits", "Edits of pages; NULL where exports show none."),
                count("n_minor_edits", "Edits marked as minor; NULL where exports do not mark them."),
                count("n_comments", "Comments on pages and edits of talk pages."),
            ),
        ),
        Metric(
            "wiki_editors", 1, "Wiki editors", "How many people write wiki pages?",
            "people who created or edited a page", None, PERIOD, BY_UNIT, f"{PEOPLE}; comments only", _EDITS,
            MINIMUM_GROUP,
            (count("n_editors", "Eligible people who created or edited a page."),),
        ),
        Metric(
            "wiki_bytes", 1, "Text added and removed", "How much text comes and goes?",
            "bytes by which creations and edits make pages longer, and by which edits make them shorter; what one edit "
            "adds and removes at once is netted",
            None, PERIOD, _BY_DAY, f"{PEOPLE}; comments and talk pages; edits of unknown size", _HISTORY,
            MINIMUM_GROUP,
            (
                count("n_sized_edits", "Creations and edits whose change of size is known."),
                count("n_bytes_added", "Bytes added by them."),
                count("n_bytes_removed", "Bytes removed by them."),
            ),
        ),
        Metric(
            "wiki_null_edits", 1, "Null edits", "How many revisions change nothing?",
            "revisions of pages and talk pages that leave the text as it was (protections, moves); no contributions",
            None, PERIOD, _BY_DAY, PEOPLE, _HISTORY, MINIMUM_GROUP,
            (count("n_null_edits", "Revisions that change nothing."),),
        ),
        Metric(
            "wiki_reverts", 1, "Reverts", "How often is work undone?",
            "edits of pages that restore a state of 2 to 15 revisions before (the nearest of the same size): reverts "
            "if somebody else's revision lies between, else self-reverts",
            None, PERIOD, _BY_DAY,
            f"{PEOPLE}; talk pages; reverts on pages whose sizes are unknown are neither", _HISTORY, MINIMUM_GROUP,
            (
                count("n_reverts", "Edits that undo what others did."),
                count("n_self_reverts", "Edits that undo own work only."),
            ),
            reference="mwreverts: identity reverts within a radius of 15 revisions",
        ),
        Metric(
            "co_editing", 1, "Pages written together", "Do people work on the same pages?",
            "pages created or edited by at least two people in the period", "pages created or edited in the period",
            PERIOD, "period, platform, unit (of the day of the edit: two editors of two units count in all only)",
            f"{PEOPLE}; comments and talk pages", _EDITS, MINIMUM_GROUP,
            (
                count("n_edited_pages", "Pages created or edited."),
                count("n_co_edited_pages", "Pages with at least two editors."),
                share("co_edited_ratio", "n_co_edited_pages / n_edited_pages."),
            ),
        ),
    ),
)
