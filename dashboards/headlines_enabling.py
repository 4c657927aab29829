"""The sentences on top of the cards of the page "Enabling people": see `dashboards.headlines` for the rules."""
