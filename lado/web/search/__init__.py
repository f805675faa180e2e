"""Finding a case by its reference, a name as spelt, or a setting."""
