"""Where the log of changes stood when an export was made: what was hidden or deleted since is not to be fetched in it.

Exports made before this do not know, and are withdrawn.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("export", sa.Column("position", sa.String(), nullable=True))
