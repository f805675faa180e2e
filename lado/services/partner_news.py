"""E-mails that there is something new for a partner to read: off until they choose, and then as they chose.

What somebody must get goes out whatever they chose: the link of an invitation, that there is something for them to do,
and that what they sent has arrived.
"""

from lado.act import Act
from lado.models import Account, Referral
from lado.queries import portal_news
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import notices

NO_EMAILS = "They have not chosen to get e-mails about news. Ring them, or write them a letter."


def choose(act: Act, *, wants: bool) -> None:
    """Let a partner choose for themselves whether they are e-mailed about news, from now on. Raises NotAllowed."""
    ensure(act.who, Permission.PORTAL_READ)
    account = act.session.get_one(Account, act.who.id, with_for_update=True, populate_existing=True)
    account.wants_news = wants
    act.session.flush()


def tell(act: Act, partner: int, referral: Referral, subject: str, body: str) -> bool:
    """Write a partner a notice of something new on their page, if they chose to have it; says whether they did."""
    is_wanted = partner in portal_news.wanting(act.session, [partner])
    if is_wanted:
        notices.queue(act, partner, referral, subject, body)
    return is_wanted
