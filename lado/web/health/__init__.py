"""Whether the product is up, for a council's monitor."""
