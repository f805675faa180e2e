"""The few errors that a person can meet, each with words that say what is wrong and how to mend it."""

from collections.abc import Mapping


class LadoError(Exception):
    """Something that a page or a command can explain to the person who met it."""


class NotAllowed(LadoError):
    """The person may not do this. Of a thing they may not know of, the page answers as for NotFound."""


class NotFound(LadoError):
    """There is no such thing, or none that this person may know of: the same answer for both."""


class Refused(LadoError):
    """A rule says no for now: the words name what is missing; `missing` names it for the form."""

    def __init__(self, words: str, missing: tuple[str, ...] = ()) -> None:
        """Keep the words for the page and the names for the fields."""
        super().__init__(words)
        self.missing = missing


class BadInput(LadoError):
    """What was typed cannot be taken: one message a field, saying how to mend it."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        """Keep the message of each field."""
        super().__init__("; ".join(problems.values()))
        self.problems = dict(problems)


class Stale(LadoError):
    """Somebody else changed the same thing in the meantime; nothing was saved, and nothing typed is lost."""


class ReadInBulk(LadoError):
    """More different cases were opened in a short time than anybody works on; it goes on after a second factor."""


class NotProved(LadoError):
    """The page asks for a second factor that was proved a short time ago; it goes on by itself afterwards."""


class PasskeyNeeded(NotProved):
    """A restricted case is opened with a passkey, and this session has proved none yet."""


class NotExplained(LadoError):
    """The case is nothing to whoever opens it, so they say why first; it goes on by itself afterwards."""

    def __init__(self, reference: str) -> None:
        """Keep which case it is."""
        super().__init__("say why you need to look")
        self.reference = reference


class TooFast(LadoError):
    """A partner asked for more pages in a minute than anybody reads; it goes on by itself a minute later."""
