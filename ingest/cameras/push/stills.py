"""A still that a camera sent, whichever door it came by: checked, then taken the round's way."""

import asyncio
import hashlib
import hmac
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cases import times
from cases.errors import PantauError
from cases.register import CameraRetired
from cases.words import StillKind, VisitState
from ingest.cameras import evidence
from ingest.cameras.arrive import Arrivals, CameraBusy
from ingest.cameras.keep import Memories
from ingest.cameras.reach import Visitor
from ingest.cameras.stills import JPEG_MAX, PIXELS_MAX, Still
from ingest.parts import Parts
from ingest.photos import media
from ingest.photos.decoding import DecoderBroken
from ingest.photos.faults import PhotoFault, PhotoRefused, PictureDamaged
from ingest.photos.formats import jpeg
from storage import cameras, stills
from storage.errors import StorageError
from storage.tables import Camera

_log = logging.getLogger("pantau.push")

BYTES_MAX: Final = JPEG_MAX
"""The largest still that is taken, in bytes."""

_REMEMBERED: Final = 500
_ZONES: Final = timedelta(days=1)
"""How far a clock that is set to another zone, or was set by hand, is off."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of a still: its snapshot's id, None where nothing had changed and only that was noted.

    `new` is false for one that was taken before.
    """

    snapshot: UUID | None
    taken_at: datetime
    new: bool = True


class NotTaken(Exception):
    """A still that was not taken; the message says why. `again`: sending it once more, later, may help."""

    def __init__(self, why: str, *, again: bool) -> None:
        super().__init__(why)
        self.again = again


class Pushing:
    """Takes in stills for one process; safe to use from many threads."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self._memories = Memories(_REMEMBERED)

    def camera_of(self, number: str, token: str) -> Camera | None:
        """The camera that logs in with its number and its push token, None if they do not belong together.

        The number may be written as pages show it: K12.
        """
        with self.parts.database.read() as db:
            camera = cameras.by_push(db, token)
        given = number.strip().upper().removeprefix("K").encode()
        return camera if camera is not None and hmac.compare_digest(str(camera.number).encode(), given) else None

    def holds(self, camera_id: UUID, token: str) -> bool:
        """Whether this is the camera's push token as it is now."""
        with self.parts.database.read() as db:
            camera = cameras.by_push(db, token)
        return camera is not None and camera.id == camera_id

    def take(self, camera_id: UUID, content: bytes, taken_at: datetime | None = None) -> Pushed:
        """Takes a still; when this returns, it is durable, or it is noted that the camera showed nothing new.

        `taken_at` is by the camera's clock and believed where it can be, so not from before the camera was registered;
        the same still sent again changes nothing.
        Raises PhotoRefused for what is no whole JPEG, CameraRetired, CameraBusy, DecoderBroken.
        """
        still = checked(content)
        at = self.parts.clock()
        if taken_at is not None:
            with self.parts.database.read() as db:
                since = db.get_one(Camera, camera_id).created_at - _ZONES
                at = times.occurred(times.in_utc(taken_at), at, since).at
                before = stills.taken_at(db, camera_id, at, hashlib.sha256(still.content).hexdigest())
            if before is not None:
                return Pushed(before.id, at, new=False)
        pushed = asyncio.run(self._taken(camera_id, still, at))
        if pushed.snapshot is not None:
            evidence.follow(self.parts, camera_id)
        return pushed

    def deliver(self, camera_id: UUID, token: str, content: bytes) -> None:
        """Takes a still for a door that can say little, from a camera that logged in with this token some time ago.

        Raises NotTaken.
        """
        try:
            if not self.holds(camera_id, token):
                raise NotTaken("This push token has ended; make a new one.", again=False)
            self.take(camera_id, content)
        except CameraBusy:
            raise NotTaken("The camera is being visited; send it again.", again=True) from None
        except (PhotoRefused, PantauError) as error:
            raise NotTaken(str(error), again=False) from None
        except (StorageError, DecoderBroken) as error:
            _log.warning("a still of camera %s was not taken: %s", camera_id, error)
            raise NotTaken("Not now; send it again.", again=True) from None

    async def _taken(self, camera_id: UUID, still: Still, at: datetime) -> Pushed:
        async with Visitor(self.parts.pictures) as visitor:
            outcome = await Arrivals(self.parts, visitor, self._memories).take(camera_id, still, at)
        if outcome is None:
            raise CameraRetired
        if outcome.standing.state is not VisitState.OK:
            raise PictureDamaged
        return Pushed(None if outcome.snapshot is None else outcome.snapshot.id, at)


def checked(content: bytes) -> Still:
    """The bytes as a still: a whole JPEG of a bearable size, as its structure says. Raises PhotoRefused."""
    if content[:3] != jpeg.MAGIC:
        raise _no_jpeg()
    try:
        media.examine(content, PIXELS_MAX)
    except PhotoRefused as error:
        if error.code is PhotoFault.UNSUPPORTED_FORMAT:  # whose words name what is taken of photos
            raise _no_jpeg() from None
        raise
    return Still(StillKind.JPEG, content[: jpeg.walk(content).end])


def _no_jpeg() -> PhotoRefused:
    return PhotoRefused(PhotoFault.NOT_A_JPEG, "A still has to be an ordinary JPEG. Set the camera to send JPEG.")
