"""Restricted cases: the list of one, the lists one keeps, and asking to be let in."""
