"""The clock: APScheduler ticks; each job only chooses ids and calls a service."""
