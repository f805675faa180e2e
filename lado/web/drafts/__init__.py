"""Keeping what somebody is typing."""
