"""The words of a filter in text, each with its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from cases.filters.faults import Unread


class Sort(StrEnum):
    """What a token is."""

    NUMBER = "number"
    TEXT = "text"
    QUOTED = "quoted"
    WORD = "word"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """A token; `text` is without quotes, `start` and `end` are positions in the source from 0."""

    sort: Sort
    text: str
    start: int
    end: int

    @property
    def at(self) -> str:
        """Its place as people count."""
        return str(self.start + 1)

    def is_word(self, *words: str) -> bool:
        """Whether it is one of these keywords, in any case."""
        return self.sort is Sort.WORD and self.text.upper() in words

    def is_sign(self, sign: str) -> bool:
        """Whether it is this sign."""
        return self.sort is Sort.SIGN and self.text == sign


_TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<text>'(?:[^'\\]|''|\\.)*')
    | (?P<quoted>"(?:[^"]|"")*")
    | (?P<word>[^\W0-9][\w.:-]*)
    | (?P<sign><>|<=|>=|[<>=(),+\-*/^%])
    | (?P<end>$)
    )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r"''|\\(['\\])")


def tokens(source: str) -> Iterator[Token]:
    """The tokens of a filter, the last of them END. Raises Unread where none begins."""
    at = 0
    while True:
        found = _TOKEN.match(source, at)
        if found is None or found.lastgroup is None:
            at += len(source[at:]) - len(source[at:].lstrip())
            raise Unread(at=str(at + 1), found=source[at : at + 10])
        sort, text = Sort(found.lastgroup), found[found.lastgroup]
        start = found.start(found.lastgroup)
        if sort is Sort.TEXT:
            # Clients double a backslash; one before anything else belongs to a pattern of LIKE.
            text = _ESCAPED.sub(lambda one: one[1] or "'", text[1:-1])
        elif sort is Sort.QUOTED:
            text = text[1:-1].replace('""', '"')
        yield Token(sort, text, start, found.end())
        if sort is Sort.END:
            return
        at = found.end()
