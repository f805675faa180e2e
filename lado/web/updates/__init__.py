"""When the referrer hears from us next: the day that is promised, and the update that keeps it."""
