"""What changed is written down by triggers, so that no writer (a command, another process, psql) can forget it.

On PostgreSQL the three tables of incidents are followed by statement, with transition tables, the rest by row. Every
transaction that changed something notifies `pantau_change`; the server folds that to one notice.
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_CODE = sa.String(32).with_variant(sa.String(32, collation="C"), "postgresql")
_SHORT = sa.String(16).with_variant(sa.String(16, collation="C"), "postgresql")

_BEFORE = {
    "complaint": {
        **{name: name for name in ("reference", "category_code", "agency_code", "status", "confidential", "area_code")},
        **{name: name for name in ("lon", "lat", "cell", "due_at", "closed_at")},
        "happened_at": "opened_at",
        "account_id": "opened_by",
    },
    "photo": {
        **{name: name for name in ("category_code", "confidential", "area_code", "lon", "lat", "cell", "account_id")},
        "happened_at": "occurred_at",
    },
    "outage": {
        **{name: name for name in ("area_code", "lon", "lat", "cell", "camera_id")},
        "happened_at": "began_at",
    },
}
"""Columns of the log, and what they are called in the table, of the incident as it was."""

_EXISTED = {"complaint": "TRUE", "photo": "{row}.deleted_at IS NULL", "outage": "TRUE"}

_TIED = "photo JOIN link ON link.photo_id = photo.id WHERE link.complaint_id = OLD.id AND link.state <> 'rejected'"
_UNTIED = "CASE WHEN OLD.state <> 'rejected' THEN (SELECT agency_code FROM complaint WHERE id = OLD.complaint_id) END"


def _insert(kind: str, source: str = "", *, row: str = "", before: bool = True, **more: str) -> str:
    """Notes incidents of one kind: from the rows `row` of `source`, as they were if `before`. `more` names others."""
    was = bool(row) and before
    names = {"turn": "{turn}", "at": "{at}", "kind": f"'{kind}'", "subject": f"{row}.id" if row else "NULL"}
    names["existed"] = _EXISTED[kind].format(row=row) if was else "FALSE"
    if was:
        names |= {name: f"{row}.{column}" for name, column in _BEFORE[kind].items()}
    names |= more
    rows = f" FROM {source}" if source else ""
    return f"INSERT INTO change ({', '.join(names)}) SELECT {', '.join(names.values())}{rows};"


_BY_ROW = {
    # Whose photo it was through a tie to the complaint.
    "complaint_moved": (
        "UPDATE OF agency_code ON complaint",
        "OLD.agency_code <> NEW.agency_code",
        _insert("photo", _TIED, row="photo", agency_code="OLD.agency_code"),
    ),
    "link_insert": (
        "INSERT ON link",
        "NEW.photo_id IS NOT NULL",
        _insert("photo", before=False, subject="NEW.photo_id"),
    ),
    "link_update": (
        "UPDATE OF state ON link",
        "OLD.photo_id IS NOT NULL",
        _insert("photo", "photo WHERE photo.id = OLD.photo_id", row="photo", agency_code=_UNTIED),
    ),
    "link_delete": (
        "DELETE ON link",
        "OLD.photo_id IS NOT NULL",
        _insert("photo", "photo WHERE photo.id = OLD.photo_id", row="photo", agency_code=_UNTIED),
    ),
    "camera_insert": ("INSERT ON camera", "TRUE", _insert("camera", subject="NEW.id")),
    "camera_update": ("UPDATE ON camera", "TRUE", _insert("camera", subject="NEW.id")),
    "camera_delete": ("DELETE ON camera", "TRUE", _insert("camera", subject="OLD.id")),
    "camera_named": (
        "UPDATE OF name ON camera",
        "OLD.name <> NEW.name",
        _insert("outage", "outage WHERE outage.camera_id = NEW.id", row="outage"),
    ),
    "camera_shared": (
        "UPDATE OF account_id, agency_code, area_code, sharing, shared_with ON camera",
        " OR ".join(
            f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in ("account_id", "agency_code", "area_code", "sharing")
        )
        # PostgreSQL compares no JSON but as text.
        + " OR CAST(OLD.shared_with AS TEXT) IS DISTINCT FROM CAST(NEW.shared_with AS TEXT)",
        _insert("sharing"),
    ),
    "category_led": ("UPDATE OF agency_code ON category", "OLD.agency_code <> NEW.agency_code", _insert("catalogue")),
}
"""What is followed by row on both engines: the event, when, and what is noted."""

_PLPGSQL = """CREATE FUNCTION change_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {work}
    IF FOUND THEN PERFORM pg_notify('pantau_change', ''); END IF;
    RETURN NULL;
END $$"""


def upgrade() -> None:
    _table()
    facts = sa.table("fact", sa.column("key"), sa.column("value"), sa.column("updated_at"))
    op.execute(facts.insert().values(key="changes", value=secrets.token_hex(4), updated_at=0))
    sqlite = op.get_bind().dialect.name == "sqlite"
    # The log is never empty: its ends say how far back a position may lie.
    op.execute(_insert("catalogue").format(turn="0" if sqlite else "pg_current_xact_id()::text::bigint", at="0"))
    if sqlite:
        _follow_on_sqlite()
    else:
        _follow_on_postgresql()


def _table() -> None:
    op.create_table(
        "change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=True),
        sa.Column("existed", sa.Boolean(), nullable=False),
        sa.Column("reference", _SHORT, nullable=True),
        sa.Column("category_code", _CODE, nullable=True),
        sa.Column("agency_code", _CODE, nullable=True),
        sa.Column("status", _CODE, nullable=True),
        sa.Column("confidential", sa.Boolean(), nullable=True),
        sa.Column("area_code", _SHORT, nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("cell", sa.BigInteger(), nullable=True),
        sa.Column("happened_at", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("camera_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("change_pk")),
    )
    op.create_index("change_turn", "change", ["turn"], sqlite_where=sa.text("turn > 0"))


def _follow_on_sqlite() -> None:
    now = "CAST(unixepoch('subsec') * 1000000 AS INTEGER)"
    follow = dict(_BY_ROW)
    for table in _BEFORE:
        new = _insert(table, before=False, subject="NEW.id")
        old = _insert(table, row="OLD")
        for event, note in (("INSERT", new), ("UPDATE", old), ("DELETE", old)):
            follow[f"{table}_{event.lower()}"] = (f"{event} ON {table}", "TRUE", note)
    for name, (event, when, note) in follow.items():
        work = note.format(turn="0", at=now)
        op.execute(f"CREATE TRIGGER change_{name} AFTER {event} WHEN {when} BEGIN {work} END")


def _follow_on_postgresql() -> None:
    now = {"turn": "pg_current_xact_id()::text::bigint", "at": "(extract(epoch FROM now()) * 1000000)::bigint"}
    for name, (event, when, note) in _BY_ROW.items():
        op.execute(_PLPGSQL.format(name=name, work=note.format(**now)))
        op.execute(
            f"CREATE TRIGGER change_{name} AFTER {event} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION change_{name}()"
        )
    for table in _BEFORE:
        new = _insert(table, "written", row="written", before=False)
        old = _insert(table, "written", row="written")
        for event, note, side in (("INSERT", new, "NEW"), ("UPDATE", old, "OLD"), ("DELETE", old, "OLD")):
            name = f"{table}_{event.lower()}"
            op.execute(_PLPGSQL.format(name=name, work=note.format(**now)))
            op.execute(
                f"CREATE TRIGGER change_{name} AFTER {event} ON {table} REFERENCING {side} TABLE AS written "
                f"FOR EACH STATEMENT EXECUTE FUNCTION change_{name}()"
            )
