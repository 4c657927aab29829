"""Writes the roster, the mapping file and `turnout.toml`.

Everything about people that does not come from a platform.
"""

from pathlib import Path
from random import Random

from data_samples.accounts import TEAM, WIKI_NAME, Account, Accounts
from data_samples.archive import write_text
from data_samples.company import HOME, Company
from data_samples.period import PLATFORMS, WIKI, Period
from data_samples.words import vary_case

ROSTER_HEADER = (
    "PersonId,EffectiveDate,ManagerId,Organization,Department,LevelDesignation,Layer,FunctionType,"
    "Location,HireDate,TerminationDate,Email,ObjectId"
)
_CONFIG = """\
reporting_zone = "UTC"
home_domains = ["{home}"]
unit_depth = 1
{owners}
[roster]
date_format = "%Y-%m-%d"
columns.person_id = "PersonId"
columns.valid_from = "EffectiveDate"
columns.manager_id = "ManagerId"
columns.org_path = ["Organization", "Department"]
columns.level = "LevelDesignation"
columns.layer = "Layer"
columns.location = "Location"
columns.hired_on = "HireDate"
columns.left_on = "TerminationDate"
columns.email = "Email"
columns.directory_id = "ObjectId"
columns.function = "FunctionType"
exec.max_layer = 2

[people]
service_accounts = [{services}]
mapping = "hr/wiki-accounts.csv"

[retention]
events_months = 13
quarantine_days = 30
runs_days = 90

[[target]]
metric = "contributor_ratio"
value = 0.4
by = {end}
set_by = "Executive Office"

[[target]]
metric = "contributor_ratio"
platform = "confluence"
value = 0.05
by = {end}
set_by = "Engineering"

[[event]]
date = {guide}
kind = "policy"
title = "Guide to working in the open"

[[trial]]
title = "Confluence for Engineering and Research"
platform = "confluence"
start = {begin}
end = {over}
units = ["Engineering", "Research"]

[purpose]
documents = ["mediawiki:(main)", "confluence:*"]
ideas = ["slack:ideas", "yammer:Ideas"]
communication = ["slack:announcements", "slack:general", "yammer:Leadership Corner", "wordpress:*"]
events = ["slack:town-hall-*"]
learning = ["slack:help-*"]"""


def write_roster(out: Path, company: Company, rng: Random) -> int:
    """One row per person and change, ordered by person and day; how many rows."""
    lines = [ROSTER_HEADER]
    for person in company.people:
        for row in person.assignments:
            fields = (
                person.id, row.valid_from.isoformat(), row.manager, row.unit, row.department, row.level,
                str(row.layer),
                row.unit, person.location, person.hired.isoformat(), row.left.isoformat() if row.left else "",
                vary_case(rng, row.email), person.object_id,
            )  # fmt: skip
            lines.append(",".join(fields))
    write_text(out / "hr" / "roster.csv", lines)
    return len(lines) - 1


def write_mapping(out: Path, accounts: Accounts) -> int:
    """One line per account that no address can match; how many lines."""
    lines = ["platform,workspace,account,person_id"]
    for platform in PLATFORMS:
        for account in accounts.all[platform]:
            if account.mapping is not None:
                workspace = WIKI_NAME if platform == WIKI else TEAM
                lines.append(f"{platform},{workspace},{account.id},{account.mapping}")
    write_text(out / "hr" / "wiki-accounts.csv", lines)
    return len(lines) - 1


def write_config(out: Path, services: list[Account], owners: dict[str, str], period: Period) -> None:
    """The configuration that an analyst would write beside these exports; `owners` of files that name nobody.

    What it declares has no effect on what people do, but that fewer use shared files since the guide.
    """
    tables = "".join(f'\n[source."{file}"]\nowner = "{owner}"\n' for file, owner in owners.items())
    names = ", ".join(f'"{account.platform}:{account.id}"' for account in services)
    days = {"end": period.end, "guide": period.share(150), "begin": period.share(60), "over": period.share(240)}
    write_text(out / "turnout.toml", [_CONFIG.format(home=HOME, services=names, owners=tables, **days)])
