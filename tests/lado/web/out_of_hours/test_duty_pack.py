"""The duty pack as a file: its name and headers, its lock, and that nothing in it stands in clear."""

import base64
import json
import re

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from lado.models import DutyPack
from lado.queries.duty_packs import PAGE
from lado.services.sessions import GUESSES
from tests.support.browser import Browser, hidden, words_of
from tests.support.canaries import CANARY, canary, person
from tests.support.people import PASSWORD
from tests.support.routes import a_night
from tests.support.tampering import every_right


@pytest.fixture
def case(caseload, people, clock):
    made = caseload.referral(
        summary=canary("summary"),
        subject=person("subject"),
        setting=canary("setting"),
        referrer=person("referrer"),
        children=(person("child"),),
        notes=canary("notes"),
        safety_steps=canary("steps"),
    )
    a_night(caseload, people, clock, reference=made.reference, about=canary("about"))
    return made


def form(page):
    """What is sent from the page of the form."""
    shown = hidden(page, "pack_password")
    return {"council": "northbrook", "hours": "72", "pack_password": shown, "password": PASSWORD}


def make(browser, **changes):
    """The page of the form and the file that it gives."""
    page = browser.get("/duty-packs/new")
    sent = form(page) | changes
    return page, sent["pack_password"], browser.post("/duty-packs/new", sent, page=page)


def opened(file, passphrase):
    """Opened as docs/duty-pack.md says, with nothing of ours."""
    found = re.search(r'<script type="application/json" id="pack">(.*?)</script>', file, re.S)
    pack = json.loads(found[1])
    salt, nonce, locked = (base64.b64decode(pack[name]) for name in ("salt", "nonce", "locked"))
    rounds = json.loads(pack["header"])["rounds"]
    key = PBKDF2HMAC(hashes.SHA256(), 32, salt, rounds).derive(passphrase.replace("-", "").encode())
    return json.loads(AESGCM(key).decrypt(nonce, locked, pack["header"].encode()))


def test_the_file_says_nothing_in_clear_and_holds_safety_once_it_is_open(browser, case):
    _, passphrase, answer = make(browser.sign_in("edie"))

    assert answer.headers["Content-Disposition"] == 'attachment; filename="duty-pack-northbrook-2026-03-02.html"'
    assert (answer.headers["Cache-Control"], answer.mimetype) == ("no-store", "text/html")
    assert not CANARY.search(answer.text)
    for words in (case.reference, "Edie", "Olive", passphrase, passphrase.replace("-", "")):
        assert words not in answer.text
    told = json.dumps(opened(answer.text, passphrase))
    assert case.reference in told
    assert "Edie Emergency" in told
    safe = {canary(name) for name in ("subject", "subject_role", "setting", "child", "steps")}
    assert {word.lower() for word in CANARY.findall(told)} == safe


def test_neither_another_passphrase_nor_another_expiry_opens_it(browser, case):
    _, passphrase, answer = make(browser.sign_in("edie"))

    with pytest.raises(InvalidTag):
        opened(answer.text, "2222-2222-2222-2222-2222")
    with pytest.raises(InvalidTag):
        opened(answer.text.replace("2026-03-05T09:30", "2027-03-05T09:30"), passphrase)


def test_two_packs_have_nothing_in_common_but_what_is_public(browser, case):
    edie = browser.sign_in("edie")
    (_, first, one), (_, second, other) = make(edie), make(edie)

    assert first != second
    packs = [json.loads(re.search(r'id="pack">(.*?)</script>', file.text, re.S)[1]) for file in (one, other)]
    assert not set(packs[0].values()) & set(packs[1].values()) - {packs[0]["header"]}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"council": "southmere"}, "Choose the council that it is for."),
        ({"hours": "9999"}, "Choose for how long it opens."),
        ({"pack_password": "short"}, "which is a new one"),
        ({"password": ""}, "Enter the password that you sign in with."),
        ({"password": "not this one, surely"}, "This is not your password."),
    ],
)
def test_what_cannot_be_is_refused(browser, case, changes, said):
    olive = browser.sign_in("olive")
    page = olive.get("/duty-packs/new")
    sent = form(page) | changes

    assert said in olive.post("/duty-packs/new", sent, page=page, status=400).text


def test_the_passphrase_is_kept_nowhere(browser, case, app, database):
    page, passphrase, _ = make(browser.sign_in("edie"))

    assert page.text.count(passphrase) == 2  # to read, and to be sent back
    with every_right(database) as connection:
        for table in ("duty_pack", "draft", "form_token", "read_entry"):
            rows = str(connection.exec_driver_sql(f"SELECT * FROM {table}").all())
            assert passphrase not in rows
            assert passphrase.replace("-", "") not in rows
    assert passphrase not in Browser(app, database).sign_in("edie").get("/duty-packs/new").text


def test_wrong_passwords_are_counted_with_those_of_signing_in_and_make_no_pack(browser, case, database, app):
    edie = browser.sign_in("edie")
    page = edie.get("/duty-packs/new")
    for _ in range(GUESSES):
        refused = edie.post("/duty-packs/new", form(page) | {"password": "a guess of somebody"}, page=page, status=400)
        assert "a guess of somebody" not in refused.text

    late = edie.post("/duty-packs/new", form(page), page=page, status=400)

    assert "There were too many tries" in words_of(late)
    with every_right(database) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM duty_pack").scalar_one() == 0
        assert connection.exec_driver_sql("SELECT count(*) FROM read_entry WHERE what = 'download'").scalar_one() == 0


def test_the_packs_that_were_made_are_listed_for_those_who_may_make_one(browser, case, app, database, clock):
    edie = browser.sign_in("edie")
    assert "No pack was made" in words_of(edie.get("/duty-packs"))
    make(edie)
    clock.advance(days=4)

    for name in ("edie", "olive"):
        words = words_of(Browser(app, database).sign_in(name).get("/duty-packs"))
        assert "Northbrook Council Edie Emergency" in words, name
        assert "(expired) 1" in words, name
    assert "No pack was made" in words_of(Browser(app, database).sign_in("sam").get("/duty-packs"))
    Browser(app, database).sign_in("pat").get("/duty-packs", status=403)


def test_a_long_list_of_packs_is_shown_a_page_at_a_time_with_as_many_statements(browser, people, database):
    olive = browser.sign_in("olive")
    counts = []
    for number in (1, PAGE + 4):
        with database.work(people.olive) as act:
            act.session.add_all(
                DutyPack(
                    authority_id=people.olive.authority,
                    made_by_id=people.olive.id,
                    made_at=act.at,
                    expires_at=act.at,
                    cases=3,
                    digest=b"",
                )
                for _ in range(number)
            )
        page = olive.get("/duty-packs")
        counts.append(olive.queries)

    assert counts[0] == counts[1]
    assert page.text.count("(expired)") == PAGE
    following = re.search(r'href="(/duty-packs\?before=\d+)"', page.text)[1]
    assert olive.get(following).text.count("(expired)") == 5
    olive.get("/duty-packs?before=nonsense")
