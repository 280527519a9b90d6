"""Scores `poa check` and `poa check-rewrite` on letters whose verdict is known."""
