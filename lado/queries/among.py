"""Asking for many ids at once, with one parameter: a list of thousands takes longer to write out than to answer."""

import json
from collections.abc import Iterable

from sqlalchemy import ARRAY, ColumnElement, Integer, any_, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session


def among(
    session: Session, column: ColumnElement[int] | InstrumentedAttribute[int], ids: Iterable[int]
) -> ColumnElement[bool]:
    """The condition that a column has one of these values."""
    if session.get_bind().dialect.name == "postgresql":
        return column == any_(bindparam(None, list(ids), type_=ARRAY(Integer)))
    given = func.json_each(json.dumps(list(ids))).table_valued("value")
    return column.in_(select(given.c.value))
