"""The forms in which a service manager changes the rules, one thing at a time, and publishes them."""
