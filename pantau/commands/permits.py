"""`pantau permits`: a licensing office's list."""

import sys
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from cases.access import sight
from ingest.cameras.permits_import import exported, import_permits
from pantau.commands.session import OPERATOR, need_tables, storage
from pantau.errors import Refused
from pantau.settings import Settings
from pantau.wiring import open_parts
from storage import permits
from storage.permits import Wanted

app = typer.Typer(help="Building permits that oblige their owners to cameras.", no_args_is_help=True)

List = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV with a header.")]


@app.command("import")
def import_list(
    file: List,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only report what is found in the file.")] = False,
) -> None:
    """Take a licensing office's list of permits, and tell every row that is refused.

    Columns are found by the names that offices use: nomor, nama pemilik, alamat, tanggal terbit, jumlah kamera, bujur,
    lintang, kontak, akun (the owner's login). What is there already is brought up to date; the same list again changes
    nothing. The exit code is 1 if a row was refused.
    """
    with closing(open_parts(Settings())) as parts:
        need_tables(parts.database)
        told = import_permits(parts, OPERATOR, file.read_bytes(), dry_run=dry_run)
    if told.passed_by:
        typer.echo(f"columns that mean nothing here were passed by: {', '.join(told.passed_by)}", err=True)
    for fault in told.refused:
        typer.echo(f"row {fault.row}{f', {fault.title}' if fault.title else ''}: {fault.text('en')}", err=True)
    typer.echo(
        f"{file.name}: {told.rows} rows, {told.added} added, {told.changed} changed, {told.unchanged} unchanged, "
        f"{len(told.refused)} refused"
    )
    if told.refused:
        raise Refused("correct the rows above and import the file again; the others are in the register")


@app.command("export")
def export_list() -> None:
    """Print all permits as CSV that can be imported again."""
    with storage() as database, database.read() as db:
        content = exported(permits.every(db, Wanted(), sight(OPERATOR)), None, excel=True)
    sys.stdout.buffer.write(content)
