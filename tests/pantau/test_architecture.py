"""docs/architecture.md speaks of the house as it is: every place that it names is there, and no folder goes unnamed."""

import re

import pytest

from tests.storage.processes import ROOT

pytestmark = pytest.mark.unit

TEXT = (ROOT / "docs" / "architecture.md").read_text()
NAMED = set(re.findall(r"`((?:pantau|api|ingest|storage|cases|geo|web)/[\w/]*(?:\.py)?)`", TEXT))


def test_every_place_it_names_is_there() -> None:
    assert len(NAMED) > 40
    assert [name for name in sorted(NAMED) if not (ROOT / name).exists()] == []


def test_no_folder_of_a_room_goes_unnamed() -> None:
    rooms = ("api", "ingest", "storage", "cases", "geo")
    folders = {f"{file.parent.relative_to(ROOT)}/" for room in rooms for file in (ROOT / room).glob("*/*.py")}
    assert sorted(folders - NAMED) == []
