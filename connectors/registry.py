"""The connectors that Turnout has. A new platform is a module and a line here."""

from typing import Final

from connectors import (
    bookmarks,
    confluence,
    confluence_pipeline,
    events,
    m365,
    mediawiki,
    mediawiki_api,
    roster,
    slack,
    wordpress,
    yammer,
    yammer_rest,
)
from connectors.contract import Connector

CONNECTORS: Final[tuple[Connector, ...]] = (
    slack.CONNECTOR, yammer.CONNECTOR, mediawiki.CONNECTOR, roster.CONNECTOR,
    m365.CONNECTOR, yammer_rest.CONNECTOR,
    wordpress.CONNECTOR,
    mediawiki_api.CONNECTOR,
    bookmarks.CONNECTOR,
    events.CONNECTOR,
    confluence.CONNECTOR, confluence_pipeline.CONNECTOR,
)
