"""A filter as it was sent, read into its tree."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from cases.filters import json, text
from cases.filters.build import Builder, Plain
from cases.filters.tree import Compare, Kind, Node, Vocabulary
from geo.crs import Crs


class Lang(StrEnum):
    """How a filter is written."""

    TEXT = "cql2-text"
    JSON = "cql2-json"


def read(
    source: str | Mapping[str, Any], lang: Lang, vocabulary: Vocabulary, *, zone: ZoneInfo, crs: Crs = Crs.CRS84
) -> Node:
    """The tree of a filter; days are those of `zone`, written geometries are in `crs`.

    `vocabulary` holds what the asker may read: nothing else can be named. Raises FilterInvalid.
    """
    builder = Builder(vocabulary, zone, crs)
    if lang is Lang.TEXT and isinstance(source, str):
        return text.read(source, builder)
    return json.read(source, builder)


def equals(name: str, written: str, vocabulary: Vocabulary, *, zone: ZoneInfo) -> Node:
    """A parameter `name=written` of a URL as a filter: numbers and truth values are read from their text.

    Raises FilterInvalid, with the parameter's name as the place.
    """
    builder = Builder(vocabulary, zone, Crs.CRS84)
    known = builder.property(name, name)
    value: str | float | bool = written
    if known.kind is Kind.BOOLEAN and written.lower() in ("true", "false"):
        value = written.lower() == "true"
    elif known.kind.numeric:
        try:
            value = float(written)
        except ValueError:
            value = written
    return builder.comparison(Compare.EQUAL, known, Plain(value), name)
