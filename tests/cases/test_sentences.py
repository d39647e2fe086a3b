"""Every code has its sentence, in both languages, with the same placeholders."""

import inspect
import pkgutil
import string
from importlib import import_module

import pytest

from cases import errors, people, permit, register, texts
from cases.sentences import SENTENCES, sentence
from cases.words import PermitState, Shortfall, Status

pytestmark = pytest.mark.unit

ERRORS = {
    kind
    for module in (errors, people, permit, register)
    for _, kind in inspect.getmembers(module, inspect.isclass)
    if issubclass(kind, errors.PantauError)
}


ALIKE = {"column.id", "column.status", "column.radius_m"}
"""Words that both languages share."""


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", SENTENCES)
def test_both_languages_say_the_same(code: str) -> None:
    indonesian, english = SENTENCES[code]
    assert placeholders(indonesian) == placeholders(english)
    assert (indonesian == english) is (code in ALIKE)


@pytest.mark.parametrize("kind", sorted(ERRORS, key=str))
def test_every_error_has_a_sentence_and_its_own_code(kind: type[errors.PantauError]) -> None:
    assert kind.code in SENTENCES
    assert sum(other.code == kind.code for other in ERRORS) == 1


def test_no_code_stands_in_two_tables() -> None:
    tables = [import_module(f"cases.texts.{found.name}") for found in pkgutil.iter_modules(texts.__path__)]
    assert sum(len(table.SENTENCES) for table in tables) == len(SENTENCES)


def test_filled_in_the_readers_language() -> None:
    error = errors.TooLarge(limit=1000)
    assert "1000" in error.in_language("id")
    assert str(error) == error.in_language("en") != error.in_language("id")
    assert error.in_language("jv") == error.in_language("id")


def test_nothing_missing_breaks_the_telling() -> None:
    assert sentence("never_heard_of", "en") == "never_heard_of"
    assert "{limit}" in sentence("too_large", "en")
    assert "{x.__class__}" in sentence("reference_mistyped", "en", given="{x.__class__}")


def test_states_are_said_as_people_say_them() -> None:
    error = errors.MoveNotAllowed(status=Status.RECEIVED, to=Status.IN_PROGRESS)
    assert "diterima" in error.in_language("id")
    assert "in progress" in str(error)
    assert all(f"status.{status}" in SENTENCES for status in Status)
    assert all(f"permit.{state}" in SENTENCES for state in PermitState)
    assert all(f"shortfall.{shortfall}" in SENTENCES for shortfall in Shortfall)
    moved = permit.PermitMoveNotAllowed(status=PermitState.PENDING, to=PermitState.WARNED_1)
    assert "warned once" in str(moved)
