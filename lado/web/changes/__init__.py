"""Bank holidays and the procedure: what counts, what another one would change, and how far a change has come."""
