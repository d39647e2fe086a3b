"""PostgreSQL as an end of a move: rows by COPY, everything that slows them down made again afterwards."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, LiteralString, cast

import orjson
import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from storage.errors import DatabaseUnreachable
from storage.moving.ends import BLOBS, STATE, MoveDiffers, MoveRefused
from storage.moving.shapes import Row, Shape

_DRESS: Final = "dress"

_INDEXES: Final = """
    SELECT t.relname, format('DROP INDEX %%I', c.relname), replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ')
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
    WHERE t.relname = ANY(%s) AND t.relnamespace = current_schema()::regnamespace AND NOT i.indisprimary
      AND NOT c.relispartition AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid)
    ORDER BY c.relname"""
_KEYS: Final = """
    SELECT t.relname, format('ALTER TABLE %%I DROP CONSTRAINT %%I', t.relname, k.conname),
           format('ALTER TABLE %%I ADD CONSTRAINT %%I %%s', t.relname, k.conname, pg_get_constraintdef(k.oid))
    FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid
    WHERE t.relname = ANY(%s) AND t.relnamespace = current_schema()::regnamespace AND k.contype = 'f'
      AND k.conparentid = 0
    ORDER BY k.conname"""
_TRIGGERS: Final = """
    SELECT t.relname, format('ALTER TABLE %%I DISABLE TRIGGER %%I', t.relname, g.tgname),
           format('ALTER TABLE %%I ENABLE %%s TRIGGER %%I', t.relname,
                  CASE g.tgenabled WHEN 'A' THEN 'ALWAYS' WHEN 'R' THEN 'REPLICA' ELSE '' END, g.tgname)
    FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
    WHERE t.relname = ANY(%s) AND t.relnamespace = current_schema()::regnamespace AND NOT g.tgisinternal
      AND g.tgparentid = 0 AND g.tgenabled <> 'D'
    ORDER BY g.tgname"""


class PostgresEnd:
    """One connection to a PostgreSQL that has the tables."""

    def __init__(self, url: str) -> None:
        address = make_url(url)
        self.place = f"{address.host or 'localhost'}:{address.port or 5432}/{address.database}"
        plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
        try:
            self._db = psycopg.connect(plain, autocommit=True, application_name="pantau move", connect_timeout=5)
        except psycopg.OperationalError as error:
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise DatabaseUnreachable(f"the database {self.place} cannot be reached: {reason}") from None
        self._db.execute("SET statement_timeout = 0")
        self._db.execute("SET timezone = 'UTC'")

    def hold(self) -> None:
        """As in Source."""
        if others := self.others():
            raise MoveRefused(f"stop Pantau first: {', '.join(others)} use {self.place}")
        self._db.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        names = self._db.execute("SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition "
                                 "AND relnamespace = current_schema()::regnamespace").fetchall()  # fmt: skip
        for (name,) in names:
            self._db.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(sql.Identifier(name)))

    def others(self) -> list[str]:
        """As in Target."""
        asked = (
            "SELECT application_name || ' from ' || coalesce(host(client_addr), 'its own machine') "
            "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND application_name LIKE 'pantau%' AND application_name <> 'pantau move'"
        )
        return sorted({str(name) for (name,) in self._db.execute(asked).fetchall()})

    def rows(self, shape: Shape, after: Row | None, limit: int) -> list[Row]:
        """As in Rows."""
        key = ", ".join(shape.ordered)
        where = "" if after is None else f"WHERE ({key}) > ({', '.join(['%s'] * len(shape.key))})"
        asked = f'SELECT {", ".join(shape.plain)} FROM "{shape.name}" {where} ORDER BY {key} LIMIT {limit}'  # noqa: S608
        return cast("list[Row]", self._db.execute(_ours(asked), after).fetchall())

    def count(self, shape: Shape) -> int:
        """As in Rows."""
        found = self._db.execute(_ours(f'SELECT count(*) FROM "{shape.name}"')).fetchone()  # noqa: S608
        return int(found[0]) if found else 0

    def extremes(self, table: str, column: str) -> tuple[Any, Any]:
        """As in Rows."""
        asked = f'SELECT (SELECT "{column}" FROM "{table}" ORDER BY 1 {{}} LIMIT 1)::text'  # noqa: S608
        low, high = (self._db.execute(_ours(asked.format(way))).fetchone() for way in ("ASC", "DESC"))
        return (low[0] if low else None), (high[0] if high else None)

    def bare(self, shapes: Sequence[Shape], clear: Iterable[str]) -> None:
        """As in Target."""
        names = [shape.name for shape in shapes]
        with self._db.transaction():
            self._db.execute(_ours(f"CREATE TABLE {STATE} (key text PRIMARY KEY, value text NOT NULL)"))
            self._db.execute(
                _ours(f"CREATE TABLE {BLOBS} (key text PRIMARY KEY, sha256 text NOT NULL, bytes bigint NOT NULL)")
            )
            later: list[str] = []
            # Keys go before the unique indexes that they rest on, and come after them.
            for asked in (_TRIGGERS, _KEYS, _INDEXES):
                found = self._db.execute(asked, [names]).fetchall()
                for _, away, _ in found:
                    self._db.execute(_ours(away))
                later = [again for _, _, again in found] + later
            for name in clear:
                self._db.execute(_ours(f"TRUNCATE {name}"))
            self.note(_DRESS, orjson.dumps(later).decode())

    def put(self, shape: Shape, rows: Iterable[Row], key: str, value: str) -> None:
        """As in Target. COPY, in text: the server reads each value by its column's type."""
        columns = ", ".join(f'"{name}"' for name in shape.columns)
        with self._db.transaction(), self._said(shape):
            with self._db.cursor().copy(_ours(f'COPY "{shape.name}" ({columns}) FROM STDIN')) as copy:
                for row in rows:
                    copy.write_row(row)
            self.note(key, value)

    def dress(self, told: Callable[[str], None]) -> None:
        """As in Target."""
        self._db.execute("SET maintenance_work_mem = '256MB'")
        left: list[str] = orjson.loads(self.get(_DRESS) or "[]")
        while left:
            told(left[0].split(" USING ")[0].split(" FOREIGN ")[0])
            try:
                with self._db.transaction():
                    self._db.execute(_ours(left[0]))
                    self.note(_DRESS, orjson.dumps(left[1:]).decode())
            except psycopg.IntegrityError as error:
                raise MoveDiffers(f"what arrived does not hold together: {str(error).splitlines()[0]}") from error
            left = left[1:]
        self._count_on()
        self._db.execute("ANALYZE")

    def empty(self, shapes: Sequence[Shape]) -> None:
        """As in Target."""
        tables = ", ".join(f'"{shape.name}"' for shape in shapes)
        with self._db.transaction():
            self._db.execute(_ours(f"TRUNCATE {tables}"))
        left: list[str] = orjson.loads(self.get(_DRESS) or "[]")
        with self._db.transaction():
            for again in left:
                self._db.execute(_ours(again))
            self._drop_state()

    def get(self, key: str) -> str | None:
        """As in Target."""
        there = self._db.execute("SELECT to_regclass(%s)", [STATE]).fetchone()
        if there is None or there[0] is None:
            return None
        found = self._db.execute(_ours(f"SELECT value FROM {STATE} WHERE key = %s"), [key]).fetchone()  # noqa: S608
        return None if found is None else str(found[0])

    def note(self, key: str, value: str) -> None:
        """As in Target."""
        said = f"INSERT INTO {STATE} VALUES (%s, %s) ON CONFLICT (key) DO UPDATE SET value = excluded.value"  # noqa: S608
        self._db.execute(_ours(said), [key, value])

    def blobs_done(self, keys: Sequence[str]) -> set[str]:
        """As in Target."""
        asked = f"SELECT key FROM {BLOBS} WHERE key = ANY(%s)"  # noqa: S608
        return {str(key) for (key,) in self._db.execute(_ours(asked), [list(keys)]).fetchall()}

    def note_blobs(self, done: Sequence[tuple[str, str, int]]) -> None:
        """As in Target."""
        with self._db.transaction(), self._db.cursor() as cursor:
            cursor.executemany(_ours(f"INSERT INTO {BLOBS} VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"), done)  # noqa: S608

    def blobs_total(self) -> tuple[int, int]:
        """As in Target."""
        found = self._db.execute(_ours(f"SELECT count(*), coalesce(sum(bytes), 0) FROM {BLOBS}")).fetchone()  # noqa: S608
        assert found is not None
        return int(found[0]), int(found[1])

    def forget(self) -> None:
        """As in Target."""
        with self._db.transaction():
            self._drop_state()

    def close(self) -> None:
        """As in Rows."""
        self._db.close()

    def _drop_state(self) -> None:
        self._db.execute(_ours(f"DROP TABLE IF EXISTS {STATE}, {BLOBS}"))

    def _count_on(self) -> None:
        """Numbers go on after the greatest that came."""
        asked = (
            "SELECT t.relname, a.attname, pg_get_serial_sequence(quote_ident(t.relname), a.attname) FROM pg_class t "
            "JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped "
            "WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind IN ('r', 'p') "
            "AND NOT t.relispartition AND pg_get_serial_sequence(quote_ident(t.relname), a.attname) IS NOT NULL"
        )
        for table, column, sequence in self._db.execute(asked).fetchall():
            last = f'(SELECT max("{column}") FROM "{table}")'  # noqa: S608
            self._db.execute(
                _ours(f"SELECT setval(%s, coalesce({last}, 1), {last} IS NOT NULL)"),
                [sequence],
            )

    @contextmanager
    def _said(self, shape: Shape) -> Iterator[None]:
        try:
            yield
        except psycopg.DataError as error:
            reason = str(error).splitlines()[0]
            raise MoveDiffers(f"PostgreSQL takes a value of {shape.name} for none: {reason}") from error


def _ours(query: str) -> LiteralString:
    """A query that is made of names of ours alone."""
    return query
