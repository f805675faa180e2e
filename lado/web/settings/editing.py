"""Changing the rules: a draft of whoever changes them, one thing at a time. Nothing of it holds until published."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.domain.rule_words import closed_on_words, differences, ladder_name, starts_when
from lado.queries import practices
from lado.security.permissions import Permission
from lado.services import rules as changing
from lado.services.rules import USUAL, RulesDraft
from lado.web.forms import Form
from lado.web.guards import needs, reading, save
from lado.web.sending import sent
from lado.web.settings import presenters
from lado.web.settings.examples import Example, Trial, example
from lado.web.settings.fields import percentages
from lado.web.settings.forms.limits import LimitForm
from lado.web.settings.forms.telling import LadderForm, NewLadderForm, WarningsForm, ladder_shown
from lado.web.settings.forms.week import AskingForm, ClosureForm, NameForm, OfficeForm, office_shown
from workflows.model import NEXT_UPDATE
from workflows.rules import ROLES, Rung, TimeRule
from workflows.updates import rule_of

bp = Blueprint("rules_draft", __name__, url_prefix="/settings/rules/change")

IN_DRAFT = "Kept in your draft. Nothing holds until you publish it."


@dataclass(frozen=True)
class LimitPart:
    """One time limit of the reader's draft."""

    authority_id: int
    rule: TimeRule
    draft: RulesDraft


@dataclass(frozen=True)
class LadderPart:
    """One ladder of the reader's draft."""

    authority_id: int
    key: str
    rungs: tuple[Rung, ...]


def limit_of(act: Act, rule: str) -> LimitPart | None:
    """The time limit with this key; that of the next update also where the council has none of its own yet."""
    draft = changing.draft(act)
    found = rule_of(draft.rules) if rule == NEXT_UPDATE else draft.rules.by_key.get(rule)
    return LimitPart(draft.authority_id, found, draft) if found else None


def ladder_of(act: Act, ladder: str) -> LadderPart | None:
    """The ladder with this key."""
    draft = changing.draft(act)
    rungs = {USUAL: draft.rules.ladder, **{row.key: row.rungs for row in draft.rules.ladders}}.get(ladder)
    return LadderPart(draft.authority_id, ladder, rungs) if rungs else None


@bp.get("")
@needs(Permission.RULES_CHANGE)
def home() -> ResponseReturnValue:
    """What the draft changes so far, and everything that can be changed."""
    return _home()


@bp.post("/throw-away")
@needs(Permission.RULES_CHANGE)
def throw_away() -> ResponseReturnValue:
    """Throw the draft away."""
    return save(_throw_away)


@bp.route("/limit/<rule>", methods=["GET", "POST"])
@needs(Permission.RULES_CHANGE, find=limit_of)
def limit(part: LimitPart) -> ResponseReturnValue:
    """Change one time limit, with an example worked out beside it."""
    form = LimitForm(part.rule, part.draft.rules, is_fresh=request.method == "GET")
    page = partial(_limit_page, part, form)
    return _kept(form, lambda act: changing.set_limit(act, form.rule()), page)


@bp.post("/limit/<rule>/example")
@needs(Permission.RULES_CHANGE, find=limit_of)
def limit_example(part: LimitPart) -> ResponseReturnValue:
    """The example alone, as a piece of a page."""
    form = LimitForm(part.rule, part.draft.rules, is_fresh=False)
    return render_template("settings/_example.html", example=_example(part, form), is_counted=form.is_counted)


@bp.route("/name", methods=["GET", "POST"])
@needs(Permission.RULES_CHANGE)
def name() -> ResponseReturnValue:
    """Change what the rules are called."""
    form = NameForm(name=changing.draft(reading()).rules.name)
    page = partial(render_template, "settings/name.html", form=form)
    return _kept(form, lambda act: changing.set_name(act, form.name.data), page)


@bp.route("/asking", methods=["GET", "POST"])
@needs(Permission.RULES_CHANGE)
def asking() -> ResponseReturnValue:
    """Change whether colleagues are asked why they open a case that is not theirs."""
    form = AskingForm(asks_why="yes" if changing.draft(reading()).rules.asks_why else "no")
    page = partial(render_template, "settings/asking.html", form=form)
    return _kept(form, lambda act: changing.set_asks_why(act, asks_why=form.asks_why.data == "yes"), page)


@bp.route("/office", methods=["GET", "POST"])
@needs(Permission.RULES_CHANGE)
def office() -> ResponseReturnValue:
    """Change the office hours, and when a due day ends."""
    is_fresh = request.method == "GET"
    form = OfficeForm(data=office_shown(changing.draft(reading()).rules)) if is_fresh else OfficeForm()
    page = partial(render_template, "settings/office.html", form=form)
    return _kept(form, lambda act: changing.set_office(act, form.office(), form.day_ends()), page)


@bp.route("/closures", methods=["GET", "POST"])
@needs(Permission.RULES_CHANGE)
def closures() -> ResponseReturnValue:
    """Add a day on which the council is closed, or take one away."""
    form = ClosureForm()
    closed = sorted(changing.draft(reading()).rules.closure_days)
    if "remove" in request.form:
        return save(partial(_remove_closure, day=request.form["remove"]))
    days = [(day.isoformat(), closed_on_words(day), why) for day, why in closed]
    page = partial(render_template, "settings/closures.html", form=form, days=days)
    here = url_for("rules_draft.closures")
    return _kept(form, lambda act: changing.add_closure(act, form.closed_on.data, form.why.data), page, here)


@bp.route("/warnings", methods=["GET", "POST"])
@needs(Permission.RULES_CHANGE)
def warnings() -> ResponseReturnValue:
    """Change the usual warnings."""
    form = WarningsForm(shares=percentages(changing.draft(reading()).rules.warnings))
    page = partial(render_template, "settings/warnings.html", form=form)
    return _kept(form, lambda act: changing.set_warnings(act, form.shares.shares or ()), page)


@bp.route("/ladder/<ladder>", methods=["GET", "POST"])
@needs(Permission.RULES_CHANGE, find=ladder_of)
def ladder(part: LadderPart) -> ResponseReturnValue:
    """Change who hears of a lapse, and when."""
    is_fresh = request.method == "GET"
    form = LadderForm(data=ladder_shown(part.rungs)) if is_fresh else LadderForm()
    order = dict.fromkeys((*(rung.role for rung in part.rungs), *ROLES))
    called = "The usual ladder" if part.key == USUAL else f"The ladder “{ladder_name(part.key)}”"
    page = partial(
        render_template, "settings/ladder.html", form=form, order=list(order), name=called, key=part.key, usual=USUAL
    )
    return _kept(form, lambda act: changing.set_ladder(act, part.key, form.rungs(order)), page)


@bp.post("/ladder/<ladder>/remove")
@needs(Permission.RULES_CHANGE, find=ladder_of)
def remove_ladder(part: LadderPart) -> ResponseReturnValue:
    """Take a ladder out of the draft, unless a time limit climbs it."""
    form = Form()
    return _kept(form, lambda act: changing.remove_ladder(act, part.key), partial(_home, form))


@bp.route("/ladders/new", methods=["GET", "POST"])
@needs(Permission.RULES_CHANGE)
def new_ladder() -> ResponseReturnValue:
    """Add a ladder; its rungs are those of the usual one until they are changed."""
    form = NewLadderForm()
    page = partial(render_template, "settings/new_ladder.html", form=form)

    def add(act: Act) -> str:
        return url_for("rules_draft.ladder", ladder=changing.add_ladder(act, form.name.data))

    return _kept(form, add, page)


def _kept(
    form: Form, do: Callable[[Act], str | None], page: Callable[[], str], going_to: str = ""
) -> ResponseReturnValue:
    """Keep what was sent in the draft, or show the page again with what is wrong."""

    def keep(act: Act) -> str:
        address = do(act)
        flash(IN_DRAFT)
        return address or going_to or url_for("rules_draft.home")

    return sent(form, keep, page)


def _throw_away(act: Act) -> str:
    changing.throw_away(act)
    flash("The draft is thrown away. The rules in force stand as they are.")
    return url_for("settings.home")


def _remove_closure(act: Act, day: str) -> str:
    found = {closed_on.isoformat(): closed_on for closed_on, _ in changing.draft(act).rules.closure_days}
    if day in found:
        changing.remove_closure(act, found[day])
        flash(IN_DRAFT)
    return url_for("rules_draft.closures")


def _home(form: Form | None = None) -> str:
    draft = changing.draft(reading())
    said: dict[str, Any] = {
        "limits": presenters.limit_facts(draft.rules),
        "telling": presenters.telling_facts(draft.rules),
        "week": presenters.week_facts(draft.rules),
        "doubts": presenters.source_doubts(draft.in_force.rules, draft.rules),
        "changed": presenters.difference_rows(differences(draft.in_force.rules, draft.rules)),
    }
    return render_template("settings/change.html", draft=draft, form=form, **said)


def _limit_page(part: LimitPart, form: LimitForm) -> str:
    return render_template(
        "settings/limit.html",
        form=form,
        rule=part.rule,
        starts=starts_when(part.rule),
        example=_example(part, form),
    )


def _example(part: LimitPart, form: LimitForm) -> Example | None:
    """The limit as typed, beside the one in force; None while too little is typed."""
    if not form.is_ready:
        return None
    act = reading()
    england = practices.england(act.session)
    in_force = part.draft.in_force.rules
    was = in_force.by_key.get(part.rule.key, part.rule)
    return example(Trial(was, in_force, england), Trial(form.rule(), part.draft.rules, england), act.at)
