"""Where a CSV file's columns are named: which sign parts its cells, and how many rows of titles stand above."""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from cases.register import TableColumnsMissing

MOST_ABOVE: Final = 10
"""So many rows in which something is written may stand above the header: an office's name, the list's, its month."""

_SEPARATED = re.compile(r'"?sep=([,;\t|])"?[ \t,;|]*(?:\r\n|\r|\n|$)', re.IGNORECASE)
_SEPARATORS: Final = ",;\t"


@dataclass(frozen=True, slots=True)
class Header:
    """The row that names the columns: its number in the file (from 1), its cells, and which column is which."""

    row: int = 0
    cells: Sequence[str] = ()
    columns: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opened:
    """A file of which the header has been read: `rows` are those below it, each with its number in the file.

    They raise csv.Error, as `csv.reader` does.
    """

    header: Header
    rows: Iterator[tuple[int, list[str]]]


def opened(text: str, names: Mapping[str, Sequence[str]], needed: Collection[str]) -> Opened:
    """The file's text from its header on. Raises TableColumnsMissing where no row has the columns `needed`.

    `names` gives each column's accepted titles. A first line `sep=;` is Excel's own, and says what parts the cells;
    otherwise that sign does by which the most columns are known.
    """
    known = {_bare(alias): name for name, aliases in names.items() for alias in (name, *aliases)}
    said = _SEPARATED.match(text)
    separators = said[1] if said else _SEPARATORS
    body, first = (text[said.end() :], 2) if said else (text, 1)
    tried = [(_header(_rows(body, one, first), known, needed), one) for one in separators]
    header, separator = max(tried, key=lambda one: _weight(one[0], needed))
    missing = [name for name in needed if name not in header.columns.values()]
    if missing:
        raise TableColumnsMissing(names="; ".join(f"{name} ({', '.join(names[name])})" for name in missing))
    rows = _rows(body, separator, first)
    next(row for row in rows if row[0] == header.row)
    return Opened(header, rows)


def _bare(title: str) -> str:
    """What a title is known by: its letters and digits."""
    return re.sub(r"[^a-z0-9]", "", title.lower())


def _rows(text: str, separator: str, first: int) -> Iterator[tuple[int, list[str]]]:
    """The rows, counted as a spreadsheet does: a cell may go on over several lines."""
    return zip(count(first), csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), strict=False)


def _header(rows: Iterator[tuple[int, list[str]]], known: Mapping[str, str], needed: Collection[str]) -> Header:
    """The first row with all columns needed, else the one of which the most are known."""
    best = Header()
    try:
        for row, cells in _written(rows):
            found = Header(
                row, cells, {at: known[_bare(title)] for at, title in enumerate(cells) if _bare(title) in known}
            )
            best = max(best, found, key=lambda one: _weight(one, needed))
            if set(needed) <= set(found.columns.values()):
                return best
    except csv.Error:
        pass  # by this sign it is no table; by the right one the row is told when it is read
    return best


def _written(rows: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    written = (one for one in rows if any(cell.strip() for cell in one[1]))
    return (one for one, _ in zip(written, range(MOST_ABOVE + 1), strict=False))


def _weight(header: Header, needed: Collection[str]) -> tuple[int, int]:
    found = set(header.columns.values())
    return len(found & set(needed)), len(found)
