"""Snapshots, histories and heartbeats in months, on PostgreSQL: what grows for ever is dropped by the month.

A snapshot's id is a UUIDv7 and tells its month, so the key and what points to it stay as they are. The others go by
`at`, which joins their key. Rows that are there already find their month.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_BY_ID, _BY_TIME = "id", "at"
_TABLES = {"snapshot": (_BY_ID, "id"), "history": (_BY_TIME, "id, at"), "camera_history": (_BY_TIME, "id, at"),
           "heartbeat": (_BY_TIME, "camera_number, at")}  # fmt: skip
_NUMBERED = ("history", "camera_history")
_MILLIS = {
    _BY_ID: "('x' || substr(replace(id::text, '-', ''), 1, 12))::bit(48)::bigint",
    _BY_TIME: "(at / 1000)",
}
_AHEAD = 3


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.drop_constraint("link_snapshot_id_fk", "link", type_="foreignkey")
    for table, (by, key) in _TABLES.items():
        _slice(table, by, key)
    op.create_foreign_key("link_snapshot_id_fk", "link", "snapshot", ["snapshot_id"], ["id"])


def _slice(table: str, by: str, key: str) -> None:
    """The table anew, with the same name, columns, indexes and foreign keys, and its rows in months."""
    connection = op.get_bind()
    found = (
        "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = :t AND indexname <> :pk"
    )
    indexes = connection.scalars(sa.text(found), {"t": table, "pk": f"{table}_pk"}).all()
    found = "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' AND conrelid = "
    points = [tuple(row) for row in connection.execute(sa.text(f"{found}to_regclass(:t)"), {"t": table})]
    op.execute(f"ALTER TABLE {table} RENAME TO {table}_whole")
    op.execute(f"ALTER TABLE {table}_whole RENAME CONSTRAINT {table}_pk TO {table}_whole_pk")
    op.execute(f"CREATE TABLE {table} (LIKE {table}_whole INCLUDING DEFAULTS) PARTITION BY RANGE ({by})")
    if table in _NUMBERED:
        op.execute(f"ALTER SEQUENCE {table}_id_seq OWNED BY {table}.id")
    op.execute(f"CREATE TABLE {table}_rest PARTITION OF {table} DEFAULT")
    for month in _months(table, by):
        end = _after(month)
        name = f"{table}_{month:%Y_%m}"
        op.execute(
            f"CREATE TABLE {name} PARTITION OF {table} FOR VALUES FROM ({_bound(by, month)}) TO ({_bound(by, end)})"
        )
    op.execute(f"INSERT INTO {table} SELECT * FROM {table}_whole")  # noqa: S608 (names of ours)
    op.execute(f"DROP TABLE {table}_whole")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {table}_pk PRIMARY KEY ({key})")
    for definition in indexes:
        op.execute(definition)
    for name, definition in points:
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def _months(table: str, by: str) -> list[datetime]:
    """Those that rows are of, as far as an id tells one, and those to come."""
    month = f"date_trunc('month', to_timestamp({_MILLIS[by]} / 1000) AT TIME ZONE 'UTC')"
    known = f"{_MILLIS[by]} BETWEEN 946684800000 AND 4102444800000"
    told = f"SELECT DISTINCT {month} FROM {table}_whole WHERE {known}"  # noqa: S608 (names of ours)
    found = {moment.replace(tzinfo=UTC) for moment in op.get_bind().scalars(sa.text(told))}
    month_now = datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for _ in range(_AHEAD + 1):
        found.add(month_now)
        month_now = _after(month_now)
    return sorted(found)


def _after(month: datetime) -> datetime:
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)


def _bound(by: str, month: datetime) -> str:
    millis = int(month.timestamp()) * 1000
    if by == _BY_TIME:
        return str(millis * 1000)
    digits = f"{millis << 80:032x}"
    return f"'{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}'"
