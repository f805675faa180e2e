"""The scheduler's jobs: each only chooses what is due and calls a service."""
