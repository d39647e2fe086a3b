"""The order in which several workers take the tests' files: what takes long first, so that nobody ends alone."""

from itertools import zip_longest

import pytest

SLOW = ("tests/web/", "tests/pantau/")
"""Rooms whose files drive browsers or wait for processes: the one's computing fits into the other's waiting."""


def in_order(files: list[str]) -> list[str]:
    """The files of the slow rooms in turn, then the others as they come."""
    slow = [[file for file in files if file.startswith(room)] for room in SLOW]
    first = [file for turn in zip_longest(*slow) for file in turn if file is not None]
    return first + [file for file in files if file not in first]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Puts the files into this order where they are shared out."""
    if hasattr(config, "workerinput"):
        found = in_order(list(dict.fromkeys(_file(item) for item in items)))
        at = {file: place for place, file in enumerate(found)}
        items.sort(key=lambda item: at[_file(item)])


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]
