"""The sentences on top of the cards of the page "Taking root": see `dashboards.headlines` for the rules."""
