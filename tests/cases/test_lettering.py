"""Names in the letters that a typeface has."""

import unicodedata

import pytest

from cases.lettering import is_whole, nearest

pytestmark = pytest.mark.unit

LATIN_1 = frozenset({*range(0x20, 0x7F), *range(0xA0, 0x100)})


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("PT Sinar & Jaya Ü", "PT Sinar & Jaya Ü"),
        (unicodedata.normalize("NFD", "Café"), "Café"),
        ("Ātman Đặng Łukasz", "Atman Dang Lukasz"),
        ("İbrahim Nguyễn ﬁ", "Ibrahim Nguyen fi"),
        ("陳 Tan", "? Tan"),
        ("satu\u2011dua", "satu-dua"),
        ("a\tb\u200a", "a\tb\u200a"),
    ],
)
def test_a_letter_that_is_lacking_is_told_by_the_nearest(written: str, told: str) -> None:
    assert nearest(written, LATIN_1) == told
    assert is_whole(written, LATIN_1) is (unicodedata.normalize("NFC", written) == told)


def test_marks_alone_become_nothing_and_what_is_known_stays() -> None:
    assert nearest("x\u0331", LATIN_1) == "x"
    assert nearest("Łā", {*LATIN_1, ord("Ł")}) == "Ła"
