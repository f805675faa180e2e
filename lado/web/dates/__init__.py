"""The dates of a case: where each comes from, and what was corrected."""
