"""How many bytes the pictures take that are made of a still when somebody first looks: they fill the disk as it does.

Those that were made before this count from the next look on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("snapshot", sa.Column("picture_bytes", sa.BigInteger(), nullable=True))
    op.add_column("snapshot", sa.Column("thumbnail_bytes", sa.BigInteger(), nullable=True))
