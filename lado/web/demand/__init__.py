"""Demand: arrivals against the council's own expected level, and when second cover is brought in."""
