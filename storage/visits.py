"""The round in the database: which cameras are due, who visits them, and what came of it.

A camera is claimed with a lease, as jobs are: only its holder may write down the visit, and a watcher that dies lets
its lease run out. Whoever visited a camera last is first to visit it again, since they remember what it looked like;
others take it once it is late or they are gone, so that any number of watchers share a fleet without being told of
each other.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Integer, String, bindparam, delete, exists, insert, or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from cases.camera import Standing, next_visit
from cases.words import CameraDoor, SightFault, VisitState
from storage import networks, outages
from storage.additions import addition
from storage.outages import Trouble
from storage.tables import Camera, CameraBaseline, CameraHistory, CameraVisit, Heartbeat, Snapshot, metadata
from storage.tables.types import UtcTime

LATE_AFTER = timedelta(seconds=5)
"""A camera that waits longer for its visit is late."""

STOLEN_AFTER = timedelta(seconds=2)
"""A camera so late is no longer left to who visited it last: they are gone, and it need not become late for that."""


@dataclass(frozen=True, slots=True)
class Due:
    """A camera that is the claimer's to visit until `leased_until`, as it stood before; `networks` are the private ones
    that its owner's cameras may be in.
    """

    lease: str
    leased_until: datetime
    camera_id: UUID
    number: int
    account_id: UUID
    door: CameraDoor
    url: str
    secret: bytes | None = field(repr=False)
    certificate: str | None
    interval_s: int
    keep_days: int
    due_at: datetime
    standing: Standing
    visited_at: datetime | None
    seen_at: datetime | None
    faults: frozenset[SightFault]
    health: dict[str, Any] = field(repr=False)
    wanted_since: datetime | None = None
    view_since: datetime | None = None
    networks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a visit: how the camera stands now, when it is due next, what the picture showed and left.

    `seen` says whether there was a picture, `taken_at` when it was taken if it was sent; `trouble_since` since when the
    camera has been silent or blind. `baseline` None leaves the one that is kept. `snapshot`'s bytes are in the store
    already.
    """

    due: Due
    at: datetime
    standing: Standing
    next_at: datetime
    seen: bool
    faults: frozenset[SightFault]
    health: dict[str, Any]
    trouble_since: datetime | None = None
    detail: str = ""
    reached_by: CameraDoor | None = None
    baseline: dict[str, Any] | None = None
    snapshot: Snapshot | None = None
    taken_at: datetime | None = None

    @property
    def seen_at(self) -> datetime | None:
        """When the camera was seen last. A still that was long under way makes that no earlier than it was known."""
        if not self.seen or self.taken_at is None:
            return self.at if self.seen else self.due.seen_at
        return max(self.taken_at, self.due.seen_at or self.taken_at)


def schedule(db: Session, camera_id: UUID, now: datetime) -> None:
    """Makes a camera due at once: it was registered, or how it is reached has changed. A visit under way is void."""
    anew = {"due_at": now, "failures": 0, "lease": None, "leased_until": None}
    # Not by way of a row that was read before: on PostgreSQL a visit may have begun since, whose lease would stay.
    known = db.execute(update(_visit).where(_visit.c.camera_id == camera_id).values(anew).returning(_visit.c.camera_id))
    if known.first() is None:
        db.add(CameraVisit(camera_id=camera_id, due_at=now))


def look_anew(db: Session, camera_id: UUID, now: datetime) -> None:
    """A camera was turned on purpose: it is due at once, and what it usually shows is learned from then on.

    Not where something lies on its lens: that would be learned.
    """
    schedule(db, camera_id, now)
    visit = db.get_one(CameraVisit, camera_id, populate_existing=True)
    if not {SightFault.COVERED, SightFault.BLURRED} & set(visit.faults):
        visit.health = {name: value for name, value in visit.health.items() if name != "streaks"}
        db.execute(delete(CameraBaseline).where(col(CameraBaseline.camera_id) == camera_id))


def unschedule(db: Session, camera_id: UUID, now: datetime) -> None:
    """Ends the visits of a camera that is retired, and its outage; its history stays."""
    outages.follow(db, [Trouble(camera_id, VisitState.OK, frozenset(), None)], now)
    db.execute(delete(CameraVisit).where(col(CameraVisit.camera_id) == camera_id))
    db.execute(delete(CameraBaseline).where(col(CameraBaseline.camera_id) == camera_id))


def want(db: Session, cameras: Iterable[UUID], now: datetime) -> None:
    """Has these cameras keep their next still whatever it shows: a complaint waits for it."""
    ids = sorted(cameras)
    if ids:
        # In the order in which `finish` locks: neither waits for the other in a circle.
        theirs = _visit.c.camera_id.in_(ids)
        db.execute(select(_visit.c.camera_id).where(theirs).order_by(_visit.c.camera_id).with_for_update())
        db.execute(update(_visit).where(theirs).values(wanted_since=now))


def adopt(db: Session, now: datetime, *, at_most: int = 1_000) -> int:
    """Takes cameras into the round that nobody has scheduled, each at its own moment; answers how many."""
    known = exists().where(col(CameraVisit.camera_id) == col(Camera.id))
    found = select(col(Camera.id), col(Camera.interval_s)).where(col(Camera.active), ~known).limit(at_most)
    rows = [{"camera_id": id_, "due_at": next_visit(id_, every, now)} for id_, every in db.execute(found)]
    if rows:
        db.execute(insert(CameraVisit), [{**_NEW, **row} for row in rows])
    return len(rows)


def scheduled(db: Session, camera_id: UUID) -> bool:
    """Whether the camera is in the round."""
    asked = select(col(Camera.id)).join(CameraVisit, col(CameraVisit.camera_id) == col(Camera.id))
    return db.scalar(asked.where(col(Camera.id) == camera_id, col(Camera.active))) is not None


def claim(
    db: Session, watcher: str, now: datetime, *, at_most: int, lease_s: float, others: Collection[str] = ()
) -> list[Due]:
    """Takes up to `at_most` due cameras for `lease_s`: the longest due first, those of dead watchers among them.

    `others` are watchers known to live: the cameras that they visited last are left to them until they are late.
    """
    given = {"now": now, "left": now - STOLEN_AFTER, "others": sorted(others), "at_most": at_most}
    rows = db.execute(_DUE, given).all()
    if not rows:
        return []
    lease, until = f"{watcher}:{uuid4().hex}", now + timedelta(seconds=lease_s)
    db.execute(_LEASE, {"ids": [row.camera_id for row in rows], "its_lease": lease, "until": until})
    allowed = networks.of_all(db, (row.account_id for row in rows))
    return [_due(row, lease, until, allowed) for row in rows]


def claim_one(db: Session, camera_id: UUID, watcher: str, now: datetime, *, lease_s: float) -> Due | None:
    """Takes this camera, due or not, for somebody who looks at it now or has brought its still; None if a visit is
    under way, or it is in no round.
    """
    asked = _SOME.where(
        _visit.c.camera_id == camera_id,
        or_(_visit.c.leased_until.is_(None), _visit.c.leased_until < now),
        _camera.c.active,
    )
    row = db.execute(asked.with_for_update(of=_visit, skip_locked=True)).first()
    if row is None:
        return None
    lease, until = f"{watcher}:{uuid4().hex}", now + timedelta(seconds=lease_s)
    db.execute(_LEASE, {"ids": [camera_id], "its_lease": lease, "until": until})
    return _due(row, lease, until, networks.of_all(db, [row.account_id]))


def give_back(db: Session, claimed: Iterable[Due], until: datetime) -> None:
    """Lets go of cameras that could not be visited; nobody takes them before `until`."""
    ordered = sorted(claimed, key=lambda due: due.camera_id)
    rows = [{"b_id": due.camera_id, "b_lease": due.lease, "b_until": until} for due in ordered]
    if rows:
        db.execute(_GIVE_BACK, rows)


def finish(db: Session, outcomes: Sequence[Outcome], watcher: str, now: datetime) -> list[Outcome]:
    """Writes down many visits in one transaction; answers those of which nothing is written: their lease was lost, or
    the camera is reached in another way by now. That one is due at once.
    """
    if not outcomes:
        return []
    rows = db.execute(_HELD, {"ids": [one.due.camera_id for one in outcomes]})
    found = {row.camera_id: row for row in rows}
    held: list[Outcome] = []
    lost: list[Outcome] = []
    for one in outcomes:
        (held if _counts(found.get(one.due.camera_id), one.due) else lost).append(one)
    # Of those whose lease was lost this finds none.
    give_back(db, [one.due for one in lost], now)
    if held:
        db.execute(_FINISH, [_finished(one, watcher) for one in held])
        if fulfilled := [one for one in held if one.snapshot is not None and one.due.wanted_since is not None]:
            db.execute(_FULFIL, [{"b_id": one.due.camera_id, "b_since": one.due.wanted_since} for one in fulfilled])
        _keep(db, held)
        outages.follow(
            db, [Trouble(one.due.camera_id, one.standing.state, one.faults, one.trouble_since) for one in held], now
        )
    return lost


def baselines(db: Session, cameras: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """What these cameras look like, those of which it is known."""
    asked = select(col(CameraBaseline.camera_id), col(CameraBaseline.baseline))
    return dict(db.execute(asked.where(col(CameraBaseline.camera_id).in_(list(cameras)))).all())


def _due(row: Any, lease: str, until: datetime, allowed: Mapping[UUID, tuple[str, ...]]) -> Due:
    return Due(
        lease=lease,
        leased_until=until,
        camera_id=row.camera_id,
        number=row.number,
        account_id=row.account_id,
        door=row.door,
        url=row.url,
        secret=row.secret,
        certificate=row.certificate,
        interval_s=row.interval_s,
        keep_days=row.keep_days,
        due_at=row.due_at,
        standing=Standing(row.state, row.since, row.failing_since, row.failures),
        visited_at=row.visited_at,
        seen_at=row.seen_at,
        faults=frozenset(SightFault(word) for word in row.faults),
        health=row.health,
        wanted_since=row.wanted_since,
        view_since=row.view_since,
        networks=allowed.get(row.account_id, ()),
    )


def _counts(row: Any, due: Due) -> bool:
    """Whether a visit may be written down, by the camera's row as it is now."""
    return row is not None and (row.lease, *_reach(row)) == (due.lease, *_reach(due))


def _reach(of: Any) -> tuple[CameraDoor, str, bytes | None, str | None]:
    return of.door, of.url, of.secret, of.certificate


def _finished(one: Outcome, watcher: str) -> dict[str, Any]:
    return {
        "b_id": one.due.camera_id,
        "due_at": one.next_at,
        "lease": None,
        "leased_until": None,
        "watcher": watcher,
        "state": one.standing.state,
        "since": one.standing.since,
        "failing_since": one.standing.failing_since,
        "failures": one.standing.failures,
        "detail": one.detail,
        "visited_at": one.at,
        "seen_at": one.seen_at,
        "reached_by": one.reached_by,
        "faults": sorted(one.faults),
        "health": one.health,
    }


def _keep(db: Session, held: Sequence[Outcome]) -> None:
    """The rows beside the visit's own: snapshots, heartbeats, baselines, changes of state."""
    if snapshots := [one.snapshot for one in held if one.snapshot is not None]:
        db.execute(insert(Snapshot), [snapshot.model_dump() for snapshot in snapshots])
    if beats := [one for one in held if one.seen and one.snapshot is None]:
        # A still whose answer was lost on the way is sent again, with its time.
        beaten = [{"camera_number": one.due.number, "at": one.at} for one in beats]
        db.execute(addition(db, Heartbeat).on_conflict_do_nothing(), beaten)
    if learned := {one.due.camera_id: one.baseline for one in held if one.baseline is not None}:
        db.execute(delete(CameraBaseline).where(col(CameraBaseline.camera_id).in_(list(learned))))
        rows = [{"camera_id": id_, "baseline": baseline} for id_, baseline in learned.items()]
        db.execute(insert(CameraBaseline), rows)
    if changed := [one for one in held if (one.standing.state, one.faults) != (one.due.standing.state, one.due.faults)]:
        db.execute(
            insert(CameraHistory),
            [
                {
                    "camera_id": one.due.camera_id,
                    "at": one.at,
                    "state": one.standing.state,
                    "faults": sorted(one.faults),
                    "detail": one.detail,
                }
                for one in changed
            ],
        )


_visit, _camera = metadata.tables["camera_visit"], metadata.tables["camera"]
_NEW = {"failures": 0, "detail": "", "faults": [], "health": {}}

# Made once, of the bare tables: the scheduler asks several times a second.
_NOW = bindparam("now", type_=UtcTime())
_SOME = select(
    *(_visit.c[name] for name in ("camera_id", "due_at", "state", "since", "failing_since", "failures")),
    *(_visit.c[name] for name in ("visited_at", "seen_at", "faults", "health", "wanted_since")),
    *(_camera.c[name] for name in ("number", "account_id", "door", "url", "secret", "certificate")),
    *(_camera.c[name] for name in ("interval_s", "keep_days", "view_since")),
).join(_camera, _camera.c.id == _visit.c.camera_id)
_DUE = (
    _SOME.where(
        _visit.c.due_at <= _NOW,
        or_(_visit.c.leased_until.is_(None), _visit.c.leased_until < _NOW),
        or_(
            _visit.c.watcher.is_(None),
            _visit.c.watcher.not_in(bindparam("others", expanding=True, type_=String())),
            _visit.c.due_at < bindparam("left", type_=UtcTime()),
        ),
        _camera.c.active,
    )
    .order_by(_visit.c.due_at)
    .limit(bindparam("at_most", type_=Integer()))
    .with_for_update(of=_visit, skip_locked=True)
    .with_hint(_visit, "INDEXED BY camera_visit_due", "sqlite")
)
_HELD = (
    select(
        *(_visit.c[name] for name in ("camera_id", "lease")),
        *(_camera.c[name] for name in ("door", "url", "secret", "certificate")),
    )
    .join(_camera, _camera.c.id == _visit.c.camera_id)
    .where(_visit.c.camera_id.in_(bindparam("ids", expanding=True)))
    .order_by(_visit.c.camera_id)
    .with_for_update(of=_visit)
)
_LEASE = (
    update(_visit)
    .where(_visit.c.camera_id.in_(bindparam("ids", expanding=True)))
    .values(lease=bindparam("its_lease"), leased_until=bindparam("until"))
)
_WRITTEN = [column.name for column in _visit.columns if column.name not in ("camera_id", "wanted_since")]
_GIVE_BACK = (
    update(_visit)
    .where(_visit.c.camera_id == bindparam("b_id"), _visit.c.lease == bindparam("b_lease"))
    .values(lease=None, leased_until=None, due_at=bindparam("b_until"))
)
_FINISH = (
    update(_visit).where(_visit.c.camera_id == bindparam("b_id")).values({name: bindparam(name) for name in _WRITTEN})
)
_FULFIL = (  # one that was wanted anew meanwhile still is: the visit began before
    update(_visit)
    .where(_visit.c.camera_id == bindparam("b_id"), _visit.c.wanted_since == bindparam("b_since"))
    .values(wanted_since=None)
)
