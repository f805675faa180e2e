"""Where somebody is signed in, for how long, and how they end it."""
