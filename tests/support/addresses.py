"""How a number that is hidden in an address stands there."""

from flask import Flask


def hidden(app: Flask, number: int | None) -> str:
    """The name of the number in the addresses of this app."""
    return app.url_map.bind("localhost").build("answering.later", {"escalation_id": number}).split("/")[2]
