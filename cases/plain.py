"""Text from people, without what only machines read or what makes a text look like another."""

import re

_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
"""Control characters but tab and line feed, and those that turn the direction of what follows them."""


def plain(text: str) -> str:
    """Text without control characters, stripped; what remains is kept as written and escaped where it is shown."""
    return _NOT_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
