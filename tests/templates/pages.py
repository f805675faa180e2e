"""A small application with the pages' language and nothing else, and the sample fields that the tests render."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import html5lib
from flask import Flask
from wtforms import BooleanField, Field, Form, PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectMultipleField
from wtforms.fields.choices import SelectChoice

from lado.security.permissions import Permission
from lado.security.session_limits import Lasts
from lado.web import static_files, templating

EVERYTHING = frozenset(permission.value for permission in Permission)
NASTY = '"><script>alert(1)</script>'


@dataclass(frozen=True)
class Council:
    name: str = "Ashbourne Council"
    colour: str = "#12436d"
    phone: str = "01632 960 001"


@dataclass(frozen=True)
class Who:
    name: str = "Amara Okafor"
    role_label: str = "designated officer"
    is_partner: bool = False


LASTS = Lasts(datetime(2026, 3, 2, 9, 45, tzinfo=UTC), datetime(2026, 3, 2, 19, 30, tzinfo=UTC))
"""Until when the session of whoever looks lasts."""


def small_app() -> Flask:
    app = Flask("lado", root_path=str(templating.TEMPLATES.parent / "lado"))
    app.secret_key = "only for these tests"
    templating.install(app)
    static_files.install(app)
    app.jinja_env.globals.update(csrf_token=lambda: "csrf", form_token=lambda: "once")
    for name in ("home", "left", "stay"):
        app.add_url_rule(f"/my-sessions/{name}", f"my_sessions.{name}", lambda: "")
    return app


def context(**changes: Any) -> dict[str, Any]:
    """What every page is given."""
    plain = {"council": Council(), "who": Who(), "csp_nonce": "n0nce", "demonstration": True, "alarms": []}
    plain |= {"session_lasts": LASTS, "session_left": 900, "session_warn": 180}
    return plain | {"home": "/", "may": EVERYTHING, "may_go": EVERYTHING, "let_in": None} | changes


def render(source: str, path: str = "/", **values: Any) -> str:
    app = small_app()
    with app.test_request_context(path):
        return app.jinja_env.from_string(source).render(**context(**values))


def component(call: str, **values: Any) -> str:
    """Call a component as a page would and give its markup."""
    name = call.split("(", 1)[0]
    return render(f'{{% from "components/{name}.html" import {name} %}}{{{{ {call} }}}}', **values)


def strict_fragment(markup: str) -> Any:
    """Parse with every error of the HTML standard raised; ids must be unique and nothing may style or script inline."""
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(markup)
    judge(tree)
    return tree


def strict_page(markup: str) -> Any:
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(markup)
    judge(tree)
    return tree


def judge(tree: Any) -> None:
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    ids = Counter(element.get("id") for element in elements if element.get("id") is not None)
    assert [name for name, times in ids.items() if times > 1 or not name or " " in name] == []
    for element in elements:
        assert not [name for name in element.attrib if name == "style" or name.startswith("on")], element.attrib
        for name in ("aria-describedby", "aria-labelledby", "for"):
            for wanted in (element.get(name) or "").split():
                assert wanted in ids, f"{name}={wanted} points nowhere"
    labelled = {element.get("for") for element in elements if element.tag == "label"}
    for element in elements:
        if element.tag in ("input", "select", "textarea") and element.get("type") != "hidden":
            assert element.get("id") in labelled or element.get("aria-label"), element.attrib


def every(tree: Any, *tags: str) -> list[Any]:
    return [element for element in tree.iter() if element.tag in tags]


class BoxesField(Field):
    """The shape that the date components ask of a field: what was typed in each box, and which boxes are wrong."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.boxes = dict.fromkeys(("day", "month", "year", "time", "to-day", "to-month", "to-year", "precision"), "")
        self.wrong: tuple[str, ...] = ()


class SampleForm(Form):
    caller = StringField("Name of the caller")
    words = TextAreaField("What happened")
    threshold = RadioField(
        "Is the threshold met?",
        choices=[
            SelectChoice("met", "Threshold met", {"hint": "Harm, or a risk of harm"}),
            SelectChoice("advice", "Advice only", {"divider": "or"}),
        ],
    )
    told = SelectMultipleField(
        "Who has been told", choices=[SelectChoice("ofsted", "Ofsted"), SelectChoice("police", "Police")]
    )
    safe = BooleanField("The children are safe now")
    setting = SelectField(
        "Setting",
        choices=[SelectChoice("", "Choose a setting"), SelectChoice("school", "School", optgroup="Education")],
    )
    received = BoxesField("Received")
    incident = BoxesField("Incident")
    at = StringField("Time of the call")
    password = PasswordField("Password")


def sample_form(errors: bool = False, **data: Any) -> SampleForm:
    form = SampleForm(data=data)
    if errors:
        for field in form:
            field.errors = [f"Mend: {field.label.text}"]
        form.form_errors = ["These answers do not fit together"]
    return form
