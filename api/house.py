"""What the doors of one app share: never module-level, so that two apps can live in one process."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from api.answers.areas import AreaAnswers
from api.answers.roads import RoadAnswers
from api.answers.streamed import Turns
from api.callers import Callers
from api.live.desk import Live
from api.maps.desk import Desk
from api.ogc.counted import Estimates
from api.options import AppOptions
from api.quick import Quick
from api.readiness import Readiness
from api.throttle import Rates, Throttle
from api.tiles.kept import Tiles
from cases.errors import AreaUnknown
from ingest.cameras.look import Looking
from ingest.cameras.push.stills import Pushing
from ingest.parts import Parts
from storage.changes import Changes


@dataclass(frozen=True, slots=True)
class House:
    """Everything a door may reach for."""

    parts: Parts
    options: AppOptions
    callers: Callers
    areas: AreaAnswers
    roads: RoadAnswers
    rates: Rates
    sign_ins: Throttle
    camera_tests: Throttle
    readiness: Readiness
    pushing: Pushing
    looking: Looking
    quick: Quick
    changes: Changes
    live: Live
    estimates: Estimates
    turns: Turns
    pushes: Turns
    tiles: Tiles
    maps: Desk

    @property
    def now(self) -> datetime:
        """The time, aware UTC."""
        return self.parts.clock()

    def check_area(self, code: str | None) -> None:
        """A mistyped area is told rather than answered with nothing. Raises AreaUnknown."""
        index = self.parts.areas.index()
        if code is not None and len(index) and code not in index:
            raise AreaUnknown(area=code)


async def here(request: Request) -> House:
    """The house this request came to."""
    house: House = request.app.state.house
    return house


Here = Annotated[House, Depends(here)]
