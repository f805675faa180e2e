"""Out of hours: the emergency duty team's pages, what the day takes over from the night, who is on call, duty packs."""
