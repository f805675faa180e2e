"""Beginning to refer without an account."""
