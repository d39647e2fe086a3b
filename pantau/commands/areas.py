"""`pantau areas` and `pantau roads`: the ground under everything."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from geo.areas import Level
from ingest.areas.fields import FieldUnknown
from ingest.areas.read import AreaFileInvalid, prepare
from ingest.areas.roads import read_roads
from pantau.commands.session import OPERATOR, now, show, storage
from pantau.errors import Refused
from storage import areas as kept
from storage import audit
from storage import roads as kept_roads
from storage.placing import replace_places

areas = typer.Typer(help="Districts and villages with their borders.", no_args_is_help=True)
roads = typer.Typer(help="Roads, drawn quietly under the map.", no_args_is_help=True)

_MANY = {Level.REGENCY: "regencies", Level.DISTRICT: "districts", Level.VILLAGE: "villages"}

File = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="GeoJSON, GeoPackage or Shapefile.")
]


@contextmanager
def _understood() -> Iterator[None]:
    """A file that cannot be used is refused in its own words."""
    try:
        yield
    except (AreaFileInvalid, FieldUnknown) as error:
        raise Refused(str(error)) from error


@areas.command("import")
def import_areas(
    file: File,
    code_field: Annotated[
        str | None, typer.Option(help="Property that holds the area's code, where none of the usual names is used.")
    ] = None,
    name_field: Annotated[str | None, typer.Option(help="Property that holds the area's name.")] = None,
    names_from: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="A second file, of which only names are used.")
    ] = None,
    regency: Annotated[str | None, typer.Option(help="The regency's name, where no file tells it.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only report what is found in the file.")] = False,
) -> None:
    """Take villages (or districts) from a boundary file.

    Codes and names are found under the property names of Kemendagri, BIG, BPS and HDX files. Invalid rings are
    repaired, villages dissolved into districts and the regency. Overlaps, gaps, duplicates and strays are reported with
    codes and square metres. Importing the same file again changes nothing; what was placed before is placed anew.
    """
    with _understood():
        prepared = prepare(file, code_field, name_field, names_from=names_from)
        if regency is not None:
            own = {area.code: regency for area in prepared.areas if area.level is Level.REGENCY}
            prepared = prepare(file, code_field, name_field, names_from=names_from, names=own)
    for line in prepared.findings.lines():
        typer.echo(line)
    counts = Counter(area.level for area in prepared.areas)
    found = (f"{counts[level]} {level if counts[level] == 1 else _MANY[level]}" for level in Level)
    typer.echo(f"{file.name}: {', '.join(found)}")
    if dry_run:
        return
    with storage() as database:
        with database.write() as db:
            saved = kept.save(db, prepared.areas, now())
            audit.record(db, OPERATOR, now(), action="import", subject="areas", subject_id="", **asdict(saved))
        moved = replace_places(database, now())
    typer.echo(
        f"{saved.added} added, {saved.changed} changed, {saved.unchanged} unchanged, {saved.removed} removed; "
        f"{moved} things in the city placed anew"
    )


@areas.command("list")
def list_areas(
    level: Annotated[Level, typer.Option(help="Which level to list.")] = Level.DISTRICT,
    parent: Annotated[str | None, typer.Option(help="Only areas of this one.")] = None,
) -> None:
    """List areas with their size."""
    with storage() as database, database.read() as db:
        found = kept.listed(db, level, parent)
    show(("code", "name", "kind", "km2"), ((row.code, row.name, row.kind, f"{row.area_m2 / 1e6:.2f}") for row in found))


@roads.command("import")
def import_roads(
    file: File,
    name_field: Annotated[str, typer.Option(help="Property that holds the road's name.")] = "name",
    class_field: Annotated[
        str, typer.Option(help="Property with its class: trunk, primary ... as in OSM.")
    ] = "highway",
) -> None:
    """Take the roads of a file in place of those there are."""
    with _understood():
        lines = read_roads(file, name_field=name_field, class_field=class_field)
    with storage() as database, database.write() as db:
        kept_roads.replace(db, lines)
        audit.record(db, OPERATOR, now(), action="import", subject="roads", subject_id="", roads=len(lines))
    typer.echo(f"{len(lines)} roads in place of those before")
