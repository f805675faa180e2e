"""Whose word is taken for who asks, and whether over TLS: that of the listed proxies, and nobody else's."""

from collections.abc import Callable, Iterable
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class ListedProxies:
    """Takes X-Forwarded-For and X-Forwarded-Proto from a listed proxy. The host stays the one that was asked for."""

    def __init__(self, app: "WSGIApplication", listed: Iterable[str]) -> None:
        """Keep the app both ways: as it is, and behind one proxy."""
        self._app = app
        self._behind = ProxyFix(app, x_for=1, x_proto=1)
        self._listed = [ip_network(text) for text in listed]

    def __call__(self, asked: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer the request, as it came or as the proxy says that it came."""
        app: Callable[..., Any] = self._behind if self._is_listed(asked.get("REMOTE_ADDR", "")) else self._app
        answer: Iterable[bytes] = app(asked, start_response)
        return answer

    def _is_listed(self, address: str) -> bool:
        try:
            asks = ip_address(address)
        except ValueError:
            return False
        return any(asks in network for network in self._listed)


def install(app: Flask, listed: Iterable[str]) -> None:
    """Put it before the app, where proxies are listed."""
    if kept := tuple(listed):
        app.wsgi_app = ListedProxies(app.wsgi_app, kept)  # type: ignore[method-assign, assignment]
