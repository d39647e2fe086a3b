"""How the cameras and the round fare, in Prometheus' text format (version 0.0.4)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import orjson

from cases.words import JobState, SightFault, VisitState
from ingest.cameras.round import WATCHER_FACT
from storage import facts, fleet, jobs, outages
from storage.database import Database, Session

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

Sample = tuple[Mapping[str, str], float]

_COUNTERS: Final = {
    "late": ("pantau_visits_late_total", "Visits that began more than 5 s after their time."),
    "lag_s": ("pantau_visit_lag_seconds_total", "Seconds by which visits began late, in all."),
    "lost": ("pantau_visits_lost_total", "Visits that another watcher had made meanwhile."),
    "faults_of_ours": ("pantau_visits_failed_total", "Visits that failed for a reason that is not the camera's."),
    "received": ("pantau_camera_bytes_total", "Bytes that came from cameras."),
    "looked": ("pantau_stills_judged_total", "Stills whose health was judged."),
    "not_looked": ("pantau_stills_not_judged_total", "Stills that were not opened because too many waited."),
    "kept": ("pantau_stills_kept_total", "Stills that were kept."),
    "kept_bytes": ("pantau_stills_kept_bytes_total", "Bytes of the stills that were kept."),
}
_ESCAPED: Final = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


def metrics_text(db: Session, now: datetime) -> str:
    """All of it, as one answer."""
    return "".join([*_fleet(db, now), *_watchers(db), *_work(db)])


def _fleet(db: Session, now: datetime) -> Iterator[str]:
    tally = fleet.tally(db, now)
    states = [({"state": state.value}, tally.states.get(state, 0)) for state in VisitState]
    states.append(({"state": "not_visited"}, tally.states.get(None, 0)))
    yield _metric("pantau_cameras", "gauge", "Cameras in the round by how their last visit ended.", states)
    faults = [({"fault": fault.value}, tally.faults.get(fault, 0)) for fault in SightFault]
    yield _metric("pantau_cameras_blind", "gauge", "Cameras that answer and do not see their road.", faults)
    yield _metric(
        "pantau_cameras_late", "gauge", "Cameras that wait more than 5 s for their visit.", [({}, tally.late)]
    )
    yield _metric("pantau_lag_seconds", "gauge", "How long the latest of them waits.", [({}, tally.latest_s)])
    yield _metric("pantau_outages_open", "gauge", "Outages that last.", [({}, outages.open_now(db))])


def _watchers(db: Session) -> Iterator[str]:
    """Each counts since it began; one that was not heard of for a day is left out."""
    told: dict[str, dict[str, Any]] = {
        name: orjson.loads(value) for name, value in facts.beginning(db, WATCHER_FACT).items()
    }
    made = [
        ({"watcher": name, "result": result}, number)
        for name, counts in told.items()
        for result, number in sorted(counts["visits"].items())
    ]
    yield _metric("pantau_visits_total", "counter", "Visits to cameras by how they ended.", made)
    for key, (name, help_) in _COUNTERS.items():
        yield _metric(name, "counter", help_, [({"watcher": one}, counts[key]) for one, counts in told.items()])


def database_text(database: Database) -> str:
    """The connections of this process, and what its replica takes off the primary."""
    pools = database.taken()
    taken = [({"pool": name}, used) for name, (used, _) in pools.items()]
    limits = [({"pool": name}, most) for name, (_, most) in pools.items()]
    told = [
        _metric("pantau_connections", "gauge", "Connections to the database in use by this process.", taken),
        _metric("pantau_connections_most", "gauge", "Connections that it may use.", limits),
    ]
    if database.replica is not None:
        standing = database.replica.standing()
        told.append(
            _metric("pantau_replica_used", "gauge", "Whether the replica answers.", [({}, int(standing.usable))])
        )
        if standing.lag_s is not None:
            behind: list[Sample] = [({}, standing.lag_s)]
            told.append(_metric("pantau_replica_lag_seconds", "gauge", "How far it is behind.", behind))
        told.append(
            _metric(
                "pantau_reads_total",
                "counter",
                "Reads that might come from the replica, by where they did come from.",
                [({"from": name}, number) for name, number in database.replica.reads.items()],
            )
        )
    return "".join(told)


def _work(db: Session) -> Iterator[str]:
    counts = jobs.counts(db)
    by_state = [({"state": state.value}, counts[state]) for state in JobState]
    yield _metric("pantau_jobs", "gauge", "Jobs by state.", by_state)


def _metric(name: str, kind: str, help_: str, samples: Iterable[Sample]) -> str:
    lines = [f"# HELP {name} {help_}", f"# TYPE {name} {kind}"]
    for labels, value in samples:
        shown = ",".join(f'{label}="{text.translate(_ESCAPED)}"' for label, text in labels.items())
        lines.append(f"{name}{{{shown}}} {value}" if shown else f"{name} {value}")
    return "\n".join(lines) + "\n"
