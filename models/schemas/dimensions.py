"""Who and where: accounts, people and spaces, all under pseudonyms."""

import pandera.polars as pa
import polars as pl

from models.schemas.base import ACTOR_KINDS, KIND_RULES, VISIBILITIES, Names, Table, UtcTime

CONFIDENCES = ("certain", "high", "low", "none")
MATCH_RULES = ("directory_id", "employee_number", "email", "login", "mapping", "split", "none")


class DimAccount(Table):
    """One row per account that any export names."""

    account_id: str = pa.Field(unique=True, description="Pseudonym, per platform and workspace.")
    platform: str = pa.Field(description="Platform.")
    workspace: str = pa.Field(description="Workspace, network or wiki.")
    kind: str = pa.Field(isin=ACTOR_KINDS, description="human, bot, system, external person or unknown.")
    is_guest: bool = pa.Field(nullable=True, description="Marked as a guest by the platform; NULL: no export says.")
    is_deactivated: bool = pa.Field(
        nullable=True, description="Closed, suspended or deleted in the latest record that says; NULL: none does."
    )
    person_id: str = pa.Field(description="The person; the account itself where nothing matches.")
    match_rule: str = pa.Field(isin=MATCH_RULES, description="What joined account and person.")


class AccountMatch(Table):
    """The ledger of matching: per account the rule, how sure it is, and what speaks against it."""

    account_id: str = pa.Field(unique=True, description="Account.")
    platform: str = pa.Field(description="Platform.")
    match_rule: str = pa.Field(isin=MATCH_RULES, description="What joined account and person.")
    confidence: str = pa.Field(isin=CONFIDENCES, description="How sure the rule is; none: nothing matched.")
    contradiction: str = pa.Field(nullable=True, description="What speaks against the match.")


class AccountReview(Table):
    """Accounts that count as automation, and guests that are left out, with the reason: for somebody to look over."""

    account_id: str = pa.Field(unique=True, description="Account.")
    platform: str = pa.Field(description="Platform.")
    workspace: str = pa.Field(description="Workspace, network or wiki.")
    kind: str = pa.Field(isin=("bot", "system", "external"), description="Kind.")
    kind_rule: str = pa.Field(isin=KIND_RULES, description="By turnout.toml, by volume, as a guest, or by the export.")
    n_contributions: pl.Int64 = pa.Field(ge=0, description="What it would contribute if it were a person.")
    contribution_share: pl.Float64 = pa.Field(nullable=True, ge=0, le=1, description="Share of its workspace's.")


class AccountIdentifier(Table):
    """Keyed identifiers of accounts. No names or addresses exist anywhere."""

    account_id: str = pa.Field(description="Account.")
    kind: str = pa.Field(description="email, directory_id, employee_number or login.")
    identifier_key: str = pa.Field(description="Keyed hash of the canonical identifier.")


class PersonIdentifier(Table):
    """Keyed identifiers of people on the roster."""

    person_id: str = pa.Field(description="Person.")
    kind: str = pa.Field(description="email, directory_id, employee_number or login.")
    identifier_key: str = pa.Field(description="Keyed hash of the canonical identifier.")


class DimPerson(Table):
    """One row per person and spell of employment in one place of the organisation: [valid_from, valid_to)."""

    person_id: str = pa.Field(description="Pseudonym.")
    valid_from: pl.Date = pa.Field(description="First day.")
    valid_to: pl.Date = pa.Field(nullable=True, description="First day that no longer counts; NULL while it lasts.")
    org_path: Names = pa.Field(nullable=True, description="Units, root first.")
    unit: str = pa.Field(nullable=True, description="The element of org_path at unit_depth.")
    level: str = pa.Field(nullable=True, description="Grade or designation.")
    layer: pl.Int64 = pa.Field(nullable=True, ge=0, description="Management layer, 0 at the top.")
    manager_person_id: str = pa.Field(nullable=True, description="Manager.")
    is_executive: bool = pa.Field(description="By the first configured rule.")
    is_comms: bool = pa.Field(description="Works in corporate communications.")
    location: str = pa.Field(nullable=True, description="Location.")
    hired_on: pl.Date = pa.Field(nullable=True, description="First day of employment.")
    left_on: pl.Date = pa.Field(nullable=True, description="Last day of employment.")

    class Config:
        """At most one row begins on a day."""

        unique = ["person_id", "valid_from"]


class PersonAncestor(Table):
    """Everybody above a person in the manager tree, while it is so; depth 1 is the manager."""

    person_id: str = pa.Field(description="Person.")
    ancestor_person_id: str = pa.Field(description="Somebody above.")
    depth: pl.Int64 = pa.Field(ge=1, description="Steps up.")
    valid_from: pl.Date = pa.Field(description="First day.")
    valid_to: pl.Date = pa.Field(nullable=True, description="First day that no longer counts.")


class ExecutiveByRule(Table):
    """Who is an executive under each rule that can be applied, so that figures can be compared under all of them."""

    person_id: str = pa.Field(description="Person.")
    rule: str = pa.Field(isin=("people", "grades", "max_layer", "manager_depth"), description="Rule.")
    valid_from: pl.Date = pa.Field(description="First day.")
    valid_to: pl.Date = pa.Field(nullable=True, description="First day that no longer counts.")


class DimSpace(Table):
    """One row per channel, group, namespace or other space."""

    space_id: str = pa.Field(unique=True, description="Pseudonym, per platform and workspace.")
    platform: str = pa.Field(description="Platform.")
    workspace: str = pa.Field(description="Workspace, network or wiki.")
    kind: str = pa.Field(description="channel, group, namespace, ...; unknown where only a folder name is known.")
    visibility: str = pa.Field(isin=VISIBILITIES, description="public, private, direct or unknown.")
    label: str = pa.Field(nullable=True, description="Name, only of public spaces.")
    created_at: UtcTime = pa.Field(nullable=True, description="Created (UTC).")


class SpaceAlias(Table):
    """Every name under which exports file a space."""

    alias: str = pa.Field(description="Keyed name.")
    space_id: str = pa.Field(description="Space.")


class DimNamedExecutive(Table):
    """Executives who may be shown by name, and whether the roster has them so."""

    person_id: str = pa.Field(unique=True, description="Person.")
    number: pl.Int64 = pa.Field(ge=1, description="Number of the entry in the agreement.")
    shown: str = pa.Field(unique=True, description="Name under which they are shown.")
    role: str = pa.Field(description="Role under which they are shown.")
    basis: str = pa.Field(description="Why they may be shown.")
    approved_by: str = pa.Field(description="Who approved it.")
    valid_until: pl.Date = pa.Field(description="Last day on which they may be shown.")
    is_on_roster: bool = pa.Field(description="Is on the roster on any day up to the as-of day.")
    is_executive: bool = pa.Field(description="Is an executive on any of these days.")


class DimChampion(Table):
    """Who on the roster asks to be named as a champion, one row per line of champions.csv."""

    person_id: str = pa.Field(description="Person.")
    line: pl.Int64 = pa.Field(ge=2, unique=True, description="Line of the file.")
    shown: str = pa.Field(description="Name under which they want to be shown.")
    scope: str = pa.Field(description="What they help with.")
    opted_in_on: pl.Date = pa.Field(description="Since when they want to be named.")
    is_in_force: bool = pa.Field(description="On the day of the run neither over nor taken back.")
    is_employed: bool = pa.Field(description="On the roster on the as-of day.")
    is_newest: bool = pa.Field(description="The line that counts: the newest of the person.")
