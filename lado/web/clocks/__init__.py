"""One clock of a case: how its date was reached."""
