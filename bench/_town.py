"""A town's three years for benchmarks: complaints and photos by the hundred thousand, from a fixed seed."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import psycopg
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select, text
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from bench.areas import draw
from cases import catalogue
from cases.reference import RANDOM_BYTES, make
from cases.words import LocationSource, ProcessingState, Role, Scope, Status
from geo.areas import Area, Level
from geo.cells import cells
from geo.index import AreaIndex
from storage import accounts, agencies, areas, migrate, tokens
from storage.database import Database
from storage.rollups.rebuild import rebuild
from storage.tables import Account, Complaint, Photo
from storage.tables.types import micros

Rows = Iterator[tuple[Any, ...]]

LAST = datetime(2026, 11, 21, 5, tzinfo=UTC)
"""When the newest complaint was opened."""

ZONE = ZoneInfo("Asia/Jakarta")
"""Whose days the roll-ups count by: that of the settings unless they say otherwise."""

PHOTOS_PER_COMPLAINT = 0.2
_CHUNK = 100_000
_SCATTER = 0x1A3F5C7E9B1D | 1
_DAY_US = 86_400_000_000
_YEARS_US = 3 * 365 * _DAY_US
_SENTENCES = (
    "Mobil parkir di trotoar depan pasar sejak pagi, pejalan kaki turun ke jalan.",
    "Sampah menumpuk di pojok gang, sudah empat hari tidak diangkut dan mulai berbau.",
    "Lubang besar di tengah jalan setelah hujan kemarin, dua motor sudah jatuh.",
    "Lampu jalan mati sepanjang tikungan, gelap sekali kalau malam.",
    "Saluran tersumbat, air naik ke halaman sekolah setiap hujan deras.",
)
_SQLITE_AROUND = """
    SELECT 'DROP ' || type || ' ' || name, sql FROM sqlite_master
    WHERE type IN ('index', 'trigger') AND tbl_name = :table AND sql IS NOT NULL"""
_POSTGRESQL_AROUND = """
    SELECT format('DROP INDEX %I', indexname), indexdef FROM pg_indexes
    WHERE tablename = :table AND indexname NOT LIKE '%\\_pk'
    UNION ALL
    SELECT format('ALTER TABLE %I DISABLE TRIGGER %I', tgrelid::regclass, tgname),
           format('ALTER TABLE %I ENABLE %s TRIGGER %I', tgrelid::regclass,
                  CASE tgenabled WHEN 'A' THEN 'ALWAYS' ELSE '' END, tgname)
    FROM pg_trigger WHERE tgrelid = to_regclass(:table) AND NOT tgisinternal"""


def prepare(database: Database, complaints: int) -> None:
    """Tables, areas, catalogue, people and rows, unless this database has as many already."""
    migrate.upgrade(database)
    with database.read() as db:
        if db.scalar(select(func.count()).select_from(Complaint)) == complaints:
            return
    villages = draw()
    with database.write() as db:
        areas.save(db, [*villages, *_districts(villages)], LAST)
        agencies.save(db, catalogue.default())
        for login, role in (("command", Role.COMMAND), ("officer", Role.OFFICER)):
            accounts.add(db, login=login, name=login.title(), role=role, now=LAST)
        db.flush()
        officer = _account(db, "officer").id
    index, photos = AreaIndex(villages), int(complaints * PHOTOS_PER_COMPLAINT)
    fill(database, Complaint, _in_chunks(complaints, lambda chunk: _complaints(chunk, index, database.dialect)))
    fill(database, Photo, _in_chunks(photos, lambda chunk: _photos(chunk, index, officer, database.dialect)))
    rebuild(database, ZONE, LAST)
    if database.dialect == "postgresql":
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.exec_driver_sql("VACUUM ANALYZE")


def issue_token(database: Database) -> str:
    """A fresh token of the command centre, which sees everything but the confidential."""
    with database.write() as db:
        account = _account(db, "command")
        return tokens.issue(
            db, account.id, datetime.now(UTC), name=secrets.token_hex(4), scopes=(Scope.READ,), expires_at=None
        ).secret


def headers(database: Database) -> dict[str, str]:
    """What a program of the command centre sends, which takes answers as they are."""
    return {"authorization": f"Bearer {issue_token(database)}", "accept-encoding": "identity"}


def fill(database: Database, table: type[SQLModel], rows: Rows) -> None:
    """Puts rows (in the order of `_names`) into an empty table: its indexes are made afterwards, nothing follows it."""
    names, name = _names(table), str(table.__tablename__)
    with database.write() as db:
        connection = db.connection()
        again = _take_away(connection, name)
        raw: Any = connection.connection.dbapi_connection
        if database.dialect == "sqlite":
            marks = ", ".join("?" * len(names))
            raw.cursor().executemany(f"INSERT INTO {name} ({', '.join(names)}) VALUES ({marks})", rows)
        else:
            assert isinstance(raw, psycopg.Connection)
            # The rows refer to what is there: checking each reference would take longer than the rows.
            raw.execute("SET LOCAL session_replication_role = replica")
            with raw.cursor().copy(f"COPY {name} ({', '.join(names)}) FROM STDIN".encode()) as copy:
                for row in rows:
                    copy.write_row(row)
        for statement in again:
            connection.exec_driver_sql(statement)


def _take_away(connection: Connection, table: str) -> list[str]:
    """Drops a table's indexes (not its keys) and quiets its triggers; answers what makes all that again."""
    if connection.dialect.name == "sqlite":
        found = _SQLITE_AROUND
    else:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL maintenance_work_mem = '1GB'"))
        found = _POSTGRESQL_AROUND
    around = [tuple(row) for row in connection.execute(text(found), {"table": table})]
    for away, _ in around:
        connection.exec_driver_sql(away)
    return [again for _, again in around]


def _names(table: type[SQLModel]) -> list[str]:
    columns: Any = table.__table__  # type: ignore[attr-defined]  # the base class declares none
    return [column.name for column in columns.columns]


def _account(db: Session, login: str) -> Account:
    return db.scalars(select(Account).where(Account.login == login)).one()  # type: ignore[arg-type]


def _districts(villages: list[Area]) -> list[Area]:
    """The districts above the villages, by their codes; their ground is that of their first village."""
    firsts = {village.code[:8]: village for village in reversed(villages)}
    return [
        Area(code, code, Level.DISTRICT, code[:5], None, one.geometry, one.label, one.area_m2, one.bbox)
        for code, one in firsts.items()
    ]


def _places(number: int, index: AreaIndex, rng: np.random.Generator) -> Iterator[tuple[Any, ...]]:
    """lon, lat, radius, source, cell, area: two thirds in towns, the rest over the whole regency."""
    towns = np.array([[113.15, -8.45], [113.3, -8.3], [113.45, -8.12], [113.2, -8.15], [113.42, -8.42]])
    weights = [0.5, 0.2, 0.12, 0.1, 0.08]
    middle = towns[rng.choice(len(towns), number, p=weights)]
    near = middle + rng.normal(0, 0.012, (number, 2))
    anywhere = np.array([113.0, -8.6]) + rng.uniform(0, 0.6, (number, 2))
    lon, lat = np.where(rng.random((number, 1)) < 0.66, near, anywhere).T
    codes = index.codes[index.many(lon, lat)]
    radius = rng.choice([5.0, 8.0, 12.5, 30.0], number)
    source = [LocationSource.DEVICE.value] * number
    yield from zip(lon.tolist(), lat.tolist(), radius.tolist(), source, cells(lon, lat).tolist(), codes, strict=True)


@dataclass(frozen=True, slots=True)
class _Chunk:
    """`number` rows of the span of `_YEARS_US` from `first` to `end`, made from a seed of their own."""

    seed: int
    number: int
    first: int
    end: int

    @property
    def moments(self) -> NDArray[np.int64]:
        """Microseconds since 1970, in order."""
        return np.sort(
            micros(LAST) - _YEARS_US + np.random.default_rng([1, self.seed]).integers(self.first, self.end, self.number)
        )


def _in_chunks(number: int, rows: Callable[[_Chunk], Rows]) -> Rows:
    """The rows of all three years in order, made some 100,000 at a time: ten million do not fit into memory at once."""
    chunks = max(1, -(-number // _CHUNK))
    for seed in range(chunks):
        share = number * (seed + 1) // chunks - number * seed // chunks
        yield from rows(_Chunk(seed, share, _YEARS_US * seed // chunks, _YEARS_US * (seed + 1) // chunks))


def _ids(moments: NDArray[np.int64], dialect: str, seed: int) -> list[Any]:
    """UUIDs of version 7, as each engine takes them."""
    random = Random(1_000 + seed)
    hexes = [f"{us // 1000:012x}7{random.getrandbits(12):03x}8{random.getrandbits(60):015x}" for us in moments.tolist()]
    return hexes if dialect == "sqlite" else [UUID(one) for one in hexes]


def _complaints(chunk: _Chunk, index: AreaIndex, dialect: str) -> Rows:
    number, rng = chunk.number, np.random.default_rng([2, chunk.seed])
    kinds = catalogue.default().categories
    # Each category is a little rarer than the one before it; confidential ones stand last.
    weights = np.geomspace(1, 0.1, len(kinds))
    chosen = rng.choice(len(kinds), number, p=weights / weights.sum()).tolist()
    opened = chunk.moments
    # Nearly all get closed within weeks; a few never.
    took = (rng.exponential(4, number) * _DAY_US).astype(np.int64)
    closed_at, never = opened + took, rng.random(number) < 0.003
    still = (closed_at > micros(LAST)) | never
    ends = rng.choice([Status.RESOLVED, Status.REJECTED, Status.DUPLICATE], number, p=[0.85, 0.1, 0.05]).tolist()
    begins = rng.choice([Status.RECEIVED, Status.VERIFIED, Status.IN_PROGRESS], number).tolist()
    places = _places(number, index, rng)
    ids, times = _ids(opened, dialect, chunk.seed), (opened.tolist(), closed_at.tolist(), still.tolist())
    rows = zip(ids, chosen, *times, begins, ends, places, strict=True)
    for at, (id_, which, since, until, is_open, begin, end, place) in enumerate(rows):
        category = kinds[which]
        due = since + category.deadline_hours * 3_600_000_000
        yield (
            id_, _reference(chunk.seed * _CHUNK + at), category.code, category.agency, str(begin if is_open else end),
            _SENTENCES[at % len(_SENTENCES)], category.confidential, *place, since, since, since if is_open else until,
            due, None if is_open else until, None, None, 1,
        )  # fmt: skip


def _reference(number: int) -> str:
    """As if by chance, and another for each number: of ten million by chance two would be the same."""
    bits = number * _SCATTER % (1 << 45) << 3
    return make(bits.to_bytes(RANDOM_BYTES, "big"))


def _photos(chunk: _Chunk, index: AreaIndex, account: UUID, dialect: str) -> Rows:
    number, rng = chunk.number, np.random.default_rng([3, chunk.seed])
    kinds, random = catalogue.default().categories, Random(2_000_000 + chunk.seed)
    chosen = rng.integers(0, len(kinds), number).tolist()
    taken = chunk.moments
    officer = account.hex if dialect == "sqlite" else account
    rows = zip(
        _ids(taken, dialect, 10_000 + chunk.seed), chosen, taken.tolist(), _places(number, index, rng), strict=True
    )
    for id_, which, moment, place in rows:
        category = kinds[which]
        yield (
            id_, officer, None, category.code, "Foto lapangan", category.confidential,
            f"{random.getrandbits(256):064x}", 2_000_000, "image/jpeg", 4000, 3000, 1, moment, moment, moment,
            *place, None, "[]", "{}", "[]", ProcessingState.DONE.value, None, moment, None,
        )  # fmt: skip
