"""Writes a whole drop folder, week by week, and returns the expected figures.

The order of the steps and nothing else.
"""

from datetime import timedelta
from pathlib import Path
from random import Random

from data_samples.accounts import open_accounts
from data_samples.behaviour import Behaviour
from data_samples.blog import Blog
from data_samples.bookmarks import Bookmarks
from data_samples.cast import assign_parts
from data_samples.company import build_company
from data_samples.confluence import Confluence
from data_samples.figures import (
    accounts_summary,
    count_executives,
    count_organisation,
    count_platforms,
    count_units,
)
from data_samples.office_reports import FALL, OfficeReports
from data_samples.period import (
    BOOKMARKS,
    CONFLUENCE,
    EVERY_PLATFORM,
    PLATFORMS,
    SLACK,
    START,
    WIKI,
    WORDPRESS,
    YAMMER,
    Period,
)
from data_samples.planted import count_planted
from data_samples.policy import write_policy
from data_samples.presence import count_presence, count_usage
from data_samples.roster import write_config, write_mapping, write_roster
from data_samples.slack import Slack
from data_samples.slack_analytics import WEEKS as SLACK_WEEKS
from data_samples.slack_analytics import SlackAnalytics
from data_samples.slack_files import open_exports, write_lists
from data_samples.truth import Recorder, Truth
from data_samples.usage_log import UsageLog
from data_samples.wiki import Wiki
from data_samples.yammer import Yammer
from data_samples.yammer_reports import WEEKS as YAMMER_WEEKS
from data_samples.yammer_reports import YammerReports

LEAST_PEOPLE, LEAST_DAYS = 60, 60


def write_company(out: Path, *, people: int = 1200, days: int = 365, seed: int = 1) -> Truth:
    """Write the drop folder `out` (exports, roster, turnout.toml); what a correct reader must find in it."""
    if people < LEAST_PEOPLE or days < LEAST_DAYS:
        raise ValueError(f"a sample company needs at least {LEAST_PEOPLE} people and {LEAST_DAYS} days")
    period = Period(START, days)
    recorder = Recorder(_usage_log(period))
    company = build_company(_random(seed, "company"), period, people=people)
    cast = assign_parts(company, _random(seed, "cast"))
    accounts = open_accounts(company, cast, _random(seed, "accounts"))
    exports = open_exports(out, period)
    slack = Slack(company, cast, accounts, _random(seed, SLACK), recorder, exports)
    yammer = Yammer(company, accounts, _random(seed, YAMMER), recorder)
    wiki = Wiki(company, accounts, _random(seed, WIKI), recorder)
    months = list(yammer.months)
    for monday, acts in Behaviour(company, cast, accounts, _random(seed, "behaviour")).weeks():
        slack.week(monday, [act for act in acts if act.account.platform == SLACK])
        yammer.week(monday, [act for act in acts if act.account.platform == YAMMER])
        wiki.week(monday, [act for act in acts if act.account.platform == WIKI])
        while months and months[0].until < monday - timedelta(1):
            yammer.write(out, months.pop(0))
    slack.flush(period.end + timedelta(2))
    for number, export in enumerate(exports):
        channels = list(slack.channels.values())
        counts = write_lists(export, number, channels, accounts.all[SLACK], admin=slack.admin)
        recorder.files[export.path].update(counts)
    for month in months:
        yammer.write(out, month)
    wiki.write(out)
    Confluence(company, accounts, _random(seed, CONFLUENCE), recorder).write(out)
    blog = Blog(company, accounts, _random(seed, WORDPRESS), recorder)
    blog.write(out)
    bookmarks = Bookmarks(company, accounts, _random(seed, BOOKMARKS), recorder)
    bookmarks.write(out)
    yammer_reports = YammerReports(company, accounts, _random(seed, "yammer reports"), recorder)
    yammer_reports.write(out)
    slack_analytics = SlackAnalytics(company, accounts, _random(seed, "slack analytics"), recorder)
    slack_analytics.write(out, list(slack.channels.values()))
    office = OfficeReports(company, _random(seed, "office reports"), recorder)
    office.write(out)
    recorder.files["hr/roster.csv"]["rows"] = write_roster(out, company, _random(seed, "roster"))
    recorder.files["hr/wiki-accounts.csv"]["rows"] = write_mapping(out, accounts)
    services = [account for p in PLATFORMS for account in accounts.all[p] if account.kind == "service"]
    write_config(out, services, bookmarks.owners, company.period)
    write_policy(out, period.start)
    return Truth(
        company={
            "people": len(company.people),
            "start": period.start.isoformat(),
            "end": period.end.isoformat(),
            "reorganised_on": period.reorganised_on.isoformat(),
            "ends_on": {platform: _last_day(recorder, period, platform) for platform in EVERY_PLATFORM},
            "employed_at_start": sum(p.employed(period.start) for p in company.people),
            "employed_at_end": sum(p.employed(period.end) for p in company.people),
            "movers": len(company.movers),
            "accounts": accounts_summary(accounts.all),
        },
        files={path: dict(counts) for path, counts in sorted(recorder.files.items())},
        platforms=count_platforms(recorder),
        organisation=count_organisation(recorder, company),
        units=count_units(recorder, company),
        executives=count_executives(recorder, company),
        planted=count_planted(recorder, company, cast, accounts)
        | {"blog": {"authors": len(blog.authors), "commenters": len(blog.readers)}}
        | {"office": {"guide_on": office.guide_on.isoformat(), "fall": FALL, "months": office.months}},
        usage=count_usage(yammer_reports, slack_analytics),
        presence=count_presence(recorder, company, yammer_reports, slack_analytics),
    )


def _random(seed: int, purpose: str) -> Random:
    return Random(f"{seed}:{purpose}")


def _usage_log(period: Period) -> UsageLog:
    slack = period.complete_weeks(SLACK, SLACK_WEEKS)
    since = min(slack[0], period.complete_weeks(YAMMER, YAMMER_WEEKS + 1)[0])
    return UsageLog(since, slack[-1] + timedelta(2))


def _last_day(recorder: Recorder, period: Period, platform: str) -> str:
    """Planned for the platforms on which people act; elsewhere the last day with a contribution."""
    return (period.ends_on(platform) if platform in PLATFORMS else recorder.until[platform]).isoformat()
