"""Complaints and cameras find each other, and stills are proposed as evidence."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cases.access import sight
from cases.errors import LinkUnknown, ProofNeeded
from cases.words import HistoryKind, JobKind, LinkState, SightFault, Status
from geo.distance import offset
from geo.view import Seen
from ingest import regular
from ingest.cameras import evidence, retention
from ingest.complaints import Moving, Opening, decide_link, move, open_complaint
from ingest.worker import PLANS
from storage import evidence as kept
from storage import history, links, visits
from storage.tables import Complaint, Link, Snapshot
from tests.ingest.cameras.sightings import beside, sightings, still
from tests.ingest.city import HERE, NOON, City


def complain(city: City, **more: Any) -> Complaint:
    said: dict[str, Any] = {"category": "pothole", "lon": HERE[0], "lat": HERE[1], "radius_m": 6.0}
    return open_complaint(city.parts, city.people["officer"], Opening(**said | more))[0]


def gather(city: City) -> None:
    assert regular.plan(city.parts, JobKind.EVIDENCE, evidence.EVERY)
    city.work()


def test_a_new_complaint_finds_the_last_still_before_it(city: City) -> None:
    camera = beside(city)
    beside(city, bearing_deg=90.0)
    beside(city, 400)
    for minutes in (90, 30, 3):
        last = still(city, camera, NOON - timedelta(minutes=minutes))
    complaint = complain(city)
    assert sightings(city, complaint.id) == {last.id: "before"}
    (link,) = city.rows(Link)
    assert (link.state, link.decided_by, link.decided_at) == (LinkState.PROPOSED, None, None)
    assert link.score > 0.5
    assert [reason["code"] for reason in link.reasons] == ["camera_sees", "camera_shows", "still_before"]
    assert link.reasons[0]["value"] == pytest.approx(20, abs=1)
    assert city.rows(Snapshot)[-1].expires_at is None


def test_stills_are_gathered_until_it_closes_one_an_hour_by_day(city: City) -> None:
    camera = beside(city)
    complaint = complain(city)
    taken = {}
    # 12:00 to 04:00 on the city's clock.
    for minutes in range(1, 16 * 60, 20):
        taken[minutes] = still(city, camera, NOON + timedelta(minutes=minutes)).id
    city.clock.wait(hours=16)
    gather(city)
    found = list(sightings(city, complaint.id).items())
    # The first after it, then the first of each hour from one until six in the afternoon.
    assert found == [(taken[1], "after"), *((taken[at], "hourly") for at in (61, 121, 181, 241, 301))]
    city.clock.wait(hours=3)
    dawn = still(city, camera, city.clock.now - timedelta(minutes=30)).id
    gather(city)
    assert list(sightings(city, complaint.id)) == [snapshot for snapshot, _ in found] + [dawn]
    told = [entry.data for entry, _ in of(city, complaint) if entry.kind is HistoryKind.LINKED]
    assert [data["snapshot"] for data in told] == [str(taken[1])]


def of(city: City, complaint: Complaint) -> Any:
    with city.parts.database.read() as db:
        return history.of(db, complaint.id)


def test_gathering_twice_links_nothing_twice_and_ends_with_the_complaint(city: City) -> None:
    camera = beside(city)
    complaint = complain(city)
    city.clock.wait(minutes=70)
    move(city.parts, city.people["roads"], complaint.reference, Moving(Status.VERIFIED))
    move(city.parts, city.people["roads"], complaint.reference, Moving(Status.RESOLVED, "ditambal"))
    first = still(city, camera, NOON + timedelta(minutes=5))
    still(city, camera, NOON + timedelta(minutes=75))
    city.clock.wait(hours=1)
    for _ in range(2):
        gather(city)
        city.clock.wait(minutes=10)
    assert sightings(city, complaint.id) == {first.id: "after"}
    assert city.rows(Snapshot)[0].expires_at is not None
    city.clock.wait(days=2)
    with city.parts.database.read() as db:
        assert kept.gathering(db, city.clock.now - timedelta(days=1), None) == []


def test_a_new_camera_finds_the_open_complaints_that_it_sees(city: City) -> None:
    seen = complain(city)
    complain(city, lon=HERE[0] + 0.003)
    hidden = complain(city, category="illegal_levy")
    camera = beside(city)
    shot = still(city, camera, NOON + timedelta(seconds=20))
    city.clock.wait(minutes=1)
    with city.parts.database.write() as db:
        assert evidence.tie_camera(db, camera, city.parts.zone, city.clock.now) == 1
    assert sightings(city, seen.id) == {shot.id: "after"}
    gather(city)
    assert hidden.confidential
    assert {link.complaint_id for link in city.rows(Link)} == {seen.id}


@pytest.mark.parametrize("how", [{"radius_m": 3_000.0}, {"lon": None, "lat": None, "area": "99.01.02.2002"}])
def test_a_vague_place_is_seen_by_nobody(city: City, how: dict[str, Any]) -> None:
    still(city, beside(city), NOON - timedelta(minutes=1))
    complaint = complain(city, **how)
    gather(city)
    assert sightings(city, complaint.id) == {}


def test_a_camera_that_did_not_see_bears_no_witness(city: City) -> None:
    camera = beside(city)
    still(city, camera, NOON - timedelta(minutes=1), faults=[SightFault.MOVED])
    clear = still(city, camera, NOON - timedelta(minutes=20))
    retired = beside(city, 25, active=False)
    still(city, retired, NOON - timedelta(minutes=2))
    assert sightings(city, complain(city).id) == {clear.id: "before"}


def test_people_decide_and_the_machine_asks_no_more(city: City) -> None:
    camera = beside(city)
    before = still(city, camera, NOON - timedelta(minutes=1))
    complaint = complain(city)
    (link,) = city.rows(Link)
    with pytest.raises(LinkUnknown):
        decide_link(city.parts, city.people["rubbish"], link.id, confirm=True)
    decided, _ = decide_link(city.parts, city.people["roads"], link.id, confirm=False, note="pohon")
    assert (decided.state, decided.decided_by) == (LinkState.REJECTED, city.people["roads"].account_id)
    still(city, camera, NOON - timedelta(seconds=30))
    city.clock.wait(minutes=6)
    gather(city)
    assert sightings(city, complaint.id) == {before.id: "before"}
    told = of(city, complaint)[-1][0]
    assert (told.kind, told.note, told.data) == (HistoryKind.LINK_REJECTED, "pohon", {"snapshot": str(before.id)})


def test_a_confirmed_still_proves_that_it_was_solved(city: City) -> None:
    camera = beside(city)
    complaint = complain(city)
    roads = city.people["roads"]
    move(city.parts, roads, complaint.reference, Moving(Status.VERIFIED))
    city.clock.wait(hours=2)
    still(city, camera, city.clock.now - timedelta(minutes=1))
    gather(city)
    with pytest.raises(ProofNeeded):
        move(city.parts, roads, complaint.reference, Moving(Status.RESOLVED))
    (link,) = city.rows(Link)
    decide_link(city.parts, roads, link.id, confirm=True)
    assert move(city.parts, roads, complaint.reference, Moving(Status.RESOLVED)).status is Status.RESOLVED


def test_a_duplicate_gives_the_stills_that_people_confirmed_to_the_original(city: City) -> None:
    roads = city.people["roads"]
    camera, elsewhere = beside(city), beside(city, 340, bearing_deg=90.0)
    both = still(city, camera, NOON - timedelta(minutes=9))
    original = complain(city)
    own = still(city, elsewhere, NOON - timedelta(minutes=8))
    lon, lat = offset(*HERE, 360, 0)
    copy = complain(city, lon=lon, lat=lat)
    unsure = still(city, elsewhere, NOON + timedelta(minutes=1))
    city.clock.wait(minutes=2)
    gather(city)
    links_of = {link.snapshot_id: link.id for link in city.rows(Link) if link.complaint_id == copy.id}
    assert set(links_of) == {own.id, unsure.id}
    with city.parts.database.write() as db:
        given = evidence.propose_asked(db, copy, both, Seen(0.5, 20, 0, 0.5), zone=city.parts.zone, now=NOON)
    for link_id in (links_of[own.id], given.id):
        decide_link(city.parts, roads, link_id, confirm=True)
    move(city.parts, roads, copy.reference, Moving(Status.DUPLICATE, duplicate_of=original.reference))
    held = {link.snapshot_id: link for link in city.rows(Link) if link.complaint_id == original.id}
    assert set(held) == {both.id, own.id}, "what nobody confirmed stays where it was"
    assert {(link.state, link.score, link.decided_by) for link in held.values()} == {
        (LinkState.CONFIRMED, 1.0, roads.account_id)
    }
    assert [reason["code"] for reason in held[own.id].reasons] == ["from_duplicate"]
    assert [reason["code"] for reason in held[both.id].reasons][-2:] == ["still_before", "from_duplicate"]
    told = [entry.data for entry, _ in of(city, original) if entry.data.get("reason") == "from_duplicate"]
    assert {data["snapshot"] for data in told} == {str(both.id), str(own.id)}
    city.clock.wait(days=900)
    retention.end_stills(city.parts)
    assert {shot.id for shot in city.rows(Snapshot)} == {both.id, own.id}, "the original is open, and needs them"


def test_what_is_linked_is_shown_to_those_who_may_see_the_camera(city: City) -> None:
    camera = beside(city, shared_with=["dlh"])
    still(city, camera, NOON - timedelta(minutes=1))
    complaint = complain(city)
    with city.parts.database.read() as db:
        shown = {who: len(links.sightings(db, complaint.id, sight(city.people[who]))) for who in city.people}
    # The field officer sees it as evidence of a complaint that the officer sees.
    assert shown == {"officer": 1, "colleague": 1, "roads": 0, "rubbish": 1, "command": 1, "inspector": 0}


def test_evidence_is_planned_beside_the_tidying(city: City) -> None:
    assert PLANS[JobKind.EVIDENCE] == timedelta(minutes=5)
    gather(city)
    assert not regular.plan(city.parts, JobKind.EVIDENCE, evidence.EVERY)
    assert regular.plan(city.parts, JobKind.TIDY, PLANS[JobKind.TIDY])


def test_a_camera_just_gone_leaves_no_link_behind(city: City) -> None:
    """Between choosing and linking a still may expire: then it is passed by."""
    camera = beside(city)
    shot = still(city, camera, NOON - timedelta(minutes=1))
    with city.parts.database.write() as db:
        assert kept.hold(db, [shot.id], forever=False) == {shot.id}
        db.delete(db.get_one(Snapshot, shot.id))
        db.flush()
        assert kept.hold(db, [shot.id], forever=True) == set()
        visits.unschedule(db, camera.id, datetime(2026, 11, 20, tzinfo=UTC))
    assert sightings(city, complain(city).id) == {}
