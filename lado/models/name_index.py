"""How far the cases have come that were recorded before their names were found by sound and by other spellings."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from lado.models.base import Base


class NameIndex(Base):
    """One way of indexing names: the cases from `next_id` to `last_id` still wait for it; later ones never had to."""

    __tablename__ = "name_index"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    next_id: Mapped[int]
    last_id: Mapped[int]
    done_at: Mapped[datetime | None]
