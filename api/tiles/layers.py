"""What there is on tiles: the layers by name, what each is asked by and what its features tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cases.words import IncidentKind

CELLS: Final = "cells"
"""The layer inside a tile that holds counts instead of single rows."""
OVERDUE: Final = "overdue"
"""The property that changes with the clock alone."""
VIEWS: Final = "views"
LABELS: Final = "labels"

SINGLE_FROM: Final = 10
"""The zoom from which rows are shown one by one, where a tile does not hold too many."""
VIEWS_FROM: Final = 14
"""The zoom from which the ground that cameras see is drawn: at lower ones it is a dot."""
MOST_ROWS: Final = 10_000
"""Rows that one tile shows one by one; of more it shows cells with counts."""
CROWDED_TO: Final = 16
"""The zoom up to which a cell may hold too many for single ones. Nearer than that a count helps nobody: what still lies
together is shown one by one.
"""
FINER: Final = 5
"""A tile has 32 by 32 cells, at most."""
MOST_CELLS: Final = 1 << FINER
COUNTED_TO: Final = 13
"""The zoom up to which a tile may hold so many rows that its cells are taken from roll-ups, as fine as those are."""


class TileLayer(StrEnum):
    """A tileset."""

    COMPLAINTS = "complaints"
    PHOTOS = "photos"
    INCIDENTS = "incidents"
    CAMERAS = "cameras"
    AREAS = "areas"


@dataclass(frozen=True, slots=True)
class About:
    """A layer in words: its properties (`tells`), those that come where none are named (`by_itself`), and what it can
    be filtered by.
    """

    title: str
    kinds: frozenset[IncidentKind]
    tells: Sequence[str]
    by_itself: Sequence[str]
    filters: frozenset[str]


_PLACES = frozenset({"area", "bbox", "near", "radius_m", "agency", "q"})
_FILTERS = _PLACES | {"since", "until", "category", "status", "overdue"}
_OF_ALL = ("category", "area", "time", "updated_at", "radius_m", "title")
_OF_COMPLAINTS = ("reference", "status", "agency", "due_at", OVERDUE)

ABOUT: Final[Mapping[TileLayer, About]] = {
    TileLayer.COMPLAINTS: About(
        "Complaints",
        frozenset({IncidentKind.COMPLAINT}),
        (*_OF_COMPLAINTS, *_OF_ALL),
        ("reference", "category", "status", "time", "due_at"),
        _FILTERS,
    ),
    TileLayer.PHOTOS: About(
        "Photos", frozenset({IncidentKind.PHOTO}), ("photo", *_OF_ALL), ("photo", "category", "time"), _FILTERS
    ),
    TileLayer.INCIDENTS: About(
        "Complaints, photos and outages of cameras",
        frozenset(),
        ("kind", "photo", *_OF_COMPLAINTS, *_OF_ALL, "camera", "trouble", "ended_at"),
        ("kind", "reference", "photo", "category", "status", "time", "due_at", "camera", "trouble"),
        _FILTERS | {"kind"},
    ),
    TileLayer.CAMERAS: About(
        "Cameras and the ground that they see",
        frozenset(),
        ("camera", "name", "number", "state", "agency", "area", "bearing_deg", "fov_deg", "range_m"),
        ("camera", "name", "state"),
        _PLACES,
    ),
    TileLayer.AREAS: About(
        "Administrative areas",
        frozenset(),
        ("code", "name", "level", "parent", "kind"),
        ("code", "name", "level"),
        frozenset({"area"}),
    ),
}

FIELDS: Final[Mapping[str, str]] = {
    "count": "how many there are in the cell",
    "kind": "complaint, photo or outage; of an area what it is called there",
    "reference": "public reference of a complaint",
    "photo": "id of a photo",
    "category": "code of the category",
    "status": "state of a complaint",
    "agency": "code of the agency that leads",
    "area": "code of the area",
    "time": "when it happened, seconds since 1970 in UTC",
    "due_at": "until when it is to be solved, seconds since 1970 in UTC",
    "overdue": "whether it is past its deadline, at most a minute ago; of a cell how many are",
    "updated_at": "when it last changed, seconds since 1970 in UTC",
    "radius_m": "metres that hold the true place in two cases of three",
    "title": "the beginning of its text, or the camera's name",
    "camera": "id of a camera",
    "trouble": "how a camera's visits end while it is out",
    "ended_at": "when an outage ended, seconds since 1970 in UTC",
    "name": "name",
    "number": "number of the camera",
    "state": "how the camera's last visit ended, at most ten seconds ago",
    "bearing_deg": "where it looks, degrees clockwise from north",
    "fov_deg": "its horizontal field of view, degrees",
    "range_m": "how far it shows detail, metres",
    "code": "code of the area",
    "level": "regency, district or village",
    "parent": "code of the area one level up",
}
"""What each property is, for TileJSON."""

COUNTED: Final = ("kind", "status", "category", "state")
"""The properties by which cells count, each where it is among the properties asked for."""
