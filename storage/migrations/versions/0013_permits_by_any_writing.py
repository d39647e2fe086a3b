"""The one form of all writings of a permit's number: SK-PBG-... is the decree of PBG-..., and imb 1 is IMB 1.

Two permits that turn out to be one stay, both; people decide which of them goes. No further one is registered.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_KEY = sa.String(192).with_variant(sa.String(192, collation="C"), "postgresql")
_COLUMNS = (sa.column("id", sa.Uuid()), sa.column("number", sa.String()), sa.column("number_key", _KEY))
_PERMIT = sa.table("permit", *_COLUMNS)


def upgrade() -> None:
    op.add_column("permit", sa.Column("number_key", _KEY, server_default=sa.text("''"), nullable=False))
    kept = op.get_bind().execute(sa.select(_PERMIT.c.id, _PERMIT.c.number)).all()
    if kept:
        keyed = sa.update(_PERMIT).where(_PERMIT.c.id == sa.bindparam("one")).values(number_key=sa.bindparam("key"))
        op.get_bind().execute(keyed, [{"one": row.id, "key": _key(row.number)} for row in kept])
    op.create_index("permit_number_key", "permit", ["number_key"])


def _key(number: str) -> str:
    """As it was when this was written: what is kept has its spaces squeezed, and a PBG its capitals."""
    text = number.upper()
    return text.removeprefix("SK-") if text.startswith("SK-PBG") else text
