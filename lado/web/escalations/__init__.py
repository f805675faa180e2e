"""Escalations: what lapsed, who has it, and saying that one deals with it."""
