"""Dice that fall the same way for the same words."""

from random import Random


def dice(*words: object) -> Random:
    """A generator of its own for each purpose: seeded by its words, the same on every machine."""
    return Random(" ".join(str(word) for word in words))  # noqa: S311 -- pictures and stories, no secrets
