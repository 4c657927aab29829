"""What every page says before its first number, in as few sentences as can be."""

from datetime import date

import polars as pl

from dashboards.page import notices
from dashboards.released import Released
from tests.dashboards.conftest import empty_tables


def test_late_platforms_stand_in_one_sentence() -> None:
    def said(*last: int) -> list[str]:
        rows = [
            {"platform": name, "last_on": date(2026, 11, day), "first_on": date(2026, 1, 1), "is_delivering": True,
             "has_reading": False}
            for name, day in zip(("mediawiki", "slack", "yammer"), last, strict=True)
        ]  # fmt: skip
        tables = empty_tables()
        sources = pl.DataFrame(rows, schema=tables["rel_source"].schema)
        meta = tables["meta"].with_columns(as_of_on=pl.lit(date(2026, 11, 22)))
        found = notices(Released(tables | {"rel_source": sources, "meta": meta}))
        return [one.replace("\u00a0", " ") for one in found if "roster" not in one]

    later = "later weeks and months are partly observed until"
    assert said(22, 22, 22) == []
    assert said(22, 22, 9) == [f"Yammer is observed only to 9 November 2026; {later} its next export arrives."]
    assert said(22, 3, 9) == [
        f"Slack is observed only to 3 November 2026 and Yammer to 9 November 2026; {later} their next exports arrive."
    ]
    assert said(1, 3, 9) == [
        "MediaWiki is observed only to 1 November 2026, Slack to 3 November 2026 and Yammer to 9 November 2026; "
        f"{later} their next exports arrive."
    ]
