"""The committed sample company: what its generator counted while writing is what the facts and marts say.

Executives' broadcasts, units and periods included; nothing here is compared with the pipeline's own output.
"""

from collections import defaultdict
from datetime import date, timedelta

import pytest

from pipelines.keys import KeyRing
from tests.pipelines.runs import KEY, Run, counts

RING = KeyRing(KEY)
SLACK, YAMMER, WIKI = "slack", "yammer", "mediawiki"
CONFLUENCE, BLOG, BOOKMARKS = "confluence", "wordpress", "bookmarks"
PLATFORMS = (SLACK, YAMMER, WIKI, CONFLUENCE, BLOG, BOOKMARKS)
TEAM, WIKI_NAME, NIGHTLY = "T0ACMEHQ01", "acmewiki", "Svc.nightly"
KINDS = {"months": "month", "weeks": "week"}
ACTIONS = ("post", "reply", "create", "edit", "comment", "share", "upload")


# --- the marts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("platform", [*PLATFORMS, "all"])
@pytest.mark.parametrize("periods", KINDS)
def test_eligible_people_contributors_and_others_are_as_the_generator_counted(acme, truth, platform, periods):
    rows = acme.rows(
        """
        select period_start::varchar, n_eligible, n_contributors, n_outside from mart_active_users
        where period_kind = $kind and platform = $platform and unit = 'all'
        """,
        kind=KINDS[periods],
        platform=platform,
    )
    expected = truth["organisation"][platform][periods]
    silent = {start for start, _, n, _ in rows if n is None}
    found = {start: {"eligible": e, "contributors": c, "outside": o} for start, e, c, o in rows if start not in silent}
    assert found == {start: figures for start, figures in expected.items() if start not in silent}
    assert silent | set(found) == set(expected)
    ended = date.fromisoformat(truth["company"]["ends_on"].get(platform, truth["company"]["end"]))
    assert all(date.fromisoformat(str(start)) > ended for start in silent)


@pytest.mark.parametrize("periods", KINDS)
def test_the_share_of_contributors_is_theirs_over_the_eligible(acme, truth, periods):
    rows = acme.rows(
        """
        select platform, period_start::varchar, contributor_ratio, n_contributors from mart_contributor_ratios
        where period_kind = $kind and unit = 'all' and contributor_ratio is not null
        """,
        kind=KINDS[periods],
    )
    assert rows
    for platform, start, ratio, n in rows:
        expected = truth["organisation"][platform][periods][start]
        assert n == expected["contributors"]
        assert ratio == pytest.approx(expected["contributors"] / expected["eligible"], abs=1e-12)


def test_each_unit_has_its_eligible_people_and_contributors_in_each_month(acme, truth):
    rows = acme.rows(
        """
        select period_start::varchar, unit, n_eligible, n_contributors from mart_active_users
        where period_kind = 'month' and platform = 'all' and unit <> 'all'
        """
    )
    found = {(start, unit): (e, c) for start, unit, e, c in rows}
    assert found == {
        (start, unit): (figures["eligible"], figures["contributors"])
        for start, units in truth["units"].items()
        for unit, figures in units.items()
    }


def test_contributions_count_in_the_unit_of_their_day(acme_live, truth):
    rows = acme_live.rows(
        """
        select date_trunc('month', d.occurred_on)::date::varchar, p.unit, sum(d.n_contributions)::int
        from fct_person_day d join dim_person p on p.person_id = d.person_id
            and p.valid_from <= d.occurred_on and d.occurred_on < coalesce(p.valid_to, date '9999-12-31')
        group by all
        """
    )
    found = {(start, unit): n for start, unit, n in rows if n}
    expected = {
        (start, unit): figures["contributions"]
        for start, units in truth["units"].items()
        for unit, figures in units.items()
        if figures["contributions"]
    }
    assert found == expected
    of_the_mart = acme_live.rows(
        """
        select period_start::varchar, unit, n_contributions from mart_contributor_ratios
        where period_kind = 'month' and platform = 'all' and unit <> 'all'
        """
    )
    # people employed for less than half of a month are not eligible in it
    assert all(n <= expected.get((start, unit), 0) for start, unit, n in of_the_mart)
    assert sum(n for *_, n in of_the_mart) > 0.98 * sum(expected.values())


@pytest.mark.parametrize("platform", [*PLATFORMS, "all"])
def test_executives_take_part_as_the_generator_counted(acme, truth, platform):
    rows = acme.rows(
        """
        select period_start::varchar, n_eligible, n_contributors, n_posts, n_replies from mart_executive_participation
        where period_kind = 'month' and platform = $platform and unit = 'all' and is_executive
        """,
        platform=platform,
    )
    assert {row[0]: row[1:] for row in rows} == {
        start: (figures["eligible"], figures["contributors"], figures["post"], figures["reply"])
        for start, figures in truth["executives"][platform].items()
    }


def test_the_share_of_contributors_of_each_unit_is_as_planted(acme, truth):
    shares = acme.rows(
        """
        select unit, round(sum(n_contributors) / sum(n_eligible), 4) from mart_active_users
        where period_kind = 'month' and platform = 'all' and unit <> 'all' group by unit
        """
    )
    assert dict(shares) == {unit: figures["monthly_ratio"] for unit, figures in truth["planted"]["units"].items()}


# --- the facts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("periods", ["ever", *KINDS])
def test_contributions_by_action_and_who_made_them_are_as_the_generator_counted(acme, truth, platform, periods):
    start = {"ever": "''", "months": "date_trunc('month', occurred_on)::date::varchar",
             "weeks": "date_trunc('week', occurred_on)::date::varchar"}[periods]  # fmt: skip
    actions = ", ".join(f"count(*) filter (where is_contribution and action = '{action}')" for action in ACTIONS)
    rows = acme.rows(
        f"""
        select {start}, count(distinct e.account_id) filter (where is_contribution),
            count(distinct a.person_id) filter (where is_contribution), count(*) filter (where is_contribution),
            {actions}, count(*) filter (where action = 'react')
        from fct_event e left join dim_account a using (account_id)
        where e.platform = $platform group by all having count(*) filter (where is_contribution or action = 'react') > 0
        """,
        platform=platform,
    )
    names = ("accounts", "people", "contributions", *ACTIONS, "react")
    figures = truth["platforms"][platform]
    expected = {"": figures} if periods == "ever" else figures[periods]
    assert {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows} == {
        key: {name: one[name] for name in names} for key, one in expected.items()
    }


def test_slack_records_are_told_apart_as_the_generator_counted(acme, acme_live, truth):
    records = truth["platforms"][SLACK]["records"]
    of_slack = "from fct_event where platform = 'slack'"
    distinct = f"select count(*) {of_slack} and line is not null and action"
    assert acme_live.one(f"{distinct} <> 'react'") == records["messages"]
    assert acme_live.one(f"{distinct} = 'meet'") == records["huddle"]
    assert counts(acme, f"select action, count(*) {of_slack} group by action")["join"] == records["join"]
    assert acme.one(f"select count(*) {of_slack} and action = 'admin'") == records["admin"]
    assert acme.one(f"select count(*) {of_slack} and action = 'other'") == records["deleted"]
    assert acme.one(f"select count(*) {of_slack} and actor_kind = 'bot'") == records["bot"] + records["service"]
    assert acme.one(f"select count(*) {of_slack} and via_app and is_contribution") == records["via_app"]
    # no message is in more than two exports
    staged = acme_live.one("select count(*) from stg_event where platform = 'slack' and is_record")
    assert int(str(staged)) - records["messages"] == records["in_several_exports"]


def test_yammer_records_are_told_apart_as_the_generator_counted(acme, truth):
    records = truth["platforms"][YAMMER]["records"]
    of_yammer = "from fct_event where platform = 'yammer'"
    private = records["private_group"] + records["private_conversation"]
    assert acme.one(f"select count(*) {of_yammer}") == records["messages"] - private
    assert acme.one(f"select count(*) {of_yammer} and action = 'other'") == records["deleted"] + records["system"]
    assert acme.one(f"select count(*) {of_yammer} and actor_kind = 'bot'") == records["bot"]
    assert acme.one(f"select count(*) {of_yammer} and is_delegated") == records["delegated"]


def test_wiki_records_are_told_apart_as_the_generator_counted(acme_live, truth):
    records = truth["platforms"][WIKI]["records"]
    of_wiki = "from fct_event where platform = 'mediawiki'"
    assert acme_live.rows(f"select count(*), count(distinct thread_id) {of_wiki}") == [
        (records["revisions"], records["pages"])
    ]
    assert acme_live.one(f"select count(*) {of_wiki} and is_revert") == records["reverts"]
    null_edits = f"select count(*) {of_wiki} and actor_kind = 'human' and not is_contribution"
    assert acme_live.one(null_edits) == records["null_edits_by_people"]
    assert acme_live.one(f"select count(*) {of_wiki} and account_id is null") == records["address"] + records["hidden"]


def test_no_record_of_any_file_is_lost(acme_live, truth):
    rows = acme_live.rows(
        """
        select path, n_read, n_accepted + n_duplicate + n_excluded + n_quarantined
        from export_file where status = 'loaded'
        """
    )
    assert all(n_read == n_parts for _, n_read, n_parts in rows)
    assert {path for path, *_ in rows} == set(truth["files"]) - {"hr/wiki-accounts.csv"}
    assert acme_live.one("select count(*) from quarantine") == 0


def test_who_reacts_and_who_only_reacts_is_as_planted(acme, truth):
    rows = acme.rows(
        """
        with reacted as (select distinct account_id, person_id from fct_event join dim_account using (account_id)
                         where action = 'react' and dim_account.platform = 'slack'),
            wrote as (select distinct account_id from fct_event where platform = 'slack' and is_contribution),
            ever as (select distinct person_id from fct_person_day where n_contributions > 0)
        select count(distinct account_id), count(distinct account_id) filter (where w.account_id is null),
            count(distinct person_id), count(distinct person_id) filter (where v.person_id is null)
        from reacted left join wrote w using (account_id) left join ever v using (person_id)
        """
    )
    expected = truth["platforms"][SLACK]["reactors"]
    names = ("accounts", "accounts_without_contribution", "people", "people_without_contribution")
    assert rows == [tuple(expected[name] for name in names)]
    assert expected["people_without_contribution"] >= truth["planted"]["react_only"]["n_reacted"]


def test_a_reaction_makes_nobody_active_on_a_day_unless_it_has_a_time_of_its_own(acme, truth):
    dated = counts(acme, "select platform, sum(n_reacts)::int from fct_person_day where n_reacts > 0 group by platform")
    assert dated == {"confluence": truth["platforms"]["confluence"]["records"]["like"]}
    idle = "from fct_person_day where n_contributions = 0"
    assert counts(acme, f"select platform, count(*) {idle} group by platform").keys() == {"confluence"}


# --- planted truths ---------------------------------------------------------------------------------------------------


def done_by(run: Run, person: str) -> dict[str, int]:
    """Posts, replies and contributions of a person on the roster."""
    ((posts, replies, contributions),) = run.rows(
        """
        select coalesce(sum(n_posts), 0)::int, coalesce(sum(n_replies), 0)::int, coalesce(sum(n_contributions), 0)::int
        from fct_person_day where person_id = $person
        """,
        person=RING.person(person),
    )
    return {"post": int(str(posts)), "reply": int(str(replies)), "contributions": int(str(contributions))}


def test_the_wiki_section_is_edited_for_two_weeks_and_then_forgotten(acme_live, truth):
    rows = acme_live.rows(
        """
        select count(*), count(distinct a.person_id), min(occurred_on)::varchar, max(occurred_on)::varchar
        from fct_event e join dim_space s using (space_id) join dim_account a using (account_id)
        where s.label like 'Project Aurora%' and e.is_contribution
        """
    )
    planted = truth["planted"]["aurora"]
    assert rows == [tuple(planted[name] for name in ("contributions", "people", "first_on", "last_on"))]


def test_heads_begin_when_planted_and_ten_never_do(acme, truth):
    heads = truth["planted"]["heads"]
    assert (len(heads["departments"]), len(heads["never"])) == (20, 10)
    for figures in heads["departments"].values():
        assert done_by(acme, figures["person"])["contributions"] == figures["contributions"]
        first = acme.one(
            "select min(occurred_on)::varchar from fct_person_day where person_id = $p",
            p=RING.person(figures["person"]),
        )
        assert str(first) >= figures["begins_on"]


def weekly_members(run: Run) -> dict[tuple[date, str], list[str]]:
    """(Monday, department) -> eligible people without executives, in the department of their last employed day."""
    spells = defaultdict(list)
    for person, since, until, department, layer in run.rows(
        "select person_id, valid_from, valid_to, org_path[2], layer from dim_person order by person_id, valid_from"
    ):
        spells[person].append((since, until or date.max, department, layer))
    members = defaultdict(list)
    for n in range(53):
        monday = date(2025, 9, 29) + timedelta(weeks=n)
        after = monday + timedelta(days=7)
        for person, rows in spells.items():
            inside = [(max(s, monday), min(u, after), d, layer) for s, u, d, layer in rows if s < after and u > monday]
            if inside and 2 * sum((u - s).days for s, u, *_ in inside) >= 7 and inside[-1][3] > 2:
                members[monday, str(inside[-1][2])].append(str(person))
    return members


def test_departments_take_part_more_after_their_head_begins_as_planted(acme_live, truth):
    heads = truth["planted"]["heads"]
    contributing = "from fct_person_day where n_contributions > 0"
    active = set(acme_live.rows(f"select distinct date_trunc('week', occurred_on)::date, person_id {contributing}"))
    members = weekly_members(acme_live)
    rises = []
    for department, figures in heads["departments"].items():
        begins, shares = date.fromisoformat(figures["begins_on"]), {}
        for name, is_since in (("share_before", False), ("share_since", True)):
            weeks = [
                (monday, people) for (monday, of), people in members.items()
                if of == department and (monday >= begins) == is_since
                and date(2025, 10, 1) <= monday and monday + timedelta(days=6) <= date(2026, 9, 30)
            ]  # fmt: skip
            n = sum(len(people) for _, people in weeks)
            shares[name] = sum((monday, person) in active for monday, people in weeks for person in people) / n
        assert {name: round(share, 4) for name, share in shares.items()} == {name: figures[name] for name in shares}
        if figures["members"] >= 15:
            rises.append(shares["share_since"] - shares["share_before"])
    assert len(rises) == heads["n_large"]
    assert sum(rises) / len(rises) == pytest.approx(heads["mean_rise"], abs=1e-4)


def test_broadcasters_start_threads_and_never_reply(acme, truth):
    planted = truth["planted"]["broadcasters"]
    for person, figures in planted["each"].items():
        done = done_by(acme, person)
        assert (done["post"], done["reply"]) == (figures["post"], figures["reply"])
        assert done["reply"] == 0
    assert len(planted["each"]) == 6


def test_champions_contribute_as_planted(acme, truth):
    planted = truth["planted"]["champions"]
    found = {person: done_by(acme, person)["contributions"] for person in planted["each"]}
    assert found == planted["each"]
    assert sum(found.values()) == planted["contributions"]


def test_people_with_two_accounts_are_one_person_each(acme_live, truth):
    planted = truth["planted"]["two_accounts"]
    twice = acme_live.rows(
        """
        select person_id, count(*) from dim_account where platform = 'slack' and kind = 'human'
        group by person_id having count(*) > 1
        """
    )
    assert dict(twice) == {RING.person(one["person"]): 2 for one in planted}
    for one in planted:
        accounts = {RING.account(SLACK, TEAM, account) for account in one["slack_accounts"]}
        person = RING.person(one["person"])
        of_person = "select account_id from dim_account where platform = 'slack' and person_id = $p"
        found = acme_live.rows(of_person, p=person)
        assert {account for (account,) in found} == accounts
        assert done_by(acme_live, one["person"])["contributions"] == one["contributions"]
        units = acme_live.rows("select unit from dim_person where person_id = $p order by valid_from", p=person)
        assert list(dict.fromkeys(unit for (unit,) in units)) == one["units"]


def test_the_nightly_service_account_makes_its_share_of_revisions_and_no_contribution(acme, truth):
    ((n, share, contributed),) = acme.rows(
        """
        select count(*) filter (where account_id = $account),
            round(count(*) filter (where account_id = $account) / count(*), 4),
            count(*) filter (where account_id = $account and is_contribution)
        from fct_event where platform = 'mediawiki'
        """,
        account=RING.account(WIKI, WIKI_NAME, NIGHTLY),
    )
    planted = truth["planted"]["nightly"]
    assert (n, share, contributed) == (planted["revisions"], planted["share"], 0)


def test_platforms_end_on_their_planted_days(acme, truth):
    ends = acme.rows("select platform, last_on::varchar from rel_source where last_on is not null")
    assert dict(ends) == truth["company"]["ends_on"]
