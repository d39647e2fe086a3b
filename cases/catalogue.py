"""The catalogue: which agencies act and on what categories, read from a YAML file and checked as a whole."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, TypeVar

import yaml

from cases.errors import CatalogueInvalid

_CODE = re.compile(r"[a-z][a-z0-9_]{0,31}")
_NAME_MAX = 80
_RADIUS_M = (10.0, 500.0)
_DEADLINE_HOURS = (1, 24 * 365)
_AGENCY_KEYS = {"code", "name_id", "name_en", "phone", "email"}
_CATEGORY_KEYS = {
    *("code", "name_id", "name_en", "agency", "deadline_hours", "radius_m", "related", "confidential", "icon")
}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class AgencyEntry:
    """An agency as the file gives it."""

    code: str
    name_id: str
    name_en: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class CategoryEntry:
    """A category as the file gives it; `position` is its place in the file."""

    code: str
    name_id: str
    name_en: str
    agency: str
    deadline_hours: int
    radius_m: float
    related: tuple[str, ...]
    confidential: bool
    icon: str
    position: int


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Agencies and categories that fit together."""

    agencies: tuple[AgencyEntry, ...]
    categories: tuple[CategoryEntry, ...]


def default_text() -> str:
    """The file of the default set, with its comments."""
    return resources.files("cases.defaults").joinpath("catalogue.yaml").read_text(encoding="utf-8")


@cache
def default() -> Catalogue:
    """The set an Indonesian regency starts with."""
    return parse(default_text())


def parse(text: str, agencies: Iterable[str] = ()) -> Catalogue:
    """The catalogue written in `text`; `agencies` are codes that exist already and may be named.

    Raises CatalogueInvalid that says where and what is wrong: nothing is taken from a file that is wrong anywhere.
    """
    try:
        read = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "file"
        raise CatalogueInvalid(where=where, problem=getattr(error, "problem", None) or "this is not YAML") from None
    if not isinstance(read, dict) or not read.keys() <= {"agencies", "categories"} or not read:
        raise CatalogueInvalid(where="file", problem="write a list `agencies:` and a list `categories:`")
    known = _entries(read.get("agencies"), "agencies", _agency)
    listed = _entries(read.get("categories"), "categories", _category)
    _check_names(known, listed, set(agencies))
    return Catalogue(known, listed)


def _check_names(agencies: tuple[AgencyEntry, ...], categories: tuple[CategoryEntry, ...], existing: set[str]) -> None:
    """Every name that is used stands somewhere."""
    acting = existing | {agency.code for agency in agencies}
    codes = {category.code for category in categories}
    for category in categories:
        if category.agency not in acting:
            raise CatalogueInvalid(where=category.code, problem=f"there is no agency {category.agency}")
        for other in category.related:
            if other not in codes or other == category.code:
                raise CatalogueInvalid(where=category.code, problem=f"related: there is no other category {other}")


def _entries(given: object, where: str, make: "Callable[[_Fields, int], T]") -> tuple[T, ...]:
    if given is None:
        return ()
    if not isinstance(given, list):
        raise CatalogueInvalid(where=where, problem="write a list, each entry beginning with `- code:`")
    made, seen = [], set()
    for position, entry in enumerate(given):
        if not isinstance(entry, dict):
            raise CatalogueInvalid(where=f"{where}, entry {position + 1}", problem="write `code: ...` and its fields")
        fields = _Fields(entry, f"{where}, entry {position + 1}")
        if fields.code in seen:
            raise CatalogueInvalid(where=fields.code, problem="this code stands twice")
        seen.add(fields.code)
        made.append(make(fields, position))
    return tuple(made)


def _agency(fields: "_Fields", position: int) -> AgencyEntry:
    fields.only(_AGENCY_KEYS)
    return AgencyEntry(
        code=fields.code,
        name_id=fields.text("name_id"),
        name_en=fields.text("name_en"),
        phone=fields.text("phone", ""),
        email=fields.text("email", ""),
    )


def _category(fields: "_Fields", position: int) -> CategoryEntry:
    fields.only(_CATEGORY_KEYS)
    return CategoryEntry(
        code=fields.code,
        name_id=fields.text("name_id"),
        name_en=fields.text("name_en"),
        agency=fields.text("agency"),
        deadline_hours=int(fields.number("deadline_hours", *_DEADLINE_HOURS)),
        radius_m=float(fields.number("radius_m", *_RADIUS_M)),
        related=fields.codes("related"),
        confidential=fields.flag("confidential"),
        icon=fields.text("icon", fields.code),
        position=position,
    )


class _Fields:
    """One entry of the file, read field by field with errors that name it."""

    def __init__(self, given: Mapping[Any, Any], where: str) -> None:
        self._given = given
        self._where = where
        self.code = self.text("code")
        if not _CODE.fullmatch(self.code):
            raise self._wrong("code", "use small letters, digits and _, at most 32, beginning with a letter")
        self._where = self.code

    def _wrong(self, field: str, problem: str) -> CatalogueInvalid:
        return CatalogueInvalid(where=self._where, problem=f"{field}: {problem}")

    def only(self, keys: set[str]) -> None:
        strange = sorted(str(key) for key in self._given if key not in keys)
        if strange:
            raise self._wrong(strange[0], f"no such field; there are {', '.join(sorted(keys))}")

    def text(self, field: str, default: str | None = None) -> str:
        value = self._given.get(field, default)
        if not isinstance(value, str) or (default is None and not value.strip()) or len(value) > _NAME_MAX:
            raise self._wrong(field, f"write a text of 1 to {_NAME_MAX} characters")
        return value.strip()

    def number(self, field: str, least: float, most: float) -> float:
        value = self._given.get(field)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise self._wrong(field, f"write a number from {least:g} to {most:g}")
        return value

    def codes(self, field: str) -> tuple[str, ...]:
        value = self._given.get(field, [])
        if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
            raise self._wrong(field, "write a list of category codes, such as [pothole, road_damage]")
        return tuple(dict.fromkeys(value))

    def flag(self, field: str) -> bool:
        value = self._given.get(field, False)
        if not isinstance(value, bool):
            raise self._wrong(field, "write true or false")
        return value
