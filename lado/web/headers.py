"""What every answer carries (a strict content policy, no caching, no trace for other sites), and who may send forms."""

import secrets
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, abort, g, request

log = structlog.get_logger()

METHODS = frozenset({"GET", "HEAD", "POST"})
"""What may be asked for; OPTIONS is asked before a request from another site, and none is taken."""

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}


def install(app: Flask, *, production: bool) -> None:
    """Put the headers on every answer, and refuse what another site sends and what is asked in another way."""
    app.config["WTF_CSRF_SSL_STRICT"] = False  # it asks for a Referer, which our own pages tell browsers not to send
    app.before_request(_refuse_other_methods)
    if production:
        app.before_request(_refuse_without_tls)
    app.before_request(_refuse_other_sites)
    app.after_request(_protect)


def _refuse_other_methods() -> None:
    if request.method not in METHODS:
        abort(405)


def _refuse_without_tls() -> Response | None:
    """Answer in clear that this is read over TLS alone, without a cookie; a monitor on the machine may ask in clear.

    No redirect: a proxy that does not say that it was reached over TLS would be sent round in a circle.
    """
    if request.is_secure or request.endpoint in ("health.live", "health.ready"):
        return None
    words = "This address is read over TLS (https) alone. A proxy in front has to send X-Forwarded-Proto.\n"
    return Response(words, 400, content_type="text/plain; charset=utf-8")


def _refuse_other_sites() -> None:
    """Refuse a form that the browser says was sent from elsewhere. The form's own token is asked for all the same."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    site = request.headers.get("Sec-Fetch-Site", "")
    origin = request.headers.get("Origin", "")
    # Our pages send no Referer, and browsers then say Origin: null even to ourselves; Sec-Fetch-Site tells which.
    is_elsewhere = site not in ("same-origin", "none") if site else _host(origin) not in ("", request.host)
    if is_elsewhere:
        log.warning("form from another site", endpoint=request.endpoint)
        abort(400)


def _host(origin: str) -> str:
    return "" if origin == "null" else urlsplit(origin).netloc


def nonce() -> str:
    """The one-time mark by which our own style and script of this answer are known."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def _protect(response: Response) -> Response:
    mark = nonce()
    is_saved = response.headers.get("Content-Disposition", "").startswith("attachment")
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'self' 'nonce-{mark}'; script-src 'nonce-{mark}'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; "
        f"report-uri {request.script_root}/policy-report"
        f"{'; sandbox' if is_saved else ''}"
    )
    response.headers.update(FIXED)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
        response.vary.add("Cookie")
    return response
