"""The record: whether it can be trusted, what waits to be corrected, and who else keeps its checkpoints."""
