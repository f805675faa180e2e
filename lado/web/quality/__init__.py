"""Dates that are worth a second look."""
