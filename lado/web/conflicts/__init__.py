"""Declaring a conflict of interest, ending it, and choosing the independent contact."""
