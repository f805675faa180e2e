"""The wrapped key of one case or one authority's directory. To dispose of what it seals is to delete this row."""

from sqlalchemy.orm import Mapped, mapped_column

from lado.models.base import Base


class SealingKey(Base):
    """A key wrapped by the master key, which is not in the database."""

    __tablename__ = "sealing_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes]
