"""What is counted of rows: the same sums over complaints themselves, over changes noted of them, and over roll-ups."""

from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import BigInteger, ColumnElement, Integer, Row, case, cast, func, literal_column
from sqlalchemy import type_coerce as seen_as
from sqlmodel import col

from storage.rollups.grains import DAY_US, TOOK_DAYS
from storage.tables import Rollup

NAMES = ("n", "closed", "on_time", "took_s", *(f"within_{days}" for days in TOOK_DAYS))
"""The measures, in the order of the columns of `of_rows` and `of_rollups`."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Sums over some complaints: `n` in all, those closed, those closed within their deadline, the seconds from opening
    to closing of those closed, and how many took at most so many days (`within`, by TOOK_DAYS).
    """

    n: int = 0
    closed: int = 0
    on_time: int = 0
    took_s: int = 0
    within: tuple[int, ...] = (0,) * len(TOOK_DAYS)

    @classmethod
    def read(cls, values: "Row[Any] | tuple[Any, ...]") -> Self:
        """From a row's values in the order of NAMES."""
        n, closed, on_time, took_s, *within = map(int, values)
        return cls(n, closed, on_time, took_s, tuple(within))

    def __add__(self, other: "Measures") -> "Measures":
        return Measures(
            self.n + other.n,
            self.closed + other.closed,
            self.on_time + other.on_time,
            self.took_s + other.took_s,
            tuple(mine + theirs for mine, theirs in zip(self.within, other.within, strict=True)),
        )

    @property
    def open(self) -> int:
        """Those not closed."""
        return self.n - self.closed

    @property
    def mean_days(self) -> float | None:
        """Days from opening to closing, on average over those closed."""
        return self.took_s / 86_400 / self.closed if self.closed else None

    @property
    def half_within_days(self) -> int | None:
        """The least of TOOK_DAYS within which at least half of those closed were: the median lies at or below it.

        None where none is closed, or half of them took longer than the greatest.
        """
        enough = (days for days, number in zip(TOOK_DAYS, self.within, strict=True) if 2 * number >= self.closed)
        return next(enough, None) if self.closed else None


def of_rows(happened: Any, due: Any, closed: Any, sign: ColumnElement[int] | None = None) -> list[ColumnElement[Any]]:
    """The sums over rows with these times, each row counted `sign` times."""
    times: ColumnElement[int] = literal_column("1", Integer) if sign is None else sign
    nothing = literal_column("0", Integer)
    closed_us, took = seen_as(closed, BigInteger), seen_as(closed, BigInteger) - seen_as(happened, BigInteger)
    ended = closed_us.is_not(None)
    on_time = closed_us <= seen_as(due, BigInteger)
    found = [func.sum(times)]
    found += [func.sum(case((condition, times), else_=nothing)) for condition in (ended, on_time)]
    found.append(func.sum(case((ended, times * (took // literal_column("1000000", BigInteger))), else_=nothing)))
    for days in TOOK_DAYS:
        found.append(func.sum(case((took <= literal_column(str(days * DAY_US), BigInteger), times), else_=nothing)))
    # PostgreSQL sums BIGINTs to a NUMERIC.
    return [cast(one, BigInteger).label(name) for one, name in zip(found, NAMES, strict=True)]


def of_rollups() -> list[ColumnElement[Any]]:
    """The same sums over rows of `rollup`."""
    return [cast(func.sum(col(getattr(Rollup, name))), BigInteger).label(name) for name in NAMES]
