"""How people are reached by telephone."""
