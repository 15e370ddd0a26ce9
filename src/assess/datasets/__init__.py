"""Public data on alliances, from the files their publishers ship to tables."""
