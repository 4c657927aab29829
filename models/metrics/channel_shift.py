"""Since a declared start, did open platforms replace e-mail and shared files, or were they added?"""

from typing import Final, NamedTuple

from models.metrics.channel_mix import CLOSED, SOURCES
from models.metrics.entry import (
    MINIMUM_DAILY,
    MINIMUM_GROUP,
    PEOPLE,
    Column,
    Mart,
    Metric,
    count,
    key,
    number,
    share,
)

REPLACED: Final = "replaced"
ADDED: Final = "added"
NO_CHANGE: Final = "no_change"
FELL: Final = "fell"
CANNOT_TELL: Final = "cannot_tell"

NO_ROSTER: Final = "there is no roster"
NO_SOURCE: Final = "no export tells who used e-mail or shared files"
TOO_SHORT: Final = "too few whole weeks or months before and after it are covered by reports"
NEW_PLATFORM: Final = "the exports of a platform begin shortly before it"
TOO_FEW: Final = "too few people were there both before and after"
TOO_CLOSE: Final = "too few people to tell whether e-mail or shared files fell as much as the open platforms rose"
TOO_WIDE: Final = "too few people to rule out a change of ten points"



class Span(NamedTuple):
    """How many whole weeks or months on either side of a start are compared, of which `least` have to be known."""

    kind: str
    most: int
    least: int


WEEKS: Final = Span("week", 13, 4)
MONTHS: Final = Span("month", 3, 2)

_WINDOW: Final = (
    f"the {WEEKS.most} whole weeks before and after the start of which every day is observed and usage reports tell, "
    f"if there are {WEEKS.least} on both sides; else those of {MONTHS.most} months, if there are {MONTHS.least}; the "
    "week or month of the start itself is neither, unless it begins with it"
)
_COHORT: Final = "people eligible in each compared week or month, in the unit of the last one"
_GRAIN: Final = "declared start (the day of an event or a trial), unit"
_EXCLUSIONS: Final = (
    f"{PEOPLE}; who joins or leaves in between. {CLOSED}. The same people before and after, without a comparison "
    "group: seasons and whatever else happened then are in it. A platform whose exports begin with the start counts as "
    "begun then"
)


def _change(name: str, what: str) -> tuple[Column, ...]:
    return (
        share(f"{name}_before_ratio", f"Share of the people {what} in a week or month before, on average."),
        share(f"{name}_after_ratio", "The same afterwards."),
        number(f"{name}_change_pp", "Their difference in percentage points."),
        number(f"{name}_change_pp_low", "Lower bound."),
        number(f"{name}_change_pp_high", "Upper bound."),
    )


MART: Final = Mart(
    "mart_channel_shift",
    "Since a declared start, whether open platforms replaced e-mail and shared files or came on top of them.",
    (
        Metric(
            "substitution", 1, "Instead of what?",
            "Did the open platforms replace e-mail and shared files, or were they added?",
            "each person's share of compared weeks or months with activity, after less before: a contribution on any "
            "public platform; activity on e-mail; activity on shared files",
            _COHORT, _WINDOW, _GRAIN, _EXCLUSIONS, SOURCES, MINIMUM_GROUP,
            (
                Column(
                    "verdict", "text",
                    "replaced: the open rose, and e-mail or shared files fell, each beyond its interval and by a "
                    "point at least; added: the open rose, and a fall of the others by as much is ruled out; fell: "
                    "the open fell; no_change: it did neither, and ten points either way are ruled out; cannot_tell: "
                    "see reason.",
                    one_of=(REPLACED, ADDED, NO_CHANGE, FELL, CANNOT_TELL),
                ),
                Column(
                    "reason", "text", "Why nobody can tell; NULL where there is a verdict.",
                ),
                Column("compared_by", "text", "week or month.", one_of=("week", "month")),
                count("n_before", "Weeks or months compared before the start."),
                count("n_after", "After it."),
                Column("before_from_on", "day", "First day compared."),
                Column("after_to_on", "day", "Last day compared."),
                count("n_other_starts", "Other declared starts between these days."),
                count("n_cohort", "People in the comparison."),
                *_change("open", "contributing"),
                number("minimum_pp", "Change of the open that would be found in four of five cases, in points."),
                *_change("email", "on e-mail"),
                *_change("files", "on shared files"),
            ),
            reference="interval of a mean paired difference, adjusted as in Bonett & Price 2012; 95 %, and 97.5 % "
            "each for e-mail and shared files where both are known (Bonferroni)",
        ),
        Metric(
            "people_from_closed", 1, "People who used e-mail or shared files only",
            "What did those do afterwards who did nothing in the open before?",
            "people of the comparison with activity on e-mail or shared files before and no contribution; those of "
            "them with a contribution afterwards; those of these without any activity on e-mail or shared files then",
            None, _WINDOW, _GRAIN,
            f"{_EXCLUSIONS}. Some of those who did nothing before would always do something later, by chance alone",
            SOURCES, MINIMUM_GROUP,
            (
                count("n_only_closed_before", "People who used e-mail or shared files only, before."),
                count("n_then_open", "Of them, contributing in the open afterwards."),
                count("n_then_only_open", "Of these, without e-mail and shared files then."),
            ),
        ),
    ),
    keys=(
        key("started_on", "day", "Day of the declared start."),
        key("title", "text", "What was declared for this day."),
    ),
    released_rows=f"Starts of the organisation while it, and the comparison, have at least {MINIMUM_DAILY} people; no "
    "units.",
)  # fmt: skip
