"""Who was present on a platform: active by a report or contributing. Eligible people only.

Counted from what the reports' writers kept; nothing is written here.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from data_samples.company import Company
from data_samples.figures import Span, eligible, month_span, week_span
from data_samples.period import SLACK, YAMMER
from data_samples.slack_analytics import SlackAnalytics
from data_samples.truth import Recorder
from data_samples.yammer_reports import YammerReports

Active = Callable[[Span], set[str]]


def count_presence(
    recorder: Recorder, company: Company, yammer: YammerReports, slack: SlackAnalytics
) -> dict[str, Any]:
    """By complete week and, where every day of it is reported, by month."""
    days = set(slack.days)

    def on_slack(span: Span) -> set[str]:
        return set().union(*(people for day, people in slack.active.items() if span[0] <= day <= span[1]))

    months = [
        month for month in company.period.months()
        if all(month_span(month)[0] + timedelta(n) in days for n in range((month_span(month)[1] - month).days + 1))
    ]  # fmt: skip
    weeks = [date.fromisoformat(monday) for monday in slack.weeks]
    on_yammer: Active = lambda span: yammer.active[span[0]]  # noqa: E731
    return {
        YAMMER: {
            "weeks": {
                monday: _present(recorder, company, (YAMMER, "week", week_span(date.fromisoformat(monday))), on_yammer)
                for monday in yammer.weeks
            }
        },
        SLACK: {
            "weeks": {
                monday.isoformat(): _present(recorder, company, (SLACK, "week", week_span(monday)), on_slack)
                for monday in weeks
            },
            "months": {
                month.isoformat(): _present(recorder, company, (SLACK, "month", month_span(month)), on_slack)
                for month in months
            },
        },
    }


def _present(
    recorder: Recorder, company: Company, where: tuple[str, str, Span], active: Active
) -> dict[str, int]:
    platform, kind, span = where
    people = {person.id for person, _ in eligible(company.people, span)}
    contributors = recorder.people[platform, kind, span[0].isoformat()] & people
    reported = active(span) & people
    return {
        "eligible": len(people), "reported": len(reported), "contributors": len(contributors),
        "present": len(reported | contributors),
    }  # fmt: skip


def count_usage(yammer: YammerReports, slack: SlackAnalytics) -> dict[str, Any]:
    """Totals of the reports, as they stand in them."""
    weeks = yammer.weeks.values()
    return {
        YAMMER: {
            "reports": len(weeks) + 1,
            "unlisted": len(yammer.unlisted),
            **{name: sum(week[name] for week in weeks) for name in ("rows", "posted", "read", "liked")},
            "weeks": {monday: dict(counts) for monday, counts in yammer.weeks.items()},
            "concealed": yammer.concealed,
        },
        SLACK: {
            "days": len(slack.days),
            **slack.counts,
            "weeks": {monday: dict(counts) for monday, counts in slack.weeks.items()},
            "channel_day": slack.channel_day,
        },
    }
