"""What stands in the letter to a permit's owner, as its PDF draws it."""

import base64
import re
import zlib
from datetime import timedelta

from ingest.cameras.compliance import judge
from tests.api.test_permits import AT, PBG, registered
from tests.api.town import Town

STREAM = re.compile(rb"stream\r?\n([!-uz\s]*?)~>endstream")
DRAWN = re.compile(r"\((.*?)\) Tj")
LACKING = "tidak dapat dicetak"


def letter(town: Town) -> str:
    """The letter's text; of other letters than ASCII its codes."""
    content = town.client("command").get(f"{AT}/{PBG}/letter.pdf").content
    drawn = (zlib.decompress(base64.a85decode(stream)) for stream in STREAM.findall(content))
    return " ".join(text for page in drawn for text in DRAWN.findall(page.decode("latin-1")))


def test_an_owner_is_named_in_letters_that_can_be_printed_and_told_when_some_cannot(town: Town) -> None:
    registered(town, owner_name="Nguyễn Ātman Đang", address="Jl. 陳 3")
    told = letter(town)
    assert "Nguyen Atman Dang" in told
    assert "Jl. ? 3" in told
    assert LACKING in told
    change = {"owner_name": "PT Sinar & Jaya", "address": "Jl. Melati 3"}
    assert town.client("command").patch(f"{AT}/{PBG}", json=change).status_code == 200
    told = letter(town)
    assert "PT Sinar & Jaya" in told
    assert LACKING not in told


def test_only_what_was_found_is_to_be_put_right(town: Town) -> None:
    registered(town)
    town.city.clock.wait(days=40)
    assert judge(town.city.parts) == 1
    assert "segera memperbaikinya" in letter(town)
    town.client("command").patch(f"{AT}/{PBG}", json={"cameras_required": 0})
    told = letter(town)
    assert "tidak ditemukan kekurangan" in told
    assert "segera memperbaikinya" not in told


def test_a_letter_of_any_length_comes(town: Town) -> None:
    registered(town, owner_name="W" * 120, address="Q" * 500)
    town.city.clock.now += timedelta(days=3)
    assert "Pejabat yang berwenang" in letter(town)
