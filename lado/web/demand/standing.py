"""What other pages say of second cover that was brought in: who, until when, and why."""

from lado.act import Act
from lado.queries import accounts, demand
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.web.demand import presenters


def standing_words(act: Act) -> list[str]:
    """The decisions that hold now, in sentences, for the pages of those who work under them."""
    if not can(act.who, Permission.DEMAND_READ):
        return []
    alarms = demand.standing(act.session, act.who.authority or 0, act.at)
    names = accounts.names_of(act, {person for alarm in alarms for person in presenters.people_of(alarm)})
    return [presenters.alarm_words(alarm, names, act.at) for alarm in alarms]
