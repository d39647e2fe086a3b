"""How each camera is reached: the address its owner wrote, with user and password apart from it and sealed."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from ipaddress import ip_network
from uuid import UUID

from sqlalchemy.orm import Session

from cases.register import ReachInvalid, ReachNeeded
from cases.words import AddressFault, CameraDoor
from ingest.cameras.address import Guard
from ingest.cameras.faults import CameraFault
from ingest.cameras.reach import Reach, door_of
from ingest.cameras.urls import Credentials, emptied, left_empty, parse, without_credentials
from ingest.parts import Parts
from storage import cameras, networks
from storage.tables import Camera


@dataclass(frozen=True, slots=True)
class Way:
    """How a camera is to be reached, as its owner writes it: user and password may stand in the address too.

    `door` None lets the address decide; `certificate` is the SHA-256 in hex of one that nobody signed. No `repr`
    shows the address or the password.
    """

    url: str = field(default="", repr=False)
    door: CameraDoor | None = None
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    certificate: str | None = None

    def reach(self) -> Reach:
        """The address checked, user and password apart from it. Raises ReachNeeded, ReachInvalid."""
        if (self.door is CameraDoor.PUSH) != (not self.url.strip()):
            raise ReachNeeded
        if self.door is CameraDoor.PUSH:
            return Reach("", CameraDoor.PUSH)
        bare, inside = without_credentials(self.url)
        try:
            url = parse(bare)
            door = door_of(url, self.door)
        except CameraFault as fault:
            raise ReachInvalid(why=fault.why or AddressFault.DOOR) from None
        given = Credentials(self.user or "", self.password or "") if self.user or self.password else None
        certificate = self.certificate.replace(":", "").lower() if self.certificate else None
        url, held = emptied(url)
        credentials = given or inside
        if held:
            credentials = replace(credentials or Credentials("", ""), inside=tuple(held.items()))
        return Reach(str(url), door, credentials, certificate)


def seal(parts: Parts, camera: Camera, credentials: Credentials | None) -> None:
    """Keeps user and password of a camera, or none. Raises KeyInvalid, OSError."""
    camera.secret = None if credentials is None else parts.keys.seal(camera.id, credentials)


def same_host(before: str, after: str) -> bool:
    """Whether two addresses that were read before lead to the same server; False where there was none."""
    if not before:
        return False
    was, now = parse(before), parse(after)
    return (was.scheme, was.host, was.port) == (now.scheme, now.host, now.port)


def with_kept(parts: Parts, camera: Camera, reach: Reach) -> Reach:
    """A new way, with what it leaves out of user and password as it is kept of the camera.

    Only where it leads to the same host: a password is the host's it was given for. Raises KeyUnknown.
    """
    given = reach.credentials or Credentials("", "")
    if camera.secret is None or not reach.url or not same_host(camera.url, reach.url):
        return reach
    open_ = left_empty(parse(reach.url)) - dict(given.inside).keys()
    if not open_ and ((given.user and given.password) or given.inside):
        return reach
    kept = parts.keys.open(camera.id, camera.secret)
    inside = dict(kept.inside) | dict(given.inside)
    merged = Credentials(given.user or kept.user, given.password or kept.password, tuple(inside.items()))
    return replace(reach, credentials=merged)


def reach_of(parts: Parts, db: Session, camera: Camera) -> tuple[Reach, Guard]:
    """How this camera is visited, and which addresses its owner's cameras may have. Raises KeyUnknown."""
    credentials = None if camera.secret is None else parts.keys.open(camera.id, camera.secret)
    return Reach(camera.url, camera.door, credentials, camera.certificate), guard_of(parts, db, camera.account_id)


def guard_of(parts: Parts, db: Session, account_id: UUID | None) -> Guard:
    """Whom the cameras of this account may be: everybody, and the networks that an administrator has allowed it."""
    return guard_with(parts, () if account_id is None else (row.cidr for row in networks.of(db, account_id)))


def guard_with(parts: Parts, cidrs: Iterable[str]) -> Guard:
    """Whom cameras may be that are allowed these private networks."""
    own = tuple(map(ip_network, cidrs))
    return replace(parts.guard, allowed_networks=(*parts.guard.allowed_networks, *own)) if own else parts.guard


def reseal(parts: Parts) -> int:
    """Seals every password anew that is not under the key that seals now; answers how many. Raises KeyUnknown."""
    parts.keys.follow()
    done = 0
    with parts.database.write() as db:
        for page in cameras.sealed(db):
            for camera in page:
                assert camera.secret is not None
                if not parts.keys.current(camera.secret):
                    seal(parts, camera, parts.keys.open(camera.id, camera.secret))
                    done += 1
            db.flush()
    return done
