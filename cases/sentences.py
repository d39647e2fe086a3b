"""What Pantau says to people: every code with its sentence in Indonesian and English.

Errors say what to do; warnings and reasons say what was seen. The tables are data beside this file's one function.
"""

from datetime import date, datetime

from cases import dates
from cases.texts import (
    errors,
    exports,
    filters,
    maps,
    marks,
    people,
    permits,
    pictures,
    register,
    states,
    stills,
    visits,
)
from cases.words import AddressFault, PermitState, Status

DEFAULT_LANGUAGE = "id"
LANGUAGES = (DEFAULT_LANGUAGE, "en")

SENTENCES: dict[str, tuple[str, str]] = {
    **errors.SENTENCES,
    **filters.SENTENCES,
    **people.SENTENCES,
    **pictures.SENTENCES,
    **maps.SENTENCES,
    **marks.SENTENCES,
    **states.SENTENCES,
    **permits.SENTENCES,
    **register.SENTENCES,
    **visits.SENTENCES,
    **stills.SENTENCES,
    **exports.SENTENCES,
}


def sentence(code: str, language: str, **params: object) -> str:
    """The sentence of `code` in `language`, its placeholders filled from `params`.

    An unknown language reads Indonesian. An unknown code gives the code itself, and a missing value leaves its
    placeholder standing: a clumsy sentence is better than a second error while the first is being told.
    """
    texts = SENTENCES.get(code)
    if texts is None:
        return code
    text = texts[LANGUAGES.index(language) if language in LANGUAGES else 0]
    return text.format_map(_Given({name: _named(value, language) for name, value in params.items()}))


_WORDS: dict[type, str] = {Status: "status", PermitState: "permit", AddressFault: "reach"}
"""The words that have sentences of their own, and how the codes of those begin."""


def _named(value: object, language: str) -> object:
    """A word of the house as people say it, a time by the clocks of its zone."""
    if isinstance(value, datetime):
        return dates.told(value, language)
    if isinstance(value, date):
        return dates.spoken(value, language)
    prefix = _WORDS.get(type(value))
    return value if prefix is None else sentence(f"{prefix}.{value}", language)


class _Given(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
