"""Trying a camera for its owner, before it is registered or after: one visit, and what came of it in words."""

import asyncio
from uuid import UUID

from cases.access import Principal
from cases.register import CameraPushes, oversees
from cases.words import CameraDoor
from ingest.cameras import register
from ingest.cameras.address import Guard
from ingest.cameras.permits import owner_account
from ingest.cameras.reach import Reach, Visitor
from ingest.cameras.report import Report, tried
from ingest.cameras.ways import Way, guard_of, reach_of, with_kept
from ingest.parts import Parts


def try_way(
    parts: Parts, principal: Principal, way: Way, owner: str | None = None, camera_id: UUID | None = None
) -> Report:
    """Visits a camera by a way that is not kept yet; `owner` is the login of whose it will be.

    `camera_id` names one that is to be reached so from now on: what the way leaves out of user and password is then
    taken as it would stay. Raises ReachNeeded, ReachInvalid, CameraPushes, OwnerUnknown, CameraUnknown,
    RegisterNotYours, CameraRetired, KeyUnknown.
    """
    reach = way.reach()
    with parts.database.read() as db:
        account_id = owner_account(db, owner) if owner is not None and oversees(principal) else principal.account_id
        if camera_id is not None:
            camera = register.to_change(db, principal, camera_id)
            reach, account_id = with_kept(parts, camera, reach), camera.account_id
        guard = guard_of(parts, db, account_id)
    return _tried(parts, reach, guard)


def try_camera(parts: Parts, principal: Principal, camera_id: UUID) -> Report:
    """Visits a registered camera now, by the way that is kept of it.

    Raises CameraUnknown, RegisterNotYours, CameraRetired, CameraPushes, KeyUnknown.
    """
    with parts.database.read() as db:
        camera = register.to_change(db, principal, camera_id)
        reach, guard = reach_of(parts, db, camera)
    return _tried(parts, reach, guard)


def _tried(parts: Parts, reach: Reach, guard: Guard) -> Report:
    if reach.door is CameraDoor.PUSH:
        raise CameraPushes
    return asyncio.run(_once(parts, reach, guard))


async def _once(parts: Parts, reach: Reach, guard: Guard) -> Report:
    async with Visitor(parts.pictures) as visitor:
        return await tried(visitor, reach, guard=guard)
