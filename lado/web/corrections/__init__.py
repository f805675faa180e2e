"""Asking for the correction of a date, and agreeing to it or refusing it."""
