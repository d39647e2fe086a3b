"""Days as people write them."""

from datetime import date
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
