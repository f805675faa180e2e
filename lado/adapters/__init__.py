"""The outside world, each part behind a small door of its own."""
