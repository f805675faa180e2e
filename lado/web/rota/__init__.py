"""Changing the rota: working hours, duty days, changes of duty, swaps, and going sick."""
