"""What the collections of the catalogue of pictures have in common: filters, their order, where to go on."""

import heapq
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Row, Select, Uuid, literal, null, tuple_
from sqlalchemy import type_coerce as seen_as

from cases.stac import FIELDS, Collection, Sought
from storage.filtering import Place, condition

Columns = Mapping[str, ColumnElement[Any]]
"""What is told of a picture, by name; `id`, `datetime`, `lon` and `lat` always."""


def asked(
    made: Select[Any], collection: Collection, told: Columns, *, geom: ColumnElement[Any], sought: Sought, dialect: str
) -> Select[Any]:
    """The statement with what every collection is asked: these ids, this filter, in order, from there on.

    A filter reads what is told, so it finds out nothing else. `geom` is the place for PostGIS.
    """
    key, id_ = seen_as(told["datetime"], BigInteger), told["id"]
    if sought.ids is not None:
        made = made.where(id_.in_(sorted(sought.ids)))
    if sought.filter is not None:
        given = {one.column: told.get(one.column, null()) for one in FIELDS} | {"collection": literal(collection.value)}
        made = made.where(condition(sought.filter, given, Place(geom, told["lon"], told["lat"]), dialect))
    if sought.after is not None:
        place = tuple_(key, id_)
        after = tuple_(literal(sought.after.key, BigInteger), literal(sought.after.id, Uuid))
        made = made.where(place < after if sought.newest_first else place > after)
    order = (key.desc(), id_.desc()) if sought.newest_first else (key, id_)
    return made.order_by(*order).limit(sought.limit)


def labelled(told: Columns) -> list[ColumnElement[Any]]:
    """The columns under their names."""
    return [column.label(name) for name, column in told.items()]


def merged(lists: Iterable[Iterable[Row[Any]]], sought: Sought) -> list[Row[Any]]:
    """Rows that are in order each by themselves, as one list."""
    rows = heapq.merge(*lists, key=lambda row: (row.datetime, row.id), reverse=sought.newest_first)
    return list(rows)[: sought.limit]
