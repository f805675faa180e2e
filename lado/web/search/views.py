"""Search. What is looked for is sent in the body and never stands in an address."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lado.domain.reads import Look
from lado.queries import home
from lado.queries.search import search
from lado.security.permissions import Permission
from lado.web.case_rows import Rows
from lado.web.guards import needs, reading, whoever
from lado.web.search.forms import SearchForm
from lado.web.search.presenters import Results, results

bp = Blueprint("search", __name__)


@bp.route("/search", methods=["GET", "POST"])
@needs(Permission.REFERRAL_LIST, reads=Look.SEARCH)
def find() -> ResponseReturnValue:
    """Look for cases of one's own authority."""
    form = SearchForm()
    found = look(form) if form.validate_on_submit() else None
    return render_template("search/find.html", form=form, found=found), 400 if form.errors else 200


def look(form: SearchForm) -> Results:
    """Read what the words are about."""
    act = reading()
    before = form.beginning()
    found = search(act, form.words.data or "", before)
    about = home.surroundings(act, found.rows)
    rows = Rows(act.at, about.calendar, about.rota, about.names, whoever().id)
    return results(found, rows, is_first=before is None)
