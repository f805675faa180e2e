"""The record of a case in words: one item for each move, every ledger entry a line of it."""

from collections.abc import Callable, Iterable

from lado.queries.case_file import Made
from lado.queries.ledger import Entry
from lado.web.components import TimelineItem
from lado.web.referrals.events import Teller, claimed_at
from lado.web.referrals.words import lines
from lado.web.templating import moment_full

SCHEDULER = "the scheduler"


def record_of(
    made: Iterable[Made], teller: Teller, corrected: Callable[[Made], list[str]] = lambda made: []
) -> tuple[TimelineItem, ...]:
    """Every move in order: what, by whom, when it was recorded, when it is said to have happened, and the words.

    `corrected` says for each move what was corrected since of the dates that were given with it.
    """
    return tuple(_item(one, teller, corrected(one)) for one in made)


def _item(made: Made, teller: Teller, corrected: list[str]) -> TimelineItem:
    head = made.head
    said = teller.tell(head.event)
    body = [*_happened(head), *lines(head.words, teller.names), *said.lines]
    for entry in made.entries[1:]:
        body += _line(entry, teller)
    body += [*corrected, _numbers(made)]
    by = teller.officer(head.actor_id) if head.actor_id is not None else SCHEDULER
    return TimelineItem(said.title, head.recorded_at, by, "\n".join(body))


def _line(entry: Entry, teller: Teller) -> list[str]:
    said = teller.tell(entry.event)
    more = [*said.lines, *lines(entry.words, teller.names)]
    return [f"{said.title}. {'; '.join(more)}" if more else said.title]


def _happened(entry: Entry) -> list[str]:
    happened_at = claimed_at(entry.event)
    if happened_at is None or happened_at == entry.recorded_at:
        return []
    return [f"Happened on {moment_full(happened_at)}"]


def _numbers(made: Made) -> str:
    first, last = made.entries[0].number, made.entries[-1].number
    return f"Entry {first} of the record" if first == last else f"Entries {first} to {last} of the record"
