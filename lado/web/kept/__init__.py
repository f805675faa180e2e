"""What somebody sent after their session had ended: kept, and given back to them alone."""
