"""CQL2 in text (OGC 21-065r2, annex B), by recursive descent.

Beyond the standard it takes what GIS desks send: `ILIKE`, and `IS` for `IS NULL` only.
"""

from collections.abc import Callable

import shapely
from shapely.errors import ShapelyError

from cases.filters.build import Builder, Interval, Part, Plain, Shape
from cases.filters.faults import MOST_CHARACTERS, MOST_DEPTH, ShapeUnusable, TooLarge, Unread
from cases.filters.tokens import Sort, Token, tokens
from cases.filters.tree import COMPARES, Compare, Node, Not

_GEOMETRIES = ("POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION")


def read(source: str, builder: Builder) -> Node:
    """The tree of a filter in text. Raises FilterInvalid."""
    if len(source) > MOST_CHARACTERS:
        raise TooLarge
    return _Reader(source, builder).whole()


class _Reader:
    def __init__(self, source: str, builder: Builder) -> None:
        self._source, self._builder = source, builder
        self._tokens = list(tokens(source))
        self._next, self._depth = 0, 0

    def whole(self) -> Node:
        found = self._builder.node(self._either(), "1")
        if self._token.sort is not Sort.END:
            raise self._unread()
        return found

    @property
    def _token(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._token
        self._next += token.sort is not Sort.END
        return token

    def _skip_word(self, word: str) -> bool:
        found = self._token.is_word(word)
        self._next += found
        return found

    def _expect(self, sign: str) -> None:
        if not self._token.is_sign(sign):
            raise self._unread()
        self._take()

    def _unread(self, token: Token | None = None) -> Unread:
        token = token or self._token
        found = self._source[token.start : token.end].strip()[:40]
        return Unread(at=token.at, found=found or "-")

    def _either(self) -> Part:
        return self._joined("OR", self._every, self._builder.either)

    def _every(self) -> Part:
        return self._joined("AND", self._negated, self._builder.every)

    def _joined(self, word: str, part: Callable[[], Part], made: Callable[[list[Node]], Node]) -> Part:
        at, first = self._token.at, part()
        if not self._token.is_word(word):
            return first
        parts = [self._builder.node(first, at)]
        while self._skip_word(word):
            at = self._token.at
            parts.append(self._builder.node(part(), at))
        return made(parts)

    def _negated(self) -> Part:
        if not self._token.is_word("NOT"):
            return self._predicate()
        self._take()
        at = self._token.at
        return Not(self._builder.node(self._deeper(self._negated), at))

    def _deeper(self, part: Callable[[], Part]) -> Part:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise TooLarge
        found = part()
        self._depth -= 1
        return found

    def _predicate(self) -> Part:
        self._builder.enter(self._depth)
        left, token = self._operand(), self._token
        if token.sort is Sort.SIGN and token.text in COMPARES:
            self._take()
            return self._builder.comparison(Compare(token.text), left, self._operand(), token.at)
        if self._skip_word("IS"):
            negated = self._skip_word("NOT")
            if not self._skip_word("NULL"):
                raise self._unread()
            return _not(self._builder.missing(left, token.at), negated)
        negated = token.is_word("NOT")
        if negated:
            self._take()
        found = self._advanced(left)
        if found is not None:
            return _not(found, negated)
        if negated:
            raise self._unread(token)
        return left

    def _advanced(self, left: Part) -> Node | None:
        """LIKE, BETWEEN or IN, if one of them comes."""
        at = self._token.at
        if self._token.is_word("LIKE", "ILIKE"):
            folded = self._take().text.upper() == "ILIKE"
            return self._builder.like(left, self._operand(), at, folded=folded)
        if self._skip_word("BETWEEN"):
            low = self._operand()
            if not self._skip_word("AND"):
                raise self._unread()
            return self._builder.between(left, low, self._operand(), at)
        if self._skip_word("IN"):
            return self._builder.one_of(left, self._listed(), at)
        return None

    def _listed(self) -> list[Part]:
        """Operands in parentheses."""
        self._expect("(")
        found = [self._operand()]
        while self._token.is_sign(","):
            self._take()
            found.append(self._operand())
        self._expect(")")
        return found

    def _operand(self) -> Part:
        self._builder.enter(self._depth)
        token = self._take()
        match token.sort:
            case Sort.NUMBER:
                return Plain(_number(token))
            case Sort.TEXT:
                return Plain(token.text)
            case Sort.QUOTED:
                return self._builder.property(token.text, token.at)
            case Sort.WORD:
                return self._word(token)
        if token.is_sign("-"):
            return self._minus(token)
        if token.is_sign("("):
            found = self._deeper(self._either)
            self._expect(")")
            return found
        raise self._unread(token)

    def _minus(self, token: Token) -> Plain:
        found = self._deeper(self._operand)
        if isinstance(found, Plain) and isinstance(found.value, int | float) and not isinstance(found.value, bool):
            return Plain(-found.value)
        raise self._unread(token)

    def _word(self, token: Token) -> Part:
        word = token.text.upper()
        if word in ("TRUE", "FALSE"):
            return Plain(word == "TRUE")
        geometry = word in _GEOMETRIES and (self._token.is_sign("(") or self._token.is_word("Z", "M", "ZM", "EMPTY"))
        if geometry:
            return self._geometry(token)
        if not self._token.is_sign("("):
            return self._builder.property(token.text, token.at)
        if word in ("DATE", "TIMESTAMP"):
            self._expect("(")
            text = self._take()
            if text.sort is not Sort.TEXT:
                raise self._unread(text)
            self._expect(")")
            return self._builder.time(text.text, text.at)
        return self._called(word, token, self._deeper_list())

    def _deeper_list(self) -> list[Part]:
        self._depth += 1
        found = self._listed()
        self._depth -= 1
        return found

    def _called(self, word: str, token: Token, of: list[Part]) -> Part:
        """A function by its name, of these parts."""
        if word == "INTERVAL" and len(of) == 2:
            return Interval(self._builder.end(of[0], token.at), self._builder.end(of[1], token.at))
        if word == "CASEI" and len(of) == 1:
            return self._builder.folded(of[0], token.at)
        if word == "BBOX":
            return self._builder.box(_numbers(of, token), token.at)
        return self._builder.function(token.text.lower(), of, token.at)

    def _geometry(self, token: Token) -> Shape:
        """Well-known text: everything up to the parenthesis that closes it."""
        if self._token.is_word("EMPTY"):
            raise ShapeUnusable(token.at)
        open_, begun = 0, False
        while not (begun and open_ == 0):
            here = self._take()
            if here.sort is Sort.END:
                raise self._unread(here)
            begun = begun or here.is_sign("(")
            open_ += here.is_sign("(") - here.is_sign(")")
        try:
            made = shapely.from_wkt(self._source[token.start : self._tokens[self._next - 1].end])
        except (ShapelyError, ValueError):
            raise ShapeUnusable(token.at) from None
        return self._builder.shape(made, token.at)


def _not(node: Node, negated: bool) -> Node:
    return Not(node) if negated else node


def _number(token: Token) -> float | int:
    if token.text.isdigit() and len(token.text) < 19:
        return int(token.text)
    number = float(token.text)
    if number in (float("inf"), float("-inf")):
        raise Unread(at=token.at, found=token.text[:40])
    return number


def _numbers(of: list[Part], token: Token) -> list[float]:
    numbers: list[float] = []
    for one in of:
        if not isinstance(one, Plain) or isinstance(one.value, str | bool):
            raise ShapeUnusable(token.at)
        numbers.append(float(one.value))
    return numbers
