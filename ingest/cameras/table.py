"""Tables of permits and cameras as CSV, read as offices write them."""

import codecs
import csv
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from cases.dates import read_day
from cases.plain import plain
from cases.register import (
    TableColumnsDouble,
    TableInvalid,
    TableRowBroken,
    TableTooLong,
)
from cases.sentences import sentence
from ingest.cameras import header
from ingest.exports.sheet import unguarded

MOST_BYTES: Final = 20_000_000
MOST_ROWS: Final = 200_000


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why a row was refused: its number in the file, from 1, the column (empty for the row), what to say.

    `code` names a sentence, `params` fill it. `title` is what the table calls the column.
    """

    row: int
    column: str
    code: str
    params: Mapping[str, object]
    title: str = ""

    def text(self, language: str) -> str:
        """The sentence for a person who reads `language`."""
        return sentence(self.code, language, **self.params)


class RowRefused(Exception):
    """A cell that cannot be used, in the words of `RowFault`."""

    def __init__(self, column: str, code: str, **params: object) -> None:
        super().__init__(code)
        self.column, self.code, self.params = column, code, params

    def at(self, row: int) -> RowFault:
        """The same with its row."""
        return RowFault(row, self.column, self.code, self.params)


@dataclass(frozen=True, slots=True)
class Row:
    """A row by the names of its columns in this house; empty cells are left out; `written` has them as they stand."""

    number: int
    cells: Mapping[str, str]
    whole: bool = True
    written: Mapping[str, str] = field(default_factory=dict, repr=False)

    def exact(self, column: str) -> str | None:
        """A cell in which every sign counts, as those of a password do; None for an empty one."""
        return self.written.get(column, "").strip() or None

    def text(self, column: str, most: int, *, needed: bool = False) -> str:
        """A cell's text. Raises RowRefused."""
        found = self.cells.get(column, "")
        if needed and not found:
            raise RowRefused(column, "row.missing")
        if len(found) > most:
            raise RowRefused(column, "row.too_long", most=most)
        return found

    def word(self, column: str, words: Sequence[str]) -> str | None:
        """One of these words, in any case of letters. Raises RowRefused."""
        found = self.cells.get(column, "").lower()
        if found and found not in words:
            raise RowRefused(column, "row.word", words=", ".join(words))
        return found or None

    def day(self, column: str) -> date | None:
        """A day, as `cases.dates.read_day` reads it. Raises RowRefused."""
        found = self.cells.get(column)
        if found is None:
            return None
        try:
            return read_day(found)
        except ValueError:
            raise RowRefused(column, "row.date") from None

    def real(self, column: str, low: float, high: float) -> float | None:
        """A number from `low` to `high`, with a point or a comma. Raises RowRefused."""
        found = self.cells.get(column)
        if found is None:
            return None
        try:
            value = float(found.replace(",", ".") if "." not in found else found)
        except ValueError:
            raise RowRefused(column, "row.number") from None
        if not low <= value <= high or "_" in found:  # Python reads 1_0 as ten
            raise RowRefused(column, "row.number")
        return value

    def whole_number(self, column: str, low: int, high: int) -> int | None:
        """A whole number from `low` to `high`. Raises RowRefused."""
        value = self.real(column, low, high)
        if value is not None and not value.is_integer():
            raise RowRefused(column, "row.number")
        return None if value is None else int(value)

    def point(self) -> tuple[float, float] | None:
        """Longitude and latitude, both or neither. Raises RowRefused."""
        lon, lat = self.real("lon", -180, 180), self.real("lat", -90, 90)
        if lon is not None and lat is not None:
            return lon, lat
        if lon is None and lat is None:
            return None
        raise RowRefused("lon" if lon is None else "lat", "row.half_place")


class Table:
    """A CSV file whose header names its columns: read row by row, once.

    Separated by comma, semicolon or tab, under titles as offices write them; UTF-8, UTF-16 or what else Excel writes.
    Raises TableInvalid, when it is made for a header that cannot be used, later for a row.
    """

    def __init__(self, content: bytes, names: Mapping[str, Sequence[str]], needed: Collection[str]) -> None:
        """`names` gives each column's accepted titles, `needed` those without which there is nothing to read."""
        opened = header.opened(_decoded(content), names, needed)
        self._rows, self._row = opened.rows, opened.header.row
        self._header, self._columns = opened.header.cells, opened.header.columns
        self._refuse_double()
        self._titles = {name: other for name, (other, *_) in names.items()}
        self._titles |= {name: _plain(self._header[at]) for at, name in self._columns.items()}

    def _refuse_double(self) -> None:
        counted = Counter(self._columns.values())
        double = [_plain(self._header[at]) for at, name in self._columns.items() if counted[name] > 1]
        if double:
            raise TableColumnsDouble(titles=", ".join(double))

    @property
    def passed_by(self) -> list[str]:
        """The titles of columns that mean nothing here, as they are written."""
        return [text for at, title in enumerate(self._header) if at not in self._columns and (text := _plain(title))]

    def titled(self, fault: RowFault) -> RowFault:
        """The same with the column's title as it is written, or, where the table lacks it, one that it may have."""
        return replace(fault, title=self._titles.get(fault.column, ""))

    def __iter__(self) -> Iterator[Row]:
        """The rows in which anything is written. Raises TableRowBroken, TableTooLong."""
        for count, row in enumerate(self._whole(), 1):
            if count > MOST_ROWS:
                raise TableTooLong(most=MOST_ROWS)
            written = {name: row[at] for at, name in self._columns.items() if at < len(row)}
            cells = {name: text for name, cell in written.items() if (text := _plain(cell))}
            if cells:
                yield Row(self._row, cells, len(row) == len(self._header), written)

    def _whole(self) -> Iterator[list[str]]:
        try:
            for number, row in self._rows:
                self._row = number
                yield row
        except csv.Error:
            raise TableRowBroken(row=self._row + 1) from None


def _plain(cell: str) -> str:
    """A cell without control characters, and without what our own lists put before what looks like a formula."""
    return unguarded(plain(" ".join(cell.split())))


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    if b"\0" in content:
        raise TableInvalid
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
