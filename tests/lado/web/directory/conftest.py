"""A council that has a directory, on this machine, and somebody on their way through it."""

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import pytest

from lado.models import DirectoryLink
from lado.queries.directories import token_of
from lado.security.identity import SYSTEM
from lado.services import directories
from tests.support.browser import Browser
from tests.support.directory import Provider, provider_at_work


@pytest.fixture
def provider(clock):
    """Northbrook's directory."""
    with provider_at_work(Provider(clock)) as running:
        yield running


@pytest.fixture
def settings(settings, provider):
    """Of an installation in which Northbrook has a directory."""
    return replace(settings, directories=(provider.settings,))


@pytest.fixture
def connect(database, people):
    """Connect somebody's account with a person of a directory, as they themselves would have."""

    def connected(name, provider, council="northbrook", subject=None):
        with database.work(people.everyone[name]) as act:
            token = token_of(act.vault, provider.issuer, subject or provider.subject)
            directories.connect(act, council, provider.issuer, token)

    return connected


@dataclass
class Way:
    """The way of one browser through a directory."""

    browser: Browser
    provider: Provider

    def press(self, page="/sign-in", words="directory/northbrook/begin"):
        """Press the button; where it leads."""
        found = re.search(rf'href="([^"]*{words}[^"]*)"', self.browser.get(page).text)
        assert found, f"no way to the directory on {page}"
        return self.follow(found[1].replace("&amp;", "&"))

    def follow(self, href):
        """Follow a link to wherever it leads outside."""
        return self.browser.client.get(href)

    def there_and_back(self, **more):
        """Press, sign in there, and come back: the address of ours that one is sent to."""
        answer = self.press(**more)
        assert answer.status_code == 302, answer.text
        return local(self.provider.sent_back(answer.headers["Location"]))

    def sign_in(self, status=200):
        """All of it, and the page that it ends on."""
        return self.browser.get(self.there_and_back(), status=status)


def local(address):
    """An address of ours without its name."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


@pytest.fixture
def way(browser, provider):
    """A browser that nobody is signed in with, and the directory."""
    return Way(browser, provider)


def link(database, who, provider):
    """A connection that no page could have made: of anybody with anybody."""
    with database.work(SYSTEM) as act:
        token = token_of(act.vault, provider.issuer, provider.subject)
        made = {"account_id": who.id, "issuer": provider.issuer, "token": token, "made_at": act.at}
        act.session.add(DirectoryLink(**made, used_at=None, ended_at=None, ended_by_id=None))
