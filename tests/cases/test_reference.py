"""References: readable, unguessable, and safe against a slip of the finger."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import ReferenceMistyped
from cases.reference import ALPHABET, make, parse

pytestmark = pytest.mark.unit

HOUSE = Path(__file__).parents[2]
TOLD = ("api", "cases", "docs", "web/src")
"""Where examples stand: in sentences, the description of the doors, the manuals and the pages."""

references = st.binary(min_size=6, max_size=6).map(make)


@given(references)
def test_two_groups_without_look_alikes(reference: str) -> None:
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}", reference)
    assert parse(reference) == reference


@given(references)
def test_read_as_people_type_it(reference: str) -> None:
    careless = reference.replace("-", " ").lower().replace("0", "o").replace("1", "l")
    assert parse(f" {careless} ") == reference
    assert parse(reference.replace("1", "I").replace("-", "")) == reference


@given(references, st.integers(0, 9), st.sampled_from(ALPHABET))
def test_one_wrong_character_never_passes(reference: str, place: int, letter: str) -> None:
    letters = list(reference.replace("-", ""))
    if letters[place] == letter:
        return
    letters[place] = letter
    with pytest.raises(ReferenceMistyped):
        parse("".join(letters))


@given(references, st.integers(0, 9), st.integers(0, 9))
def test_two_exchanged_characters_never_pass(reference: str, one: int, other: int) -> None:
    letters = list(reference.replace("-", ""))
    if letters[one] == letters[other]:
        return
    letters[one], letters[other] = letters[other], letters[one]
    with pytest.raises(ReferenceMistyped):
        parse("".join(letters))


@pytest.mark.parametrize("text", ["", "K7M4Q", "K7M4Q-7XP2TT", "UUUUU-UUUUU", "K7M4Q/9XP2T", "\u0661\u0662345-67890"])
def test_what_is_none(text: str) -> None:
    with pytest.raises(ReferenceMistyped):
        parse(text)


def test_all_45_bits_are_used() -> None:
    made = {make((1 << bit).to_bytes(6, "big")) for bit in range(3, 48)}
    assert len(made) == 45
    with pytest.raises(ValueError, match="6 random bytes"):
        make(b"short")


def test_the_examples_told_to_people_are_references() -> None:
    shape = re.compile(r"(?<![\w-])(?=[\dA-Z-]*[A-Z])[\dA-Z]{5}-[\dA-Z]{5}(?![\w-])")
    files = [
        file for room in TOLD for end in ("py", "md", "json", "vue", "ts") for file in (HOUSE / room).rglob(f"*.{end}")
    ]
    # What the page's client is made from stands in docs/openapi.json.
    texts = {file: file.read_text(encoding="utf-8") for file in files if file.name != "schema.ts"}
    told = {(str(file), example) for file, text in texts.items() for example in shape.findall(text)}
    assert {Path(file).suffix for file, _ in told} == {".py", ".md", ".json", ".vue"}
    for where, example in told:
        assert parse(example) == example, where
