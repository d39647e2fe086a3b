"""Days, times and numbers as people write them."""

import re
from datetime import date, datetime
from typing import Final

MONTHS: Final = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus"),
    *("September", "Oktober", "November", "Desember"),
)
_ENGLISH: Final = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)


_SPOKEN = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3,9})\.?[ -](\d{4})")
_SHORT = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_CLOCK = re.compile(r"[ T]\d{1,2}[.:]\d{2}(?:[.:]\d{2}(?:\.\d+)?)?$")
"""What spreadsheets put behind a day, by the very clock that the day is told by."""

_MONTHS: Final = {name.lower(): at % 12 + 1 for at, name in enumerate((*MONTHS, *_ENGLISH))}
_MONTHS_CUT: Final = {name[:3]: month for name, month in _MONTHS.items()} | {"ags": 8, "agt": 8, "nop": 11}


def read_day(written: str) -> date:
    """A day as people and spreadsheets write it: 2024-08-17, 17/08/2024, 17 Agustus 2024, 17-Aug-2024, any with a time.

    Raises ValueError.
    """
    day = _CLOCK.sub("", written.strip())
    if found := _SHORT.fullmatch(day):
        return date(int(found[3]), int(found[2]), int(found[1]))
    if found := _SPOKEN.fullmatch(day):
        word = found[2].lower()
        return date(int(found[3]), _MONTHS.get(word) or _MONTHS_CUT.get(word, 0), int(found[1]))
    return date.fromisoformat(day)


def spoken(day: date, language: str) -> str:
    """A day in words: 20 November 2026."""
    return f"{day.day} {(_ENGLISH if language == 'en' else MONTHS)[day.month - 1]} {day.year}"


def told(moment: datetime, language: str) -> str:
    """An aware time in words, by the clocks of its own zone: 20 November 2026 16.12 WIB."""
    clock = f"{moment:%H:%M}" if language == "en" else f"{moment:%H.%M}"
    return f"{spoken(moment.date(), language)} {clock} {moment.tzname()}"


def decimal(value: float, language: str, places: int = 1) -> str:
    """A number with its decimals, as the language parts them."""
    text = f"{value:.{places}f}"
    return text if language == "en" else text.replace(".", ",")
