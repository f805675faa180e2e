"""Files that came with a case, as officers read them."""
