"""The letters of a case: what went out, making another, its files, and recording who was told by it."""

from functools import partial
from io import BytesIO

import structlog
from flask import Blueprint, flash, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.adapters import letter_docx, letter_pdf
from lado.domain.reads import Look
from lado.errors import Refused
from lado.models import Referral
from lado.queries import accounts, grants, letters
from lado.queries.letters import OfCase, Wanted
from lado.queries.referrals import find
from lado.security.permissions import Permission
from lado.services import letters as services
from lado.web.forms import made_from
from lado.web.guards import needs, reading
from lado.web.letters import presenters
from lado.web.letters.forms import EmailForm, LetterForm, ToldForm
from lado.web.letters.wording_presenters import facts, label
from lado.web.sending import sent

bp = Blueprint("letters", __name__, url_prefix="/referrals")
log = structlog.get_logger()

CHANGED = "This letter is not what was made: it was changed since in the database. Tell whoever runs this system."
CANNOT_SHOW = "This letter has a character that no font here can show as PDF. Save it as a Word document instead."


@bp.get("/<reference>/letters")
@needs(Permission.REFERRAL_READ, find=find)
def of_case(referral: Referral) -> ResponseReturnValue:
    """Which letters and e-mails went out about this case, and which can be written?"""
    act = reading()
    found = letters.of_case(act, referral)
    names = accounts.names_of(act, {one.made_by_id for one in found} | {one.account_id or 0 for one in found})
    return render_template(
        "letters/of_case.html",
        reference=referral.reference,
        rows=presenters.letter_rows(referral.reference, found, names),
        new=presenters.new_rows(referral.reference),
    )


@bp.route("/<reference>/letters/new/<audience>/<occasion>", methods=["GET", "POST"])
@needs(Permission.REFERRAL_WORK, find=letters.find_wanted)
def new(wanted: Wanted) -> ResponseReturnValue:
    """Make a letter of this kind, from the council's wording filled in for this case; or send the e-mail."""
    if wanted.kind.is_email:
        email = EmailForm(
            accounts.names_of(reading(), grants.followers(reading().session, wanted.referral.id, reading().at))
        )
        return sent(email, partial(_send, wanted=wanted, form=email), partial(_new_page, "email", wanted, email))
    form = LetterForm() if request.method == "POST" else _begun(wanted)
    return sent(form, partial(_make, wanted=wanted, form=form), partial(_new_page, "new", wanted, form))


@bp.route("/<reference>/letters/<int:number>", methods=["GET"])
@needs(Permission.REFERRAL_READ, find=letters.find)
def show(found: OfCase) -> ResponseReturnValue:
    """What does this letter say, who made it, and was its audience told by it?"""
    act = reading()
    one = found.letter
    names = accounts.names_of(act, {one.made_by_id} | ({one.account_id} if one.account_id else set()))
    return render_template(
        "letters/show.html",
        reference=found.reference,
        number=one.number,
        is_email=one.kind.is_email,
        label=label(one.kind),
        facts=presenters.letter_facts(one, names),
        is_as_recorded=found.is_as_recorded,
        changed=CHANGED,
    )


@bp.route("/<reference>/letters/<int:number>/told", methods=["GET", "POST"])
@needs(Permission.REFERRAL_WORK, find=letters.find_paper)
def told(found: OfCase) -> ResponseReturnValue:
    """Record that they were told by this letter: when, and how it reached them."""
    form = ToldForm() if request.method == "POST" else ToldForm(data={"told_on": reading().today})
    return sent(form, partial(_tell, found=found, form=form), partial(_told_page, found, form))


@bp.get("/<reference>/letters/<int:number>/docx")
@needs(Permission.REFERRAL_READ, find=letters.find_paper, reads=Look.DOWNLOAD, fresh=True)
def docx(found: OfCase) -> ResponseReturnValue:
    """The letter as a Word document."""
    return _file(found, letter_docx.make(letters.printed(reading(), _sound(found)), found.letter.made_at), "docx")


@bp.get("/<reference>/letters/<int:number>/pdf")
@needs(Permission.REFERRAL_READ, find=letters.find_paper, reads=Look.DOWNLOAD, fresh=True)
def pdf(found: OfCase) -> ResponseReturnValue:
    """The letter as a PDF."""
    try:
        return _file(found, letter_pdf.make(letters.printed(reading(), _sound(found)), found.letter.made_at), "pdf")
    except letter_pdf.CannotShow as problem:
        raise Refused(CANNOT_SHOW) from problem


def _followers(act: Act, referral: Referral) -> dict[int, str]:
    """Who may follow the case now, by account."""
    return accounts.names_of(act, grants.followers(act.session, referral.id, act.at))


def _sound(found: OfCase) -> OfCase:
    """The letter, where it is what was made. Raises Refused."""
    if not found.is_as_recorded:
        log.error("letter changed", number=found.letter.number)
        raise Refused(CHANGED)
    return found


def _file(found: OfCase, content: bytes, ending: str) -> ResponseReturnValue:
    """The file, to be saved; its name has the reference and nobody's name."""
    mime = letter_docx.MIME if ending == "docx" else letter_pdf.MIME
    name = f"{found.reference}-letter-{found.letter.number}.{ending}"
    return send_file(BytesIO(content), mimetype=mime, as_attachment=True, download_name=name)


def _begun(wanted: Wanted) -> LetterForm:
    draft = letters.draft(reading(), wanted.referral, wanted.kind)
    return LetterForm(data={"to": draft.to, **draft.text._asdict()})


def _new_page(name: str, wanted: Wanted, form: LetterForm | EmailForm) -> str:
    act = reading()
    wanted = letters.find_wanted(act, wanted.reference, *wanted.kind) or wanted
    draft = letters.draft(act, wanted.referral, wanted.kind)
    return render_template(
        f"letters/{name}.html",
        form=form,
        seen=wanted.referral.events,
        reference=wanted.reference,
        label=label(wanted.kind),
        caution=presenters.caution(wanted.kind, draft),
        is_beyond=services.is_beyond(wanted.kind, draft.extent),
        people=presenters.people_facts(draft.people),
        text=facts(draft.text),
    )


def _make(act: Act, wanted: Wanted, form: LetterForm) -> str:
    seen = made_from(wanted.referral.events)
    number = services.make(act, wanted.referral.id, form.letter(wanted.kind), seen=seen)
    flash("The letter is made and kept with the case. Save it as a file, and record when they were given it.")
    return url_for("letters.show", reference=wanted.reference, number=number)


def _send(act: Act, wanted: Wanted, form: EmailForm) -> str:
    seen = made_from(wanted.referral.events)
    number = services.send(act, wanted.referral.id, wanted.kind, form.partner.data, seen=seen)
    flash("The e-mail is on its way. It names nobody and leads to their own page.")
    return url_for("letters.show", reference=wanted.reference, number=number)


def _told_page(found: OfCase, form: ToldForm) -> str:
    found = letters.find(reading(), found.reference, found.letter.number) or found
    return render_template(
        "letters/told.html",
        form=form,
        seen=found.referral.events,
        reference=found.reference,
        number=found.letter.number,
        label=label(found.letter.kind),
    )


def _tell(act: Act, found: OfCase, form: ToldForm) -> str:
    seen = made_from(found.referral.events)
    services.tell(act, found.referral.id, found.letter.number, form.told_on.data, form.how.data or "", seen=seen)
    flash("Recorded: they were told by this letter.")
    return url_for("letters.show", reference=found.reference, number=found.letter.number)
