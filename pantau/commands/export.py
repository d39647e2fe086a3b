"""`pantau export`: incidents to a file, for a GIS desk or a spreadsheet."""

import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Annotated, Literal
from uuid import uuid4

import typer
from pydantic import ValidationError

from api.questions import Narrowing
from cases.access import sight
from cases.errors import AreaUnknown
from cases.exports import FORMS, by_ending
from cases.incidents import Question
from cases.words import ExportFormat, IncidentKind, Status
from ingest.exports.wanted import Wanted
from ingest.exports.write import stream, write
from ingest.parts import Parts
from pantau.commands.session import OPERATOR, need_tables
from pantau.errors import Refused
from pantau.settings import Settings
from pantau.wiring import open_parts
from storage import counts
from storage.walks import Row, walk

_TELL_S = 0.5

File = Annotated[Path, typer.Argument(help="Where to; - for the standard output (geojson, ndjson, csv, kml).")]
As = Annotated[ExportFormat | None, typer.Option("--format", "-f", help="By default what FILE ends in.")]
Area = Annotated[str | None, typer.Option(help="Code of a regency, district or village.")]
Bbox = Annotated[str | None, typer.Option(help="west,south,east,north in degrees.")]
Near = Annotated[str | None, typer.Option(help="lon,lat in degrees; with --radius.")]
Radius = Annotated[float | None, typer.Option(help="Metres around --near.")]
Since = Annotated[str | None, typer.Option(help="From this day or time on: 2026-11-01, 2026-11-01T07:00:00+07:00.")]
Until = Annotated[str | None, typer.Option(help="To the end of this day, or before this time.")]
Categories = Annotated[list[str] | None, typer.Option("--category", help="Code of a category; again for more.")]
Statuses = Annotated[list[Status] | None, typer.Option("--status", help="State of complaints; again for more.")]
Kinds = Annotated[list[IncidentKind] | None, typer.Option("--kind", help="Kind of incidents; again for more.")]
Agency = Annotated[str | None, typer.Option(help="Code of the agency that leads.")]
Overdue = Annotated[bool | None, typer.Option("--overdue/--in-time", help="Only late complaints, or only others.")]
Text = Annotated[str, typer.Option("-q", help="Words in a description or caption, or a reference.")]
Language = Annotated[str | None, typer.Option(help="id or en: headings and words for people, in csv and kml.")]
Excel = Annotated[bool, typer.Option("--excel", help="CSV that Excel opens at once, in the --language's way.")]


def export(
    file: File,
    format_: As = None,
    area: Area = None,
    bbox: Bbox = None,
    near: Near = None,
    radius: Radius = None,
    since: Since = None,
    until: Until = None,
    category: Categories = None,
    status: Statuses = None,
    kind: Kinds = None,
    agency: Agency = None,
    overdue: Overdue = None,
    q: Text = "",
    language: Language = None,
    excel: Excel = False,
) -> None:
    """Write incidents to a file, by any filter.

    Complaints, photos and outages of cameras, all but the confidential. A FILE that ends in .geojson, .ndjson, .csv,
    .kml, .kmz, .parquet (GeoParquet), .gpkg (GeoPackage) or .fgb (FlatGeobuf) needs no --format. It appears when it is
    whole; what was there before stays until then.
    """
    asked = {
        "area": area,
        "bbox": bbox,
        "near": near,
        "radius_m": radius,
        "since": since,
        "until": until,
        "category": category or [],
        "status": status or [],
        "kind": kind or [],
        "agency": agency,
        "overdue": overdue,
        "q": q,
    }
    with closing(open_parts(Settings())) as parts:
        need_tables(parts.database)
        wanted = Wanted(_format(file, format_), _question(parts, asked), _language(language), excel)
        progress = _Progress(parts, wanted.question)
        rows = progress.through(walk(parts.database, wanted.question, sight(OPERATOR), progress.now, patient=True))
        if str(file) == "-":
            _print(parts, wanted, rows)
        else:
            _write(parts, wanted, rows, file)
            typer.echo(f"{file}: {progress.rows} incidents", err=True)


def _format(file: Path, given: ExportFormat | None) -> ExportFormat:
    found = given or by_ending(file.name)
    if found is None:
        raise Refused(
            f"what is {file} to be? End its name in a format, or name one: --format {', '.join(ExportFormat)}"
        )
    if str(file) == "-" and not FORMS[found].streams:
        raise Refused(f"{found} cannot be written to the standard output; name a file")
    return found


def _question(parts: Parts, asked: Mapping[str, object]) -> Question:
    """The question, checked as the API checks it."""
    try:
        question = Narrowing.model_validate(asked).question(parts.zone)
    except ValidationError as error:
        faults = (
            f"{'.'.join(map(str, one['loc'])) or 'filters'}: {one['msg'].removeprefix('Value error, ')}"
            for one in error.errors()
        )
        raise Refused("; ".join(faults)) from None
    if question.area is not None and question.area not in parts.areas.index():
        raise AreaUnknown(area=question.area)
    return question


def _language(given: str | None) -> Literal["id", "en"] | None:
    if given not in (None, "id", "en"):
        raise Refused(f"the language is id or en, not {given}")
    return "id" if given == "id" else "en" if given == "en" else None


def _write(parts: Parts, wanted: Wanted, rows: Iterable[list[Row]], file: Path) -> None:
    """The file in place of what was there, once it is whole and on the disk."""
    beside = file.with_name(f".pantau-{uuid4().hex}.{FORMS[wanted.format].ending}")
    try:
        write(parts, wanted, rows, beside)
        with beside.open("rb") as made:
            os.fsync(made.fileno())
        beside.replace(file)
    finally:
        for left in beside.parent.glob(f"{beside.stem}*"):
            left.unlink(missing_ok=True)


def _print(parts: Parts, wanted: Wanted, rows: Iterable[list[Row]]) -> None:
    try:
        sys.stdout.buffer.writelines(stream(parts, wanted, rows))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # Whoever read has enough; the interpreter must not try again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Progress:
    """Says on a terminal how far it is."""

    def __init__(self, parts: Parts, question: Question) -> None:
        self.now, self.rows = parts.clock(), 0
        self._shown = sys.stderr.isatty()
        self._about = 0
        if self._shown:
            with parts.database.read() as db:
                self._about = counts.estimate(db, question, sight(OPERATOR), self.now).number

    def through(self, walked: Iterable[list[Row]]) -> Iterator[list[Row]]:
        """The same rows."""
        began = next_at = time.monotonic()
        for rows in walked:
            self.rows += len(rows)
            yield rows
            if self._shown and time.monotonic() >= next_at:
                next_at = time.monotonic() + _TELL_S
                self._say(f"{self.rows:,} of about {max(self._about, self.rows):,}, {next_at - began:.0f} s")
        if self._shown:
            self._say("")

    @staticmethod
    def _say(text: str) -> None:
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
