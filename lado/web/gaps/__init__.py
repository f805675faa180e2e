"""Gaps ahead: what is not covered in the coming weeks, and what would close it."""
