"""Settings: what is read, what is made when absent, and what is refused in words."""

import base64
import dataclasses
import json
import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from config import KEYS, Settings, SettingsRefused, ensure_secrets, new_key


def keys() -> dict[str, str]:
    return {f"LADO_{name.upper()}": new_key() for name in KEYS}


def base64_of(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def test_a_command_needs_only_the_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/records/lado.sqlite3"
    first = Settings.from_environment({"DATABASE_URL": url})
    again = Settings.from_environment({"DATABASE_URL": url})
    assert first == again
    assert first.data_folder == tmp_path / "records"
    assert first.is_sqlite
    assert not first.is_postgresql
    assert len({getattr(first, name) for name in KEYS}) == len(KEYS)
    assert {len(getattr(first, name)) for name in KEYS} == {32}


def test_without_a_database_the_record_stands_in_the_data_folder(tmp_path: Path) -> None:
    settings = Settings.from_environment({"LADO_DATA": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path}/lado.sqlite3"


@pytest.mark.parametrize("url", ["", "sqlite://", "sqlite:///:memory:", "postgresql://localhost/lado"])
def test_a_database_without_a_folder_uses_the_projects_own(url: str) -> None:
    settings = Settings.from_environment({"DATABASE_URL": url} | keys())
    assert settings.data_folder == Path(__file__).resolve().parents[1] / "var"


@pytest.mark.parametrize("kind", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_of_writing_postgresql_is_understood(kind: str) -> None:
    settings = Settings.from_environment({"DATABASE_URL": f"{kind}://someone@localhost:5433/lado"} | keys())
    assert settings.database_url == "postgresql+psycopg://someone@localhost:5433/lado"
    assert settings.is_postgresql
    assert not settings.is_sqlite


def test_kept_keys_are_for_their_owner_only_and_outside_the_database(tmp_path: Path) -> None:
    file = ensure_secrets(tmp_path / "data")
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_bytes()
    assert ensure_secrets(tmp_path / "data").read_bytes() == before
    assert [entry.name for entry in (tmp_path / "data").iterdir()] == ["secrets.json"]

    file.chmod(0o640)
    with pytest.raises(SettingsRefused, match="chmod 600"):
        Settings.from_environment({"LADO_DATA": str(tmp_path / "data")})


def test_processes_that_start_together_end_with_the_same_keys(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as together:
        read = list(together.map(lambda _: ensure_secrets(tmp_path).read_bytes(), range(32)))
    assert len(set(read)) == 1


def test_a_key_in_the_environment_wins_over_the_kept_one(tmp_path: Path) -> None:
    ensure_secrets(tmp_path)
    mine = secrets.token_bytes(48)
    settings = Settings.from_environment({"LADO_DATA": str(tmp_path), "LADO_SECRET_KEY": base64_of(mine)})
    assert settings.secret_key == mine


def test_an_installation_of_the_first_version_is_given_the_keys_that_came_later(tmp_path: Path) -> None:
    file = ensure_secrets(tmp_path)
    first = {name: key for name, key in json.loads(file.read_text()).items() if name in KEYS[:3]}
    file.write_text(json.dumps(first))
    kept = json.loads(ensure_secrets(tmp_path).read_text())
    assert kept.keys() == set(KEYS)
    assert kept.items() >= first.items()


@pytest.mark.parametrize("text", ["", "[]", "not json", '{"secret_key": 1}', '{"secret_key": "c2hvcnQ="}'])
def test_damaged_keys_are_refused_and_never_replaced(tmp_path: Path, text: str) -> None:
    file = ensure_secrets(tmp_path)
    file.write_text(text)
    with pytest.raises(SettingsRefused):
        Settings.from_environment({"LADO_DATA": str(tmp_path)})
    assert file.read_text() == text


WEAK = {
    "empty": "",
    "short": base64_of(secrets.token_bytes(31)),
    "not base64": "correct horse battery staple !",
    "one character": base64_of(b"a" * 64),
    "zeros": base64_of(bytes(32)),
    "a short pattern": base64_of(b"k3yk3yk3" * 8),
    "counting": base64_of(bytes(range(32))),
    "counting down": base64_of(bytes(range(200, 100, -1))),
    "from a tutorial": base64_of(b"192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dce987d54727823bcb"),
    "says that it is one": base64_of(b"Th1s-Is-My-Super-Secret-Key-42-Of-Thirty-Two"),
    "to be changed": base64_of(b"CHANGEME-before-going-live-1234567890"),
}


@pytest.mark.parametrize("name", [f"LADO_{name.upper()}" for name in KEYS])
@pytest.mark.parametrize("weak", WEAK.values(), ids=WEAK.keys())
def test_a_weak_key_stops_the_start(name: str, weak: str) -> None:
    with pytest.raises(SettingsRefused, match=name) as refusal:
        Settings.from_environment(keys() | {name: weak})
    assert not weak or weak not in str(refusal.value)


@pytest.mark.parametrize("name", [f"LADO_{name.upper()}" for name in KEYS if name != "secret_key"])
def test_keys_that_encrypt_have_exactly_the_size_of_their_cipher(name: str) -> None:
    with pytest.raises(SettingsRefused, match="exactly 32"):
        Settings.from_environment(keys() | {name: base64_of(secrets.token_bytes(33))})


def test_one_value_does_not_serve_two_purposes() -> None:
    given = keys()
    with pytest.raises(SettingsRefused, match="are the same"):
        Settings.from_environment(given | {"LADO_INDEX_KEY": given["LADO_MASTER_KEY"]})


def test_former_signing_keys_are_a_list() -> None:
    former = [new_key(), new_key()]
    given = [f"{former[0]} until 2026-12-31", f"{former[1]} until 2027-01-01"]
    settings = Settings.from_environment(keys() | {"LADO_SECRET_KEY_FALLBACKS": json.dumps(given)})
    assert settings.secret_key_fallbacks == tuple(base64.b64decode(key) for key in former)
    assert settings.secret_key_fallbacks_until == (date(2026, 12, 31), date(2027, 1, 1))


@pytest.mark.parametrize("until", ["", " until", " until tomorrow", " until 2026-13-01", " for ever"])
def test_a_former_signing_key_says_until_which_day_it_verifies(until: str) -> None:
    given = json.dumps([new_key() + until])
    with pytest.raises(SettingsRefused, match="LADO_SECRET_KEY_FALLBACKS"):
        Settings.from_environment(keys() | {"LADO_SECRET_KEY_FALLBACKS": given})


def test_a_former_signing_key_without_an_end_is_refused_in_code_too() -> None:
    settings = Settings.from_environment(keys())
    with pytest.raises(SettingsRefused, match="until which day"):
        dataclasses.replace(settings, secret_key_fallbacks=(base64.b64decode(new_key()),))


@pytest.mark.parametrize(
    "text",
    [new_key(), json.dumps(new_key()), "[1]", '["c2hvcnQ= until 2026-12-31"]', "{}"],
    ids=["a key", "a quoted key", "a number", "a short key", "no list"],
)
def test_former_signing_keys_in_any_other_shape_stop_the_start(text: str) -> None:
    with pytest.raises(SettingsRefused, match="LADO_SECRET_KEY_FALLBACKS"):
        Settings.from_environment(keys() | {"LADO_SECRET_KEY_FALLBACKS": text})


def test_a_string_of_former_keys_is_refused_in_code_too() -> None:
    settings = Settings.from_environment(keys())
    with pytest.raises(SettingsRefused, match="list of keys"):
        dataclasses.replace(settings, secret_key_fallbacks=new_key())  # type: ignore[arg-type]


PRODUCTION = {"LADO_PRODUCTION": "1", "LADO_PUBLIC_URL": "https://lado.council.example"}


def test_production_never_makes_its_own_keys(tmp_path: Path) -> None:
    with pytest.raises(SettingsRefused, match="LADO_SECRET_KEY is not set"):
        Settings.from_environment(PRODUCTION | {"LADO_DATA": str(tmp_path)})
    assert list(tmp_path.iterdir()) == []

    ensure_secrets(tmp_path)
    assert Settings.from_environment(PRODUCTION | {"LADO_DATA": str(tmp_path)}).production


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
        ({"LADO_PUBLIC_URL": "http://lado.council.example"}, "LADO_PUBLIC_URL"),
        ({"LADO_PUBLIC_URL": ""}, "LADO_PUBLIC_URL"),
        ({"LADO_MAIL_CATCHER": "mail"}, "LADO_MAIL_CATCHER"),
    ],
)
def test_production_refuses_what_only_a_demonstration_may_have(change: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsRefused, match=named):
        Settings.from_environment(keys() | PRODUCTION | change)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://localhost/lado"),
        ("DATABASE_URL", "lado.sqlite3"),
        ("LADO_PRODUCTION", "perhaps"),
        ("LADO_SMTP_PORT", "smtp"),
        ("LADO_SMTP_PORT", "0"),
        ("LADO_SMTP_PORT", "65536"),
        ("LADO_SMTP_STARTTLS", "2"),
        ("LADO_PUBLIC_URL", "lado.council.example"),
    ],
)
def test_what_cannot_be_understood_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsRefused, match=name):
        Settings.from_environment(keys() | {name: value})


def test_mail_that_leaves_the_machine_is_encrypted_unless_said_otherwise() -> None:
    assert not Settings.from_environment(keys()).smtp_starttls
    assert Settings.from_environment(keys() | {"LADO_SMTP_HOST": "relay.council.example"}).smtp_starttls
    off = {"LADO_SMTP_HOST": "relay.council.example", "LADO_SMTP_STARTTLS": "0"}
    assert not Settings.from_environment(keys() | off).smtp_starttls


def test_only_the_public_host_and_this_machine_are_trusted() -> None:
    settings = Settings.from_environment(keys() | PRODUCTION)
    assert settings.trusted_hosts == ("lado.council.example", "localhost", "127.0.0.1", "::1")
    chosen = Settings.from_environment(keys() | {"LADO_TRUSTED_HOSTS": "one.example, two.example"})
    assert chosen.trusted_hosts == ("one.example", "two.example")


def test_secrets_do_not_show_when_settings_are_printed(tmp_path: Path) -> None:
    settings = Settings.from_environment({"DATABASE_URL": "postgresql://u:hunter2@localhost/lado"} | keys())
    shown = repr(settings)
    assert "hunter2" not in shown
    assert "key=" not in shown


APPLICATION = "postgresql://lado@localhost/lado"


def test_the_owner_of_the_tables_has_an_address_of_its_own() -> None:
    given = {"DATABASE_URL": APPLICATION, "LADO_OWNER_URL": "postgres://lado_owner:hidden@localhost/lado"}
    settings = Settings.from_environment(given | keys())
    assert settings.owner_url == "postgresql+psycopg://lado_owner:hidden@localhost/lado"
    assert "hidden" not in repr(settings)
    assert Settings.from_environment({"DATABASE_URL": APPLICATION} | keys()).owner_url is None


@pytest.mark.parametrize(
    ("database", "owner", "because"),
    [
        ("sqlite:////srv/lado.sqlite3", "postgresql://lado_owner@localhost/lado", "is for PostgreSQL"),
        (APPLICATION, "sqlite:////srv/lado.sqlite3", "is for PostgreSQL"),
        (APPLICATION, "postgresql://lado@localhost/lado", "another role"),
        (APPLICATION, "postgresql://lado_owner@localhost/other", "the same database"),
        (APPLICATION, "postgresql://localhost/lado", "name their role"),
        ("postgresql://localhost/lado", "postgresql://lado_owner@localhost/lado", "name their role"),
    ],
)
def test_an_owner_that_would_protect_nothing_is_refused(database: str, owner: str, because: str) -> None:
    with pytest.raises(SettingsRefused, match=because):
        Settings.from_environment({"DATABASE_URL": database, "LADO_OWNER_URL": owner} | keys())


def test_checkpoints_go_to_folders_and_a_mailbox(tmp_path: Path) -> None:
    environ = {"LADO_DATA": str(tmp_path / "data"), "LADO_CHECKPOINTS": f"{tmp_path}/north:{tmp_path}/south"}
    settings = Settings.from_environment({**environ, "LADO_CHECKPOINT_MAIL": "records@council.example"})
    assert settings.checkpoint_folders == (tmp_path / "north", tmp_path / "south")
    assert settings.checkpoint_mail == "records@council.example"


@pytest.mark.parametrize(
    ("name", "value", "because"),
    [
        ("LADO_CHECKPOINTS", "north", "whole paths"),
        ("LADO_CHECKPOINTS", "{data}", "within the folder of the data"),
        ("LADO_CHECKPOINTS", "{data}/checkpoints", "within the folder of the data"),
        ("LADO_CHECKPOINTS", "/mnt/north:/mnt/../mnt/north", "twice"),
        ("LADO_CHECKPOINT_MAIL", "records", "one address"),
        ("LADO_CHECKPOINT_MAIL", "a@b.example, c@d.example", "one address"),
    ],
)
def test_a_witness_that_would_prove_nothing_is_refused(tmp_path: Path, name: str, value: str, because: str) -> None:
    environ = {"LADO_DATA": str(tmp_path), name: value.format(data=tmp_path)}
    with pytest.raises(SettingsRefused, match=because):
        Settings.from_environment(environ)


NOTIFY = {
    "LADO_NOTIFY_KEY": "live-11111111-2222-4333-8444-555555555555-66666666-7777-4888-9999-aaaaaaaaaaaa",
    "LADO_NOTIFY_TEMPLATE": "bbbbbbbb-cccc-4ddd-8eee-ffffffffffff",
}


def test_notify_is_set_up_as_a_whole_and_its_key_does_not_show(tmp_path: Path) -> None:
    settings = Settings.from_environment({"LADO_DATA": str(tmp_path)} | NOTIFY)
    assert (settings.notify_key, settings.notify_template) == tuple(NOTIFY.values())
    assert settings.notify_url == "https://api.notifications.service.gov.uk"
    assert NOTIFY["LADO_NOTIFY_KEY"] not in repr(settings)


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ({"LADO_NOTIFY_TEMPLATE": ""}, "belong together"),
        ({"LADO_NOTIFY_KEY": ""}, "belong together"),
        ({"LADO_NOTIFY_KEY": "11111111-2222-4333-8444-555555555555"}, "must be a whole API key"),
        ({"LADO_NOTIFY_TEMPLATE": "our template"}, "must be the id of a template"),
        ({"LADO_NOTIFY_URL": "http://notify.example"}, "must be a web address that begins with https"),
        ({"LADO_MAIL_CATCHER": "mail"}, "must not be set in a demonstration"),
    ],
)
def test_half_of_notify_is_refused(tmp_path: Path, change: dict[str, str], because: str) -> None:
    with pytest.raises(SettingsRefused, match=because):
        Settings.from_environment({"LADO_DATA": str(tmp_path)} | NOTIFY | change)


def test_a_monitor_has_a_file_an_address_or_both(tmp_path: Path) -> None:
    given = {"LADO_HEARTBEAT_FILE": str(tmp_path / "alive"), "LADO_HEARTBEAT_URL": "https://monitor.example/ping/abc"}
    settings = Settings.from_environment({"LADO_DATA": str(tmp_path)} | given)
    assert settings.heartbeat_file == tmp_path / "alive"
    assert settings.heartbeat_url == "https://monitor.example/ping/abc"
    assert "abc" not in repr(settings)


@pytest.mark.parametrize("address", ["127.0.0.1:3310", "clamd.council.example:3310", "/run/clamav/clamd.ctl"])
def test_a_scanner_is_reached_by_its_address_or_its_socket(tmp_path: Path, address: str) -> None:
    settings = Settings.from_environment({"LADO_DATA": str(tmp_path), "LADO_SCANNER": address})
    assert settings.scanner == address


@pytest.mark.parametrize("address", ["clamd", "clamd:", ":3310", "run/clamd.ctl", "clamd:many"])
def test_a_scanner_that_cannot_be_reached_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(SettingsRefused, match="LADO_SCANNER"):
        Settings.from_environment({"LADO_DATA": str(tmp_path), "LADO_SCANNER": address})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LADO_HEARTBEAT_FILE", "alive"),
        ("LADO_HEARTBEAT_FILE", "/no/such/folder/alive"),
        ("LADO_HEARTBEAT_FILE", "/usr"),
        ("LADO_HEARTBEAT_URL", "http://monitor.example/ping"),
        ("LADO_HEARTBEAT_URL", "monitor"),
    ],
)
def test_a_sign_of_life_that_nobody_would_see_is_refused(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsRefused, match=name):
        Settings.from_environment({"LADO_DATA": str(tmp_path), name: value})


def test_proxies_are_addresses_or_networks_and_never_everybody() -> None:
    assert Settings.from_environment(keys()).proxies == ()
    chosen = Settings.from_environment(keys() | {"LADO_PROXIES": "10.0.0.5, 192.168.7.0/28"})
    assert chosen.proxies == ("10.0.0.5", "192.168.7.0/28")
    for wrong in ("*", "proxy.example", "0.0.0.0/0", "::/0", "10.0.0.5/28"):
        with pytest.raises(SettingsRefused, match="LADO_PROXIES"):
            Settings.from_environment(keys() | {"LADO_PROXIES": wrong})


FAR = "postgresql://lado:hidden@db.council.example:5432/lado"


@pytest.mark.parametrize(
    "far",
    [
        {"DATABASE_URL": FAR},
        {"DATABASE_URL": f"{FAR}?sslmode=require"},
        {"DATABASE_URL": f"{FAR}?sslmode=verify-ca"},
        {"DATABASE_URL": f"{FAR}?sslmode=verify-full&sslmode=disable"},
        {"DATABASE_URL": "postgres://lado@10.0.0.5/lado"},
        {"DATABASE_URL": "postgresql://lado@[2001:db8::1]:5432/lado"},
        {"DATABASE_URL": "postgresql://lado@localhost.council.example/lado"},
        {"DATABASE_URL": "postgresql://lado@localhost,db.council.example:5433/lado"},
        {"DATABASE_URL": "postgresql:///lado?host=/run/postgresql&host=db.council.example"},
        {"DATABASE_URL": "postgresql:///lado?service=council"},
        {"DATABASE_URL": "postgresql:///lado", "PGHOST": "db.council.example"},
        {"DATABASE_URL": APPLICATION, "LADO_OWNER_URL": FAR.replace("lado:", "lado_owner:")},
    ],
)
def test_a_database_elsewhere_shows_its_certificate_or_is_refused(far: dict[str, str]) -> None:
    with pytest.raises(SettingsRefused, match="sslmode=verify-full") as refused:
        Settings.from_environment(far | keys())
    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize(
    "near",
    [
        {"DATABASE_URL": f"{FAR}?sslmode=verify-full&sslrootcert=system"},
        {"DATABASE_URL": FAR, "PGSSLMODE": "verify-full"},
        {"DATABASE_URL": "postgresql://lado@127.0.0.1:5433/lado"},
        {"DATABASE_URL": "postgresql://lado@[::1]:5433/lado"},
        {"DATABASE_URL": "postgresql:///lado?host=/run/postgresql"},
        {"DATABASE_URL": "postgresql:///lado"},
    ],
)
def test_a_database_here_and_one_that_is_checked_are_taken(near: dict[str, str]) -> None:
    assert Settings.from_environment(near | keys()).is_postgresql
