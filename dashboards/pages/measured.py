"""What is measured and what never is: for everybody who is counted. Made from the schemas and the agreement."""

from collections.abc import Iterator
from typing import Any, Final

from dashboards import words
from dashboards.page import Page
from dashboards.released import ROSTER, Released, Row
from models.metrics import MINIMUM_DAILY, MINIMUM_EXECUTIVES
from models.reading import reading_of
from models.schemas.purposes import purpose_of
from models.schemas.stored import RECOMMENDED, STATE_FILES, STORES, Store

Term = tuple[str, str]
ANALYSTS_FILE: Final = {
    "released": "the same groups as these pages, and no row about a person",
    "full": "rows about single people under pseudonyms, without names, times of day and places: still personal data",
}


def build(released: Released) -> Page:
    """The page."""
    title = "Who takes part is counted; what they write is not kept"
    lead = (
        "What is read from which platform and what never is, what is kept and for how long, who sees it, and what you "
        "can ask for. For everybody who is counted here."
    )
    extra = {
        "hash": released.agreement["content_hash"] if released.agreement else None,
        "agreement": list(_agreement(released.agreement)),
        "read": [(words.platform(name), reading_of(name)) for name in _platforms(released)],
        "never": list(_never(released)),
        "kept": list(_kept(released)),
        "stores": [_store(store) for store in STORES],
        "state_files": [(name, words.sentence(holds), why) for name, (holds, why) in STATE_FILES.items()],
        "roles": list(_roles(released)),
        "rules": list(_rules(released)),
        "rights": list(_rights(released.agreement)),
    }
    return Page("measured", title, lead, (), extra=extra, extra_template="measured.html.j2")


def _agreement(agreed: Row | None) -> Iterator[Term]:
    if agreed is None:
        return
    yield "Purpose", words.clean(agreed["purpose"])
    yield "Between", "; ".join(_lines(agreed["parties"]))
    approved, valid = words.day(agreed["approved_on"]), words.day(agreed["valid_until"])
    yield "Version", f"{words.clean(agreed['version'])}, approved on {approved}, valid until {valid}"
    yield "Platforms", words.listed([words.platform(name) for name in _lines(agreed["sources"])])
    yield "Smallest group", f"{agreed['agreed_min_group']} people"


def _platforms(released: Released) -> list[str]:
    """The platforms of the release, and the roster last if there is one."""
    names = [row["platform"] for row in released.sources]
    return [*names, ROSTER] if released.has_roster else names


def _never(released: Released) -> Iterator[Term]:
    yield "What you write", (
        "No message, page, comment or title is kept, not a word of it, and no file; not even how long it is."
    )
    yield "Names", (
        "No name, e-mail address or employee number is kept. While the exports are read everybody gets a pseudonym, "
        f"which nobody can make again without the secret key of this installation.{_names_kept(released)}"
    )
    visibilities = released.tables["rel_agreement"]["visibilities"].to_list()
    reads = visibilities[0].split(", ") if visibilities else ["public"]
    yield "Private spaces", (
        "turnout.toml switches them on: what is done in private channels and groups is counted, without their names."
        if "private" in reads
        else "Private channels, private groups and personal spaces are counted as left out, and not read further."
    )
    yield "Direct messages", (
        "Only how many there were in a month, over everybody; never who wrote to whom."
        if "direct" in reads
        else "Who writes to whom in private is never read."
    )
    yield "What you read", (
        "Usage reports tell that somebody was present, or how much they read in a week, never what."
        if released.shows_presence
        else "No export that is loaded tells who reads what."
    )
    yield "One person", (
        f"{_of_one_person(released)}: no ranking, no score, nobody\u2019s silence, nobody\u2019s hours. "
        "Figures must not be used to judge anybody\u2019s work: they only see a part of it."
    )


def _names_kept(released: Released) -> str:
    if released.names_executives or released.names_champions:
        return " Only the names that these pages show are kept, as the agreement or those who asked for it wrote them."
    return ""


def _of_one_person(released: Released) -> str:
    said = words.listed(
        ["what executives of whom that was decided have posted and replied in public spaces, by month"]
        * released.names_executives
        + ["the names of champions who asked for it, without any figure"] * released.names_champions
    )
    return f"No page shows anything about one person, but {said}" if said else "No page shows anything about one person"


def _kept(released: Released) -> Iterator[tuple[str, str, str, str]]:
    """What is about single people, the recommended period, the one that was agreed, and when a run deletes it."""
    agreed, rows = released.agreement, released.tables["rel_agreement"].to_dicts()
    for kind, (about, n, unit) in RECOMMENDED.items():
        limit = agreed[kind] if agreed else None
        by_itself = rows[0].get(f"kept_{kind}") if rows else None
        yield (
            words.sentence(about), f"{n} {unit}", f"{limit} {unit}" if limit else "nothing agreed",
            f"after {by_itself} {unit}" if by_itself else "never by itself",
        )  # fmt: skip


def _store(store: Store) -> dict[str, Any]:
    """Every table of a store, each column with what it holds and why."""
    tables = [
        {
            "name": table,
            "about": " ".join((schema.__doc__ or "").partition("\n\n")[0].split()),
            "columns": [
                (name, column.description, purpose_of(table, name))
                for name, column in schema.to_schema().columns.items()
            ],
        }
        for table, schema in store.tables.items()
    ]
    n_columns = sum(len(table["columns"]) for table in tables)
    return {
        "name": store.name,
        "title": store.title,
        "about": store.about.replace("`", ""),
        "kept": store.kept,
        "tables": tables,
        "n_columns": words.count(n_columns, "column"),
    }


def _roles(released: Released) -> Iterator[Term]:
    agreed = released.agreement
    for line in _lines(agreed["roles"]) if agreed else ():
        role, _, what = line.partition("\t")
        yield words.clean(role), words.sentence(words.clean(what)) + "."
    if agreed is None:
        yield "Leadership", "These pages and the workbook. Who else sees them is not recorded."
    held = released.tables["rel_agreement"]["analyst_file"].to_list()
    for file in held[:1]:
        yield "The analyst\u2019s file", f"Of this release it holds {ANALYSTS_FILE[file]}."
    yield "Nobody else", "Nothing is sent anywhere: everything stays on the machine on which the figures are made."


def _rules(released: Released) -> Iterator[Term]:
    k = released.min_group
    yield "Units", (
        f"From {k} people on. Smaller units are merged into others, and so are departments, places, layers and bands "
        "of tenure."
    )
    by_name = (
        f", but those who are named by a recorded decision: only while that holds, and only in months in which "
        f"{MINIMUM_EXECUTIVES} others are left of the group, none of whom stands out"
        if released.names_executives
        else ""
    )
    yield "Executives", f"One group of {MINIMUM_EXECUTIVES} or more, never one of them{by_name}."
    yield "Days and habits", f"Only of the whole organisation or a platform, from {MINIMUM_DAILY} people on."
    yield "Time", "A week or month is shown once it is over, and nothing tells at which hour anybody did something."
    yield "What is held back", (
        "It is in no file of these pages, not even hidden; \u201cData and definitions\u201d says how much, and why."
    )


def _rights(agreed: Row | None) -> Iterator[Term]:
    ask = words.clean(agreed["contact"]) if agreed else "your data protection officer or whoever runs Turnout"
    yield "See it", "Get everything that is held about you, in a file for you alone."
    yield "Object", "Be left out of all figures that are computed from then on; you can take that back."
    yield "Be forgotten", (
        "Have everything about you erased. Published figures of groups stay; an old export cannot bring you back."
    )
    yield "Complain", (
        "If you think that this is used against you or against what was agreed, tell them, the works council, or the "
        "supervisory authority for data protection."
    )
    yield "Ask", f"{words.sentence(ask)}."


def _lines(text: str) -> list[str]:
    return text.split("\n")
