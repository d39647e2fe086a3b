"""Permits, cameras, what they saw and how they fare; a link may tie a snapshot as well as a photo.

On PostgreSQL located rows get their generated PostGIS geometry, as in 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


_POINT = "ST_SetSRID(ST_MakePoint(lon, lat), 4326)"


def code(length: int) -> sa.String:
    """A text column for codes, ordered by bytes on both engines."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    _permit()
    _permit_history()
    _camera()
    _camera_visit()
    _camera_baseline()
    _camera_history()
    _outage()
    _snapshot()
    _heartbeat()
    _owner_network()
    _link()
    _geometry()


def _permit() -> None:
    op.create_table(
        "permit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", code(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("owner_name", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("cameras_required", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("state_since", sa.BigInteger(), nullable=False),
        sa.Column("state_due_at", sa.BigInteger(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("radius_m", sa.Float(), nullable=True),
        sa.Column("location_source", sa.String(32), nullable=True),
        sa.Column("cell", sa.BigInteger(), nullable=True),
        sa.Column("area_code", code(16), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("permit_account_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("permit_pk")),
    )
    op.create_index("permit_account", "permit", ["account_id"])
    op.create_index("permit_area", "permit", ["area_code", "state"])
    op.create_index("permit_cell", "permit", ["cell"])
    op.create_index("permit_number", "permit", ["number"], unique=True)


def _permit_history() -> None:
    op.create_table(
        "permit_history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("permit_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("from_state", sa.String(32), nullable=True),
        sa.Column("to_state", sa.String(32), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("permit_history_account_id_fk")),
        sa.ForeignKeyConstraint(["permit_id"], ["permit.id"], name=op.f("permit_history_permit_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("permit_history_pk")),
    )
    op.create_index("permit_history_permit", "permit_history", ["permit_id", "id"])


def _camera() -> None:
    op.create_table(
        "camera",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("permit_id", sa.Uuid(), nullable=True),
        sa.Column("agency_code", code(32), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("door", sa.String(32), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("certificate", code(64), nullable=True),
        sa.Column("push_hash", code(64), nullable=True),
        sa.Column("interval_s", sa.Integer(), nullable=False),
        sa.Column("keep_days", sa.Integer(), nullable=False),
        sa.Column("sharing", sa.String(32), nullable=False),
        sa.Column("shared_with", sa.JSON(), nullable=True),
        sa.Column("sign_key", sa.String(), nullable=True),
        sa.Column("bearing_deg", sa.Float(), nullable=False),
        sa.Column("fov_deg", sa.Float(), nullable=False),
        sa.Column("range_m", sa.Float(), nullable=False),
        sa.Column("height_m", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("radius_m", sa.Float(), nullable=False),
        sa.Column("location_source", sa.String(32), nullable=False),
        sa.Column("cell", sa.BigInteger(), nullable=False),
        sa.Column("area_code", code(16), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("camera_account_id_fk")),
        sa.ForeignKeyConstraint(["agency_code"], ["agency.code"], name=op.f("camera_agency_code_fk")),
        sa.ForeignKeyConstraint(["permit_id"], ["permit.id"], name=op.f("camera_permit_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("camera_pk")),
    )
    op.create_index("camera_account", "camera", ["account_id"])
    op.create_index("camera_area", "camera", ["area_code"])
    op.create_index("camera_cell", "camera", ["cell"])
    op.create_index("camera_number", "camera", ["number"], unique=True)
    op.create_index("camera_permit", "camera", ["permit_id"])
    op.create_index("camera_push", "camera", ["push_hash"], unique=True)


def _camera_visit() -> None:
    op.create_table(
        "camera_visit",
        sa.Column("camera_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("lease", sa.String(), nullable=True),
        sa.Column("leased_until", sa.BigInteger(), nullable=True),
        sa.Column("watcher", sa.String(), nullable=True),
        sa.Column("state", sa.String(32), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.Column("failing_since", sa.BigInteger(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("visited_at", sa.BigInteger(), nullable=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.Column("reached_by", sa.String(32), nullable=True),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("health", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["camera_id"], ["camera.id"], name=op.f("camera_visit_camera_id_fk")),
        sa.PrimaryKeyConstraint("camera_id", name=op.f("camera_visit_pk")),
    )
    op.create_index("camera_visit_due", "camera_visit", ["due_at"])
    op.create_index("camera_visit_state", "camera_visit", ["state"])


def _camera_baseline() -> None:
    op.create_table(
        "camera_baseline",
        sa.Column("camera_id", sa.Uuid(), nullable=False),
        sa.Column("baseline", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["camera_id"], ["camera.id"], name=op.f("camera_baseline_camera_id_fk")),
        sa.PrimaryKeyConstraint("camera_id", name=op.f("camera_baseline_pk")),
    )


def _camera_history() -> None:
    op.create_table(
        "camera_history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("camera_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["camera_id"], ["camera.id"], name=op.f("camera_history_camera_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("camera_history_pk")),
    )
    op.create_index("camera_history_camera", "camera_history", ["camera_id", "at"])


def _outage() -> None:
    op.create_table(
        "outage",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("camera_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("radius_m", sa.Float(), nullable=False),
        sa.Column("cell", sa.BigInteger(), nullable=False),
        sa.Column("area_code", code(16), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("outage_account_id_fk")),
        sa.ForeignKeyConstraint(["camera_id"], ["camera.id"], name=op.f("outage_camera_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("outage_pk")),
    )
    op.create_index("outage_area", "outage", ["area_code", "began_at", "id"])
    op.create_index("outage_began", "outage", ["began_at", "id"])
    op.create_index("outage_camera", "outage", ["camera_id", "began_at"])
    op.create_index("outage_cell", "outage", ["cell", "began_at", "id"])
    op.create_index(
        "outage_open",
        "outage",
        ["camera_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("outage_updated", "outage", ["updated_at", "id"])


def _snapshot() -> None:
    op.create_table(
        "snapshot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("camera_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("sha256", code(64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["camera_id"], ["camera.id"], name=op.f("snapshot_camera_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("snapshot_pk")),
    )
    op.create_index("snapshot_camera", "snapshot", ["camera_id", "taken_at", "id"])
    op.create_index("snapshot_expires", "snapshot", ["expires_at"])
    op.create_index("snapshot_sha256", "snapshot", ["sha256"])
    op.create_index("snapshot_taken", "snapshot", ["taken_at", "id"])


def _heartbeat() -> None:
    op.create_table(
        "heartbeat",
        sa.Column("camera_number", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("camera_number", "at", name=op.f("heartbeat_pk")),
        sqlite_with_rowid=False,
    )


def _owner_network() -> None:
    op.create_table(
        "owner_network",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("cidr", code(64), nullable=False),
        sa.Column("allowed_by", sa.Uuid(), nullable=True),
        sa.Column("allowed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("owner_network_account_id_fk")),
        sa.ForeignKeyConstraint(["allowed_by"], ["account.id"], name=op.f("owner_network_allowed_by_fk")),
        sa.PrimaryKeyConstraint("account_id", "cidr", name=op.f("owner_network_pk")),
    )


def _link() -> None:
    # SQLite cannot alter a column: the table is made anew there, without looking at those it points to.
    with op.batch_alter_table("link", reflect_kwargs={"resolve_fks": False}) as link:
        link.add_column(sa.Column("snapshot_id", sa.Uuid(), nullable=True))
        link.alter_column("photo_id", existing_type=sa.Uuid(), nullable=True)
        link.create_foreign_key("link_snapshot_id_fk", "snapshot", ["snapshot_id"], ["id"])
    op.create_index("link_sighting", "link", ["complaint_id", "snapshot_id"], unique=True)
    op.create_index("link_snapshot", "link", ["snapshot_id"])


def _geometry() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in ("permit", "camera", "outage"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN geom geometry(Point, 4326) GENERATED ALWAYS AS ({_POINT}) STORED")
        op.execute(f"CREATE INDEX {table}_geom ON {table} USING gist (geom)")
