"""The files of a case: what came, from whom and when; and one of them, to save and open."""

from io import BytesIO

import structlog
from flask import Blueprint, render_template, send_file
from flask.typing import ResponseReturnValue

from lado.domain.files import KINDS
from lado.domain.reads import Look
from lado.errors import Refused
from lado.models import Referral
from lado.queries import accounts, attachments
from lado.queries.attachments import Listed, OfCase
from lado.queries.referrals import find
from lado.security.permissions import Permission
from lado.web.guards import needs, reading
from lado.web.templating import moment_full
from lado.web.uploads import in_words

bp = Blueprint("attachments", __name__, url_prefix="/referrals")
log = structlog.get_logger()

CHANGED = "This file is not what was sent: it was changed since in the database. Tell whoever runs this system."


@bp.get("/<reference>/files")
@needs(Permission.REFERRAL_READ, find=find)
def of_case(referral: Referral) -> ResponseReturnValue:
    """Which files came with this case?"""
    act = reading()
    listed = attachments.of_case(act, referral)
    names = accounts.names_of(act, {one.added_by_id for one in listed if one.added_by_id is not None})
    rows = [
        (
            0 if one.is_kept else one.number,
            one.name,
            f"{KINDS[one.kind].label}, {in_words(one.size)}",
            _came(one, names),
            _looked_at(one),
        )
        for one in listed
    ]
    return render_template("attachments/of_case.html", reference=referral.reference, rows=rows)


@bp.get("/<reference>/files/<int:number>")
@needs(Permission.REFERRAL_READ, find=attachments.find, reads=Look.DOWNLOAD, fresh=True)
def one(found: OfCase) -> ResponseReturnValue:
    """One file, to be saved: it is never shown inside our own pages."""
    if not found.is_as_recorded:
        log.error("attachment changed", number=found.listed.number)
        raise Refused(CHANGED)
    return send_file(
        BytesIO(found.content),
        mimetype=KINDS[found.listed.kind].mime,
        as_attachment=True,
        download_name=found.listed.name,
    )


def _came(one: Listed, names: dict[int, str]) -> str:
    by = names.get(one.added_by_id, "somebody") if one.added_by_id is not None else "the referrer, who had no account"
    return f"{moment_full(one.added_at)}, from {by}"


def _looked_at(one: Listed) -> str:
    return "Scanned, nothing found" if one.is_scanned else "Not scanned"
