"""Cover: who is there, where the gaps are, and booking leave."""
