"""Do people give as much to conversations as they receive?"""

from typing import Final

from models.metrics.entry import BY_UNIT, EXPORTS, MINIMUM_GROUP, PEOPLE, PERIOD, Column, Mart, Metric, count, number

_SOURCES: Final = f"{EXPORTS}; exports that say who is answered; reactions where the exports show them"
_EXCLUSIONS: Final = (
    f"{PEOPLE}; what people answer to themselves; pages, edits, shares and uploads; whatever bots and hidden authors "
    "do; platforms whose records never say who is answered"
)
_GIVEN: Final = "posts, replies, comments and reactions to others"
_RECEIVED: Final = "replies, comments and reactions from other people, eligible or not"

MART: Final = Mart(
    "mart_give_receive",
    "Do people give as much to conversations as they receive?",
    (
        Metric(
            "give_receive", 1, "Giving and receiving", "Do people give as much to conversations as they receive?",
            f"people by their balance log((1 + given) / (1 + received)), where given are {_GIVEN} and received are "
            f"{_RECEIVED}; mostly giving is above log 2, mostly receiving below -log 2, balanced between; with fewer "
            "than 4 of both together nobody is classed. The thresholds are ours: SWOOP does not publish its own",
            None, f"{PERIOD}; a reaction in that of the message where exports do not date it", BY_UNIT, _EXCLUSIONS,
            _SOURCES, MINIMUM_GROUP,
            (
                Column("has_reactions", "flag", "Reactions count; without them only messages do.", is_nullable=False),
                number("median_balance", "Median balance of people with at least 4; above 0 they give more."),
                count("n_silent", "People who neither gave nor received."),
                count("n_few", "People with 1 to 3 of both together."),
                count("n_mostly_giving", "Of the others: 1 + given is more than twice 1 + received."),
                count("n_balanced", "Of the others: neither is more than twice the other."),
                count("n_mostly_receiving", "Of the others: 1 + received is more than twice 1 + given."),
            ),
            reference="SWOOP Analytics, personas of giving and receiving (thresholds unpublished)",
        ),
        Metric(
            "given_and_received", 1, "What is given and received", "Of what is the balance made?",
            f"{_GIVEN}; {_RECEIVED}", None, PERIOD,
            "period, platform, unit (of the last employed day, also for what was given before)", _EXCLUSIONS, _SOURCES,
            MINIMUM_GROUP,
            (
                count("n_given_messages", "Posts, and replies and comments not to oneself, by eligible people."),
                count("n_given_reactions", "Reactions to others; NULL where no export shows reactions."),
                count("n_received_answers", "Replies and comments from others to eligible people."),
                count("n_received_reactions", "Reactions from others; NULL where no export shows reactions."),
            ),
        ),
    ),
)  # fmt: skip
