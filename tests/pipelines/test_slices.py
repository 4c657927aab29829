"""What `turnout check` says of a set of exports together."""

from datetime import date

from pipelines.slices import Names, Slice, mixed_names, requests, seams


def slices(*days: tuple[int, int], platform: str = "yammer", workspace: str = "net") -> list[Slice]:
    """Slices of March 2024 by their first and last day."""
    return [Slice(platform, workspace, date(2024, 3, first), date(2024, 3, last)) for first, last in days]


def test_slices_that_follow_each_other_leave_nothing_to_say():
    assert list(seams(slices((1, 9), (10, 20), (20, 31)))) == []


def test_a_gap_is_named_by_its_own_first_and_last_day_in_any_order_of_the_exports():
    expected = ["yammer: no export covers 2024-03-10 to 2024-03-19 (10 days)"]
    assert list(seams(slices((1, 9), (20, 31)))) == expected
    assert list(seams(slices((20, 31), (1, 9)))) == expected


def test_a_slice_inside_another_hides_no_gap_behind_it():
    assert list(seams(slices((1, 20), (3, 5), (22, 31)))) == [
        "yammer: 2024-03-03 to 2024-03-05 is covered more than once (counted once)",
        "yammer: no export covers 2024-03-21 (1 days)",
    ]


def test_another_workspace_or_platform_fills_no_gap():
    others = slices((1, 31), workspace="other") + slices((1, 31), platform="slack")
    assert len(list(seams(slices((1, 9), (20, 31)) + others))) == 1


def test_what_no_export_shows_is_asked_for_only_where_one_could():
    told = list(requests({"yammer": frozenset({"has_reactions"}), "mediawiki": frozenset({"has_history"})}))
    assert told[0] == "mediawiki: who reads is not known; no export of it can tell"
    assert told[1].startswith("yammer: who reads is not known; ask for the Microsoft 365 usage report")
    assert len(told) == 2


def test_a_platform_that_shows_everything_needs_nothing():
    everything = frozenset({"has_reading", "has_reactions", "has_history"})
    assert list(requests({"slack": everything, "yammer": everything})) == []


def test_a_concealed_report_is_named_only_where_another_of_its_workspace_shows_names():
    concealed = [Names("m365", "acme", "june.csv", True), Names("m365", "acme", "may.csv", True)]
    shown = Names("m365", "acme", "april.csv", False)
    told = [line.split(": ")[0] for line in mixed_names([*concealed, shown])]
    assert told == ["PPL-YAM-004 june.csv", "PPL-YAM-004 may.csv"]
    assert list(mixed_names([shown, *reversed(concealed)])) == list(mixed_names([*concealed, shown]))
    assert list(mixed_names(concealed)) == list(mixed_names([shown])) == []
    assert list(mixed_names([*concealed, Names("m365", "other", "april.csv", False)])) == []
