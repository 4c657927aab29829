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
    slack_analytics_reader,
    wordpress,
    yammer,
    yammer_rest,
)
from connectors.contract import Connector

CONNECTORS: Final[tuple[Connector, ...]] = (
    slack.CONNECTOR, slack_analytics_reader.CONNECTOR,
    yammer.CONNECTOR, yammer_rest.CONNECTOR,
    mediawiki.CONNECTOR, mediawiki_api.CONNECTOR,
    confluence.CONNECTOR, confluence_pipeline.CONNECTOR,
    wordpress.CONNECTOR,
    bookmarks.CONNECTOR,
    m365.CONNECTOR,
    roster.CONNECTOR,
    events.CONNECTOR,
)
