"""The environment in `.venv`: made once, filled from hashed requirements, and left alone while they stay the same."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from setup.console import PROJECT, SetUpFailed, quietly, say

ENVIRONMENT = PROJECT / ".venv"
BIN = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
RUN = ("requirements.txt",)
TEST = ("requirements.txt", "requirements-dev.txt")


def ensure(requirements: Sequence[str]) -> None:
    """Have an environment with exactly these requirements files in it, installed and checked against their hashes."""
    names = " and ".join(requirements)
    make_environment()
    stamp = ENVIRONMENT / f".installed-{'-'.join(Path(name).stem for name in requirements)}"
    wanted = fingerprint(requirements)
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    say(f"Installing the packages of {names} ...")
    install([PROJECT / name for name in requirements])
    # A longer list holds the shorter one, and a new version of either replaces what the other stamp spoke of.
    for other in ENVIRONMENT.glob(".installed-*"):
        other.unlink()
    stamp.write_text(wanted, encoding="utf-8")
    if requirements != RUN:
        (ENVIRONMENT / f".installed-{Path(RUN[0]).stem}").write_text(fingerprint(RUN), encoding="utf-8")


def fingerprint(requirements: Sequence[str]) -> str:
    """A digest that changes when a requirement or this Python does."""
    digest = hashlib.sha256(sys.version.encode())
    for name in requirements:
        digest.update((PROJECT / name).read_bytes())
    return digest.hexdigest()


def make_environment() -> None:
    """Make `.venv` if it is missing, or broken because the folder was moved or its Python taken away."""
    if PYTHON.exists() and _starts():
        return
    say("Making the Python environment in .venv ...")
    if ENVIRONMENT.exists():
        shutil.rmtree(ENVIRONMENT)
    try:
        quietly([sys.executable, "-m", "venv", ENVIRONMENT], "Making the Python environment")
    except SetUpFailed as failure:
        if ENVIRONMENT.exists():
            shutil.rmtree(ENVIRONMENT)
        if uv := shutil.which("uv"):
            quietly([uv, "venv", "--seed", "--python", sys.executable, ENVIRONMENT], "Making the environment with uv")
            return
        hint = (
            "On Debian and Ubuntu, Python's venv is a package of its own: install it with apt-get install python3-venv"
        )
        raise SetUpFailed(f"{failure}\n{hint}") from failure


def install(files: Sequence[Path], target: Path | None = None) -> None:
    """Install requirements files, refusing anything whose hash is not listed; with uv if it is there, else pip."""
    listed: list[str | Path] = []
    for file in files:
        listed += ["-r", file]
    where: list[str | Path] = ["--target", target] if target else []
    with_pip: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-compile",
        "--disable-pip-version-check",
    ]
    if uv := shutil.which("uv"):
        with_uv: list[str | Path] = [uv, "pip", "install", "--quiet", "--python", PYTHON]
        try:
            quietly([*with_uv, "--require-hashes", *where, *listed], "Installing packages with uv")
            return
        except SetUpFailed as failure:
            # uv does not read pip's own configuration, so a machine with a mirror may be set up for pip alone.
            say(f"{failure}\nTrying again with pip ...")
    quietly([*with_pip, "--require-hashes", *where, *listed], "Installing packages")


def _starts() -> bool:
    """Whether the environment's Python runs, stands in this folder and is the version that runs now."""
    question = "import sys; print(sys.prefix, sys.version_info[:2])"
    answer = subprocess.run([PYTHON, "-c", question], capture_output=True, text=True, check=False)
    return answer.stdout.strip() == f"{ENVIRONMENT} {sys.version_info[:2]}"
