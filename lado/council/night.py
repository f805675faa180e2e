"""The nights of a synthetic council: who is on call this week, whom the emergency duty team serves, one contact."""

from datetime import datetime, time, timedelta

from lado.act import Act
from lado.clock import london_day
from lado.council.cast import Cast
from lado.models import Account
from lado.security.identity import Identity, Role
from lado.services import accounts, nights, on_call
from lado.services.nights import NewContact
from lado.services.on_call import NewShift
from workflows.calendar import ONE_DAY
from workflows.london import instant_on

A_WEEK = timedelta(days=7)
CLOSES, OPENS, SMALL_HOURS = time(17), time(9), time(2, 10)
PHONES = {"northbrook": "01632 960 011", "southmere": "01632 960 012"}


def share(act: Act, people: Cast) -> None:
    """Let the emergency duty team of one council serve the other ones too."""
    for worker in workers(people):
        account = act.session.get_one(Account, worker.id)
        for council in people.councils:
            authority = _head(people, council).authority or 0
            if authority != account.authority_id:
                accounts.serve(act, account, authority)


def put_on_call(act: Act, people: Cast) -> None:
    """Put the head of service of whoever acts on call for a week from the evening before."""
    council = next(one for one in people.councils if _head(people, one).authority == act.who.authority)
    begins = instant_on(london_day(act.at) - ONE_DAY, CLOSES)
    until = instant_on(london_day(act.at + A_WEEK), OPENS)
    on_call.put(act, NewShift(act.who.id or 0, PHONES[council], begins, until))


def ring(act: Act) -> None:
    """Record what the emergency duty team did in the small hours of the last night, as the worker who acts."""
    nights.record(
        act,
        NewContact(
            authority=act.who.authority or 0,
            happened_at=_last_night(act.at),
            reference="",
            caller="Sergeant Ida Inkpen, police control room",
            phone="01632 960 213",
            about="A volunteer of the Larkrise sailing club was found in a car with a boy of fifteen from the club.",
            done="The boy is at home with his mother. The club’s secretary keeps the volunteer off the water for now.",
            asks="Ring the sergeant for the crime reference, and the club.",
            in_danger="no",
        ),
    )


def heads(people: Cast) -> list[Identity]:
    """Who is on call: the head of service of each council."""
    return [_head(people, council) for council in people.councils]


def workers(people: Cast) -> list[Identity]:
    """The emergency duty workers."""
    return [worker for council in people.councils for worker in people.of(council, Role.EDT_WORKER)]


def _head(people: Cast, council: str) -> Identity:
    return people.of(council, Role.HEAD_OF_SERVICE)[0]


def _last_night(at: datetime) -> datetime:
    """The last ten past two in the morning."""
    tonight = instant_on(london_day(at), SMALL_HOURS)
    return tonight if tonight <= at else instant_on(london_day(at) - ONE_DAY, SMALL_HOURS)
