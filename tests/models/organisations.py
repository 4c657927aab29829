"""Organisations of one month, made by hand or at random: their true figures, their release, and what an audit finds.

The figures are counted here from the people, not by the models; the release is cut as a run cuts it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

import polars as pl

from models.audit import Finding, Known, Limits, audit
from models.audit.atoms import ATOM_SCHEMA
from models.audit.columns import RELEASED
from models.audit.dominance import AMOUNT_SCHEMA
from models.audit.measures import BASIC
from models.audit.published import Audited
from models.release import Policy, Rule, closed, small_units
from models.release.history import no_members, nothing
from models.schemas import TABLES
from pipelines.assets.cuts import CUTS, Marts, rows_of

MONTH, AS_OF = date(2026, 1, 1), date(2026, 1, 31)
PERIOD = {"period_kind": "month", "period_start": MONTH, "platform": "all"}
HEAD = PERIOD | {"period_end": AS_OF, "is_complete": True, "n_observed_days": 31}
CUT = (
    "rel_active_users", "rel_contributor_ratios", "rel_executive_participation", "rel_breakdown",
    "rel_named_executives",
)  # fmt: skip
MANY = 10
"""Contributions of a month from which on somebody gives a lot."""
Tables = dict[str, pl.DataFrame]
EMPTY = {table: TABLES[table].empty() for table in (*RELEASED, "rel_revision")}


@dataclass(frozen=True)
class Group:
    """People who are alike: how many, where, and what each of them contributed; those not named contributed nothing."""

    n: int
    unit: str
    made: Sequence[int] = ()
    department: str = "(none)"
    layer: str = "3"
    location: str = "Bern"
    tenure: str = "1 to 3 years"
    is_executive: bool = False
    named: str | None = None


def organisation(*groups: Group) -> pl.DataFrame:
    """One row per person: who they are and n_contributions."""
    rows = [
        {
            "person_id": f"{at}-{n}", "unit": one.unit, "department": f"{one.unit} / {one.department}",
            "layer": one.layer, "location": one.location, "tenure": one.tenure, "is_executive": one.is_executive,
            "named": one.named, "n_contributions": one.made[n] if n < len(one.made) else 0,
        }
        for at, one in enumerate(groups) for n in range(one.n)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema_overrides={"named": pl.String})


def at_random(random: Random) -> pl.DataFrame:
    """Units of any size with a few departments, places and layers that have nothing, little or much to do with them."""
    busy = random.random() ** 2
    places = ["Bern", "Rome", "Oslo", "Lima"][: random.randint(1, 4)]
    groups = []
    for unit in "ABCDEFGH"[: random.randint(1, 8)]:
        home, share = random.choice(places), random.random()
        for department in "xyz"[: random.randint(1, 3)]:
            for _ in range(random.randint(1, 3)):
                n = min(90, int(random.paretovariate(0.7)) + random.randint(0, 12))
                rate = min(1.0, max(0.0, random.gauss(busy, 0.3)))
                made = [int(random.paretovariate(0.9)) for _ in range(n) if random.random() < rate]
                layer = random.choice("23344")
                groups.append(Group(
                    n, unit, made, department, layer, home if random.random() < share else random.choice(places),
                    random.choice(["under 1 year", "1 to 3 years", "3 to 10 years"]),
                    is_executive=layer == "2" and random.random() < 0.8,
                ))  # fmt: skip
    people = organisation(*groups)
    if random.random() < 0.9:
        return people
    # some of the executives are named
    is_named = pl.col("is_executive") & (pl.col("is_executive").cum_sum() % 3 == 1)
    return people.with_columns(named=pl.when(is_named).then("person_id"))


def marts(people: pl.DataFrame) -> Tables:
    """The true figures and what they rest on, as far as these cuts read them."""
    eligible = people.select("person_id", "unit", "is_executive", "n_contributions").with_columns(**_lits(PERIOD))
    by_unit = pl.concat([people, people.with_columns(unit=pl.lit("all"))])
    written = by_unit.select("person_id", "unit", "n_contributions").with_columns(
        **_lits(PERIOD), **{f"n_{own}posts": pl.col("n_contributions") for own in ("", "own_")},
        **{f"n_{own}replies": pl.lit(0, pl.Int64) for own in ("", "own_")},
    )  # fmt: skip
    both = by_unit.filter(pl.col("unit") == "all")
    by_name = people.filter(pl.col("named").is_not_null()).sort("named")
    standing = people.drop("is_executive", "named", "n_contributions").with_columns(period_start=pl.lit(MONTH))
    parts = [
        people.with_columns(
            dimension=pl.lit(name), value=pl.col(name), unit=pl.col("unit") if name == "department" else pl.lit("all")
        )
        for name in ("department", "layer", "location", "tenure")
    ]
    return {
        "prep_eligible": eligible,
        "prep_unit_period": written,
        "prep_reply_period": pl.DataFrame(schema={
            **dict.fromkeys(("period_kind", "platform", "action", "person_id", "target_person_id"), pl.String),
            "period_start": pl.Date, "is_target_executive": pl.Boolean, "is_delegated": pl.Boolean,
        }),
        "prep_standing": standing,
        "dim_named_executive": by_name.select("person_id", "is_executive", shown="named").with_columns(
            number=pl.int_range(1, pl.len() + 1), is_on_roster=pl.lit(value=True), valid_until=pl.lit(AS_OF),
            **_lits(dict.fromkeys(("role", "basis", "approved_by"), "x")),
        ),
        "fct_named_month": by_name.filter(pl.col("n_contributions") > 0).select(
            "person_id", month_start=pl.lit(MONTH), n_posts="n_contributions", n_replies=pl.lit(0, pl.Int64),
            n_own_posts="n_contributions", n_own_replies=pl.lit(0, pl.Int64),
        ),
        "mart_active_users": _counted("mart_active_users", by_unit, ["unit"]),
        "mart_contributor_ratios": _counted("mart_contributor_ratios", by_unit, ["unit"]),
        "mart_executive_participation": _counted("mart_executive_participation", both, ["unit", "is_executive"]),
        "mart_breakdown": _counted("mart_breakdown", pl.concat(parts), ["dimension", "unit", "value"]),
    }  # fmt: skip


def _counted(table: str, people: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """The rows of a mart, counted group by group; what is not counted here is unknown."""
    rows = []
    for key, group in people.group_by(keys, maintain_order=True):
        made = group["n_contributions"].to_list()
        n, k = len(made), sum(one > 0 for one in made)
        heavy = sum(one > MANY for one in made)
        row = HEAD | {"unit": "all"} | dict(zip(keys, key, strict=True)) | {
            "n_eligible": n, "n_contributors": k, "n_none": n - k, "n_some": k - heavy, "n_heavy": heavy,
            "contributor_ratio": k / n, "contributor_ratio_low": k / n, "contributor_ratio_high": k / n,
            "n_contributions": sum(made), "n_posts": sum(made), "n_own_posts": sum(made), "n_replies": 0,
            "n_own_replies": 0, "n_own_contributors": k, "own_contributor_ratio": k / n, "gini_ratio": 0.5,
            "top_10_share_ratio": 0.5, "top_1_share_ratio": 0.25, "absence_factor": 1,
        }  # fmt: skip
        rows.append(row)
    columns = TABLES[table].to_schema().columns
    schema = {name: column.dtype.type for name, column in columns.items()}
    return pl.DataFrame([{name: row.get(name) for name in columns} for row in rows], schema=schema)


def _lits(values: dict[str, object]) -> dict[str, pl.Expr]:
    return {name: pl.lit(value) for name, value in values.items()}


class Given(Marts):
    """The true figures of an organisation in place of a warehouse."""

    def __init__(self, tables: Tables, policy: Policy, history: pl.DataFrame, *, as_of: date = AS_OF,
                 members: pl.DataFrame | None = None) -> None:  # fmt: skip
        self._tables, self.policy, self.history = tables, policy, history
        self.active_users, self.as_of, self.known_from, self.kept_from = tables["mart_active_users"], as_of, MONTH, None
        self.members = no_members() if members is None else members
        self.outnumbered = pl.DataFrame(schema={
            "period_kind": pl.String, "period_start": pl.Date, "period_end": pl.Date, "platform": pl.String,
        })  # fmt: skip
        self.merged = small_units(closed(self.active_users, as_of=as_of), policy)

    def read(self, table: str) -> pl.DataFrame:
        return self._tables[table]


def release(people: pl.DataFrame, *without: Rule, min_group: int = 10, history: pl.DataFrame | None = None) -> Tables:
    """The released tables, with some rules switched off; tables that are not cut here are empty."""
    policy = Policy(min_group=min_group, without=frozenset(without))
    given = Given(marts(people), policy, nothing() if history is None else history)
    cut = {one.table: rows_of(one, given) for one in CUTS if one.table in CUT}
    return {table: EMPTY[table] for table in (*RELEASED, "rel_revision")} | cut


def truth(people: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Atoms and amounts for the audit: everybody was there the month before in the same unit and did the same."""
    blank = dict.fromkeys(ATOM_SCHEMA) | dict.fromkeys(BASIC, 0)
    labels = ("unit", "department", "layer", "location", "tenure")
    atoms, amounts = [], []
    for number, row in enumerate(people.iter_rows(named=True)):
        made, is_there = row["n_contributions"], {name: row[name] for name in labels}
        is_there |= {"is_executive": str(row["is_executive"]).lower(), "named": row["named"]}
        does = int(made > 0)
        atoms.append(blank | PERIOD | is_there | {
            "kind": "counted", "was_counted": True, "previous_unit": row["unit"], "n_people": 1, "contributors": does,
            "some": does * int(made <= MANY), "heavy": int(made > MANY), "retained": does, "adopted": does,
            "own_contributors": does,
        })  # fmt: skip
        if made:
            of_kind = {
                "contributions_in_unit": ("unit",), "contributions": labels, "posts": ("is_executive",),
                "own_posts": ("is_executive",),
            }  # fmt: skip
            if row["named"]:
                of_kind |= {"public_posts": (), "own_public_posts": ()}
            amounts += [
                dict.fromkeys(AMOUNT_SCHEMA) | PERIOD | {name: is_there[name] for name in (*names, "named")}
                | {"amount": kind, "person": number, "n": made}
                for kind, names in of_kind.items()
            ]  # fmt: skip
    people_of = pl.DataFrame(atoms, schema=dict(ATOM_SCHEMA), orient="row")
    keys = [name for name in ATOM_SCHEMA if name not in (*BASIC, "n_people")]
    counts = ["n_people", *BASIC]
    together = people_of.group_by(keys).agg(pl.col(counts).sum()).select(list(ATOM_SCHEMA)).sort(keys)
    return together, pl.DataFrame(amounts, schema=dict(AMOUNT_SCHEMA), orient="row")


def many(organisations: Sequence[pl.DataFrame], *without: Rule, min_group: int = 10) -> Tables:
    """The releases of several organisations in one, each as a month of its own; no month follows another one."""
    cuts = [release(people, *without, min_group=min_group) for people in organisations]
    return {
        table: pl.concat([_in_month(cut[table], month) for month, cut in enumerate(cuts)]) for table in cuts[0]
    }


def auditor(
    organisations: Sequence[pl.DataFrame], *, min_group: int = 10
) -> Callable[[Mapping[str, pl.DataFrame]], Audited]:
    """An audit of such releases; what it found harmless it does not look at again."""
    truths = [truth(people) for people in organisations]
    people, amounts = (
        pl.concat([_in_month(one[place], month) for month, one in enumerate(truths)]) for place in range(2)
    )
    known = Known()

    def audited(told: Mapping[str, pl.DataFrame]) -> Audited:
        nonlocal known
        found = audit(people, amounts, [told], Limits(smallest_group=min_group), known)
        known = found.known
        return found

    return audited


def _in_month(rows: pl.DataFrame, month: int) -> pl.DataFrame:
    days = [name for name in ("period_start", "period_end") if name in rows.columns]
    return rows.with_columns(pl.col(name).dt.offset_by(f"{2 * month}mo") for name in days)


def findings(people: pl.DataFrame, *releases: Tables, min_group: int = 10) -> Sequence[Finding]:
    """What the audit finds in a release of these people, beside earlier ones that stand."""
    return audit(*truth(people), list(releases), Limits(smallest_group=min_group)).findings
