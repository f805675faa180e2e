"""One case: where it stands, what happens next, and its record."""
