"""The synthetic council: a seeded generator that drives the real services under a virtual clock."""
