"""Counts kept beside the rows. The database notes each change by triggers, whoever writes; nothing is counted yet:
the first fold (by a worker, or `pantau rollups rebuild`) does that, and until then rows are counted as before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

MEASURES = ("n", "closed", "on_time", *(f"within_{days}" for days in (1, 2, 3, 5, 7, 14, 30, 90)))
INTO = "sign, kind, category_code, agency_code, status, confidential, area_code, cell, happened_at, due_at, closed_at"

NOTED = {
    "complaint": (
        "{sign}, 'complaint', {row}.category_code, {row}.agency_code, {row}.status, {row}.confidential, "
        "COALESCE({row}.area_code, ''), {row}.cell, {row}.opened_at, {row}.due_at, {row}.closed_at",
        ("category_code", "agency_code", "status", "confidential", "area_code", "cell", "opened_at", "due_at",
         "closed_at"),
        "{row}.id IS NOT NULL",
    ),
    "photo": (
        "{sign}, 'photo', COALESCE({row}.category_code, ''), '', '', {row}.confidential, "
        "COALESCE({row}.area_code, ''), {row}.cell, {row}.occurred_at, NULL, NULL",
        ("category_code", "confidential", "area_code", "cell", "occurred_at", "deleted_at"),
        "{row}.deleted_at IS NULL",
    ),
    "outage": (
        "{sign}, 'outage', '', '', '', {no}, COALESCE({row}.area_code, ''), {row}.cell, {row}.began_at, NULL, NULL",
        ("area_code", "cell", "began_at"),
        "{row}.id IS NOT NULL",
    ),
}  # fmt: skip
"""By table: what a delta holds of a row, which columns matter, and which rows count at all."""


def code(length: int) -> sa.String:
    """A text column for codes, ordered by bytes on both engines."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    _groups()
    _counts()
    _deltas()
    for table in NOTED:
        if op.get_bind().dialect.name == "postgresql":
            _postgresql(table)
        else:
            _sqlite(table)


def _groups() -> None:
    op.create_table(
        "rollup_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("category_code", code(32), nullable=False),
        sa.Column("agency_code", code(32), nullable=False),
        sa.Column("status", code(32), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("rollup_group_pk")),
    )
    words = ["kind", "category_code", "agency_code", "status", "confidential"]
    op.create_index("rollup_group_words", "rollup_group", words, unique=True)


def _counts() -> None:
    op.create_table(
        "rollup",
        sa.Column("grain", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("span", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("area_code", code(16), nullable=False),
        sa.Column("group_id", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in MEASURES),
        sa.Column("took_s", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("grain", "span", "area_code", "group_id", name=op.f("rollup_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rollup_cell",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cell", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("group_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("level", "cell", "group_id", name=op.f("rollup_cell_pk")),
        sqlite_with_rowid=False,
    )
    empty = sa.text("n = 0")
    op.create_index("rollup_empty", "rollup", ["grain"], sqlite_where=empty, postgresql_where=empty)
    op.create_index("rollup_cell_empty", "rollup_cell", ["level"], sqlite_where=empty, postgresql_where=empty)


def _deltas() -> None:
    op.create_table(
        "rollup_delta",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sign", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("category_code", code(32), nullable=False),
        sa.Column("agency_code", code(32), nullable=False),
        sa.Column("status", code(32), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("area_code", code(16), nullable=False),
        sa.Column("cell", sa.BigInteger(), nullable=True),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("rollup_delta_pk")),
    )


def _noted(table: str, row: str, sign: int, no: str, source: str = "") -> str:
    values, _, counts = NOTED[table]
    chosen = values.format(row=row, sign=sign, no=no)
    return f"INSERT INTO rollup_delta ({INTO}) SELECT {chosen} {source} WHERE {counts.format(row=row)};"


def _sqlite(table: str) -> None:
    gone, come = _noted(table, "OLD", -1, "0"), _noted(table, "NEW", 1, "0")
    columns = NOTED[table][1]
    differs = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
    op.execute(f"CREATE TRIGGER rollup_{table}_come AFTER INSERT ON {table} BEGIN {come} END")
    op.execute(f"CREATE TRIGGER rollup_{table}_gone AFTER DELETE ON {table} BEGIN {gone} END")
    op.execute(
        f"CREATE TRIGGER rollup_{table}_changed AFTER UPDATE OF {', '.join(columns)} ON {table} "
        f"WHEN {differs} BEGIN {gone} {come} END"
    )


def _postgresql(table: str) -> None:
    """Rows that come or go are noted once a statement: a bulk load then costs one more insert, not a million calls."""
    for name, when, named, row, sign in (("come", "INSERT", "NEW", "r", 1), ("gone", "DELETE", "OLD", "r", -1)):
        _function(f"rollup_{table}_{name}", _noted(table, row, sign, "false", "FROM those r"))
        op.execute(
            f"CREATE TRIGGER rollup_{table}_{name} AFTER {when} ON {table} REFERENCING {named} TABLE AS those "
            f"FOR EACH STATEMENT EXECUTE FUNCTION rollup_{table}_{name}()"
        )
    _function(f"rollup_{table}_changed", _noted(table, "OLD", -1, "false") + _noted(table, "NEW", 1, "false"))
    old, new = (", ".join(f"{row}.{column}" for column in NOTED[table][1]) for row in ("OLD", "NEW"))
    op.execute(
        f"CREATE TRIGGER rollup_{table}_changed AFTER UPDATE ON {table} FOR EACH ROW "
        f"WHEN (({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION rollup_{table}_changed()"
    )


def _function(name: str, body: str) -> None:
    op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$")
