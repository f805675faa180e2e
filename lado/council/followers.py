"""What partners have done by the end: most looked at their referrals, one wrote, and some never opened our answer."""

from lado.act import Act
from lado.db import Database
from lado.domain.partner_words import asked
from lado.queries import portal
from lado.queries.portal import PortalCase
from lado.security.identity import Identity
from lado.services import partner_messages, partner_outcomes, partner_views
from lado.services.partner_views import Shown

UNOPENED_EACH = 3
"""Of so many referrals of a partner the last is not opened."""

QUESTION = "We have found the rota of that week. Shall we send it by post, or keep it until you visit?"


def look(database: Database, partner: Identity, *, writes: bool) -> None:
    """Let one partner look at their referrals: who has an outcome says that it was read, and one asks something."""
    with database.reading(partner) as act:
        cases = [portal.case(act, row.reference) for row in portal.rows(act)]
    opened = [case for number, case in enumerate(cases, start=1) if case is not None and number % UNOPENED_EACH]
    with database.work(partner) as act:
        for case in opened:
            _open(act, case)
        going_on = [case for case in opened if case.step < len(portal.STEPS)]
        if writes and going_on:
            partner_messages.write(act, going_on[0].reference, QUESTION)


def _open(act: Act, case: PortalCase) -> None:
    do, by = asked(case.do, case.by, case.open_actions)
    shown = Shown(case.reference, case.status, case.happening, do, by, "; ".join(case.outcomes))
    partner_views.keep_page(act, shown)
    if case.outcomes and case.acknowledged_at is None:
        partner_outcomes.acknowledge(act, case.reference)
