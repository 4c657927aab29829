"""One pandera model per table: names, types, ranges and a description of every column."""

from collections.abc import Mapping
from typing import Final

from models.schemas.base import Table
from models.schemas.dimensions import (
    AccountIdentifier,
    AccountMatch,
    AccountReview,
    DimAccount,
    DimPerson,
    DimSpace,
    ExecutiveByRule,
    PersonAncestor,
    PersonIdentifier,
    SpaceAlias,
)
from models.schemas.facts import FctEvent, FctPersonDay, FctUsage
from models.schemas.ledger import (
    CoverageDay,
    Exclusion,
    ExportFile,
    ExportPart,
    Meta,
    Note,
    Quarantine,
    SourceCapability,
)
from models.schemas.marts import MartActiveUsers, MartContributorRatios, MartExecutiveParticipation
from models.schemas.metrics import DimMetric
from models.schemas.prepared import (
    PrepAccount,
    PrepCalendar,
    PrepEligible,
    PrepMembership,
    PrepPeriod,
    PrepPerson,
    PrepPersonPeriod,
    PrepPlatformDay,
    PrepPopulation,
    PrepPresence,
    PrepPresent,
    PrepReply,
    PrepReplyPeriod,
    PrepRolling,
    PrepRosterRow,
    PrepSpace,
    PrepUnit,
    PrepUnitDay,
    PrepUnitPeriod,
)
from models.schemas.released import (
    RelActiveUsers,
    RelContributorRatios,
    RelExecutiveParticipation,
    RelSource,
    RelWithheld,
)

SCHEMA_VERSION: Final = 2

TABLES: Final[Mapping[str, type[Table]]] = {
    "meta": Meta,
    "export_file": ExportFile,
    "export_part": ExportPart,
    "quarantine": Quarantine,
    "note": Note,
    "exclusion": Exclusion,
    "source_capability": SourceCapability,
    "coverage_day": CoverageDay,
    "dim_account": DimAccount,
    "account_match": AccountMatch,
    "account_review": AccountReview,
    "account_identifier": AccountIdentifier,
    "person_identifier": PersonIdentifier,
    "dim_person": DimPerson,
    "person_ancestor": PersonAncestor,
    "executive_by_rule": ExecutiveByRule,
    "dim_space": DimSpace,
    "space_alias": SpaceAlias,
    "fct_event": FctEvent,
    "fct_usage": FctUsage,
    "fct_person_day": FctPersonDay,
    "dim_metric": DimMetric,
    "mart_active_users": MartActiveUsers,
    "mart_contributor_ratios": MartContributorRatios,
    "mart_executive_participation": MartExecutiveParticipation,
    "prep_account": PrepAccount,
    "prep_space": PrepSpace,
    "prep_roster_row": PrepRosterRow,
    "prep_person": PrepPerson,
    "prep_platform_day": PrepPlatformDay,
    "prep_calendar": PrepCalendar,
    "prep_period": PrepPeriod,
    "prep_population": PrepPopulation,
    "prep_membership": PrepMembership,
    "prep_person_period": PrepPersonPeriod,
    "prep_unit_day": PrepUnitDay,
    "prep_unit_period": PrepUnitPeriod,
    "prep_eligible": PrepEligible,
    "prep_reply_period": PrepReplyPeriod,
    "prep_reply": PrepReply,
    "prep_unit": PrepUnit,
    "prep_rolling": PrepRolling,
    "prep_presence": PrepPresence,
    "prep_present": PrepPresent,
    "rel_active_users": RelActiveUsers,
    "rel_contributor_ratios": RelContributorRatios,
    "rel_executive_participation": RelExecutiveParticipation,
    "rel_source": RelSource,
    "rel_withheld": RelWithheld,
}
