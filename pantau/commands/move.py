"""`pantau move`: from SQLite and a folder to PostgreSQL and S3, or back."""

import sys
import time
from types import TracebackType
from typing import Annotated, Self

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from pantau.commands.session import now
from pantau.errors import Refused
from pantau.settings import MOVE_TO, Settings
from pantau.wiring import open_store, open_store_at
from storage.moving.move import Move, Moved


def move(
    to: Annotated[
        str,
        typer.Option(envvar=MOVE_TO, help="The empty database to move to, such as postgresql://user:password@host/db."),
    ],
    blobs_to: Annotated[
        str | None, typer.Option(help="The store to move pictures to, such as s3://bucket; they stay where not given.")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Begin anew: empty what an unfinished move has left in the target.")
    ] = False,
) -> None:
    """Move everything to another database and store.

    Stop Pantau first: nobody may write meanwhile, and what is being moved is locked against it. Rows are copied and
    then compared one by one, pictures are read back and compared by SHA-256; what was there stays as it is. Stopped or
    killed, the same command goes on where it was. The S3 store's address and keys are taken from PANTAU_S3_...; give
    the address of a database with its password by PANTAU_MOVE_TO, which no other user of this machine can read.
    """
    settings = Settings()
    stores = None
    if blobs_to is not None:
        if blobs_to == settings.blobs:
            raise Refused("--blobs-to names the store where the pictures are already; leave it out")
        stores = open_store(settings), open_store_at(settings, blobs_to)
    began = time.monotonic()
    with _Shown() as shown:
        moved = Move(settings.database, to, stores).run(shown, now, again=again)
    _tell(moved, to, blobs_to, time.monotonic() - began)


def _tell(moved: Moved, to: str, blobs_to: str | None, took_s: float) -> None:
    rows = sum(one.rows for one in moved.tables)
    for one in moved.tables:
        if one.rows:
            typer.echo(f"{one.name}\t{one.rows} rows\tsha256 {one.sha256}")
    size = f", {moved.blobs} pictures and other bytes ({moved.bytes / 1e6:.1f} MB)" if blobs_to is not None else ""
    typer.echo(f"{rows} rows{size} moved and compared in {took_s:.0f} s")
    typer.echo("Now set, and start Pantau:")
    typer.echo("  PANTAU_DATABASE_URL to where you moved")
    if blobs_to is not None:
        typer.echo(f"  PANTAU_BLOBS_URL={blobs_to}")
    typer.echo("Cameras' passwords stay sealed with the same key: keep secret.key, or set PANTAU_SECRET_KEY elsewhere.")


class _Shown:
    """Bars on a terminal; elsewhere a line for each step."""

    def __init__(self) -> None:
        self._bars = (
            Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            if sys.stderr.isatty()
            else None
        )
        self._task: TaskID | None = None

    def begin(self, what: str, total: int) -> None:
        """As in storage.moving.rows.Progress."""
        if self._bars is None:
            typer.echo(f"{what}{f' ({total})' if total else ''}", err=True)
            return
        if self._task is not None:
            self._bars.update(self._task, visible=False)
        self._task = self._bars.add_task(what, total=total or None)

    def advance(self, done: int) -> None:
        """As in storage.moving.rows.Progress."""
        if self._bars is not None and self._task is not None:
            self._bars.advance(self._task, done)

    def __enter__(self) -> Self:
        if self._bars is not None:
            self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._bars is not None:
            self._bars.stop()
