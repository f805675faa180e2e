"""Sending a message again that did not reach its person, as when its address has been put right."""

from functools import partial

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.queries import accounts
from lado.queries.notices import Failed, found
from lado.security.permissions import Permission
from lado.services import notices
from lado.web.guards import needs, save
from lado.web.who_has import name_of

bp = Blueprint("notices", __name__, url_prefix="/notices")


@bp.post("/<hidden:notice_id>/send-again")
@needs(Permission.NOTICE_REPEAT, find=found)
def send_again(failed: Failed) -> ResponseReturnValue:
    """Send it to the same person once more; whoever has it in their place keeps it too."""
    return save(partial(_send_again, failed=failed))


def _send_again(act: Act, failed: Failed) -> str:
    notices.send_again(act, failed)
    name = name_of(failed.account_id, accounts.names_of(act, {failed.account_id}))
    flash(f"The message to {name} is sent again within a minute. If it fails again, it is listed here.")
    return url_for("escalations.home")
