"""`pantau cameras`: the register of cameras and how they fare."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from cases.access import sight
from cases.errors import AreaUnknown
from cases.register import CameraUnknown
from cases.words import VisitState
from ingest.cameras.cameras_import import import_cameras
from ingest.cameras.trying import try_camera
from pantau.commands.session import OPERATOR, minute, need_tables, show, storage, visiting
from pantau.errors import Refused
from pantau.settings import Settings
from pantau.wiring import open_parts
from storage import accounts, areas, cameras
from storage.cameras import Wanted

app = typer.Typer(help="Cameras that watch the road, and how they fare.", no_args_is_help=True)

List = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV with a header.")]


@app.command("import")
def import_list(file: List) -> None:
    """Register the cameras of a list, and tell every row that is refused.

    Columns: name, url, user, password, lon, lat, bearing_deg, fov_deg, range_m, permit (number), owner (login of an
    owner or, with agency, of somebody there), interval_s, sharing (nothing, stored, live); Indonesian names do as well.
    A camera that a list registered before (the same name, address and owner) stays as it is. Passwords are sealed;
    delete the file afterwards. The exit code is 1 if a row was refused.
    """
    with closing(open_parts(Settings())) as parts:
        need_tables(parts.database)
        told = import_cameras(parts, OPERATOR, file.read_bytes())
    if told.passed_by:
        typer.echo(f"columns that mean nothing here were passed by: {', '.join(told.passed_by)}", err=True)
    for fault in told.refused:
        typer.echo(f"row {fault.row}{f', {fault.title}' if fault.title else ''}: {fault.text('en')}", err=True)
    typer.echo(f"{file.name}: {len(told.numbers)} registered, {told.before} were before, {len(told.refused)} refused")
    if told.refused:
        raise Refused("correct the rows above and import the file again; the others are registered")


@app.command("list")
def list_cameras(
    area: Annotated[str | None, typer.Option(help="Only those in this area.")] = None,
    state: Annotated[VisitState | None, typer.Option(help="Only those whose last visit ended so.")] = None,
) -> None:
    """List cameras in service; addresses and passwords are not shown."""
    with storage() as database, database.read() as db:
        if area is not None and areas.one(db, area) is None:
            raise AreaUnknown(area=area)
        rows, after = [], 0
        while page := cameras.listed(db, Wanted(area, state=state), sight(OPERATOR), after=after, limit=1_000):
            owners = accounts.names(db, {camera.account_id for camera, _ in page})
            for camera, visit in page:
                seen, ended = (minute(visit.seen_at), visit.state) if visit else ("", None)
                where = (owners.get(camera.account_id), camera.area_code, camera.door)
                rows.append((camera.number, camera.name, *where, ended, seen))
            after = page[-1][0].number
    show(("number", "name", "owner", "area", "door", "state", "last seen"), rows)


@app.command("test")
def test_camera(number: Annotated[int, typer.Argument(min=1, help="The camera's number, from the list.")]) -> None:
    """Visit a camera now and say what happened. The exit code is 1 if there was no picture."""
    settings = Settings()
    with closing(open_parts(settings)) as parts:
        need_tables(parts.database)
        with parts.database.read() as db:
            camera = cameras.by_number(db, number, sight(OPERATOR))
        if camera is None:
            raise CameraUnknown
        report = try_camera(visiting(parts, settings), OPERATOR, camera.id)
    for line in report.told("en"):
        typer.echo(line)
    if report.visit.state is not VisitState.OK:
        raise Refused(f"camera {number}: {report.visit.state} ({report.visit.detail})")


@app.command("status")
def show_status() -> None:
    """Count the cameras in service by how their last visit ended."""
    with storage() as database, database.read() as db:
        counts = cameras.state_counts(db)
    ended = [(state, counts[state]) for state in VisitState if state in counts]
    show(("last visit", "cameras"), [*ended, *([("not visited yet", counts[None])] if None in counts else [])])
