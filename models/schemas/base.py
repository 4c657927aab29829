"""The vocabulary that all table schemas share. Tables themselves are in the sibling modules."""

from typing import Annotated, Final, Literal, get_args

import pandera.polars as pa
import polars as pl

ActorKind = Literal["human", "bot", "system", "external", "unknown"]
Action = Literal[
    "post", "reply", "react", "create", "edit", "comment", "share", "upload", "join", "leave", "meet", "admin", "other"
]

UtcTime = Annotated[pl.Datetime, "us", None]
Names = Annotated[pl.List, pl.String]

ACTOR_KINDS: Final = get_args(ActorKind)
PEOPLE_KINDS: Final = ("human", "external")
"""Actors who are people; `external` ones (guests from elsewhere) contribute but are never employees."""
ACTIONS: Final = get_args(Action)
CONTRIBUTIONS: Final = ("post", "reply", "create", "edit", "comment", "share", "upload")
TIME_BASES: Final = ("own", "target", "none")
VISIBILITIES: Final = ("public", "private", "direct", "unknown")
KIND_RULES: Final = ("declared", "volume", "guest", "export")
"""What says who is behind an account: turnout.toml, its share of all contributions, its mark as a guest where
turnout.toml leaves guests out, else its export."""
GUEST_POLICIES: Final = ("count", "leave_out")
"""Whether people whom a platform marks as guests count like others where no roster says, or are from elsewhere."""
DAY_STATES: Final = ("observed", "partial", "missing")
FILE_STATES: Final = ("loaded", "refused", "unknown")
PERIOD_KINDS: Final = ("day", "week", "month", "history")


class Table(pa.DataFrameModel):
    """A table of the warehouse: every column is named, typed and described, nothing is converted on the way in."""

    class Config:
        """No column more, no column less, no silent conversion."""

        strict = True
        coerce = False
