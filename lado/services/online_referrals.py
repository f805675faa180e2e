"""Sending a referral on line: received at the instant of the system, and at once in the officers' queue."""

from lado.act import Act
from lado.domain import online
from lado.domain.online import ON_LINE, PARTS, Answers
from lado.errors import Refused
from lado.models import OnlineDraft, Referral
from lado.queries import ledger, portal_referrer, practices, second_lock
from lado.queries.on_duty import officer_on_duty
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import attachments, barring, notices, online_drafts, referrals
from lado.services.record import record
from lado.services.referrals import NewReferral
from workflows.attempt import Attempt, Refusal
from workflows.engine import decide

RECEIPT = "send_receipt"
NO_OFFICER = "Nobody could be found who takes referrals. Ring the number below; what you wrote is kept."


def send(act: Act, answers: Answers) -> Referral:
    """Send what the partner has written: a case with running clocks, which they may follow, and a receipt.

    Raises Refused while a part is missing, BadInput where the dates cannot be, NotFound where nothing was begun (a
    second sending), NotAllowed.
    """
    ensure(act.who, Permission.REFERRAL_SEND)
    draft = online_drafts.needed(act)
    written = online_drafts.read(act, draft)
    if written.missing:
        raise Refused("Still to be written: " + "; ".join(PARTS[part] for part in written.missing) + ".")
    with second_lock.lifted(act, second_lock.of_council(draft.authority_id)):
        owner = officer_on_duty(act.session, draft.authority_id, act.at)
        if owner is None:
            raise Refused(NO_OFFICER)
        referral = referrals.open_case(act, _new(act, answers, written.harms, owner), draft.sealing_key)
        _put_on_record(act, draft, referral)
        online_drafts.remove(act, [draft.id])
    return referral


def may_follow(act: Act, referral: Referral) -> bool:
    """Whether the referrer may follow what they sent: not where the case turns out to be about themselves."""
    return act.who.id not in barring.barred(act, referral.id)


def _new(act: Act, answers: Answers, harms: tuple[str, ...], owner: int) -> NewReferral:
    return NewReferral(
        received_at=act.at,
        channel="online",
        evidence="system",
        source=answers.source,
        category=answers.category,
        summary=answers.summary,
        subject=answers.adult,
        setting=answers.setting,
        referrer=_referrer(act, answers),
        sector=answers.sector,
        incident_from_on=answers.incident_from_on,
        incident_to_on=answers.incident_to_on,
        incident_precision=answers.incident_precision,
        employer_aware_at=answers.employer_aware_at,
        employer_aware_precision="approximate" if answers.employer_aware_at else "unknown",
        children=answers.children,
        children_safe=answers.children_safe,
        safety_steps=answers.safety_steps,
        notes=online.notes(answers, harms),
        owner=owner,
        partner=act.who.id,
    )


def _referrer(act: Act, answers: Answers) -> dict[str, str]:
    """Who refers: name, address and agency are those of the account, and are not typed."""
    person = portal_referrer.referrer(act)
    said = {
        "name": person.name,
        "role": answers.role,
        "agency": answers.organisation if person.agency == ON_LINE else person.agency,
        "phone": answers.phone,
        "email": person.email,
    }
    return {name: value for name, value in said.items() if value}


def _put_on_record(act: Act, draft: OnlineDraft, referral: Referral) -> None:
    """Bring the files to the case, send the receipt, and record that it was sent where the procedure asks for that."""
    practice = practices.of_case(act.session, referral)
    case = ledger.case_of(act.session, referral.id)
    attachments.bring_to_case(act, draft, referral, case, practice)
    if RECEIPT in practice.flow.move_by_key:
        words = {"note": "The referrer was given the reference on the page, and by e-mail."}
        decided = decide(case, Attempt(RECEIPT, act.at, {}, words), practice)
        if isinstance(decided, Refusal):
            raise Refused(decided.reason, decided.missing)
        record(act, referral, case, decided, practice, words)
    if may_follow(act, referral):
        subject = f"{referral.reference}: we have received your referral"
        notices.queue(act, act.who.id or 0, referral, subject, "An officer reads it. Follow it here.")
