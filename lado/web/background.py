"""What a script asks by itself while somebody types: it is answered, makes no session last longer, and is not kept."""

from flask import request

ASKED_BY_SCRIPTS = frozenset(
    {
        "corrections.preview",
        "cover.preview",
        "duty.preview_change",
        "duty.preview_days",
        "duty.preview_hours",
        "intake.decide_by",
        "intake.earlier",
        "my_sessions.left",
        "rules_draft.limit_example",
        "swapping.preview_sick",
        "swapping.preview_swap",
    }
)
"""The endpoints that `lado/static/live.js` and `session.js` ask."""

SCRIPT = "X-Lado-Script"
"""The header by which a script says that it asks, where a person may too."""

DRAFTS = frozenset({"drafts.keep", "drafts.throw_away"})
"""What is kept as a draft already."""


def is_background() -> bool:
    """Whether nobody did anything: a script asked."""
    return request.endpoint in ASKED_BY_SCRIPTS


def is_a_form() -> bool:
    """Whether somebody pressed a button to send what they typed."""
    return request.endpoint not in ASKED_BY_SCRIPTS | DRAFTS
