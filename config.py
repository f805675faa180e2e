"""Settings: the environment read once, typed, and refused in words when it would not be safe to start.

Standard library only, so that set-up can use it before any package is there. Nothing else in the project reads
the environment.
"""

import base64
import binascii
import fcntl
import ipaddress
import itertools
import json
import os
import re
import secrets
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

KEY_BYTES = 32  # AES-256, HMAC-SHA-256, and the least that signs a cookie
SECRETS_FILE = "secrets.json"
KEYS = ("secret_key", "master_key", "index_key", "record_key", "signing_key")
"""Every key of an installation; in the environment each has LADO_ before its name."""
FURTHER = "master_key_"
"""How the names of further master keys begin in the file of secrets: a number follows."""
ADDED = KEYS[3:]
"""Those that an installation made by the first version has not got yet."""
PROJECT = Path(__file__).resolve().parent
NOTIFY = "https://api.notifications.service.gov.uk"
UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
LOOPBACK = ("localhost", "127.0.0.1", "::1")

# Words out of examples and tutorials. Random bytes hold one of them less than once in four thousand million keys.
TELLTALES = (b"secret", b"changeme", b"change-me", b"change_me", b"change me", b"password", b"example", b"00000000")
PUBLISHED = (b"192b9bdd22ab9ed4d12e236c78afcb9a", b"0123456789abcdef", b"abcdefghijklmnop", b"deadbeef")


OIDC = re.compile(r"LADO_OIDC_([A-Z0-9_]+?)_(ISSUER|CLIENT_ID|CLIENT_SECRET|STRENGTH)")
"""A setting of a council's directory: the council's short name, with _ for -, and which of the four it is."""
STRENGTHS = ("amr", "acr", "acrs")
"""The claims in which a directory may say that a second factor was proved (RFC 8176, OpenID Connect Core 2, Entra)."""


class SettingsRefused(Exception):
    """The settings would not be safe or cannot be understood; the message says which one and what to do."""


@dataclass(frozen=True)
class DirectorySettings:
    """A council's own directory, which its staff may sign in with: whose it is, where, and as whom we ask it."""

    authority: str
    """The council's short name."""
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    claim: str = "amr"
    """Where its tokens say how somebody proved who they are, and the words of which one must be there."""
    strong: tuple[str, ...] = ("mfa",)


@dataclass(frozen=True)
class Settings:
    """Everything that differs from one installation to the next. Secrets stay out of its `repr`."""

    database_url: str = field(repr=False)
    data_folder: Path
    secret_key: bytes = field(repr=False)
    master_key: bytes = field(repr=False)
    index_key: bytes = field(repr=False)
    record_key: bytes = field(repr=False)
    signing_key: bytes = field(repr=False)
    secret_key_fallbacks: tuple[bytes, ...] = field(default=(), repr=False)
    """Keys that signed sessions before, and the last day on which each of them verifies one."""
    secret_key_fallbacks_until: tuple[date, ...] = ()
    other_master_keys: tuple[bytes, ...] = field(default=(), repr=False)
    """Further master keys, while one takes the place of another; the database says which one wraps what is new."""
    production: bool = False
    passkeys_required: bool = False
    """Whether those who lead, administer or keep the record prove themselves with a passkey: codes can be phished."""
    smtp_host: str = "localhost"
    smtp_port: int = 25
    smtp_sender: str = "lado@localhost"
    smtp_starttls: bool = False
    notify_key: str = field(default="", repr=False)
    """GOV.UK Notify's key, where mail is sent through it, and its template of two fields, ((subject)) and ((body))."""
    notify_template: str = ""
    notify_url: str = NOTIFY
    heartbeat_file: Path | None = None
    """What the council's own monitor looks at: a file that is written anew while all is well, and an address that is
    asked for. Their silence is the alarm."""
    heartbeat_url: str = field(default="", repr=False)
    scanner: str = ""
    """ClamAV's daemon, as `host:port` or the path of its socket: files that people send are looked at by it first."""
    public_url: str = "http://localhost:8000"
    trusted_hosts: tuple[str, ...] = LOOPBACK
    proxies: tuple[str, ...] = ()
    """The addresses or networks of the proxies whose word is taken for who asks, and whether over TLS."""
    mail_catcher: Path | None = None
    checkpoint_folders: tuple[Path, ...] = ()
    """Where each checkpoint of the record is put, best on other machines; and the mailbox that gets one a day."""
    checkpoint_mail: str = ""
    directories: tuple[DirectorySettings, ...] = ()
    """The directories that people may sign in with, at most one for each council."""
    owner_url: str | None = field(default=None, repr=False)
    """PostgreSQL's role that owns the tables: it alone makes and changes them, and only when asked to."""

    def __post_init__(self) -> None:
        """Refuse weak keys however the settings were made, so that a test cannot start what an operator could not."""
        given: object = self.secret_key_fallbacks
        if isinstance(given, str | bytes):
            # Flask would take each character of a string as a key of its own: one letter could then sign a session.
            raise SettingsRefused("LADO_SECRET_KEY_FALLBACKS must be a list of keys, not one string.")
        if len(self.secret_key_fallbacks_until) != len(self.secret_key_fallbacks):
            raise SettingsRefused("LADO_SECRET_KEY_FALLBACKS must say of each key until which day it verifies.")
        named: dict[str, bytes] = {f"LADO_{name.upper()}": getattr(self, name) for name in KEYS}
        named |= {f"LADO_SECRET_KEY_FALLBACKS[{at}]": key for at, key in enumerate(self.secret_key_fallbacks)}
        named |= {f"LADO_OTHER_MASTER_KEYS[{at}]": key for at, key in enumerate(self.other_master_keys)}
        for name, key in named.items():
            if fault := fault_of(key, exactly=not name.startswith("LADO_SECRET_KEY")):
                raise SettingsRefused(f"{name} {fault}. Make a new one with: python3 bootstrap.py key")
        if len(set(named.values())) < len(named):
            raise SettingsRefused(
                "Two of the LADO_ keys are the same. Each has its own purpose and needs its own value."
            )

    @property
    def vault_keys(self) -> tuple[bytes, bytes, bytes, bytes]:
        """What the vault is opened with."""
        return self.master_key, self.index_key, self.record_key, self.signing_key

    def master_keys_on_file(self) -> tuple[bytes, ...]:
        """The master keys that the file of secrets holds at this moment; none where they are set in the environment."""
        file = self.data_folder / SECRETS_FILE
        return _masters_in(_read_secrets(file), file) if file.exists() else ()

    @property
    def is_postgresql(self) -> bool:
        """Whether the record is kept in PostgreSQL."""
        return self.database_url.startswith("postgresql")

    @property
    def is_sqlite(self) -> bool:
        """Whether the record is kept in one SQLite file."""
        return self.database_url.startswith("sqlite")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read the environment, or raise `SettingsRefused`.

        Only `DATABASE_URL` is ever needed: outside production, keys that are not there yet are made beside the data.
        """
        production = flag(environ, "LADO_PRODUCTION")
        data_folder = data_folder_of(environ)
        public_url = environ.get("LADO_PUBLIC_URL", "http://localhost:8000").rstrip("/")
        if production:
            _refuse_unsafe_production(environ, public_url)
        keys = _keys(environ, data_folder, production)
        former = _former_keys(environ)
        smtp_host = environ.get("LADO_SMTP_HOST", "localhost")
        catcher = environ.get("LADO_MAIL_CATCHER")
        database_url = _database_url(environ, data_folder)
        notify_key, notify_template = _notify(environ)
        return cls(
            database_url=database_url,
            data_folder=data_folder,
            **keys,
            secret_key_fallbacks=tuple(key for key, _ in former),
            secret_key_fallbacks_until=tuple(until_on for _, until_on in former),
            other_master_keys=_others(environ, data_folder, keys["master_key"]),
            production=production,
            passkeys_required=flag(environ, "LADO_PASSKEYS_REQUIRED", default=production),
            smtp_host=smtp_host,
            smtp_port=_port(environ, "LADO_SMTP_PORT", 25),
            smtp_sender=environ.get("LADO_SMTP_SENDER", "lado@localhost"),
            # Mail that leaves the machine is encrypted unless somebody says otherwise.
            smtp_starttls=flag(environ, "LADO_SMTP_STARTTLS", default=smtp_host not in LOOPBACK),
            notify_key=notify_key,
            notify_template=notify_template,
            notify_url=_address(environ, "LADO_NOTIFY_URL") or NOTIFY,
            heartbeat_file=_heartbeat_file(environ),
            heartbeat_url=_address(environ, "LADO_HEARTBEAT_URL"),
            scanner=_scanner(environ),
            public_url=public_url,
            trusted_hosts=_trusted_hosts(environ, public_url),
            proxies=_proxies(environ),
            mail_catcher=Path(catcher).resolve() if catcher else None,
            checkpoint_folders=_checkpoint_folders(environ, data_folder),
            checkpoint_mail=_mailbox(environ, "LADO_CHECKPOINT_MAIL"),
            directories=_directories(environ),
            owner_url=_owner_url(environ, database_url),
        )


def data_folder_of(environ: Mapping[str, str]) -> Path:
    """Where keys and files live: `LADO_DATA`, else the folder of the SQLite file, else `var` in the project."""
    if chosen := environ.get("LADO_DATA"):
        return Path(chosen).resolve()
    if file := sqlite_file(environ.get("DATABASE_URL", "")):
        return file.parent
    return PROJECT / "var"


def sqlite_file(url: str) -> Path | None:
    """The file that a SQLite URL names, or None for memory and for any other database."""
    name = re.sub(r"^sqlite(\+\w+)?:///", "", url).split("?")[0]
    if name == url.split("?")[0] or name in ("", ":memory:"):
        return None
    return Path(name).resolve()


def ensure_secrets(data_folder: Path) -> Path:
    """Make the keys that an installation has not got yet, and return their file (mode 0600).

    They stand outside the database on purpose: whoever copies the database alone can read no name in it. A key that is
    there is never touched, and two processes that start together end with one file.
    """
    file = data_folder / SECRETS_FILE
    if file.exists() and not _absent(_read_secrets(file)):
        return file
    try:
        data_folder.mkdir(parents=True, exist_ok=True)
        with _alone_in(data_folder):
            kept = _read_secrets(file) if file.exists() else {}
            if absent := _absent(kept):
                _replace(file, kept | {name: new_key() for name in absent})
    except OSError as problem:
        raise SettingsRefused(f"The keys cannot be kept in {data_folder}: {problem.strerror}.") from problem
    return file


def add_master_key(data_folder: Path) -> bytes:
    """Put a further master key into the file of secrets and return it. Raises SettingsRefused without a file."""
    file = data_folder / SECRETS_FILE
    with _changing(data_folder) as kept:
        number = 1 + max((int(name.removeprefix(FURTHER)) for name in kept if name.startswith(FURTHER)), default=1)
        made = new_key()
        _replace(file, kept | {f"{FURTHER}{number}": made})
    return _decoded(FURTHER, made)


def keep_master_key(data_folder: Path, current: bytes) -> None:
    """Leave this master key alone in the file of secrets, and take out whatever other ones it has."""
    with _changing(data_folder) as kept:
        if current not in _masters_in(kept, data_folder):
            raise SettingsRefused(f"The master key in use is not in {data_folder / SECRETS_FILE}.")
        others = {name: value for name, value in kept.items() if name != "master_key" and not name.startswith(FURTHER)}
        _replace(data_folder / SECRETS_FILE, {"master_key": base64.b64encode(current).decode(), **others})


@contextmanager
def _changing(data_folder: Path) -> Iterator[dict[str, str]]:
    """The keys on file, for whoever changes them alone."""
    file = data_folder / SECRETS_FILE
    if not file.exists():
        raise SettingsRefused(f"There is no {file}: set the keys where they are set now, in the environment.")
    with _alone_in(data_folder):
        kept = _read_secrets(file)
        if "master_key" not in kept:
            raise SettingsRefused(f"There is no master key in {file}: set them where they are set now.")
        yield kept


def _masters_in(kept: Mapping[str, str], place: Path) -> tuple[bytes, ...]:
    """The master keys among the keys on file."""
    return tuple(
        _decoded(f"{name} in {place}", value)
        for name, value in kept.items()
        if name == "master_key" or name.startswith(FURTHER)
    )


def _absent(kept: Mapping[str, str]) -> list[str]:
    """The keys that have to be made. A file without the older ones is damaged, and nothing is made up for it."""
    is_damaged = bool(kept) and not set(KEYS) - set(ADDED) <= kept.keys()
    return [] if is_damaged else [name for name in KEYS if name not in kept]


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Let one process at a time make keys in a folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _replace(file: Path, keys: Mapping[str, str]) -> None:
    """Write the keys beside the file and put them in its place, so that a half-written file is never left behind."""
    handle, fresh = tempfile.mkstemp(dir=file.parent, prefix=".secrets-")  # mkstemp makes it 0600
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump(keys, out, indent=2)
        out.flush()
        os.fsync(out.fileno())
    os.replace(fresh, file)


def new_key() -> str:
    """A new key for the environment: 32 random bytes as base64."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def fault_of(key: bytes, *, exactly: bool = False) -> str | None:
    """What is wrong with a key, to be read after its name, or None."""
    if not isinstance(key, bytes) or len(key) < KEY_BYTES or (exactly and len(key) != KEY_BYTES):
        return f"must be {'exactly' if exactly else 'at least'} {KEY_BYTES} random bytes, in base64"
    lowered = key.lower()
    if any(known in lowered for known in TELLTALES + PUBLISHED):
        return "is known from an example"
    steps = {(after - before) % 256 for before, after in itertools.pairwise(key)}
    if len(set(key)) < KEY_BYTES // 2 or len(steps) < KEY_BYTES // 4:
        return "repeats itself, so it was not drawn at random"
    return None


def _keys(environ: Mapping[str, str], data_folder: Path, production: bool) -> dict[str, bytes]:
    """The keys, each from the environment or else from the file beside the data."""
    names = {name: f"LADO_{name.upper()}" for name in KEYS}
    found = {name: _decoded(variable, environ[variable]) for name, variable in names.items() if variable in environ}
    absent = [name for name in names if name not in found]
    if not absent:
        return found
    file = data_folder / SECRETS_FILE
    kept = _read_secrets(file) if file.exists() else {}
    if production and not set(absent) <= kept.keys():
        raise SettingsRefused(
            f"{names[absent[0]]} is not set and is not in {file}. Make the keys once, before the first start, with: "
            f"python3 bootstrap.py secrets --data {data_folder}"
        )
    kept = _read_secrets(ensure_secrets(data_folder))
    return found | {name: _decoded(f"{name} in {file}", kept.get(name, "")) for name in absent}


def _read_secrets(file: Path) -> dict[str, str]:
    """The kept keys, still in base64; refused when others on the machine could read them."""
    try:
        if os.name == "posix" and stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise SettingsRefused(f"{file} can be read by others on this machine. Run: chmod 600 {file}")
        kept = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise SettingsRefused(f"{file} cannot be read as keys. Restore it from its backup.") from problem
    if not isinstance(kept, dict) or not all(isinstance(value, str) for value in kept.values()):
        raise SettingsRefused(f"{file} cannot be read as keys. Restore it from its backup.")
    return kept


def _others(environ: Mapping[str, str], data_folder: Path, master_key: bytes) -> tuple[bytes, ...]:
    """Further master keys: from the environment, or from the file where the first one is from there."""
    given = _list_of_keys(environ, "LADO_OTHER_MASTER_KEYS")
    file = data_folder / SECRETS_FILE
    if given or "LADO_MASTER_KEY" in environ or not file.exists():
        return given
    return tuple(key for key in _masters_in(_read_secrets(file), file) if key != master_key)


def _former_keys(environ: Mapping[str, str]) -> list[tuple[bytes, date]]:
    """Former keys of sessions, each with the last day on which it verifies: "KEY until 2026-12-31"."""
    name, found = "LADO_SECRET_KEY_FALLBACKS", []
    for at, text in enumerate(_list_of_words(environ, name)):
        key, _, until = text.partition(" until ")
        try:
            found.append((_decoded(f"{name}[{at}]", key), date.fromisoformat(until.strip())))
        except ValueError:
            raise SettingsRefused(
                f"{name}[{at}] must say until which day the key verifies, as in: KEY until 2026-12-31. A session lasts "
                "ten hours at most, so that the day after the change is late enough."
            ) from None
    return found


def _list_of_keys(environ: Mapping[str, str], name: str) -> tuple[bytes, ...]:
    """Keys as a JSON list of base64 values."""
    return tuple(_decoded(f"{name}[{at}]", value) for at, value in enumerate(_list_of_words(environ, name)))


def _list_of_words(environ: Mapping[str, str], name: str) -> list[str]:
    """A JSON list of words, or none."""
    if not (text := environ.get(name, "").strip()):
        return []
    refusal = SettingsRefused(f'{name} must be a list of keys, such as ["...", "..."], not one string.')
    try:
        listed = json.loads(text)
    except ValueError:
        raise refusal from None
    if not isinstance(listed, list) or not all(isinstance(value, str) for value in listed):
        raise refusal
    return listed


def _decoded(name: str, text: str) -> bytes:
    try:
        return base64.b64decode(text.strip().translate(str.maketrans("-_", "+/")), validate=True)
    except (binascii.Error, ValueError):
        raise SettingsRefused(f"{name} must be at least {KEY_BYTES} random bytes, in base64.") from None


def _database_url(environ: Mapping[str, str], data_folder: Path) -> str:
    """The database's address, with every way of writing PostgreSQL brought to the one that names our driver."""
    url = environ.get("DATABASE_URL", "").strip() or f"sqlite:///{data_folder / 'lado.sqlite3'}"
    if postgresql := _postgresql(url):
        _refuse_unverified(environ, "DATABASE_URL", postgresql)
        return postgresql
    if url.partition("://")[0] in ("sqlite", "sqlite+pysqlite"):
        return url
    raise SettingsRefused("DATABASE_URL must begin with sqlite:///, postgresql:// or postgres://.")


def _postgresql(url: str) -> str | None:
    """An address of PostgreSQL with our driver's name, or None for any other."""
    kind = url.partition("://")[0]
    is_known = kind in ("postgres", "postgresql", "postgresql+psycopg")
    return "postgresql+psycopg" + url.removeprefix(kind) if is_known else None


def _owner_url(environ: Mapping[str, str], database_url: str) -> str | None:
    """The address by which the tables' owner reaches the same database, or None where one role does everything."""
    if not (given := environ.get("LADO_OWNER_URL", "").strip()):
        return None
    url = _postgresql(given)
    if url is None or not _postgresql(database_url):
        raise SettingsRefused("LADO_OWNER_URL is for PostgreSQL: it and DATABASE_URL must begin with postgresql://.")
    owner, application = urlsplit(url), urlsplit(database_url)
    if not owner.username or not application.username:
        raise SettingsRefused(
            "LADO_OWNER_URL and DATABASE_URL must each name their role, as in postgresql://role@host/."
        )
    if owner.username == application.username:
        raise SettingsRefused(
            "LADO_OWNER_URL must name another role than DATABASE_URL: whoever owns the tables could change the record."
        )
    if owner.path != application.path:
        raise SettingsRefused("LADO_OWNER_URL and DATABASE_URL must name the same database.")
    _refuse_unverified(environ, "LADO_OWNER_URL", url)
    return url


def _refuse_unverified(environ: Mapping[str, str], name: str, url: str) -> None:
    """Refuse a PostgreSQL elsewhere whose certificate and name would not be checked (OWASP ASVS 5.0 12.3).

    Where the address leaves something out, the environment that libpq reads says it.
    """
    address = urlsplit(url)
    asked = parse_qsl(address.query)
    said = [address.netloc.rpartition("@")[2], *(value for key, value in asked if key in ("host", "hostaddr"))]
    if not any(said):
        said = [environ.get("PGHOST", ""), environ.get("PGHOSTADDR", "")]
    hosts = [one for value in said for one in value.split(",")]
    through_file = "service" in dict(asked) or environ.get("PGSERVICE")
    modes = {value for key, value in asked if key == "sslmode"} or {environ.get("PGSSLMODE", "")}
    if (through_file or not all(map(_is_here, hosts))) and modes != {"verify-full"}:
        raise SettingsRefused(
            f"{name} names a server elsewhere, and does not ask for its certificate to be checked. End it with "
            "?sslmode=verify-full&sslrootcert=system, or sslrootcert=/path/of/your/authority.pem."
        )


def _is_here(host: str) -> bool:
    """Whether a host of PostgreSQL's, with or without its port, is this machine: by loopback or by a socket."""
    plain = host.partition("]")[0].removeprefix("[") if host.startswith("[") else host
    plain = plain if plain in LOOPBACK else plain.partition(":")[0]
    return plain in ("", *LOOPBACK) or host.startswith(("/", "@"))


def _trusted_hosts(environ: Mapping[str, str], public_url: str) -> tuple[str, ...]:
    """The host names that are answered; any other is refused, so that a link in a mail cannot be forged."""
    address = urlsplit(public_url)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise SettingsRefused("LADO_PUBLIC_URL must be a web address, such as https://lado.council.example.")
    listed = tuple(host.strip() for host in environ.get("LADO_TRUSTED_HOSTS", "").split(",") if host.strip())
    return listed or tuple(dict.fromkeys((address.hostname, *LOOPBACK)))


def _proxies(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The proxies in front, by address or network. Whoever may be anybody (0.0.0.0/0) is none."""
    listed = tuple(text.strip() for text in environ.get("LADO_PROXIES", "").split(",") if text.strip())
    for text in listed:
        try:
            is_anybody = ipaddress.ip_network(text).prefixlen == 0
        except ValueError:
            is_anybody = True
        if is_anybody:
            raise SettingsRefused("LADO_PROXIES must be addresses or networks, such as 10.0.0.5 or 10.0.0.0/28.")
    return listed


def _checkpoint_folders(environ: Mapping[str, str], data_folder: Path) -> tuple[Path, ...]:
    """The folders that checkpoints go to. One beside the data would be lost, or changed, together with it."""
    listed = [Path(text.strip()) for text in environ.get("LADO_CHECKPOINTS", "").split(os.pathsep) if text.strip()]
    for folder in listed:
        if not folder.is_absolute():
            raise SettingsRefused(f"LADO_CHECKPOINTS must name whole paths from the root, and {folder} is not one.")
        if folder.resolve().is_relative_to(data_folder):
            raise SettingsRefused(
                "LADO_CHECKPOINTS must not lie within the folder of the data: name another machine's."
            )
    if len({folder.resolve() for folder in listed}) < len(listed):
        raise SettingsRefused("LADO_CHECKPOINTS names one folder twice.")
    return tuple(listed)


def _notify(environ: Mapping[str, str]) -> tuple[str, str]:
    """GOV.UK Notify's key and template, both or neither: half of it would send no mail, and say so only much later."""
    key, template = (environ.get(name, "").strip() for name in ("LADO_NOTIFY_KEY", "LADO_NOTIFY_TEMPLATE"))
    if bool(key) != bool(template):
        raise SettingsRefused("LADO_NOTIFY_KEY and LADO_NOTIFY_TEMPLATE belong together: one of them is not set.")
    if key and not re.fullmatch(f".+-{UUID}-{UUID}", key):
        raise SettingsRefused(
            "LADO_NOTIFY_KEY must be a whole API key, as GOV.UK Notify shows it once: name-id-secret."
        )
    if template and not re.fullmatch(UUID, template):
        raise SettingsRefused("LADO_NOTIFY_TEMPLATE must be the id of a template, as GOV.UK Notify shows it.")
    if key and environ.get("LADO_MAIL_CATCHER"):
        raise SettingsRefused("LADO_NOTIFY_KEY must not be set in a demonstration: its mail would go to real people.")
    return key, template


def _heartbeat_file(environ: Mapping[str, str]) -> Path | None:
    """The file for a monitor, in a folder that is there: one that is made here would be watched by nobody."""
    if not (text := environ.get("LADO_HEARTBEAT_FILE", "").strip()):
        return None
    file = Path(text)
    if not file.is_absolute() or not file.parent.is_dir() or file.is_dir():
        raise SettingsRefused("LADO_HEARTBEAT_FILE must name a file by its whole path, in a folder that is there.")
    return file


def _scanner(environ: Mapping[str, str]) -> str:
    """Where the scanner answers, or nothing where the council has none."""
    text = environ.get("LADO_SCANNER", "").strip()
    host, _, port = text.rpartition(":")
    if text and not Path(text).is_absolute() and not (host and port.isascii() and port.isdigit()):
        raise SettingsRefused("LADO_SCANNER must be host:port of ClamAV's daemon, or the whole path of its socket.")
    return text


def _address(environ: Mapping[str, str], name: str) -> str:
    """An encrypted web address, or one on this machine, or nothing."""
    text = environ.get(name, "").strip()
    found = urlsplit(text)
    is_safe = found.scheme == "https" or (found.scheme == "http" and found.hostname in LOOPBACK)
    if text and not (is_safe and found.hostname):
        raise SettingsRefused(f"{name} must be a web address that begins with https://.")
    return text


def _directories(environ: Mapping[str, str]) -> tuple[DirectorySettings, ...]:
    """The councils' directories. One that is half entered, or shared by two councils, is refused."""
    parts: dict[str, dict[str, str]] = {}
    for name in sorted(environ):
        if found := OIDC.fullmatch(name):
            parts.setdefault(found[1], {})[found[2]] = environ[name].strip()
        elif name.startswith("LADO_OIDC_"):
            raise SettingsRefused(f"{name} is not a setting. See docs/runbooks/directory.md.")
    directories = tuple(_directory(environ, key, given) for key, given in parts.items() if any(given.values()))
    if len({directory.issuer for directory in directories}) < len(directories):
        raise SettingsRefused("Two councils name the same issuer: nobody could tell whose people sign in through it.")
    return directories


def _directory(environ: Mapping[str, str], key: str, given: Mapping[str, str]) -> DirectorySettings:
    for part in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET"):
        if not given.get(part):
            raise SettingsRefused(f"LADO_OIDC_{key}_{part} is not set, and the directory cannot be used without it.")
    issuer = _address(environ, f"LADO_OIDC_{key}_ISSUER")
    if urlsplit(issuer).query or urlsplit(issuer).fragment or urlsplit(issuer).username:
        raise SettingsRefused(f"LADO_OIDC_{key}_ISSUER must be a plain address, as the directory itself gives it.")
    claim, _, words = given.get("STRENGTH", "amr=mfa").partition("=")
    strong = tuple(word.strip() for word in words.split(",") if word.strip())
    if claim.strip() not in STRENGTHS or not strong:
        raise SettingsRefused(f"LADO_OIDC_{key}_STRENGTH must be like amr=mfa, acr=phr,phrh or acrs=c1.")
    authority = key.lower().replace("_", "-")
    return DirectorySettings(authority, issuer, given["CLIENT_ID"], given["CLIENT_SECRET"], claim.strip(), strong)


def _mailbox(environ: Mapping[str, str], name: str) -> str:
    """One address for mail, or nothing."""
    text = environ.get(name, "").strip()
    if text and not re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+", text):
        raise SettingsRefused(f"{name} must be one address, such as records@council.example.")
    return text


def _refuse_unsafe_production(environ: Mapping[str, str], public_url: str) -> None:
    if flag(environ, "FLASK_DEBUG"):
        raise SettingsRefused("FLASK_DEBUG must be off in production: its error page runs code for anybody.")
    if not public_url.startswith("https://"):
        raise SettingsRefused("LADO_PUBLIC_URL must be set in production, and begin with https://.")
    if environ.get("LADO_MAIL_CATCHER"):
        raise SettingsRefused("LADO_MAIL_CATCHER belongs to a demonstration and must not be set in production.")


def flag(environ: Mapping[str, str], name: str, *, default: bool = False) -> bool:
    """A yes or no of the environment; anything else is refused rather than taken for a no."""
    text = environ.get(name, "").strip().lower()
    if text in ("1", "true", "yes", "on"):
        return True
    if text in ("0", "false", "no", "off"):
        return False
    if text:
        raise SettingsRefused(f"{name} must be 1 or 0.")
    return default


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise SettingsRefused(f"{name} must be a port number from 1 to 65535.")
    return int(text)
