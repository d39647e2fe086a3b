"""How workers share the tests: by file, what takes long first so that nobody ends alone, and one browser at a time."""

from itertools import zip_longest
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

PAGES = "tests/web/"
"""Two browsers that draw maps at once on two cores take longer than one after the other: one worker takes them all."""

SLOW = (PAGES, "tests/pantau/")
"""Rooms that come first: their tests drive the browser or wait for processes."""


def in_order(files: list[str]) -> list[str]:
    """The files of the slow rooms by turns, then the others as they come."""
    slow = [[file for file in files if file.startswith(room)] for room in SLOW]
    first = [file for turn in zip_longest(*slow) for file in turn if file is not None]
    return first + [file for file in files if file not in first]


def shared_as(nodeid: str) -> str:
    """What a test is handed out with: its file, or all pages."""
    return PAGES if nodeid.startswith(PAGES) else nodeid.partition("::")[0]


class ByFile(LoadFileScheduling):  # type: ignore[misc]  # xdist has no types
    """Hands out files, and all pages together."""

    def _split_scope(self, nodeid: str) -> str:
        return shared_as(nodeid)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Puts the files into this order where they are shared out."""
    if hasattr(config, "workerinput"):
        found = in_order(list(dict.fromkeys(item.nodeid.partition("::")[0] for item in items)))
        at = {file: place for place, file in enumerate(found)}
        items.sort(key=lambda item: at[item.nodeid.partition("::")[0]])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """The scheduler of `--dist loadfile`."""
    return ByFile(config, log) if config.getvalue("dist") == "loadfile" else None
