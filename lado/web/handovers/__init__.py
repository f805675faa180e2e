"""Handing over: what one inherits, answering it, and what happened while one was away."""
