"""The organisations of partners: places, named contacts, and the people of theirs who sign in."""
