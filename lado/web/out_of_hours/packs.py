"""Making a duty pack: the form with the passphrase, shown this once, and the file that opens with it in a browser."""

import base64
import hashlib
import json
import secrets
from functools import partial
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from lado.errors import BadInput
from lado.queries import duty_packs as packs
from lado.queries import nights
from lado.queries.nights import Served
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.services import confirming, duty_packs, still_there
from lado.services.duty_packs import USUAL_HOURS, Contents
from lado.vault import PASSPHRASE_ROUNDS, lock
from lado.web.components import Fact
from lado.web.due import point_for_good
from lado.web.guards import database, needs, reading, stop_reading, whoever
from lado.web.out_of_hours import presenters
from lado.web.out_of_hours.forms import PackForm, councils
from lado.web.sending import tried
from lado.web.templating import machine, moment_full

bp = Blueprint("duty_packs", __name__, url_prefix="/duty-packs")

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Figures and capitals that cannot be taken for each other when they are read aloud."""

GROUPS, GROUP = 5, 4
"""Twenty of them: 99 bits, which no number of guesses reaches."""

FORMAT = "lado duty pack 1"

LONGEST_NUMBER = 16
"""Digits that are read of the number of a pack; more are of none."""


@bp.get("")
@needs(Permission.DUTY_PACK_MAKE)
def home() -> ResponseReturnValue:
    """The packs that were made for the councils that one works for."""
    act, before = reading(), request.args.get("before", "")
    is_number = before.isascii() and before.isdigit() and len(before) < LONGEST_NUMBER
    found = packs.listed(act, int(before)) if is_number else packs.listed(act)
    is_night = can(whoever(), Permission.NIGHT_READ)
    return render_template(
        "out_of_hours/packs.html",
        rows=[presenters.pack_cells(one, act.at) for one in found.rows],
        next_url=url_for("duty_packs.home", before=found.following) if found.following else "",
        back_href=url_for("out_of_hours.home" if is_night else "from_the_night.home"),
        back_text="Out of hours" if is_night else "From the night",
    )


@bp.route("/new", methods=["GET", "POST"])
@needs(Permission.DUTY_PACK_MAKE, fresh=True)
def new() -> ResponseReturnValue:
    """The form with a fresh passphrase, and the locked file as the answer to it."""
    served = nights.served(reading())
    if request.method == "GET":
        only = served[0].key if len(served) == 1 else None
        form = PackForm(council=only, hours=str(USUAL_HOURS), pack_password=passphrase())
        form.council.choices = councils(served)
        return _page(form)
    form = PackForm()
    form.council.choices = councils(served)
    if not is_passphrase(form.pack_password.data or ""):
        form.pack_password.data = passphrase()
        form.refuse({"form": "This page was not sent whole. Take down the passphrase below, which is a new one."})
        return _page(form), 400
    return tried(form, partial(_made, served, form), partial(_page, form))


def passphrase() -> str:
    """A fresh passphrase in groups of four."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))


def is_passphrase(text: str) -> bool:
    """Whether this has the form of one of ours."""
    groups = text.split("-")
    return len(groups) == GROUPS and all(len(part) == GROUP and set(part) <= set(LETTERS) for part in groups)


def _made(served: list[Served], form: PackForm) -> Response:
    council = next(one for one in served if one.key == form.council.data)
    stop_reading()
    with database().work(whoever()) as act:
        wrong = confirming.problem(act, form.password.data or "")
    if wrong:
        raise BadInput({"password": wrong})
    write = partial(locked_file, passphrase=form.pack_password.data or "")
    with database().work(whoever()) as act:
        still_there.ensure(act, current_user.reference)
        pack, body = duty_packs.make(act, council, int(form.hours.data), request.form.get("form_token", ""), write)
        day = pack.made_at.date().isoformat()
    name = f"duty-pack-{council.key}-{day}.html"
    return Response(
        body, content_type="text/html; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _page(form: PackForm) -> str:
    return render_template("out_of_hours/pack_form.html", form=form, passphrase=form.pack_password.data)


def locked_file(contents: Contents, passphrase: str) -> bytes:
    """The pack as one page that opens itself in a browser: nothing of a case or a person stands in it in clear."""
    header = json.dumps(
        {
            "format": FORMAT,
            "council": contents.council.name,
            "made_at": machine(contents.made_at),
            "expires_at": machine(contents.expires_at),
            "expires": moment_full(contents.expires_at),
            "made": moment_full(contents.made_at),
            "rounds": PASSPHRASE_ROUNDS,
        },
        ensure_ascii=False,
    )
    plain = json.dumps(told(contents), ensure_ascii=False).encode()
    parts = lock(passphrase.replace("-", ""), plain, header.encode())
    sealed = {name: base64.b64encode(part).decode() for name, part in parts.items()}
    page = render_template(
        "out_of_hours/pack.html",
        pack={"header": header, **sealed},
        made=moment_full(contents.made_at),
        expires=moment_full(contents.expires_at),
        council=contents.council.name,
        script_digest=_digest(render_template("out_of_hours/duty-pack.js")),
        style_digest=_digest(render_template("out_of_hours/duty-pack.css")),
    )
    return page.encode()


def told(contents: Contents) -> dict[str, Any]:
    """What the pack says once it is open: sections, each with a title and facts."""
    roster, council = contents.roster, contents.council
    ahead = [
        Fact("On call", presenters.senior_words(one, point_for_good, is_next=True))
        for one in roster.ahead
        if one.from_at < contents.expires_at
    ]
    gaps = [Fact("Nobody is on call", words) for words in presenters.gap_words(roster.gaps)]
    left = contents.open_cases - len(contents.cases)
    first = [
        Fact("Made by", contents.made_by),
        Fact("Made at", moment_full(contents.made_at)),
        Fact("Opens until", moment_full(contents.expires_at)),
        Fact("Day service", council.phone),
        Fact("Open cases in it", str(len(contents.cases)) + (f"; {left} more are not in it" if left else "")),
    ]
    sections = [
        _section(council.name, first),
        _section("Seniors on call", [*ahead, *gaps] or [Fact("On call", "Nobody is named")]),
        *(
            _section(case.reference, presenters.safety_facts(case, point_for_good, contents.made_at))
            for case in contents.cases
        ),
    ]
    return {"sections": sections}


def _section(title: str, facts: list[Fact]) -> dict[str, Any]:
    return {"title": title, "facts": [[fact.label, fact.value] for fact in facts]}


def _digest(text: str) -> str:
    """The digest by which the file's own policy knows its script and style."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
