"""Views that cameras had before, each with its time; and whose next still a complaint waits for.

What cameras see now they are taken to have seen always, as until now.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "camera_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("camera_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("bearing_deg", sa.Float(), nullable=False),
        sa.Column("fov_deg", sa.Float(), nullable=False),
        sa.Column("range_m", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("cell", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["camera_id"], ["camera.id"], name=op.f("camera_view_camera_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("camera_view_pk")),
    )
    op.create_index("camera_view_camera", "camera_view", ["camera_id", "until"])
    op.create_index("camera_view_cell", "camera_view", ["cell"])
    op.add_column("camera", sa.Column("view_since", sa.BigInteger(), nullable=True))
    op.add_column("camera_visit", sa.Column("wanted_since", sa.BigInteger(), nullable=True))
