"""The mail that a demonstration caught, to read on a page."""
