"""Days, times and numbers as people write them."""

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
