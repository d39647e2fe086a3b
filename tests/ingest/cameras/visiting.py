"""Visits as tests make them: to cameras on this machine, with one set of decoders for all."""

from cases.words import CameraDoor, StillKind, VisitState
from ingest.cameras.address import Guard
from ingest.cameras.keyframes import Keyframe
from ingest.cameras.pictures import Pictures
from ingest.cameras.reach import Reach, Visit, Visitor, Want
from ingest.cameras.stills import jpeg_size
from ingest.cameras.urls import Credentials

HERE = Guard(allow_loopback=True)
KNOWN = Credentials("owner", "sandi:rahasia@1#2")
WRONG = Credentials("owner", "salah-besar")


async def visited(
    pictures: Pictures,
    url: str,
    *,
    door: CameraDoor | None = None,
    credentials: Credentials | None = None,
    certificate: str | None = None,
    guard: Guard = HERE,
    deadline_s: float = 8.0,
    want: Want = Want.PICTURE,
) -> Visit:
    """One visit by a visitor of its own."""
    async with Visitor(pictures) as visitor:
        how = Reach(url, door, credentials, certificate)
        return await visitor.visit(how, deadline_s=deadline_s, guard=guard, want=want)


def shape(visit: Visit) -> tuple[int, int]:
    """Width and height of the JPEG that a visit brought; fails with the visit's own words where there is none."""
    assert visit.state is VisitState.OK, visit
    assert visit.still is not None
    assert visit.still.kind is StillKind.JPEG
    return jpeg_size(visit.still.content)


def keyframe(visit: Visit) -> Keyframe:
    """The undecoded keyframe that a visit brought."""
    assert visit.state is VisitState.OK, visit
    assert visit.still is not None
    return Keyframe.unpacked(visit.still.content)
