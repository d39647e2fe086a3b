"""Parts of a file (RFC 9110, 14)."""

import re
from dataclasses import dataclass

_ONE = re.compile(r"bytes=(\d*)-(\d*)")


class OutsideFile(Exception):
    """No byte of the file lies in the range."""


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes `first` to `last`, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """How many bytes that is."""
        return self.last - self.first + 1


def parse(header: str, size: int) -> Span | None:
    """The part asked for of a file of `size` bytes; None for the whole.

    A header that is no single range in bytes is passed over, as the RFC allows. Raises OutsideFile.
    """
    found = _ONE.fullmatch(header.strip().replace(" ", ""))
    if found is None or found[1] == found[2] == "":
        return None
    if found[1] == "":
        wanted = min(int(found[2]), size)
        if wanted == 0:
            raise OutsideFile
        return Span(size - wanted, size - 1)
    first = int(found[1])
    last = min(int(found[2]), size - 1) if found[2] else size - 1
    if found[2] and int(found[2]) < first:
        return None
    if first >= size:
        raise OutsideFile
    return Span(first, last)
