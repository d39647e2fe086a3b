"""The app: the doors, the page beside them, and what every request passes through."""

from collections.abc import Sequence
from datetime import timedelta
from importlib import metadata

from fastapi import FastAPI
from starlette.middleware import Middleware

from api import (
    accounts,
    areas,
    cameras,
    catalogue,
    complaints,
    compliance,
    counts,
    exports,
    incidents,
    installation,
    jobs,
    links,
    look,
    media,
    metrics,
    networks,
    openapi,
    permits,
    photos,
    problems,
    push,
    roads,
    session,
    snapshots,
    stream,
    tokens,
)
from api.answers.areas import AreaAnswers
from api.answers.roads import RoadAnswers
from api.answers.streamed import Turns
from api.callers import Callers
from api.documentation import door as documentation
from api.house import House
from api.live.desk import Live
from api.maps import doors as maps
from api.maps.desk import Desk
from api.middleware.bodies import BodyLimit
from api.middleware.compress import Compress
from api.middleware.headers import SecurityHeaders, picture_origins
from api.middleware.heads import Heads
from api.middleware.origins import Origins
from api.middleware.reads import Reads
from api.middleware.requests import Requests
from api.ogc import doors as ogc
from api.ogc.counted import Estimates
from api.options import AppOptions
from api.page import Page
from api.quick import Quick
from api.readiness import Readiness
from api.retired import Retirements
from api.stac import doors as stac
from api.straight import first
from api.throttle import Rates, Throttle
from api.tiles import doors as tiles
from api.tiles.kept import Tiles
from ingest.cameras.look import Looking
from ingest.cameras.push.stills import Pushing
from ingest.cameras.table import MOST_BYTES
from ingest.parts import Parts
from storage.changes import Changes

__all__ = ["AppOptions", "create_app"]

JSON_LIMIT = 1_000_000
"""Bytes of a request without a photo: a drawn shape of 10,000 corners is half of it."""

VERSION = metadata.version("pantau")

_FORM_SLACK = 100_000
"""Bytes around the photo in a form."""

_DESCRIPTION = """
What a city sees in its streets, and whether it was put right.

Places are `lon, lat` in degrees (WGS84) with a radius in metres; times are RFC 3339 in UTC. Every answer that is not a
success is `application/problem+json` (RFC 9457) in the language of `Accept-Language` (`id` or `en`); `code` is for
programs. Programs send `Authorization: Bearer pantau_...`; pages use the cookie of a session and send its `csrf` as
`X-CSRF-Token` with every unsafe request.
"""


def create_app(parts: Parts, options: AppOptions) -> FastAPI:
    """The app over these parts. It opens and closes nothing: whoever made the parts ends them."""
    app = doors(_middleware(parts, options))
    changes = Changes(parts.database)
    app.state.house = House(
        parts=parts,
        options=options,
        callers=Callers(parts.database, parts.clock, timedelta(hours=options.session_hours)),
        areas=AreaAnswers(parts.areas),
        roads=RoadAnswers(parts.database),
        rates=Rates(options.requests_per_minute, options.public_requests_per_minute),
        sign_ins=Throttle(options.sign_ins_per_minute),
        camera_tests=Throttle(options.camera_tests_per_minute),
        readiness=Readiness(parts),
        pushing=Pushing(parts),
        looking=Looking(parts),
        quick=Quick(in_turn=parts.database.dialect == "sqlite"),
        changes=changes,
        live=Live(
            parts.database,
            changes,
            parts.areas,
            parts.clock,
            most=options.listeners,
            each=options.listeners_each,
        ),
        estimates=Estimates(changes),
        turns=Turns(),
        pushes=Turns(most=1_000),  # of all cameras together, as many as there are threads
        tiles=Tiles(parts.areas, changes),
        maps=Desk(),
    )
    app.router.default = Page(options.web_dir)
    return app


def doors(middleware: Sequence[Middleware] = ()) -> FastAPI:
    """The routes and their description, without anything behind them."""
    app = FastAPI(
        title="Pantau",
        version=VERSION,
        description=_DESCRIPTION.strip(),
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        openapi_url="/api/openapi.json",
        # The framework's own page of documentation loads its scripts from another host.
        docs_url=None,
        redoc_url=None,
        middleware=middleware,
        generate_unique_id_function=lambda route: route.name,
    )
    problems.install(app)
    first(app, incidents.often, tiles.often, ogc.often)
    for door in _DOORS:
        app.include_router(door.router)
    openapi.install(app)
    documentation.install(app)
    return app


_DOORS = (
    incidents,
    tiles,
    counts,
    stream,
    ogc,
    installation,
    session,
    accounts,
    tokens,
    catalogue,
    areas,
    maps,
    roads,
    photos,
    media,
    complaints,
    links,
    # Before the permits, whose numbers may hold anything.
    compliance,
    permits,
    cameras,
    snapshots,
    push,
    look,
    networks,
    exports,
    jobs,
    metrics,
    stac,
)


def _middleware(parts: Parts, options: AppOptions) -> list[Middleware]:
    """Outermost first: every answer is numbered, logged and headed, whoever gave it."""
    replica = parts.database.replica
    limits = {photos.PATH: parts.limits.bytes + _FORM_SLACK, permits.IMPORT_PATH: MOST_BYTES}

    def limit(path: str) -> int:
        return limits.get(path) or cameras.body_limit(path) or push.body_limit(path) or JSON_LIMIT

    return [
        Middleware(Requests),
        Middleware(SecurityHeaders, origins=picture_origins(parts.blobs), https=options.https),
        Middleware(Retirements),
        *([Middleware(Origins, origins=options.cors_origins)] if options.cors_origins else []),
        Middleware(Compress),
        Middleware(Heads),
        Middleware(BodyLimit, limit=limit),
        *([] if replica is None else [Middleware(Reads, replica=replica, https=options.https)]),
    ]
