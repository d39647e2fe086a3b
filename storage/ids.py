"""Ids that tell when they were made: UUIDs of version 7 (RFC 9562, section 5.7)."""

import secrets
from datetime import UTC, datetime
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_VERSION, _VARIANT = 7 << 76, 2 << 62


def uuid_at(moment: datetime) -> UUID:
    """A new id of this moment, to the millisecond."""
    return UUID(int=lowest(moment).int | _VERSION | secrets.randbits(12) << 64 | _VARIANT | secrets.randbits(62))


def lowest(moment: datetime) -> UUID:
    """What no id of this moment or later is below. ValueError for a time before 1970 or without a zone."""
    if moment.tzinfo is None or moment < _EPOCH:
        raise ValueError("an id is of an aware time since 1970")
    since = moment - _EPOCH
    return UUID(int=(since.days * 86_400_000 + since.seconds * 1000 + since.microseconds // 1000) << 80)
