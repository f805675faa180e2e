"""Second factors: proving one, setting one up, and one's own sign-ins."""
