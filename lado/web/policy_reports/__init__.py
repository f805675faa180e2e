"""What browsers report of our content policy: that something was blocked, and of which kind."""
