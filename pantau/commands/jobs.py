"""`pantau jobs`: work that failed too often and waits for a person."""

from typing import Annotated
from uuid import UUID

import typer

from pantau.commands.session import now, show, storage
from storage import jobs

app = typer.Typer(help="Background work that failed too often.", no_args_is_help=True)


@app.command("list")
def list_parked() -> None:
    """List parked jobs with the reason of their last failure."""
    with storage() as database, database.read() as db:
        found = jobs.parked(db, 100)
    show(
        ("id", "kind", "of", "tries", "reason"),
        ((row.id, row.kind, row.subject_id, row.attempts, row.error) for row in found),
    )


@app.command("retry")
def retry(
    job_id: Annotated[UUID | None, typer.Argument(help="One job; without it, all that are parked.")] = None,
) -> None:
    """Put parked jobs back into the queue."""
    with storage() as database, database.write() as db:
        wanted = [job_id] if job_id else [job.id for job in jobs.parked(db, 10_000)]
        for one in wanted:
            jobs.retry(db, one, now())
    typer.echo(f"{len(wanted)} back in the queue")
