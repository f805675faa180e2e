"""Making a move on a case: one short form for each, and what to do when somebody else was first."""
