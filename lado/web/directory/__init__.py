"""Signing in with the council's own directory, and connecting an account with it."""
