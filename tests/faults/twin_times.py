"""Whether time tells a restricted case from none: requests that take turns, and how well their times sort them.

The figure is the area under the curve (AUC): how often the one of a pair that took longer is the one of the first kind.
One half is what a toss of a coin would do; what the two kinds are compared with is the same measure of one kind with
itself.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from statistics import median
from time import perf_counter_ns
from typing import Any, NamedTuple

from flask.testing import FlaskClient

from lado.domain.references import new_reference
from tests.faults.twin_life import Twin
from tests.support.signing import sending, sign_in

LEAST, MOST = 0.45, 0.55
"""Between which the figure has to be: whoever sorts by it is right about as often as by chance."""
SETTLED = 30
"""Requests of each kind that are sent first and not measured: caches fill, and statements are put together."""
SECONDS = 2.1
ADDRESSES = ("/referrals/{}", "/referrals/{}/record", "/referrals/{}/moves/add_note", "/cover/handover/{}")
PAGES = ("/", "/?show=everyone", "/escalations?show=all", "/cover", "/notices")
WORDS = "Quillfeather"


class Question(NamedTuple):
    """Two kinds of request that should take alike long: what they are, and how one of each is sent."""

    what: str
    who: str
    one: Callable[[], object]
    other: Callable[[], object]


def measure(ours: Twin, theirs: Twin, times: int, draw: Random) -> list[dict[str, Any]]:
    """Send so many of each kind, taking turns; the figures of each question. `ours` has no restricted case."""
    return [_figures(question, times, draw) for question in _questions(ours, theirs, draw)]


def _questions(ours: Twin, theirs: Twin, draw: Random) -> Iterator[Question]:
    there = [case.reference for case in theirs.restricted]
    missing, others = ([new_reference("NB", draw.randrange) for _ in there] for _ in range(2))
    for name in ("dana", "hal"):
        with_one, without = Asker(theirs, name, draw), Asker(ours, name, draw)
        for address in ADDRESSES:
            yield Question(
                f"{address}: restricted or missing", name, with_one.of(address, there), with_one.of(address, missing)
            )
        yield Question(
            f"{ADDRESSES[0]}: missing or missing",
            name,
            with_one.of(ADDRESSES[0], missing),
            with_one.of(ADDRESSES[0], others),
        )
        for page in PAGES:
            yield Question(f"{page}: both councils", name, with_one.of(page, [""]), without.of(page, [""]))
        yield Question("search: both councils", name, with_one.search, without.search)


class Asker:
    """Somebody who asks a council for pages, and signs in again when their session is over."""

    def __init__(self, twin: Twin, name: str, draw: Random) -> None:
        """Sign in."""
        self.twin, self.name, self.draw = twin, name, draw
        self.client: FlaskClient = sign_in(twin.app, name)
        self.tokens: Mapping[str, str] = sending(self.client)

    def of(self, address: str, references: Sequence[str]) -> Callable[[], object]:
        """What asks for an address with one of these references."""
        return lambda: self._sent(lambda: self.client.get(address.format(self.draw.choice(references))))

    def search(self) -> object:
        """Search for a name that stands in restricted cases alone."""
        return self._sent(lambda: self.client.post("/search", data={**self.tokens, "words": WORDS}))

    def _sent(self, send: Callable[[], Any]) -> object:
        answer = send()
        if answer.status_code == 302:
            self.client = sign_in(self.twin.app, self.name)
            self.tokens = sending(self.client)
        return answer.get_data()

    def rest(self) -> None:
        """Let time pass, as between two pages."""
        self.twin.clock.advance(seconds=SECONDS)


def _figures(question: Question, times: int, draw: Random) -> dict[str, Any]:
    taken: tuple[list[int], list[int]] = ([], [])
    kinds = (question.one, question.other)
    for number in range(-SETTLED, times):
        for kind in draw.sample((0, 1), 2):
            began = perf_counter_ns()
            kinds[kind]()
            if number >= 0:
                taken[kind].append(perf_counter_ns() - began)
    figure = auc(*taken)
    return {
        "what": question.what,
        "who": question.who,
        "requests": times,
        "auc": round(figure, 4),
        "medians ms": [round(median(side) / 1e6, 3) for side in taken],
        "is_told": not LEAST <= figure <= MOST,
    }


def auc(first: Sequence[float], second: Sequence[float]) -> float:
    """How often one of the first is larger than one of the second, where equals count half (Mann and Whitney 1947)."""
    ordered = sorted(second)
    larger = sum(bisect_left(ordered, one) + bisect_right(ordered, one) for one in first) / 2
    return larger / (len(first) * len(second))
