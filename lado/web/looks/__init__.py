"""Looks to ask about: what is unusual in the log of reads, and what came of asking."""
