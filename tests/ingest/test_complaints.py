"""Complaints are opened, moved and tied, and their history tells it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from cases.access import Principal, sight
from cases.errors import (
    AreaUnknown,
    CategoryUnknown,
    ChangedMeanwhile,
    ComplaintUnknown,
    IdTaken,
    LinkUnknown,
    MoveNotAllowed,
    NoteNeeded,
    OriginalNeeded,
    PhotoUnknown,
    PlaceInvalid,
    PlaceNeeded,
    ProofNeeded,
)
from cases.reference import parse
from cases.words import HistoryKind, LinkState, LocationSource, Status
from ingest.complaints import Moving, Opening, decide_link, move, open_complaint
from storage import complaints, history, photos
from storage.tables import Complaint, History, Link, Report
from tests.ingest.city import HERE, NOON, VILLAGE, City


def opened(city: City, who: str = "officer", **said: Any) -> Complaint:
    given = {"category": "pothole", "lon": HERE[0], "lat": HERE[1], **said}
    return open_complaint(city.parts, city.people[who], Opening(**given))[0]


def moved(city: City, who: str, complaint: Complaint, to: Status, note: str = "", **said: Any) -> Complaint:
    return move(city.parts, city.people[who], complaint.reference, Moving(to, note, **said))


def told(city: City, complaint: Complaint) -> list[HistoryKind]:
    with city.parts.database.read() as db:
        return [entry.kind for entry, _ in history.of(db, complaint.id)]


def test_opening_gives_it_everything_it_needs(city: City) -> None:
    complaint = opened(city, description="Lubang dalam", radius_m=12)
    assert parse(complaint.reference) == complaint.reference
    assert (complaint.status, complaint.agency_code, complaint.area_code) == (Status.RECEIVED, "bina_marga", VILLAGE)
    assert (complaint.opened_at, complaint.due_at) == (NOON, NOON + timedelta(hours=72))
    assert (complaint.radius_m, complaint.location_source) == (12, LocationSource.PIN)
    assert told(city, complaint) == [HistoryKind.OPENED]
    (report,) = city.rows(Report)
    assert (report.complaint_id, report.text) == (complaint.id, "Lubang dalam")


def test_a_reference_is_given_only_once(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    chances = iter([b"aaaaaa", b"aaaaaa", b"bbbbbb"])
    monkeypatch.setattr("ingest.complaints.os.urandom", lambda count: next(chances))
    assert opened(city).reference != opened(city).reference


def test_an_area_is_place_enough_but_ties_nothing(city: City) -> None:
    city.send(**city.here())
    complaint = opened(city, lon=None, lat=None, area="99.01.02")
    assert (complaint.area_code, complaint.location_source) == ("99.01.02", LocationSource.AREA)
    assert complaint.radius_m is not None
    assert complaint.radius_m > 2_000
    assert city.rows(Link) == []


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"lon": None, "lat": None}, PlaceNeeded),
        ({"lon": None, "lat": None, "area": "99.01.77"}, AreaUnknown),
        ({"lon": 0.0, "lat": 0.0}, PlaceInvalid),
        ({"category": "no_such"}, CategoryUnknown),
        ({"photos": [uuid4()]}, PhotoUnknown),
    ],
)
def test_what_cannot_be_opened_leaves_nothing(city: City, said: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        opened(city, **said)
    assert city.rows(Complaint) == city.rows(Report) == city.rows(History) == []


def test_the_same_opening_again_opens_nothing(city: City) -> None:
    opening = Opening("pothole", id=uuid4(), lon=HERE[0], lat=HERE[1])
    first, new = open_complaint(city.parts, city.people["officer"], opening)
    again, newer = open_complaint(city.parts, city.people["officer"], opening)
    assert (new, newer, again.reference) == (True, False, first.reference)
    with pytest.raises(IdTaken):
        open_complaint(city.parts, city.people["colleague"], opening)


def test_photos_given_are_its_evidence_and_its_place(city: City) -> None:
    photo = city.send(**city.here(category=None)).photo
    complaint = opened(city, lon=None, lat=None, photos=[photo.id])
    assert (complaint.area_code, complaint.location_source) == (VILLAGE, LocationSource.DEVICE)
    (link,) = city.links(photo)
    assert (link.state, link.decided_by) == (LinkState.CONFIRMED, city.people["officer"].account_id)


def test_it_finds_the_photos_that_were_there_before_it(city: City) -> None:
    near, plain, far, old = (
        city.send(seed=seed, **said).photo
        for seed, said in enumerate(
            [
                city.here(5),
                city.here(5, category=None),
                city.here(300),
                city.here(5, taken_at=NOON - timedelta(hours=30)),
            ]
        )
    )
    complaint = opened(city)
    assert [link.state for link in city.links(near)] == [LinkState.CONFIRMED]
    assert [link.state for link in city.links(plain)] == [LinkState.PROPOSED]
    assert city.links(far) == city.links(old) == []
    assert told(city, complaint) == [HistoryKind.OPENED, HistoryKind.LINKED, HistoryKind.LINKED]


def test_it_takes_no_photo_away_from_another(city: City) -> None:
    first = opened(city)
    photo = city.send(**city.here(2)).photo
    opened(city)
    (link,) = city.links(photo)
    assert (link.complaint_id, link.state) == (first.id, LinkState.CONFIRMED)


def test_from_received_to_resolved_with_its_history(city: City) -> None:
    complaint = opened(city)
    moved(city, "officer", complaint, Status.VERIFIED)
    moved(city, "roads", complaint, Status.IN_PROGRESS)
    city.clock.wait(hours=2)
    done = moved(city, "roads", complaint, Status.RESOLVED, "  sudah ditambal ")
    assert (done.status, done.closed_at, done.version) == (Status.RESOLVED, city.clock.now, 4)
    with city.parts.database.read() as db:
        last, name = history.of(db, complaint.id)[-1]
    assert (last.from_status, last.to_status, last.note, name) == (
        Status.IN_PROGRESS,
        Status.RESOLVED,
        "sudah ditambal",
        "Roads",
    )


def test_resolving_needs_a_word_or_a_photo_taken_since(city: City) -> None:
    before = city.send(**city.here()).photo
    complaint = opened(city, photos=[before.id])
    city.clock.wait(hours=1)
    moved(city, "roads", complaint, Status.IN_PROGRESS)
    with pytest.raises(ProofNeeded):
        moved(city, "roads", complaint, Status.RESOLVED)
    city.clock.wait(hours=1)
    city.send(seed=1, **city.here(3))
    assert moved(city, "roads", complaint, Status.RESOLVED).status is Status.RESOLVED


def test_reopening_takes_the_closing_back(city: City) -> None:
    complaint = opened(city)
    moved(city, "command", complaint, Status.REJECTED, "bukan wilayah kita")
    back = moved(city, "command", complaint, Status.RECEIVED, "ternyata wilayah kita")
    assert (back.status, back.closed_at) == (Status.RECEIVED, None)


def test_who_may_not_and_what_is_missing(city: City) -> None:
    complaint = opened(city)
    with pytest.raises(MoveNotAllowed):
        moved(city, "officer", complaint, Status.REJECTED, "tidak ada")
    with pytest.raises(NoteNeeded):
        moved(city, "roads", complaint, Status.REJECTED)
    with pytest.raises(ComplaintUnknown):
        moved(city, "rubbish", complaint, Status.VERIFIED)
    assert city.complaint(complaint).status is Status.RECEIVED


def test_two_who_decide_at_once(city: City) -> None:
    complaint = opened(city)
    moved(city, "roads", complaint, Status.VERIFIED, version=1)
    with pytest.raises(ChangedMeanwhile) as caught:
        moved(city, "command", complaint, Status.REJECTED, "salah", version=1)
    assert caught.value.params == {"version": 2}


def test_a_duplicate_gives_its_photos_to_the_original(city: City) -> None:
    original = opened(city)
    photo = city.send(seed=1, **city.here(400)).photo
    copy = opened(city, lon=photo.lon, lat=photo.lat, photos=[photo.id])
    gone = moved(city, "roads", copy, Status.DUPLICATE, duplicate_of=original.reference.lower())
    assert gone.duplicate_of == original.id
    with city.parts.database.read() as db:
        assert [held.id for held in photos.confirmed_on(db, original.id)] == [photo.id]
    assert told(city, original)[-1] is HistoryKind.NOTE


def test_what_is_no_original(city: City) -> None:
    first, second = opened(city), opened(city)
    secret = opened(city, category="illegal_levy")
    moved(city, "roads", second, Status.DUPLICATE, duplicate_of=first.reference)
    for complaint, named in ((first, first), (first, second)):
        with pytest.raises(OriginalNeeded):
            moved(city, "roads", complaint, Status.DUPLICATE, duplicate_of=named.reference)
    with pytest.raises(ComplaintUnknown):
        moved(city, "roads", first, Status.DUPLICATE, duplicate_of=secret.reference)


def test_a_person_decides_on_a_proposal(city: City) -> None:
    complaint = opened(city)
    photo = city.send(**city.here(5, category=None)).photo
    (link,) = city.links(photo)
    decided, *_ = decide_link(city.parts, city.people["roads"], link.id, confirm=True, note="jelas")
    assert (decided.state, decided.decided_by) == (LinkState.CONFIRMED, city.people["roads"].account_id)
    decide_link(city.parts, city.people["roads"], link.id, confirm=True)
    assert told(city, complaint).count(HistoryKind.LINK_CONFIRMED) == 1
    decide_link(city.parts, city.people["command"], link.id, confirm=False)
    assert [held.state for held in city.links(photo)] == [LinkState.REJECTED]


def test_a_link_of_what_is_hidden_is_unknown(city: City) -> None:
    opened(city)
    photo = city.send(**city.here(5)).photo
    (link,) = city.links(photo)
    with pytest.raises(LinkUnknown):
        decide_link(city.parts, city.people["rubbish"], link.id, confirm=True)


def test_confidence_is_kept(city: City) -> None:
    photo = city.send(**city.here()).photo
    secret = opened(city, category="illegal_levy", photos=[photo.id])
    city.send(seed=1, **city.here(1, category="illegal_levy"))
    assert len(city.rows(Link)) == 1

    def sees(who: str) -> bool:
        principal: Principal = city.people[who]
        with city.parts.database.read() as db:
            return complaints.get(db, secret.reference, sight(principal)) is not None

    assert [who for who in city.people if sees(who)] == ["inspector"]
    assert city.photo(photo).confidential
    assert moved(city, "inspector", secret, Status.VERIFIED).status is Status.VERIFIED
