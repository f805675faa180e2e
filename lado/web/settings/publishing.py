"""What a draft of the rules would do, publishing it, and every version that was ever in force."""

from collections.abc import Mapping
from functools import partial

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.domain.reads import Look
from lado.domain.rule_words import differences
from lado.errors import Refused, Stale
from lado.queries import accounts
from lado.queries import changes as begun
from lado.queries import rules as published_rules
from lado.queries.rules import Published
from lado.security.permissions import Permission
from lado.services import changes
from lado.services import rules as changing
from lado.services.rules import Publication, RulesDraft
from lado.web.fields import choices
from lado.web.guards import needs, reading, save
from lado.web.sending import sent
from lado.web.settings import presenters, rehearsing
from lado.web.settings.forms.publishing import PublishForm
from workflows.changing import RULES
from workflows.registry import PROCEDURES

bp = Blueprint("rules_versions", __name__, url_prefix="/settings/rules")

LABELS: Mapping[str, str] = {row.key: row.label for flow in PROCEDURES.values() for row in flow.timescales}
"""What the clocks of every procedure are called; on the pages of the rules the rules' own names come first."""

NEW_ONLY, RUNNING_TOO = "new", "running"
NOTHING_TO_PUBLISH = "Nothing in your draft differs from the rules in force."


@bp.get("/rehearsal")
@needs(Permission.RULES_CHANGE, reads=Look.VIEW)
def rehearsal() -> ResponseReturnValue:
    """Which open cases would change a date or who is told next, page by page. Nothing is changed by looking."""
    act = reading()
    draft = changing.draft(act)
    found = _rehearsed(act, draft)
    page = min(max(1, request.args.get("page", 1, type=int)), found.pages)
    labels = {**LABELS, **{rule.key: rule.label for rule in draft.rules.timescales}}
    rows = rehearsing.effect_rows(found.on_page(page), labels, accounts.names_of(act, found.told(page)), act.at)
    return render_template(
        "settings/rehearsal.html",
        draft=draft,
        changed=presenters.difference_rows(differences(draft.in_force.rules, draft.rules)),
        summary=rehearsing.summary(found),
        rows=rows,
        page=page,
        pages=found.pages,
    )


@bp.route("/publish", methods=["GET", "POST"])
@needs(Permission.RULES_CHANGE)
def publish() -> ResponseReturnValue:
    """Put the draft in force: for which cases, and why."""
    draft = changing.draft(reading())
    seen = {"seen_in_force": draft.in_force.version, "seen_draft": draft.rules.version}
    form = PublishForm(data=seen) if request.method == "GET" else PublishForm()
    form.reach.choices = choices(
        {
            NEW_ONLY: "New referrals only: running cases keep the rules that they began with",
            RUNNING_TOO: "Running cases too: dates that have not come yet are worked out anew",
        }
    )
    return sent(form, partial(_publish, form=form), partial(_publish_page, form), partial(_overtaken, form, seen))


@bp.get("/versions")
@needs(Permission.RULES_READ)
def home() -> ResponseReturnValue:
    """Who published what, when and why, the newest first."""
    act = reading()
    found = published_rules.versions(act)
    names = accounts.names_of(act, {row.published_by_id for row in found if row.published_by_id is not None})
    return render_template("settings/versions.html", versions=presenters.version_views(found, names))


@bp.get("/versions/<int:published_id>")
@needs(Permission.RULES_READ, find=published_rules.find)
def show(published: Published) -> ResponseReturnValue:
    """One version: what it changed, and how far running cases have come under it."""
    act = reading()
    earlier = published_rules.before(act.session, published)
    change_id = published_rules.change_of(act.session, published)
    by = {published.published_by_id} if published.published_by_id is not None else set()
    in_force = published_rules.in_force(act.session, published.authority_id, act.at)
    return render_template(
        "settings/version.html",
        version=presenters.version_view(published, earlier, accounts.names_of(act, by)),
        changed=presenters.difference_rows(differences(earlier.rules, published.rules)) if earlier else [],
        is_first=earlier is None,
        is_in_force=in_force.id == published.id,
        is_same=in_force.version == published.version,
        progress=begun.progress(act.session, change_id) if change_id is not None else None,
        change_id=change_id,
        failed=begun.results(act.session, change_id, (begun.FAILED,)) if change_id is not None else [],
        limits=presenters.limit_sentences(published.rules),
    )


@bp.post("/versions/<int:published_id>/bring-back")
@needs(Permission.RULES_CHANGE, find=published_rules.find)
def bring_back(published: Published) -> ResponseReturnValue:
    """Make the draft what this version said, and show what that would do."""
    return save(partial(_bring_back, published=published))


def _rehearsed(act: Act, draft: RulesDraft) -> rehearsing.Rehearsal:
    if not draft.differs:
        return rehearsing.Rehearsal()
    return rehearsing.gathered(changes.rehearse(act, draft.authority_id, RULES, draft.rules.to_json()))


def _overtaken(form: PublishForm, seen: Mapping[str, str], stale: Stale) -> str:
    """The page with what is in force now: who sends it again has seen that."""
    form.refuse({"form": str(stale)})
    form.seen_in_force.data, form.seen_draft.data = seen["seen_in_force"], seen["seen_draft"]
    return _publish_page(form)


def _publish_page(form: PublishForm) -> str:
    draft = changing.draft(reading())
    changed = presenters.difference_rows(differences(draft.in_force.rules, draft.rules))
    return render_template("settings/publish.html", form=form, draft=draft, changed=changed)


def _publish(act: Act, form: PublishForm) -> str:
    asked = Publication(
        form.why.data,
        form.reach.data == RUNNING_TOO,
        form.seen_in_force.data or "",
        form.seen_draft.data or "",
    )
    number = changing.publish(act, asked)
    flash("Published. These rules are in force now.")
    return url_for("rules_versions.show", published_id=number)


def _bring_back(act: Act, published: Published) -> str:
    try:
        changing.bring_back(act, published)
    except Refused as refused:
        flash(str(refused))
        return url_for("rules_versions.show", published_id=published.id)
    flash("Your draft now says what that version said. See what it would do, then publish it.")
    return url_for("rules_versions.rehearsal")
