"""Photos are corrected and erased, and what follows from them follows."""

from io import BytesIO
from typing import Any

import pytest

from cases.access import sight
from cases.errors import CategoryUnknown, NotYours, PhotoUnknown, PlaceInvalid
from cases.words import HistoryKind, LinkState, LocationSource
from ingest.complaints import decide_link
from ingest.photos.change import Correction, correct, erase
from storage import audit, history, photos
from storage.errors import BlobsUnreachable
from storage.tables import Complaint, Link, Photo, PhotoBand, Report
from tests.geo.made import middle
from tests.ingest.city import HERE, VILLAGE, City
from tests.ingest.photos import samples
from tests.ingest.test_complaints import opened, told


def corrected(city: City, photo: Photo, who: str = "officer", **said: Any) -> Photo:
    return correct(city.parts, city.people[who], photo.id, Correction(**said))


def test_a_pin_places_and_ties_it(city: City) -> None:
    complaint = opened(city)
    photo = city.send(category="pothole").photo
    placed = corrected(city, photo, lon=HERE[0], lat=HERE[1])
    assert (placed.location_source, placed.radius_m, placed.area_code) == (LocationSource.PIN, 10, VILLAGE)
    assert placed.warnings == []
    assert [(link.complaint_id, link.state) for link in city.links(photo)] == [(complaint.id, LinkState.CONFIRMED)]


def test_a_second_pin_takes_the_firsts_place_and_the_rest_is_kept(city: City) -> None:
    first, second = middle(0, 0), middle(2, 2)
    photo = city.send(picture=samples.jpeg(size=(64, 48), lon=HERE[0], lat=HERE[1])).photo
    corrected(city, photo, lon=first[0], lat=first[1])
    placed = corrected(city, photo, lon=second[0], lat=second[1])
    assert [found["source"] for found in placed.candidates] == ["pin", "exif"]
    assert placed.area_code == "99.01.03.2003"


def test_moving_the_pin_moves_the_machines_ties_and_tells_it(city: City) -> None:
    there = middle(3, 2)
    here, far = opened(city), opened(city, lon=there[0], lat=there[1])
    photo = city.send(**city.here(3)).photo
    corrected(city, photo, lon=there[0], lat=there[1])
    assert [link.complaint_id for link in city.links(photo)] == [far.id]
    assert told(city, here)[-2:] == [HistoryKind.LINKED, HistoryKind.UNLINKED]


def test_what_a_person_decided_stays(city: City) -> None:
    there = middle(3, 2)
    here, _ = opened(city), opened(city, lon=there[0], lat=there[1])
    photo = city.send(**city.here(3)).photo
    decide_link(city.parts, city.people["command"], city.links(photo)[0].id, confirm=True)
    corrected(city, photo, lon=there[0], lat=there[1])
    assert [link.complaint_id for link in city.links(photo)] == [here.id]


def test_what_a_person_rejected_is_not_proposed_again(city: City) -> None:
    opened(city)
    photo = city.send(**city.here(3)).photo
    decide_link(city.parts, city.people["command"], city.links(photo)[0].id, confirm=False)
    corrected(city, photo, lon=HERE[0], lat=HERE[1])
    assert [link.state for link in city.links(photo)] == [LinkState.REJECTED]


def test_an_unchanged_tie_keeps_its_id_and_is_told_once(city: City) -> None:
    complaint = opened(city)
    photo = city.send(**city.here(3)).photo
    before = city.links(photo)[0].id
    corrected(city, photo, caption="Lubang di depan pasar")
    assert city.links(photo)[0].id == before
    assert told(city, complaint).count(HistoryKind.LINKED) == 1


def test_a_waiting_report_opens_its_complaint_with_the_pin(city: City) -> None:
    photo = city.send(report=True, category="pothole", caption="Lubang").photo
    corrected(city, photo, lon=HERE[0], lat=HERE[1])
    (complaint,) = city.rows(Complaint)
    (report,) = city.rows(Report)
    assert (complaint.area_code, complaint.description, report.complaint_id) == (VILLAGE, "Lubang", complaint.id)
    corrected(city, photo, lon=HERE[0], lat=HERE[1])
    assert len(city.rows(Complaint)) == 1


def test_a_waiting_report_opens_what_the_photo_was_corrected_to(city: City) -> None:
    photo = city.send(report=True, category="pothole").photo
    corrected(city, photo, category="rubbish", caption="Sampah", lon=HERE[0], lat=HERE[1])
    (complaint,) = city.rows(Complaint)
    assert (complaint.category_code, complaint.agency_code, complaint.description) == ("rubbish", "dlh", "Sampah")


def test_a_confidential_category_hides_and_unties_it(city: City) -> None:
    opened(city)
    photo = city.send(**city.here(3)).photo
    assert corrected(city, photo, category="illegal_levy").confidential
    assert city.links(photo) == []
    assert not corrected(city, photo, category="pothole").confidential
    assert len(city.links(photo)) == 1


def test_what_it_opened_goes_into_confidence_with_it(city: City) -> None:
    photo = city.send(report=True, caption="Pak Budi meminta uang", **city.here()).photo
    city.work()
    (complaint,) = city.rows(Complaint)
    beside = city.send(**city.here(3)).photo
    city.work()
    assert [link.decided_by for link in city.links(beside)] == [None]
    corrected(city, photo, category="illegal_levy")
    (hidden,) = city.rows(Complaint)
    assert (hidden.id, hidden.category_code, hidden.confidential) == (complaint.id, "illegal_levy", True)
    assert hidden.agency_code != complaint.agency_code
    assert city.links(beside) == []
    assert [link.state for link in city.links(photo)] == [LinkState.CONFIRMED]
    assert told(city, complaint)[-1] is HistoryKind.EDITED
    corrected(city, photo, category="illegal_levy", caption="Pak Budi")
    assert len(city.rows(Complaint)) == 1


def test_what_others_stand_behind_stays_theirs_without_it(city: City) -> None:
    photo = city.send(report=True, caption="Pak Budi meminta uang", **city.here()).photo
    city.work()
    (complaint,) = city.rows(Complaint)
    beside = city.send(**city.here(3)).photo
    city.work()
    decide_link(city.parts, city.people["roads"], city.links(beside)[0].id, confirm=True)
    corrected(city, photo, category="illegal_levy")
    theirs, own = sorted(city.rows(Complaint), key=lambda one: one.confidential)
    assert (theirs.id, theirs.category_code, theirs.description) == (complaint.id, "pothole", "")
    assert (own.category_code, own.description) == ("illegal_levy", "Pak Budi meminta uang")
    assert [link.complaint_id for link in city.links(photo)] == [own.id]
    assert [report.complaint_id for report in city.rows(Report)] == [own.id]
    assert told(city, complaint)[-1] is HistoryKind.UNLINKED


def test_who_may_correct(city: City) -> None:
    photo = city.send(**city.here()).photo
    with pytest.raises(NotYours):
        corrected(city, photo, "colleague", caption="punya saya")
    with pytest.raises(PhotoUnknown):
        corrected(city, photo, "rubbish", caption="tak terlihat")
    assert corrected(city, photo, "roads", caption="diperjelas").caption == "diperjelas"


def test_a_wrong_correction_changes_nothing(city: City) -> None:
    photo = city.send(**city.here()).photo
    with pytest.raises(CategoryUnknown):
        corrected(city, photo, caption="lain", category="no_such")
    with pytest.raises(PlaceInvalid):
        corrected(city, photo, caption="lain", lon=0.0, lat=0.0)
    assert city.photo(photo).caption == ""


def test_erasing_leaves_a_tombstone(city: City) -> None:
    complaint = opened(city)
    picture = samples.jpeg(size=(640, 480), lon=HERE[0], lat=HERE[1], make="Tera")
    photo = city.send(picture=picture, category="pothole", caption="Pak Budi di rumahnya").photo
    city.work()
    erase(city.parts, city.people["officer"], photo.id)
    assert list(city.parts.blobs.keys(photos.prefix(photo.id))) == []
    left = city.photo(photo)
    assert left.deleted_at == city.clock.now
    assert (left.lon, left.cell, left.area_code, left.taken_at, left.fingerprint) == (None,) * 5
    assert (left.caption, left.sha256, left.candidates, left.device, left.warnings) == ("", "", [], {}, [])
    assert city.rows(PhotoBand) == city.rows(Link) == []
    with city.parts.database.read() as db:
        assert [deed.action for deed in audit.about(db, "photo", photo.id)] == ["send", "erase"]
        last, name = history.of(db, complaint.id)[-1]
        assert (last.kind, last.data, name) == (HistoryKind.PHOTO_ERASED, {"photo": str(photo.id)}, "Officer")
        assert photos.get(db, photo.id, sight(city.people["officer"])) is None


def test_who_may_erase(city: City) -> None:
    photo = city.send(**city.here()).photo
    for who in ("colleague", "roads"):
        with pytest.raises(NotYours):
            erase(city.parts, city.people[who], photo.id)
    erase(city.parts, city.people["command"], photo.id)
    with pytest.raises(PhotoUnknown):
        erase(city.parts, city.people["officer"], photo.id)


def test_bytes_that_could_not_be_erased_at_once_go_later(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = city.send().photo

    def unreachable(prefix: str) -> int:
        raise BlobsUnreachable("the store does not answer")

    with monkeypatch.context() as broken:
        broken.setattr(city.parts.blobs, "delete_all", unreachable)
        erase(city.parts, city.people["officer"], photo.id)
    assert list(city.parts.blobs.keys(photos.prefix(photo.id)))
    city.work()
    assert not list(city.parts.blobs.keys(photos.prefix(photo.id)))


def test_the_senders_device_and_place_stay_out_of_the_previews(city: City) -> None:
    picture = samples.jpeg(size=(640, 480), lon=HERE[0], lat=HERE[1], make="Tera")
    photo = city.send(picture=picture).photo
    city.work()
    preview = b"".join(city.parts.blobs.read(photos.preview_key(photo.id, 320)))
    assert b"Tera" in picture
    assert BytesIO(preview).read(2) == b"\xff\xd8"
    assert b"Tera" not in preview
    assert b"Exif" not in preview
