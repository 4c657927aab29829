"""The connectors that Turnout has. A new platform is a module and a line here."""

from typing import Final

from connectors import mediawiki, roster, slack, yammer
from connectors.contract import Connector

CONNECTORS: Final[tuple[Connector, ...]] = (slack.CONNECTOR, yammer.CONNECTOR, mediawiki.CONNECTOR, roster.CONNECTOR)
