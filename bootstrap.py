"""Two commands that need Python alone: `run` serves a demonstration on a clean machine, `test` checks everything."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - read by whatever Python is there, before anything newer is met
    sys.exit(f"Python 3.11 or later is needed, and this is {sys.version.split()[0]}. Try: python3.11 bootstrap.py")

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from config import SettingsRefused, data_folder_of, ensure_secrets, flag, new_key
from setup import assets, browser, checks, demonstration, packages, postgres, serving, strace
from setup.console import SetUpFailed, say

PORT = 8000


def main(arguments: Sequence[str]) -> int:
    """Do what is asked and return the exit status."""
    asked, rest = commands().parse_known_args(arguments)
    if rest and asked.do is not test:
        commands().error(f"unrecognized arguments: {' '.join(rest)}")
    asked.rest = rest
    try:
        return int(asked.do(asked))
    except (SetUpFailed, SettingsRefused) as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("\nStopped.")
        return 130


def commands() -> argparse.ArgumentParser:
    """What can be asked for."""
    parser = argparse.ArgumentParser(prog="bootstrap.py", description=__doc__)
    choices = parser.add_subparsers(required=True, metavar="COMMAND")

    command = choices.add_parser("run", help="set up what is missing and serve the demonstration council")
    command.add_argument("--port", type=int, help=f"the port to serve on (default {PORT}, or a free one)")
    command.add_argument("--data", type=Path, metavar="FOLDER", help="where the record and the keys are kept")
    command.set_defaults(do=run)

    command = choices.add_parser("test", help="check everything, or run pytest with the arguments given")
    command.usage = "bootstrap.py test [ARGUMENTS FOR PYTEST]"
    command.set_defaults(do=test)

    command = choices.add_parser("secrets", help="make the keys of an installation, before its first start")
    command.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="the installation's data folder")
    command.set_defaults(do=make_secrets)

    command = choices.add_parser("key", help="print one new key, to set as LADO_SECRET_KEY and the like")
    command.set_defaults(do=print_key)
    return parser


def run(asked: argparse.Namespace) -> int:
    """Set up what is missing, then serve until Ctrl-C or until a process ends."""
    if flag(os.environ, "LADO_PRODUCTION"):
        raise SetUpFailed("`run` serves a demonstration. In production start gunicorn and lado.jobs: see README.md.")
    port = choose_port(asked.port)
    packages.ensure(packages.RUN)
    assets.ensure()
    folder = asked.data.resolve() if asked.data else data_folder_of(os.environ)
    ensure_secrets(folder)
    if not os.environ.get("LADO_CHECKPOINTS"):
        witness_of(folder).mkdir(parents=True, exist_ok=True)
    mail_port = serving.free_port()
    environ = environment(folder, port, mail_port)
    sign_ins = demonstration.prepare(demonstration.Demonstration(folder, environ))

    with serving.household(folder / "logs", environ) as home:
        catcher = ["--port", str(mail_port), "--folder", str(folder / "mail")]
        home.start("mail catcher", "-m", "lado.adapters.mail_catcher", *catcher)
        home.start("scheduler", "-m", "lado.jobs")
        home.start("web server", *serving.web_server(port))
        home.wait_until_ready(f"http://{serving.HOST}:{port}/health/ready")
        say(f"\n{sign_ins}\n\nCheckpoints of the record go to {environ['LADO_CHECKPOINTS']}; in real life, elsewhere.")
        say(f"Serving on http://localhost:{port}  (Ctrl-C stops it; logs in {folder / 'logs'})")
        try:
            ended = home.wait_until_one_ends()
        except KeyboardInterrupt:
            say("\nStopping ...")
            return 0
    raise SetUpFailed(f"The {ended.name} ended by itself, so everything was stopped:\n{ended.last_words()}")


def test(asked: argparse.Namespace) -> int:
    """Set up what the checks need, then run them all; with arguments, run only pytest with those."""
    packages.ensure(packages.TEST)
    assets.ensure()
    chromium = browser.ensure()
    postgres.ensure()
    strace.ensure()
    if asked.rest:
        database = os.environ.get("LADO_TEST_DATABASE", "sqlite")
        return checks.run([checks.pytest_part("Tests", *asked.rest, database=database, browser=chromium)])
    return checks.run(checks.parts(chromium))


def make_secrets(asked: argparse.Namespace) -> int:
    """Make the keys of an installation if it has none, and say where they are."""
    file = ensure_secrets(asked.data.resolve())
    say(f"The keys are in {file}. Keep a copy apart from the database's: without them nobody can read a name in it.")
    return 0


def print_key(_: argparse.Namespace) -> int:
    """Print one new key."""
    print(new_key())
    return 0


def choose_port(wished: int | None) -> int:
    """The port that was asked for, or else the usual one, or else a free one."""
    if wished is not None:
        if not 0 < wished < 65536 or not serving.is_free(wished):
            raise SetUpFailed(f"Port {wished} cannot be used. Name another one, or none to have a free one chosen.")
        return wished
    if serving.is_free(PORT):
        return PORT
    port = serving.free_port()
    say(f"Port {PORT} is taken, so {port} is used.")
    return port


def witness_of(folder: Path) -> Path:
    """Where a demonstration sends its checkpoints: beside its data, as no other machine is there to keep them."""
    return folder.with_name(f"{folder.name}-checkpoints")


def environment(folder: Path, port: int, mail_port: int) -> dict[str, str]:
    """The environment of the demonstration: mail goes to its own catcher and nowhere else."""
    mail = {
        "LADO_SMTP_HOST": serving.HOST,
        "LADO_SMTP_PORT": str(mail_port),
        "LADO_SMTP_STARTTLS": "0",
        "LADO_MAIL_CATCHER": str(folder / "mail"),
    }
    elsewhere = os.environ.get("LADO_CHECKPOINTS") or str(witness_of(folder))
    here = {"LADO_CHECKPOINTS": elsewhere, "LADO_DATA": str(folder), "LADO_PUBLIC_URL": f"http://localhost:{port}"}
    database = {"DATABASE_URL": os.environ.get("DATABASE_URL") or f"sqlite:///{folder / 'lado.sqlite3'}"}
    return os.environ | here | database | mail | {"PYTHONUNBUFFERED": "1"}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
