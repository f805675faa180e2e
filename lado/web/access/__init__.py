"""Who may follow a case on line, and giving and ending that."""
