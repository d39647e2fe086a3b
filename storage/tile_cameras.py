"""The cameras of one map tile, and those beyond its edges whose view may reach into it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.access import Sight
from cases.incidents import Circle, Question
from cases.words import VisitState
from geo.cells import Range
from geo.distance import box_around
from geo.view import MOST_RANGE_M, View
from storage import visible
from storage.cameras import Wanted
from storage.spatial import Places
from storage.tables import Camera, CameraVisit


@dataclass(frozen=True, slots=True)
class Seen:
    """A camera as a tile shows it. `state` None: it was not visited yet."""

    id: UUID
    cell: int
    name: str
    number: int
    agency: str | None
    area: str | None
    state: VisitState | None
    view: View


_OWN = ("id", "cell", "name", "number", "agency_code", "area_code")
_VIEW = ("lon", "lat", "bearing_deg", "fov_deg", "range_m")


def standing(db: Session, question: Question, sight: Sight, run: Range) -> list[Seen]:
    """The cameras in service that stand in these cells, by number.

    Of the question its place, agency and words count.
    """
    return _found(db, question, sight, col(Camera.cell).between(*run))


def reaching(db: Session, question: Question, sight: Sight, near: Circle) -> list[Seen]:
    """The same for those that stand so near a circle that a view may reach into it."""
    around = box_around(near.lon, near.lat, near.radius_m + MOST_RANGE_M)
    return _found(db, question, sight, Places(Camera).in_cells(*around))


def _found(db: Session, question: Question, sight: Sight, where: ColumnElement[bool]) -> list[Seen]:
    asked: Select[Any] = (
        select(
            *(getattr(Camera, name) for name in _OWN),
            col(CameraVisit.state),
            *(getattr(Camera, name) for name in _VIEW),
        )
        .outerjoin(CameraVisit, col(CameraVisit.camera_id) == col(Camera.id))
        .where(visible.cameras(sight), where, *_conditions(question))
        .order_by(col(Camera.number))
    )
    return [
        Seen(id_, cell, name, number, agency, area, state, View(*view))
        for id_, cell, name, number, agency, area, state, *view in db.execute(asked)
    ]


def _conditions(question: Question) -> list[ColumnElement[bool]]:
    found = Wanted(area=question.area, box=question.box).clauses()
    if question.circle is not None:
        found.append(Places(Camera).in_circle(question.circle))
    if question.agency is not None:
        found.append(col(Camera.agency_code) == question.agency)
    if question.text:
        found.append(col(Camera.name).icontains(question.text, autoescape=True))
    return found
