"""Times as OGC API and STAC write them in a URL: a moment, or an interval that includes both its ends (RFC 3339)."""

import re
from datetime import UTC, datetime, timedelta, timezone

_WRITTEN = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:([Zz])|([+-])(\d\d):(\d\d))", re.ASCII
)
_OPEN = ("", "..")
_MICROSECOND = timedelta(microseconds=1)
_HOW = "write a time as 2026-11-01T07:00:00+07:00, or an interval of two, either of which may be `..`"

Period = tuple[datetime | None, datetime | None]
"""From the first (None: ever since) up to before the second (None: ever after), aware UTC."""


def period(text: str) -> Period:
    """The time meant by `a`, `a/b`, `../b` or `a/..`. ValueError for anything else, and where `a` is after `b`."""
    ends = text.split("/")
    if len(ends) == 1:
        at = moment(ends[0])
        return at, _after(at)
    if len(ends) != 2 or all(end in _OPEN for end in ends):
        raise ValueError(_HOW)
    since, until = (None if end in _OPEN else moment(end) for end in ends)
    if since is not None and until is not None and since > until:
        raise ValueError("the interval ends before it begins")
    return since, None if until is None else _after(until)


def _after(at: datetime) -> datetime | None:
    """The next moment there is, None after the last."""
    try:
        return at + _MICROSECOND
    except OverflowError:
        return None


def moment(text: str) -> datetime:
    """A time of RFC 3339, aware UTC; what is finer than a microsecond is left off. Raises ValueError for another."""
    found = _WRITTEN.fullmatch(text.strip().replace(" ", "+"))  # a plus sign that nobody encoded
    if found is None:
        raise ValueError(_HOW)
    year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
    fraction, _, sign, hours, minutes = found.groups()[6:]
    if second > 60:
        raise ValueError(_HOW)
    away = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
    try:
        # A leap second (:60) is the next minute's first.
        whole = datetime(year, month, day, hour, minute, tzinfo=timezone(away)) + timedelta(seconds=second)
        return whole.astimezone(UTC) + timedelta(microseconds=int((fraction or "0")[:6].ljust(6, "0")))
    except OverflowError:
        raise ValueError(_HOW) from None
