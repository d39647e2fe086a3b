"""Incidents over HTTP beside the raw rows in the database, at a million complaints.

    python -m bench.incidents [--rows N] [--cache FOLDER] [--engine sqlite|postgresql] [--postgresql URL]

Starts `pantau serve` (one process) over a town of its own and asks it over kept connections. The floor is the same SQL
by the plain driver on a kept connection, fetchall and nothing else, taken in turns with the request in the same run.
With --cache the SQLite town is kept there for the next run. PostgreSQL is a private server for this run, or the (empty
or already filled) database at --postgresql.
"""

from functools import partial
from statistics import median
from urllib.parse import parse_qsl

from bench import _floor, _options, _town
from bench._client import Client, request
from bench._measured import Verdicts, answered, in_turns, rate, spread, timed
from bench._options import Town
from bench._service import Service, serving
from cases.incidents import Cursor
from storage.database import Database, open_database

DISTRICT, TOWN = "99.01.04", "113.13,-8.47,113.17,-8.43"
THOUSAND = {
    "newest": "",
    "district": f"area={DISTRICT}",
    "bbox of town": f"bbox={TOWN}",
    "category + status": "category=pothole&status=resolved",
    "open": "status=received,verified,in_progress",
    "overdue, soonest due": "overdue=true&sort=due",
}
"""Questions of a thousand features, held to the raw rows."""

ASIDE = {
    "estimate, wide box": "bbox=113.0,-8.6,113.5,-8.1&count=estimate&limit=10",
    "estimate, everything": "count=estimate&limit=10",
    "exact, a district": f"area={DISTRICT}&count=exact&limit=10",
    "village": f"area={DISTRICT}.2003",
    "near 500 m": "near=113.15,-8.45&radius_m=500",
    "since, a day": "since=2026-11-20",
}
"""Questions without a floor of their own."""

RATIO, PAGE_RATIO, RATE = 2.0, 2.0, 1000.0


def main() -> None:
    """Measures on each engine; the exit code says whether every target held."""
    _options.measure(_options.town(__doc__).parse_args(), measure)


def measure(town: Town, verdicts: Verdicts) -> None:
    """Everything, on one engine."""
    with open_database(town.url) as database, serving(town.url, town.folder) as service:
        headers = _town.headers(database)
        questions(service, database, town, headers, verdicts)
        rates(service, headers, verdicts)


def questions(service: Service, database: Database, town: Town, headers: dict[str, str], verdicts: Verdicts) -> None:
    """One after the other."""
    with Client(service.port) as client, _floor.floor(town.url) as raw:
        for who, sent in (("command", headers), ("public", {})):
            for name, query in THOUSAND.items():
                prepared = request(f"/api/v1/incidents?{query}", sent)
                statement = _floor.statement(database, dict(parse_qsl(query)), public=not sent)
                least, ours = in_turns(partial(raw, statement), partial(answered, client, prepared))
                ratio = median(ours) / median(least)
                figures = f"raw {spread(least)}   http {spread(ours)}   ratio {ratio:4.2f}"
                verdicts.say(f"{who}: {name}", figures, ratio <= RATIO)
        pages(client, database, headers, town.rows, verdicts)
        for name, query in ASIDE.items():
            verdicts.say(name, spread(timed(partial(answered, client, request(f"/api/v1/incidents?{query}", headers)))))
        for name, query in (("summary, districts", ""), ("summary, open", "?status=received,verified,in_progress")):
            asked = request(f"/api/v1/summary{query}", headers)
            verdicts.say(name, spread(timed(partial(answered, client, asked), 5)))
        unchanged(client, headers, verdicts)


def pages(client: Client, database: Database, headers: dict[str, str], rows: int, verdicts: Verdicts) -> None:
    """The page in the middle of the list beside the first."""
    cursor = _floor.cursor_at(database, rows // 2)
    first, deep = (
        request(f"/api/v1/incidents?{query}", headers) for query in ("", f"cursor={Cursor(*cursor).encode()}")
    )
    near, far = in_turns(lambda: answered(client, first), lambda: answered(client, deep))
    ratio = median(far) / median(near)
    verdicts.say(f"page at row {rows // 2:,}", f"{spread(far)}   of the first page's {ratio:4.2f}", ratio <= PAGE_RATIO)


def unchanged(client: Client, headers: dict[str, str], verdicts: Verdicts) -> None:
    """What the asker has already."""
    path = f"/api/v1/incidents?area={DISTRICT}"
    etag = client.ask(request(path, headers)).headers["etag"]
    again = request(path, headers | {"if-none-match": etag})
    verdicts.say("304, a district", spread(timed(lambda: answered(client, again, 304))))


def rates(service: Service, headers: dict[str, str], verdicts: Verdicts) -> None:
    """Answers per second of ten features, several connections at once."""
    for who, sent in (("command", headers), ("public", {})):
        for name, query in (("newest", ""), ("district", f"area={DISTRICT}&"), ("open", "status=received&")):
            prepared = request(f"/api/v1/incidents?{query}limit=10", sent)
            found, figures = rate(service, prepared, 3.0)
            verdicts.say(f"limit=10, {who}: {name}", figures, found >= RATE)
    print(f"  the server holds {service.memory_mb():.0f} MB")


if __name__ == "__main__":
    main()
