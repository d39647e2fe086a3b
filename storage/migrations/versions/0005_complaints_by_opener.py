"""Who opened a complaint becomes an index: accounts of an agency or area also see their own, wherever they are."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_index("complaint_opened_by", "complaint", ["opened_by", "opened_at", "id"])
