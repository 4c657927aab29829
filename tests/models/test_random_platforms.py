"""The release of units on platforms of any organisation passes the audit, once what it objects to is withdrawn."""

from collections.abc import Mapping
from random import Random

import polars as pl

from models.audit import Known, Limits, audit
from models.audit.published import Audited
from models.release import Policy, closed, release_unit_platforms, small_units
from models.release.told import as_told
from models.release.withdrawal import STEPS, withdrawn
from models.schemas import TABLES
from tests.models.organisations import AS_OF, Tables, at_random, marts, release, truth

N_ORGANISATIONS = 12
PLATFORMS = ("slack", "wiki", "yammer")
BY_UNIT = ("department", "layer", "location", "tenure")
"""By what people are told apart over all platforms only."""


def on_platforms(people: pl.DataFrame, random: Random) -> dict[str, pl.DataFrame]:
    """The same people on each platform: whoever contributes does on one or more, most of them on the first."""
    shares = [0.7, random.random(), random.random() / 4]
    chosen = [
        {name for name, share in zip(PLATFORMS, shares, strict=True) if random.random() < share} or {PLATFORMS[0]}
        for _ in range(people.height)
    ]
    return {
        name: people.with_columns(n_contributions=pl.col("n_contributions") * pl.Series([name in on for on in chosen]))
        for name in PLATFORMS
    }


def released(people: pl.DataFrame, by_platform: Mapping[str, pl.DataFrame]) -> Tables:
    """The release over all platforms, and beside it of each platform the whole and the units."""
    policy, told = Policy(), release(people)
    merged = small_units(closed(marts(people)["mart_active_users"], as_of=AS_OF), policy)
    for name, own in by_platform.items():
        names = ("mart_active_users", "mart_contributor_ratios")
        true = {table: marts(own)[table].with_columns(platform=pl.lit(name)) for table in names}
        whole = true["mart_active_users"].filter(pl.col("unit") == "all")
        columns = list(TABLES["mart_unit_platforms"].to_schema().columns)
        units = true["mart_contributor_ratios"].filter(pl.col("unit") != "all").select(columns)
        rows = release_unit_platforms(units, merged, as_of=AS_OF, policy=policy)
        parts = {"rel_active_users": whole, "rel_unit_platforms": rows}
        cut = {table: as_told(table, of_table, whole, policy) for table, of_table in parts.items()}
        told |= {table: pl.concat([told[table], of_table]) for table, of_table in cut.items()}
    return told


def people_of(people: pl.DataFrame, by_platform: Mapping[str, pl.DataFrame]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Atoms and amounts of all platforms, and atoms of each, where people are told apart by unit and executive only."""
    atoms, amounts = truth(people)
    blank = [pl.lit(None, pl.String).alias(name) for name in BY_UNIT]
    of_each = [truth(own)[0].with_columns(blank, platform=pl.lit(name)) for name, own in by_platform.items()]
    return pl.concat([atoms, *of_each]), amounts


def test_nothing_about_few_people_follows_from_units_on_platforms_of_a_random_organisation() -> None:
    n_told, n_withdrawn = 0, 0
    for seed in range(N_ORGANISATIONS):
        random = Random(seed)
        people = at_random(random)
        by_platform = on_platforms(people, random)
        tables, (atoms, amounts) = released(people, by_platform), people_of(people, by_platform)
        known = Known()

        def audited(now: Mapping[str, pl.DataFrame], atoms: pl.DataFrame = atoms, amounts: pl.DataFrame = amounts
                    ) -> Audited:  # fmt: skip
            nonlocal known
            found = audit(atoms, amounts, [now], Limits(), known)
            known = found.known
            return found

        allowed, taken = withdrawn(tables, lambda now, audited=audited: audited(now).objected)  # type: ignore[misc]
        assert audit(atoms, amounts, [allowed], Limits()).findings == [], seed
        assert max(taken.values(), default=0) < len(STEPS), seed
        n_withdrawn += bool(taken)
        n_told += allowed["rel_unit_platforms"]["n_contributors"].count()
    # most organisations need no withdrawal, and something is left to be told
    assert n_withdrawn < N_ORGANISATIONS // 2
    assert n_told > N_ORGANISATIONS
