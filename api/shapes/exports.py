"""Exports: what is asked, and how far one is."""

from dataclasses import replace
from datetime import datetime
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from api.language import Language
from api.questions import Narrowing, Shape
from api.shapes.common import Out
from cases.incidents import Question
from cases.words import ExportFormat, ExportState

Streaming = Literal[ExportFormat.GEOJSON, ExportFormat.NDJSON, ExportFormat.CSV, ExportFormat.KML]

_LANGUAGE = (
    "`id` or `en`: headings, words and the city's time, for people. Without it CSV has names, codes and UTC; GeoJSON "
    "and files for maps always do; KML takes `id`."
)
EXCEL = "CSV that Excel opens at once: with a byte order mark; with `language=id` also `;` and a decimal comma."


class Taken(Narrowing):
    """A question whose whole answer is sent as a file."""

    format: Streaming = Field(ExportFormat.GEOJSON, description="`geojson`, `ndjson`, `csv` or `kml`.")
    language: Language | None = Field(None, description=_LANGUAGE)
    excel: bool = Field(False, description=EXCEL)


class ExportFilters(Narrowing):
    """Which incidents: the filters of `GET /incidents`, and a shape drawn on a map."""

    polygon: Shape | None = Field(
        None, description="A GeoJSON Polygon or MultiPolygon, lon lat, at most 10,000 points."
    )

    def question(self, zone: ZoneInfo) -> Question:
        """The question in the house's words."""
        return replace(super().question(zone), shape=self.polygon)


class ExportIn(BaseModel):
    """A file to be made."""

    model_config = ConfigDict(extra="forbid")

    format: ExportFormat
    filters: ExportFilters = Field(default_factory=ExportFilters)
    language: Language | None = Field(None, description=_LANGUAGE)
    excel: bool = Field(False, description=EXCEL)


class ExportAnswer(Out):
    """An export and how far it is. `rows_about` is an estimate until it is done."""

    id: UUID
    format: ExportFormat
    state: ExportState
    rows_done: int = Field(examples=[120_000])
    rows_about: int | None = Field(examples=[1_000_000])
    error: str | None = Field(description="Why it failed, as a sentence.")
    bytes: int
    sha256: str | None = Field(description="Of the file, in hex.")
    name: str = Field(description="What the file is saved as.", examples=["pantau-2026-11-22-0930.parquet"])
    file: str | None = Field(description="Where the file can be fetched, once it is there.")
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime


class ExportsAnswer(Out):
    """The exports of whoever asks, newest first."""

    exports: list[ExportAnswer]
