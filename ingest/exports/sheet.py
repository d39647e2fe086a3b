"""CSV (RFC 4180) that a spreadsheet opens without being led astray by what people wrote."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from io import StringIO
from typing import Any

from ingest.exports.table import FIELDS, TIMES, Columns, Reading, moments

_BYTE_ORDER_MARK = "\ufeff"
_BEFORE, _SIGN = r"""((?:^|[;,|\t\r\n])["\s]*)""", r"(?=[=+\-@\uff1d\uff0b\uff0d\uff20])"
_FORMULA = re.compile(_BEFORE + _SIGN)
"""A sign that begins a formula, at the start of a cell or of what a spreadsheet set to another separator than ours
takes for one (owasp.org, CSV injection); the wide ones too, which some spreadsheets read as the narrow.
"""


_GUARDED = re.compile(f"{_BEFORE}'{_SIGN}")


@dataclass(frozen=True, slots=True)
class Manner:
    """How a list is written: `words` begin the codes of its headings' sentences; `excel` as `sheet` has it."""

    words: str
    excel: bool = False


def sheet(pieces: Iterable[Columns], reading: Reading | None, *, excel: bool) -> Iterator[bytes]:
    """The table with its header. Without a `reading`: names, codes, RFC 3339 times.

    `excel` puts a byte order mark before it and, where the reading is Indonesian, `;` between the cells and a comma
    before decimals, as Excel expects on such a machine.
    """
    indonesian = excel and reading is not None and reading.language == "id"
    first = _BYTE_ORDER_MARK if excel else ""
    headings = FIELDS if reading is None else [reading.heading(name) for name in FIELDS]
    yield (first + _written([headings], indonesian)).encode()
    for piece in pieces:
        shown = [_shown(name, piece[name], reading, comma=indonesian) for name in FIELDS]
        yield _written(zip(*shown, strict=True), indonesian).encode("utf-8", "replace")


def listed(names: Sequence[str], rows: Iterable[Iterable[object]], form: Manner, reading: Reading | None) -> bytes:
    """A register's list in the same writing. `names` are the columns', told for people by the sentences of `form`."""
    indonesian = form.excel and reading is not None and reading.language == "id"
    headings = names if reading is None else [reading.said(f"{form.words}.{name}") for name in names]
    shown = ([_listed(value, reading, comma=indonesian) for value in row] for row in rows)
    text = (_BYTE_ORDER_MARK if form.excel else "") + _written([headings], indonesian) + _written(shown, indonesian)
    return text.encode("utf-8", "replace")


def _listed(value: object, reading: Reading | None, *, comma: bool) -> object:
    match value:
        case datetime():
            return _moment(value.astimezone(UTC).replace(tzinfo=None), reading)
        case float() if comma:
            return str(value).replace(".", ",")
        case str():
            return harmless(value)
    return value


def harmless(text: str) -> str:
    """The text with an apostrophe before every sign that a spreadsheet would calculate from."""
    return _FORMULA.sub(r"\1'", text)


def unguarded(text: str) -> str:
    """The text as it was before `harmless`."""
    return _GUARDED.sub(r"\1", text)


def _written(rows: Iterable[Iterable[Any]], semicolons: bool) -> str:
    text = StringIO()
    csv.writer(text, delimiter=";" if semicolons else ",", lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def _shown(name: str, values: Sequence[Any], reading: Reading | None, *, comma: bool) -> list[Any]:
    """One column's cells."""
    if name in TIMES:
        return [_moment(moment, reading) for moment in moments(values)]
    if name in ("lon", "lat", "radius_m"):
        return [str(value).replace(".", ",") for value in _known(values)] if comma else list(values)
    return list(map(_meaning(name, reading), values))


def _known(values: Sequence[Any]) -> Iterator[Any]:
    return ("" if value is None else value for value in values)


def _meaning(name: str, reading: Reading | None) -> Callable[[Any], Any]:
    """From a value to its cell. Most columns hold few values again and again."""

    def meaning(value: Any) -> Any:
        said = reading.word(name, value) if reading is not None else value
        if isinstance(said, bool):
            return "true" if said else "false"
        return harmless(said) if isinstance(said, str) else said

    return lru_cache(maxsize=4_096)(meaning)


def _moment(moment: datetime | None, reading: Reading | None) -> str:
    if moment is None:
        return ""
    return f"{moment.isoformat()}Z" if reading is None else reading.moment(moment)
