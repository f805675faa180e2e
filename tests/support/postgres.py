"""A throwaway PostgreSQL server for tests: in a temporary folder, on a free loopback port, gone at the end."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from setup.postgres import ensure

# Nothing in a test server outlives the test, so it need not wait for the disk.
SPEED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB", "max_connections=50")
SPEED += ("jit=off",)  # a table that nobody has counted yet looks large enough to compile a query for
SUPERUSER, OWNER, APPLICATION = "postgres", "lado_owner", "lado"
"""Who starts the server and puts databases back; whose the tables are; and as whom the application runs."""
ATTEMPTS = 5  # a free port can be taken between asking for it and using it


@dataclass(frozen=True)
class Cluster:
    """A running server; it trusts everybody on this machine as any of its roles."""

    folder: Path
    port: int

    def url(self, database: str = "postgres", role: str = APPLICATION) -> str:
        """SQLAlchemy's address of a database on this server, for the application unless another role is named."""
        return f"postgresql+psycopg://{role}@127.0.0.1:{self.port}/{database}"

    def create_database(self, name: str, template: str = "template1") -> str:
        """Make a database of the owner's and return the application's URL.

        It is a copy of another one if that is named; nobody may be connected to that.
        """
        statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
        self.run(statement.format(*map(sql.Identifier, (name, OWNER, template))))
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self.run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def run(self, statement: sql.Composed | sql.SQL) -> None:
        """Let the superuser do something to the server as a whole."""
        with psycopg.connect(host="127.0.0.1", port=self.port, user=SUPERUSER, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def throwaway_cluster(*more: str) -> Iterator[Cluster]:
    """Start a server, lend it, and remove every trace of it. Takes about two seconds. `more` settings go before ours.

    PostgreSQL refuses to run as root, so as root it runs as the user `postgres` that its package made.
    """
    programs = ensure()
    folder = Path(tempfile.mkdtemp(prefix="lado-pg-", dir=_open_folder()))
    try:
        if os.geteuid() == 0:
            server = pwd.getpwnam("postgres")
            os.chown(folder, server.pw_uid, server.pw_gid)
        options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        _as_server([programs / "initdb", f"--pgdata={folder / 'data'}", *options], folder)
        port = _start(programs, folder, more)
        try:
            yield _with_roles(Cluster(folder, port))
        finally:
            _as_server([programs / "pg_ctl", "stop", "-D", folder / "data", "--mode=immediate"], folder)
    finally:
        shutil.rmtree(folder)


def _with_roles(cluster: Cluster) -> Cluster:
    for role in (OWNER, APPLICATION):
        cluster.run(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
    return cluster


def _start(programs: Path, folder: Path, more: Sequence[str]) -> int:
    for attempt in range(1, ATTEMPTS + 1):
        port = _free_port()
        settings = [f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", *SPEED, *more]
        options = " ".join(f"-c {setting}" for setting in settings)
        start: list[str | Path] = ["start", "-D", folder / "data", "--wait", "--log", folder / "log", "-o", options]
        try:
            _as_server([programs / "pg_ctl", *start], folder)
        except RuntimeError as problem:
            if attempt == ATTEMPTS:
                raise RuntimeError(f"{problem}\n{(folder / 'log').read_text(errors='replace')}") from problem
        else:
            return port
    raise AssertionError("every attempt returns or raises")


def _as_server(command: list[str | Path], folder: Path) -> None:
    """Run one of the server's programs in its own folder, as somebody who may; `RuntimeError` with what it said."""
    if os.geteuid() == 0:
        server = pwd.getpwnam("postgres")
        done = _run(command, folder, server.pw_uid, server.pw_gid)
    else:
        done = _run(command, folder, None, None)
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed: {done.stdout}")


def _run(
    command: list[str | Path], folder: Path, user: int | None, group: int | None
) -> subprocess.CompletedProcess[str]:
    # The output goes to a file: the server that pg_ctl leaves behind would hold a pipe open for ever.
    with tempfile.TemporaryFile("w+", dir=folder) as said:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            check=False,
            user=user,
            group=group,
            extra_groups=None if user is None else [],
        )
        said.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, said.read())


def _open_folder() -> str:
    """A temporary folder that the server's user can walk into: a private one of root's would shut it out."""
    for name in (tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108 - mkdtemp makes a private folder inside
        if os.geteuid() != 0 or all(above.stat().st_mode & 0o001 for above in (Path(name), *Path(name).parents)):
            return name
    raise RuntimeError("No temporary folder is open to the user postgres; set TMPDIR to one that is.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
