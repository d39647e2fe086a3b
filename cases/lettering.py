"""Letters for a typeface that lacks some: a name is told by its nearest letters rather than by empty boxes."""

import unicodedata
from collections.abc import Container
from typing import Final

UNKNOWN: Final = "?"
"""What stands for a letter to which none is near."""

# Unicode takes these for letters of their own, not for a letter with a mark.
_NEAR: Final = {ord(sign): near for sign, near in zip("đĐħĦŧŦŋŊłŁøØıſ‐‑‒―ʻʼʾʿ", "dDhHtTnNlLoOis--––''''", strict=True)}


def nearest(text: str, known: Container[int]) -> str:
    """The text in the letters (code points) that are `known`: one that is not goes without its marks (ā is a).

    What has no such letter, as other scripts do not, becomes UNKNOWN. Without loss it is the text in NFC.
    """
    return "".join(_near(sign, known) for sign in unicodedata.normalize("NFC", text))


def _near(sign: str, known: Container[int]) -> str:
    if ord(sign) in known or sign.isspace():
        return sign
    bare = "".join(one for one in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(one))
    near = bare.translate(_NEAR)
    if all(ord(one) in known for one in near):
        return near
    return UNKNOWN


def is_whole(text: str, known: Container[int]) -> bool:
    """Whether all of a text's letters are known."""
    return nearest(text, known) == unicodedata.normalize("NFC", text)
