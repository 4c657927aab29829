"""Control charts against a published example and by hand, with their false alarms measured."""

from math import sqrt

import numpy as np
import pytest

from models.statistics.cannot_tell import CannotTell
from models.statistics.control_chart import FALSE_ALARMS, Chart, Limits, chart, limits_of
from models.statistics.weekdays import Evened, evened

# the flow rates of the handbook of NIST and SEMATECH, section 6.3.2.2: mean 50.81, mean moving range 1.8778, limits
# 45.8159 and 55.8041 (with 3 / 1.128 in place of the rounded 2.66)
FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]


def test_limits_of_the_published_example() -> None:
    limits = limits_of(FLOW)
    assert isinstance(limits, Limits)
    assert limits.centre == pytest.approx(50.81)
    assert (limits.low, limits.high) == pytest.approx((45.8159, 55.8041), abs=1e-3)
    assert limits.range_high == pytest.approx(3.268 * 1.8778, abs=1e-4)


def test_no_range_is_taken_across_a_gap() -> None:
    # ranges 1, 1 and 2, 2; none of 7 from 2 to 9
    limits = limits_of([1, 2, 1, None, 9, 7, 9])
    assert limits == Limits(29 / 6, 29 / 6 - 2.66 * 1.5, 29 / 6 + 2.66 * 1.5, 3.268 * 1.5)
    assert limits_of([1, None, 2]) == CannotTell("no two neighbours are observed")
    assert limits_of([3, 3, 3]) == CannotTell("neighbours never differ")
    floored = limits_of([0, 4, 0, 4], floor=0)
    assert isinstance(floored, Limits)
    assert floored.low == 0


def charted(values: list[float | None], **how: object) -> Chart:
    found = chart(values, **how)
    assert isinstance(found, Chart)
    return found


CALM: list[float | None] = [9.0, 11.0] * 10
# centre 10, ranges all 2: limits 10 +- 5.32


def test_outside_means_beyond_a_limit() -> None:
    found = charted([*CALM, 15.32, 15.33, 4.68, 4.67, None, 20.0])
    assert found.signals == {21: ("outside",), 23: ("outside",), 25: ("outside",)}
    (phase,) = found.phases
    assert (phase.first, phase.n_baseline, phase.limits.centre) == (0, 20, 10)


def test_the_eighth_neighbour_on_one_side_is_a_signal() -> None:
    # the last of the calm values is above the centre already
    assert charted([*CALM, *[11.0] * 6]).signals == {}
    assert charted([*CALM, *[11.0] * 8]).signals == {26: ("run",), 27: ("run",)}
    # a value on the centre, and one that is not observed, end a run
    assert charted([*CALM, *[11.0] * 6, 10.0, *[11.0] * 7]).signals == {}
    assert charted([*CALM, *[11.0] * 6, None, *[11.0] * 7]).signals == {}


def test_limits_are_worked_out_anew_from_the_start_of_a_run() -> None:
    raised: list[float | None] = [12.0, 14.0] * 6
    # eleven values are too few for new limits, and each further one is a signal
    early = charted([*CALM[:-1], *raised[:11]])
    assert (len(early.phases), sorted(early.signals)) == (1, [26, 27, 28, 29])
    # with twelve the run is a signal once; from its first value on the centre is 13
    late = charted([*CALM[:-1], *raised, 13.0, 19.0])
    assert [(phase.first, phase.n_baseline) for phase in late.phases] == [(0, 20), (19, 14)]
    assert late.signals[26] == ("run",)
    assert late.phases[1].limits.centre == pytest.approx((13 * 12 + 13 + 19) / 14)


def test_too_few_values_refuse() -> None:
    assert chart([1.0, 2.0] * 5 + [None] * 9 + [1.0]) == CannotTell("too few observed values", 11, 12)
    assert chart([5.0] * 30) == CannotTell("neighbours never differ")


def test_false_alarms_of_an_ordinary_series() -> None:
    """Independent normal values, limits from 20, 52 more: what the module says, within the noise of 1,000 series."""
    random, alarms, outside, values = np.random.default_rng(9), 0, 0, 0
    for _ in range(1000):
        found = charted(random.standard_normal(72).tolist())
        later = {place: names for place, names in found.signals.items() if place >= 20}
        alarms += bool(later)
        outside += sum("outside" in names for names in later.values())
        values += 52
    assert outside / values == pytest.approx(FALSE_ALARMS["outside"], abs=0.003)
    assert alarms / 1000 == pytest.approx(FALSE_ALARMS["any_in_52"], abs=0.05)


# ---- weekdays --------------------------------------------------------------------------------------------------------


def test_weekdays_by_hand() -> None:
    # four weeks from a Wednesday (2): 16 on all days but Mondays, which have 4
    week = [16, 16, 16, 16, 16, 4, 16]
    found = evened(week * 4, 2)
    assert isinstance(found, Evened)
    # roots 4.046604 and 2.091650, their mean over the seven weekdays 3.767325
    mean = (6 * sqrt(16.375) + sqrt(4.375)) / 7
    assert found.values == pytest.approx([mean] * 28)
    assert found.shifts[0] == pytest.approx(sqrt(4.375) - mean)
    assert [found.count(mean, day) for day in (0, 1)] == pytest.approx([4, 16])
    assert found.count(-5, 0) == 0


def test_weekdays_that_are_rare_or_always_empty_refuse() -> None:
    assert evened([5] * 27, 0) == CannotTell("some weekday is observed too rarely", 3, 4)
    assert evened(([5] * 6 + [None]) * 8, 0) == CannotTell("some weekday is observed too rarely", 0, 4)
    assert evened(([5] * 6 + [0]) * 8, 0) == CannotTell("nothing ever happens on some weekday")


def test_evened_weekdays_have_alike_false_alarms() -> None:
    random, found = np.random.default_rng(2), {True: [0, 0], False: [0, 0]}
    mean = np.array([62.0] * 5 + [14.0] * 2)
    for _ in range(300):
        series = evened(random.poisson(np.tile(mean, 16)).tolist(), 0)
        assert isinstance(series, Evened)
        limits = limits_of(series.values[:56])
        assert isinstance(limits, Limits)
        for place in range(56, 112):
            value = series.values[place]
            assert value is not None
            tally = found[place % 7 >= 5]
            tally[0] += not limits.low <= value <= limits.high
            tally[1] += 1
    weekend, working = (found[key][0] / found[key][1] for key in (True, False))
    assert 0.005 <= weekend <= 0.02
    assert 0.005 <= working <= 0.02
