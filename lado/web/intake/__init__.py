"""Logging a referral: one page, made for a telephone call."""
