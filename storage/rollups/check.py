"""Whether the roll-ups are what the rows say: all of it, or a look that costs little."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Select, cast, func, literal_column, or_, select, union_all
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.words import IncidentKind
from storage.database import Database
from storage.kinds import TABLES
from storage.rollups import measures, sources
from storage.rollups.fold import offset
from storage.rollups.grains import CELL_LEVELS, GRAINS
from storage.tables import Photo, Rollup, RollupCell, RollupDelta, RollupGroup

MOST = 10
"""Differences told of one grain or level."""


@dataclass(frozen=True, slots=True)
class State:
    """How the roll-ups stand. `waiting`: changes noted that are not folded in; `totals`: by kind, what roll-ups and
    rows say where they differ.
    """

    built: bool
    waiting: int
    totals: dict[IncidentKind, tuple[int, int]]


def state(db: Session) -> State:
    """A look at totals: every row is counted once, by the narrowest index."""
    waiting = db.scalar(select(func.count()).select_from(RollupDelta)) or 0
    if offset(db) is None:
        return State(False, waiting, {})
    kept = select(col(RollupGroup.kind), func.sum(col(Rollup.n))).group_by(col(RollupGroup.kind))
    kept = kept.join(Rollup, col(Rollup.group_id) == col(RollupGroup.id)).where(col(Rollup.grain) == GRAINS[1].number)
    noted = select(col(RollupDelta.kind), func.sum(col(RollupDelta.sign))).group_by(col(RollupDelta.kind))
    told: dict[IncidentKind, int] = dict.fromkeys(IncidentKind, 0)
    for asked in (kept, noted):
        for kind, number in db.execute(asked):
            told[kind] += int(number)
    found = {kind: (told[kind], _rows(db, kind)) for kind in IncidentKind}
    return State(True, waiting, {kind: both for kind, both in found.items() if both[0] != both[1]})


def _rows(db: Session, kind: IncidentKind) -> int:
    rows = select(func.count()).select_from(TABLES[kind])
    return db.scalar(rows.where(col(Photo.deleted_at).is_(None)) if kind is IncidentKind.PHOTO else rows) or 0


def differences(database: Database) -> Iterator[str]:
    """Every count held to the rows, on one snapshot; says what differs, at most MOST of each grain.

    Takes about as long as counting everything anew.
    """
    with database.read(patient=True) as db:
        shift = offset(db)
        if shift is None:
            yield "there are no roll-ups: a worker builds them, or `pantau rollups rebuild`"
            return
        for grain in GRAINS:
            names = ("span", "area_code", "group_id")
            kept = select(*(col(getattr(Rollup, name)) for name in (*names, *measures.NAMES)))
            parts = [
                (1, kept.where(col(Rollup.grain) == grain.number)),
                *((sign, sources.by_grain(facts, grain, database.dialect, shift)) for sign, facts in _facts()),
            ]
            for key, sums in _differing(db, parts, names, measures.NAMES):
                what = ", ".join(f"{name} {value:+}" for name, value in sums.items())
                yield f"grain {grain.number} ({grain.axis} {grain.span.name} {grain.ground.name}) {key}: {what}".lower()
        for level in CELL_LEVELS:
            kept = select(*(col(getattr(RollupCell, name)) for name in ("cell", "group_id", "n")))
            parts = [
                (1, kept.where(col(RollupCell.level) == level)),
                *((sign, sources.by_cell(facts, level)) for sign, facts in _facts()),
            ]
            for key, sums in _differing(db, parts, ("cell", "group_id"), ("n",)):
                yield f"cells of zoom {level} {key}: n {sums['n']:+}"


def _facts() -> Iterator[tuple[int, Any]]:
    """What roll-ups must add up to nothing with: the changes noted, less the rows."""
    yield 1, sources.grouped(sources.noted(), outer=True)
    for rows in sources.ROWS:
        yield -1, sources.grouped(rows, outer=True)


def _differing(
    db: Session, parts: list[tuple[int, Select[Any]]], keys: tuple[str, ...], names: tuple[str, ...]
) -> Iterator[tuple[str, dict[str, int]]]:
    signed = []
    for sign, part in parts:
        one = part.subquery()
        factor = literal_column(str(sign), BigInteger)
        signed.append(select(*(one.c[key] for key in keys), *((one.c[name] * factor).label(name) for name in names)))
    all_ = union_all(*signed).subquery()
    sums = [cast(func.sum(all_.c[name]), BigInteger).label(name) for name in names]
    by = [all_.c[key] for key in keys]
    found = select(*by, *sums).group_by(*by).having(or_(*(one.element != 0 for one in sums))).limit(MOST)
    for row in db.connection().execute(found):
        values = dict(zip((*keys, *names), row, strict=True))
        named = ", ".join(f"{key} {values[key]}" for key in keys)
        yield named, {name: values[name] for name in names if values[name]}
