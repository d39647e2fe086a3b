"""Complaints and photos, and the links between them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def code(length: int) -> sa.String:
    """A text column for codes, ordered by bytes on both engines."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    _complaint()
    _history()
    _report()
    _photo()
    _link()
    _photo_band()


def _complaint() -> None:
    op.create_table(
        "complaint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", code(16), nullable=False),
        sa.Column("category_code", code(32), nullable=False),
        sa.Column("agency_code", code(32), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("radius_m", sa.Float(), nullable=True),
        sa.Column("location_source", sa.String(32), nullable=True),
        sa.Column("cell", sa.BigInteger(), nullable=True),
        sa.Column("area_code", code(16), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("duplicate_of", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_code"], ["agency.code"], name=op.f("complaint_agency_code_fk")),
        sa.ForeignKeyConstraint(["category_code"], ["category.code"], name=op.f("complaint_category_code_fk")),
        sa.ForeignKeyConstraint(["duplicate_of"], ["complaint.id"], name=op.f("complaint_duplicate_of_fk")),
        sa.ForeignKeyConstraint(["opened_by"], ["account.id"], name=op.f("complaint_opened_by_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("complaint_pk")),
    )
    op.create_index("complaint_agency", "complaint", ["agency_code", "opened_at", "id"])
    op.create_index("complaint_area", "complaint", ["area_code", "opened_at", "id"])
    op.create_index("complaint_category", "complaint", ["category_code", "opened_at", "id"])
    op.create_index("complaint_cell", "complaint", ["cell", "opened_at", "id"])
    op.create_index("complaint_due", "complaint", ["due_at", "id"])
    op.create_index(
        "complaint_open",
        "complaint",
        ["opened_at", "id"],
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("complaint_opened", "complaint", ["opened_at", "id"])
    op.create_index("complaint_reference", "complaint", ["reference"], unique=True)
    op.create_index("complaint_status", "complaint", ["status", "opened_at", "id"])
    op.create_index("complaint_updated", "complaint", ["updated_at", "id"])
    op.create_index("complaint_district", "complaint", [sa.text("substr(area_code, 1, 8)"), "opened_at", "id"])


def _history() -> None:
    op.create_table(
        "history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("from_status", sa.String(32), nullable=True),
        sa.Column("to_status", sa.String(32), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("history_account_id_fk")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("history_complaint_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("history_pk")),
    )
    op.create_index("history_at", "history", ["at"])
    op.create_index("history_complaint", "history", ["complaint_id", "id"])


def _report() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("category_code", code(32), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("report_account_id_fk")),
        sa.ForeignKeyConstraint(["category_code"], ["category.code"], name=op.f("report_category_code_fk")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("report_complaint_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("report_pk")),
    )
    op.create_index("report_complaint", "report", ["complaint_id"])
    op.create_index("report_received", "report", ["received_at"])


def _photo() -> None:
    op.create_table(
        "photo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("category_code", code(32), nullable=True),
        sa.Column("caption", sa.String(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("sha256", code(64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("orientation", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("occurred_at", sa.BigInteger(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("radius_m", sa.Float(), nullable=True),
        sa.Column("location_source", sa.String(32), nullable=True),
        sa.Column("cell", sa.BigInteger(), nullable=True),
        sa.Column("area_code", code(16), nullable=True),
        sa.Column("direction_deg", sa.Float(), nullable=True),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.Column("device", sa.JSON(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("processing", sa.String(32), nullable=False),
        sa.Column("fingerprint", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("photo_account_id_fk")),
        sa.ForeignKeyConstraint(["category_code"], ["category.code"], name=op.f("photo_category_code_fk")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("photo_report_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("photo_pk")),
    )
    op.create_index("photo_account", "photo", ["account_id", "occurred_at"])
    op.create_index("photo_area", "photo", ["area_code", "occurred_at", "id"])
    op.create_index("photo_category", "photo", ["category_code", "occurred_at", "id"])
    op.create_index("photo_cell", "photo", ["cell", "occurred_at", "id"])
    op.create_index("photo_occurred", "photo", ["occurred_at", "id"])
    op.create_index("photo_report", "photo", ["report_id"])
    op.create_index("photo_sha256", "photo", ["sha256"])
    op.create_index("photo_updated", "photo", ["updated_at", "id"])
    op.create_index("photo_district", "photo", [sa.text("substr(area_code, 1, 8)"), "occurred_at", "id"])


def _link() -> None:
    op.create_table(
        "link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("link_complaint_id_fk")),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("link_decided_by_fk")),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("link_photo_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("link_pk")),
    )
    op.create_index("link_pair", "link", ["complaint_id", "photo_id"], unique=True)
    op.create_index("link_photo", "link", ["photo_id"])
    op.create_index("link_state", "link", ["state", "created_at"])


def _photo_band() -> None:
    op.create_table(
        "photo_band",
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("band", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("photo_band_photo_id_fk")),
        sa.PrimaryKeyConstraint("photo_id", "position", name=op.f("photo_band_pk")),
    )
    op.create_index("photo_band_value", "photo_band", ["position", "band"])
