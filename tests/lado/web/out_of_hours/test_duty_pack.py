"""The duty pack as a file: its name and headers, its lock, and that nothing in it stands in clear."""

import base64
import json
import re

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from tests.lado.security.test_canaries import CANARY, canary, person
from tests.support.browser import Browser, hidden
from tests.support.routes import a_night


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


def make(browser, **changes):
    """The page of the form and the file that it gives."""
    page = browser.get("/duty-packs/new")
    sent = {"council": "northbrook", "hours": "72", "pack_password": hidden(page, "pack_password"), **changes}
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
    ],
)
def test_what_cannot_be_is_refused(browser, case, changes, said):
    olive = browser.sign_in("olive")
    page = olive.get("/duty-packs/new")
    sent = {"council": "northbrook", "hours": "72", "pack_password": hidden(page, "pack_password"), **changes}

    assert said in olive.post("/duty-packs/new", sent, page=page, status=400).text


def test_the_passphrase_is_kept_nowhere(browser, case, app, database):
    page, passphrase, _ = make(browser.sign_in("edie"))

    assert page.text.count(passphrase) == 2  # to read, and to be sent back
    with database.engine.connect() as connection:
        for table in ("duty_pack", "draft", "form_token", "read_entry"):
            rows = str(connection.exec_driver_sql(f"SELECT * FROM {table}").all())
            assert passphrase not in rows
            assert passphrase.replace("-", "") not in rows
    assert passphrase not in Browser(app, database).sign_in("edie").get("/duty-packs/new").text
