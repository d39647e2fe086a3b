"""Incidents, as they leave."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from api.shapes.common import Out
from cases.words import IncidentKind, SightFault, Status, VisitState


class Point(Out):
    """A GeoJSON point, lon lat."""

    type: Literal["Point"]
    coordinates: tuple[float, float]


class IncidentProperties(Out):
    """What the map knows of an incident. A photo has no reference, state, agency or deadline; an outage of a camera has
    no category either, its name as title, and ends by itself.
    """

    kind: IncidentKind
    reference: str | None = Field(examples=["K7M4Q-7XP2T"])
    photo: str | None = Field(description="The photo's id, where the incident is one.")
    category: str | None
    status: Status | None
    agency: str | None
    area: str | None = Field(description="Code of the village, or None outside the city or without a place.")
    area_name: str | None
    time: datetime
    due_at: datetime | None
    updated_at: datetime
    overdue: bool
    radius_m: float | None
    title: str = Field(description="How the description or caption begins.")
    thumbnail: str | None
    camera: str | None = Field(description="The camera's id, where the incident is an outage.")
    trouble: VisitState | None = Field(
        description="How the camera's last visit ended: `ok` for one that answers and sees nothing."
    )
    faults: list[SightFault] | None = Field(
        description="Why the camera sees nothing, where the incident is an outage; empty for one that does not answer."
    )
    ended_at: datetime | None = Field(description="When the outage ended; None while it lasts.")


class Incident(Out):
    """One incident as a GeoJSON feature."""

    type: Literal["Feature"]
    id: str = Field(examples=["complaint:K7M4Q-7XP2T"])
    geometry: Point | None
    properties: IncidentProperties


class AnswerLink(Out):
    """Where to go on."""

    rel: Literal["self", "next"]
    type: str
    href: str


class IncidentCollection(Out):
    """Incidents as a GeoJSON FeatureCollection."""

    type: Literal["FeatureCollection"]
    features: list[Incident]
    numberReturned: int
    numberMatched: int | None = Field(None, description="How many match in all, where `count` asked for it.")
    numberMatchedIsEstimate: bool | None = None
    links: list[AnswerLink]
    next: str | None = Field(description="The cursor of the next page, None on the last.")
