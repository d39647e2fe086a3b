"""Answers that cost something to make and are the same for everyone."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer's bytes and their ETag (with its quotes)."""

    body: bytes
    etag: str


def kept(body: bytes) -> Kept:
    """The bytes with their ETag."""
    return Kept(body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')
