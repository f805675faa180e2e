"""Saying why one needs to open a case that is not one's own."""
