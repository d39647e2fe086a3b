"""A complaint's public reference: read out on the phone, never guessed from another.

Ten characters of Crockford's base 32 (https://www.crockford.com/base32.html) in two groups: nine carry 45 random
bits, the tenth checks them. The check is a weighted sum in the field of 32 elements with a different weight for each
position, so one wrong character, or any two exchanged, never passes.
"""

from cases.errors import ReferenceMistyped

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_BYTES = 6

_VALUES = {letter: value for value, letter in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_LENGTH = 10
_FIELD_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1, whose powers of x run through all 31 elements


def _times_x(value: int) -> int:
    value <<= 1
    return value ^ _FIELD_POLYNOMIAL if value & 32 else value


def _check(values: list[int]) -> int:
    """The sum of each value times a power of x: 9 for the first, 1 for the last; the check itself stands at power 0."""
    total = 0
    for value in values:
        total = _times_x(total ^ value)
    return total


def make(random: bytes) -> str:
    """The reference of 6 random bytes (of which 45 bits are used), as `K7M4Q-7XP2T`. ValueError if there are fewer."""
    if len(random) < RANDOM_BYTES:
        raise ValueError(f"a reference takes {RANDOM_BYTES} random bytes")
    bits = int.from_bytes(random[:RANDOM_BYTES], "big") >> 3
    values = [bits >> 5 * place & 31 for place in range(_LENGTH - 2, -1, -1)]
    letters = "".join(ALPHABET[value] for value in [*values, _check(values)])
    return f"{letters[:5]}-{letters[5:]}"


def parse(text: str) -> str:
    """The reference as `make` writes it, from how a person typed it: small letters, spaces, no hyphen, O for 0.

    Raises ReferenceMistyped if it is none.
    """
    letters = "".join(text.split()).replace("-", "").upper()
    values = [_VALUES.get(letter, -1) for letter in letters]
    if len(values) != _LENGTH or -1 in values or _check(values[:-1]) != values[-1]:
        raise ReferenceMistyped(given=text[:40])
    clean = "".join(ALPHABET[value] for value in values)
    return f"{clean[:5]}-{clean[5:]}"
