"""What can be taken away: the formats, how long a file is kept, and what can go wrong. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.errors import Conflict, NotFound, PantauError
from cases.words import ExportFormat

KEPT = timedelta(hours=24)
"""How long a file can be fetched."""

MOST_EACH = 10
"""Exports that one account may have at a time, made or being made."""

TRIES = 3
"""How often making a file is begun before it is given up."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a format is called: its media type, the end of its file's name, and whether it can be sent as it is made."""

    media_type: str
    ending: str
    streams: bool


FORMS: dict[ExportFormat, Form] = {
    ExportFormat.GEOJSON: Form("application/geo+json", "geojson", True),
    ExportFormat.NDJSON: Form("application/x-ndjson", "ndjson", True),
    ExportFormat.CSV: Form("text/csv; charset=utf-8", "csv", True),
    ExportFormat.KML: Form("application/vnd.google-earth.kml+xml", "kml", True),
    ExportFormat.KMZ: Form("application/vnd.google-earth.kmz", "kmz", False),
    ExportFormat.GEOPARQUET: Form("application/vnd.apache.parquet", "parquet", False),
    ExportFormat.GEOPACKAGE: Form("application/geopackage+sqlite3", "gpkg", False),
    ExportFormat.FLATGEOBUF: Form("application/vnd.flatgeobuf", "fgb", False),
}


def named(at: datetime, form: Form) -> str:
    """What a file made then is saved as; `at` in the city's own zone."""
    return f"pantau-{at:%Y-%m-%d-%H%M}.{form.ending}"


def by_ending(name: str) -> ExportFormat | None:
    """The format that a file's name promises by its end."""
    ending = name.rpartition(".")[2].lower()
    return next((format_ for format_, form in FORMS.items() if form.ending == ending), None)


class ExportUnknown(NotFound):
    """There is no such export of this account, or its time is over."""

    code = "export_unknown"


class ExportNotReady(Conflict):
    """The file is still being made."""

    code = "export_not_ready"


class ExportFailed(Conflict):
    """The file could not be made."""

    code = "export_failed"


class ExportWithdrawn(PantauError):
    """Something in the file was deleted or became confidential since it was made; the file is gone."""

    code = "export_withdrawn"


class SightChanged(PantauError):
    """The account may not see any more what it saw when the file was made, or sees otherwise now."""

    code = "export_sight_changed"


class TooManyExports(PantauError):
    """`most`: so many exports of this account are there already."""

    code = "export_too_many"
