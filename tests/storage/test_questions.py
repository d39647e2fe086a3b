"""What tying and the doors ask of photos, complaints and links: near in place and time, alike, and within sight."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from cases.access import Sight
from cases.incidents import Circle
from cases.matching import AFTER, BEFORE
from cases.words import LinkState, LocationSource, Status
from geo.distance import offset
from storage import complaints, links, photos
from storage.tables import Complaint, Link, Photo
from tests.storage import samples
from tests.storage.pairs import Pair
from tests.storage.samples import NOW, OFFICER

HERE = (114.37, -8.21)
SECOND = timedelta(seconds=1)
ALL = Sight(account_id=None, photos=True, agency_code=None, area_code=None, teams=frozenset())
NONE = replace(ALL, photos=False, agency_code="nobody")


def keep(pair: Pair, *rows: Complaint | Photo, ties: tuple[tuple[Complaint, Photo, LinkState], ...] = ()) -> None:
    with pair.database.write() as db:
        samples.people(db)
        db.add_all(rows)
        db.flush()
        for number, (complaint, photo, state) in enumerate(ties):
            link = Link(
                id=UUID(int=number),
                complaint_id=complaint.id,
                photo_id=photo.id,
                state=state,
                score=number / 10,
                created_at=NOW,
            )
            db.add(link)


def at(metres: float) -> tuple[float, float]:
    return offset(*HERE, metres, 0.0)


def test_complaints_that_a_photo_may_bear_on_are_found_by_place_and_time(pair: Pair) -> None:
    found = {
        "here": samples.complaint(*HERE),
        "400 m away": samples.complaint(*at(400)),
        "about to open": samples.complaint(*HERE, opened_at=NOW + BEFORE),
        "just closed": samples.complaint(*HERE, status=Status.RESOLVED, closed_at=NOW - AFTER),
    }
    left = {
        "far": samples.complaint(*at(5_000)),
        "nowhere": samples.complaint(),
        "by area": samples.complaint(*HERE, location_source=LocationSource.AREA),
        "opened later": samples.complaint(*HERE, opened_at=NOW + BEFORE + SECOND),
        "long closed": samples.complaint(*HERE, status=Status.RESOLVED, closed_at=NOW - AFTER - SECOND),
        "confidential": samples.complaint(*HERE, confidential=True),
        "rejected": samples.complaint(*HERE, status=Status.REJECTED),
    }
    keep(pair, *found.values(), *left.values())
    with pair.database.read() as db:
        around = {one.id: one for one in complaints.open_around(db, *HERE, NOW)}
    assert set(around) == {row.id for row in found.values()}
    assert around[found["here"].id].reach_m == 50


def test_photos_that_a_new_complaint_may_claim_are_found_by_place_and_time(pair: Pair) -> None:
    held, rejected = samples.photo(*HERE), samples.photo(*HERE, occurred_at=NOW - SECOND)
    near = samples.photo(*at(90), occurred_at=NOW - 2 * SECOND)
    complaint = samples.complaint(*HERE)
    keep(
        pair,
        complaint,
        held,
        rejected,
        near,
        samples.photo(*at(120)),
        samples.photo(*HERE, occurred_at=NOW - timedelta(days=2)),
        samples.photo(*HERE, deleted_at=NOW),
        samples.photo(*HERE, confidential=True),
        samples.photo(),
        ties=((complaint, held, LinkState.CONFIRMED), (complaint, rejected, LinkState.REJECTED)),
    )
    with pair.database.read() as db:
        found = photos.waiting_around(db, Circle(*HERE, 100.0), NOW - timedelta(days=1), NOW)
    assert [photo.id for photo in found] == [rejected.id, near.id]


def test_photos_with_the_same_bytes_or_alike_are_named_within_sight(pair: Pair) -> None:
    first = samples.photo(sha256="a" * 64, received_at=NOW - SECOND)
    again, alike, other = (samples.photo(sha256=letter * 64) for letter in "abc")
    keep(pair, first, again, alike, other)
    with pair.database.write() as db:
        mine = db.get_one(Photo, again.id)
        photos.set_fingerprint(db, mine, 1, (9, 9, 9, 9))
        photos.set_fingerprint(db, mine, 0x1234, (1, 2, 3, 4))
        photos.set_fingerprint(db, db.get_one(Photo, alike.id), 0x1235, (1, 7, 7, 7))
        photos.set_fingerprint(db, db.get_one(Photo, other.id), 0x9999, (2, 1, 9, 9))
        db.flush()
        assert photos.same_bytes(db, mine, ALL) == [first.id]
        probes = [[1, 2], [2], [3], [4]]
        assert photos.like(db, mine, [[1], [2], [3], [4]], lambda _: True, ALL) == {alike.id: 0x1235}
        assert set(photos.like(db, mine, probes, lambda _: True, ALL)) == {alike.id, other.id}
        assert set(photos.like(db, mine, probes, lambda value: value == 0x9999, ALL)) == {other.id}
        assert photos.same_bytes(db, mine, NONE) == []
        assert photos.like(db, mine, probes, lambda _: True, NONE) == {}


def test_a_link_exists_only_where_both_its_ends_are_seen(pair: Pair) -> None:
    complaint, secret = samples.complaint(*HERE), samples.complaint(*HERE, confidential=True)
    photo, erased = samples.photo(*HERE), samples.photo(*HERE, deleted_at=NOW)
    ties = (
        (complaint, photo, LinkState.PROPOSED),
        (secret, photo, LinkState.CONFIRMED),
        (complaint, erased, LinkState.PROPOSED),
    )
    keep(pair, complaint, secret, photo, erased, ties=ties)
    team = replace(ALL, teams=frozenset({"sidewalk_parking"}))
    with pair.database.read() as db:
        for who, seen in ((ALL, {0}), (team, {0, 1}), (NONE, set()), (replace(ALL, photos=False), set())):
            assert {n for n in range(3) if links.get(db, UUID(int=n), who) is not None} == seen
        assert [link.id.int for link, _ in links.of_photos(db, [photo.id], team)] == [1, 0]
        assert [link.id.int for link, _ in links.of_photos(db, [photo.id], ALL)] == [0]
        assert [link.id.int for link, _ in links.of_complaint(db, complaint.id, ALL)] == [0]
        assert {link.id.int for link in links.of_photo(db, photo.id)} == {0, 1}
        assert links.get(db, uuid4(), ALL) is None


def test_what_is_not_seen_is_not_there(pair: Pair) -> None:
    complaint, photo = samples.complaint(*HERE), samples.photo(*HERE)
    keep(pair, complaint, photo)
    own = replace(NONE, photos=True, account_id=OFFICER)
    with pair.database.read() as db:
        for who, seen in ((ALL, True), (NONE, False)):
            assert (complaints.get(db, complaint.reference, who) is not None) is seen
            assert (photos.get(db, photo.id, who) is not None) is seen
            assert (photo.id in photos.some(db, [photo.id], who)) is seen
            assert (complaint.id in complaints.some(db, [complaint.id], who)) is seen
        assert photos.get(db, photo.id, own) is not None
        assert complaints.get(db, complaint.reference, own) is None


@pytest.mark.parametrize("state", list(LinkState))
def test_a_complaint_is_shown_since_by_confirmed_photos_only(pair: Pair, state: LinkState) -> None:
    complaint, photo = samples.complaint(*HERE), samples.photo(*HERE)
    keep(pair, complaint, photo, ties=((complaint, photo, state),))
    with pair.database.read() as db:
        assert complaints.shown_since(db, complaint.id, NOW - SECOND) is (state is LinkState.CONFIRMED)
        assert not complaints.shown_since(db, complaint.id, NOW)
