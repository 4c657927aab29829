"""Who is an executive under each rule, in which layer people are, and the marts about both, from their definition.

What else executives do is in `executive_style`.
"""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from tests.oracle.definitions import ALL, Period, eligible_people, remembered, roster_of, spell_on
from tests.oracle.executive_style import every_period, with_bounds
from tests.oracle.firm import Firm, Said, above, firm_of, said_in
from tests.oracle.marts import Row, active_set, contributor_columns, head, is_seen, katz, ratio

RULES = ("people", "grades", "max_layer", "manager_depth")


# ---- on a day --------------------------------------------------------------------------------------------------------


@remembered
def reports_of(firm: Firm, person: str, day: date) -> frozenset[str]:
    """Who else is employed on the day and has the person as manager."""
    found = set[str]()
    for other in {spell.person_id for spell in roster_of(firm.company)} - {person}:
        spell = spell_on(firm.company, other, day)
        if spell is not None and firm.managers.get((other, spell.valid_from)) == person:
            found.add(other)
    return frozenset(found)


@remembered
def is_named(firm: Firm, rule: str, person: str, day: date) -> bool:
    """Whether the rule makes an employed person an executive on the day."""
    spell = spell_on(firm.company, person, day)
    if spell is None:
        return False
    place = (person, spell.valid_from)
    if rule == "people":
        if firm.listed is None:
            return spell.is_executive
        return any(
            who == person and (since is None or since <= day) and (until is None or day < until)
            for who, since, until in firm.listed
        )
    if rule == "grades":
        return place in firm.graded
    if rule == "max_layer":
        return firm.max_layer is not None and firm.layers.get(place, 99) <= firm.max_layer
    if firm.manager_depth is None or max(above(firm, person, day).values(), default=0) > firm.manager_depth:
        return False
    return any(reports_of(firm, report, day) for report in reports_of(firm, person, day))


def layer_on(firm: Firm, person: str, day: date) -> int | None:
    """The layer that the roster states, else the number of steps to the top; None with nobody above and ever below."""
    spell = spell_on(firm.company, person, day)
    if spell is None:
        return None
    stated = firm.layers.get((person, spell.valid_from))
    steps = above(firm, person, day).values()
    if stated is not None or steps:
        return max(steps) if stated is None else stated
    return 0 if person in leaders(firm) else None


@remembered
def leaders(firm: Firm) -> set[str]:
    """Everybody who is ever above somebody on the roster."""
    firsts = [(spell.person_id, spell.valid_from) for spell in roster_of(firm.company)]
    return {boss for person, day in firsts for boss in above(firm, person, day)}


@remembered
def turning_days(firm: Firm) -> list[date]:
    """The days on which a row of the roster or of the list begins or has ended, those before, and the as-of day.

    Nothing changes on others.
    """
    bounds = {day for row in roster_of(firm.company) for day in (row.valid_from, row.valid_to)}
    bounds |= {day for _, since, until in firm.listed or () for day in (since, until)}
    turns = {day for day in bounds if day}
    return sorted(turns | {day - timedelta(days=1) for day in turns} | {firm.company.as_of})


@remembered
def roster_days(firm: Firm) -> dict[str, list[date]]:
    """On which of those days each person is employed."""
    return {
        who: [day for day in turning_days(firm) if spell_on(firm.company, who, day)]
        for who in {row.person_id for row in roster_of(firm.company)}
    }


@remembered
def named_days(firm: Firm) -> set[tuple[str, str, date]]:
    """Every person, rule and day of those on which the rule names the person."""
    return {
        (person, rule, day)
        for person, days in roster_days(firm).items() for day in days for rule in RULES
        if is_named(firm, rule, person, day)
    }  # fmt: skip


# ---- in a period -----------------------------------------------------------------------------------------------------


@remembered
def last_days(firm: Firm, period: Period, platform: str) -> dict[str, date]:
    """The last employed day of everybody who is on the roster and counts in the period."""
    people = eligible_people(firm.company, period, platform)
    days = {person: [day for day in period.days() if spell_on(firm.company, person, day)] for person in people}
    return {person: own[-1] for person, own in days.items() if own}


def executive_rules(firm: Firm) -> list[Row]:
    """The rows of `mart_executive_rules`."""
    naming = sorted({rule for _, rule, _ in named_days(firm)})
    return [rule_row(firm, period, platform, rule) for platform, period in every_period(firm) for rule in naming]


def rule_row(firm: Firm, period: Period, platform: str, rule: str) -> Row:
    """The row of a rule."""
    people = set(eligible_people(firm.company, period, platform))
    active = active_set(firm.company, period, platform)
    group = {who for who, day in last_days(firm, period, platform).items() if is_named(firm, rule, who, day)}
    parity = katz(len(group & active), len(group), len(active - group), len(people - group))
    figures = contributor_columns(len(group & active), len(group))
    figures |= dict(zip(("parity_ratio", "parity_ratio_low", "parity_ratio_high"), parity, strict=True))
    figures |= talk_columns(firm, period, platform, rule, group)
    if not is_seen(firm.company, period, platform):
        figures = dict.fromkeys(figures)
    keys: Row = {"n_eligible": len(group), "rule": rule, "is_used": rule == firm.executive_rule}
    return head(firm.company, period, platform, ALL) | keys | figures


def talk_columns(firm: Firm, period: Period, platform: str, rule: str, group: set[str]) -> Row:
    """What the people under a rule write themselves, and with whom of the others there are replies."""
    own = [
        said for said in said_in(firm)
        if said.counts and said.is_own and platform in (ALL, said.platform) and period.start <= said.day <= period.end
    ]  # fmt: skip
    n_posts = sum(said.action == "post" for said in own if said.person in group)
    replies = [said for said in own if said.action == "reply" and said.person in group]
    n_to_staff = sum(
        said.target != said.person and not (said.target and is_named(firm, rule, said.target, said.day))
        for said in replies
    )
    others = set(eligible_people(firm.company, period, platform)) - group
    n_two_way, n_pairs = pairs_between(own, group, others)
    return {
        "n_own_posts": n_posts,
        "n_own_replies": len(replies),
        "n_own_replies_to_staff": n_to_staff,
        "own_broadcast_ratio": ratio(n_posts, n_posts + n_to_staff),
        "n_own_two_way": n_two_way,
        "own_two_way_ratio": ratio(n_two_way, n_pairs),
    }


def pairs_between(own: list[Said], group: set[str], others: set[str]) -> tuple[int, int]:
    """Pairs of one of the group and another with a reply or comment: those in which both answered, and all."""
    ways = {(said.person, said.target) for said in own if said.action in ("reply", "comment")}
    pairs = [(a, b) for a in group for b in others if {(a, b), (b, a)} & ways]
    return sum({(a, b), (b, a)} <= ways for a, b in pairs), len(pairs)


def layers(firm: Firm) -> list[Row]:
    """The rows of `mart_layers`."""
    known = {layer_on(firm, person, day) for person, days in roster_days(firm).items() for day in days}
    if firm.company.spells and firm.layers:
        known.add(min(firm.layers.values()))  # of the person whom `stage` adds
    levels = sorted(layer for layer in known if layer is not None)
    return [layer_row(firm, period, platform, layer) for platform, period in every_period(firm) for layer in levels]


def layer_row(firm: Firm, period: Period, platform: str, layer: int) -> Row:
    """The row of a layer."""
    days = last_days(firm, period, platform)
    active = active_set(firm.company, period, platform)
    layer_of = {person: layer_on(firm, person, day) for person, day in days.items()}
    group, higher = ({p for p in days if layer_of[p] == one} for one in (layer, layer - 1))
    led, unled = set[str](), set[str]()
    for person in group:
        spell = spell_on(firm.company, person, days[person])
        boss = firm.managers.get((person, spell.valid_from)) if spell else None
        if boss != person and boss in days:
            (led if boss in active else unled).add(person)
    share, share_above = (ratio(len(people & active), len(people)) for people in (group, higher))
    figures: Row = {
        **contributor_columns(len(group & active), len(group)),
        "drop_from_above": None if share is None or share_above is None else share_above - share,
        "n_boss_active": len(led),
        **with_bounds("p_active_boss_active_ratio", len(led & active), len(led)),
        "n_boss_silent": len(unled),
        **with_bounds("p_active_boss_silent_ratio", len(unled & active), len(unled)),
    }
    if not is_seen(firm.company, period, platform):
        figures = dict.fromkeys(figures)
    return head(firm.company, period, platform, ALL) | {"n_eligible": len(group), "layer": layer} | figures


# ---- invention -------------------------------------------------------------------------------------------------------


def ruled(firm: Firm, seed: int) -> Firm:
    """The firm under some rule: people listed for a while, grades that change, layers stated or those of the tree."""
    random = Random(seed)
    company = firm.company
    firm = firm_of(company, seed, is_managed=seed % 3 > 0)
    people, first = sorted({s.person_id for s in company.spells}), min(file.first for file in company.coverage)
    lines = []
    for person in random.choices(people, k=random.choice((0, 3, 6))) if people else []:
        since = random.choice((None, first + timedelta(days=random.randrange(-20, 60))))
        until = random.choice((None, (since or first) + timedelta(days=random.choice((1, 9, 40)))))
        lines.append((person, since, until))
    return replace(
        firm,
        layers={} if seed % 2 else firm.layers,
        manager_depth=random.choice((None, 0, 1, 1, 2)),
        executive_rule=random.choice(RULES),
        listed=tuple(lines),
    )
