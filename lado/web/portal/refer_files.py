"""The files of a referral on line: added one by one, and taken away again."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from lado.act import Act
from lado.domain import files
from lado.domain.files import KINDS
from lado.errors import BadInput
from lado.security.permissions import Permission
from lado.services import online_drafts
from lado.web.forms import Form
from lado.web.guards import needs, reading, save
from lado.web.sending import tried
from lado.web.uploads import File, in_words, takes_files

bp = Blueprint("referring_files", __name__, url_prefix="/portal/refer/files")


LAST = 2**31 - 1


class FileForm(Form):
    """One file."""

    file = File("Choose a file")


class TakeAwayForm(Form):
    """Which file to take away, by its number."""

    number = IntegerField(validators=[InputRequired(), NumberRange(1, LAST)])


@bp.route("", methods=["GET", "POST"])
@needs(Permission.REFERRAL_SEND)
@takes_files
def add() -> ResponseReturnValue:
    """Add a file, or see which there are."""
    if online_drafts.written(reading()) is None:
        return redirect(url_for("referring.home"))
    form = FileForm()

    def attempt() -> ResponseReturnValue:
        checked = form.file.checked()
        if checked is None:
            raise BadInput({"file": "Choose a file first, or go on without one."})

        def put(act: Act) -> str:
            online_drafts.add_file(act, checked)
            flash("The file is added. It is sent with your referral.")
            return url_for("referring_files.add")

        return save(put)

    def page() -> str:
        there = online_drafts.files_of(reading())
        rows = [(one.number, one.name, f"{KINDS[one.kind].label}, {in_words(one.size)}") for one in there]
        may_add, largest = len(there) < files.MOST, in_words(files.LARGEST)
        return render_template("portal/refer/files.html", form=form, files=rows, may_add=may_add, largest=largest)

    return tried(form, attempt, page) if request.method == "POST" else page()


@bp.post("/take-away")
@needs(Permission.REFERRAL_SEND)
def take_away() -> ResponseReturnValue:
    """Take a file away again; one that is not there any more is taken away already."""
    form = TakeAwayForm()
    number = form.number.data if form.validate() else 0

    def take(act: Act) -> str:
        online_drafts.take_file(act, number)
        flash("The file is taken away. It is not sent.")
        return url_for("referring_files.add")

    return save(take)
