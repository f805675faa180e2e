"""Search. What is looked for is sent in the body and never stands in an address."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lado.domain.reads import Look
from lado.domain.references import tidied
from lado.queries import home
from lado.queries.alike import NOTHING, similar
from lado.queries.search import search
from lado.security.permissions import Permission
from lado.services import reads
from lado.web.case_rows import Rows
from lado.web.guards import kept_with_the_look, needs, reading, whoever
from lado.web.search.forms import SearchForm
from lado.web.search.presenters import Likenesses, Results, likenesses, results

bp = Blueprint("search", __name__)


@bp.route("/search", methods=["GET", "POST"])
@needs(Permission.REFERRAL_LIST, reads=Look.SEARCH)
def find() -> ResponseReturnValue:
    """Look for cases of one's own authority."""
    form = SearchForm()
    found, alike = look(form) if form.validate_on_submit() else (None, None)
    return render_template("search/find.html", form=form, found=found, alike=alike), 400 if form.errors else 200


def look(form: SearchForm) -> tuple[Results, Likenesses]:
    """Read what the words are about, and on the first page what is like them."""
    act = reading()
    before, words = form.beginning(), form.words.data or ""
    if before is None and not tidied(words):
        kept_with_the_look(lambda act: reads.search(act, words))
    found = search(act, words, before)
    alike = similar(act, words) if before is None and not tidied(words) else NOTHING
    about = home.surroundings(act, [*found.rows, *alike.rows])
    rows = Rows(act.at, about.calendar, about.rota, about.names, whoever().id)
    return results(found, rows, is_first=before is None), likenesses(alike, rows)
