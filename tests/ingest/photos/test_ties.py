"""What a photo is tied to as it comes, and the complaint it opens when it is a report."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from cases.words import HistoryKind, LinkState, LocationSource, Status
from ingest.complaints import Moving, decide_link, move
from storage import history
from storage.tables import Complaint, Link, Report
from tests.ingest.city import VILLAGE, City
from tests.ingest.test_complaints import opened


def test_a_photo_joins_the_complaint_it_bears_on(city: City) -> None:
    complaint = opened(city)
    city.clock.wait(minutes=30)
    photo = city.send(**city.here(7)).photo
    (link,) = city.links(photo)
    assert (link.complaint_id, link.state, link.decided_by) == (complaint.id, LinkState.CONFIRMED, None)
    assert link.decided_at == city.clock.now
    assert [reason["code"] for reason in link.reasons] == ["distance", "category_same", "time_open"]
    assert city.complaint(complaint).updated_at == city.clock.now


def test_a_report_that_fits_opens_nothing(city: City) -> None:
    complaint = opened(city)
    city.send(report=True, caption="masih berlubang", **city.here(7))
    assert len(city.rows(Complaint)) == 1
    assert [report.complaint_id for report in city.rows(Report)] == [complaint.id] * 2


def test_a_report_that_fits_nothing_opens_a_complaint(city: City) -> None:
    photo = city.send(report=True, caption="Lubang besar", **city.here()).photo
    (complaint,) = city.rows(Complaint)
    assert (complaint.category_code, complaint.description, complaint.area_code) == ("pothole", "Lubang besar", VILLAGE)
    (link,) = city.links(photo)
    assert (link.complaint_id, link.state, link.reasons) == (
        complaint.id,
        LinkState.CONFIRMED,
        [{"code": "opened_with"}],
    )
    with city.parts.database.read() as db:
        told = [(entry.kind, name) for entry, name in history.of(db, complaint.id)]
    assert told == [
        (HistoryKind.OPENED, "Officer"),
        (HistoryKind.REPORTED, "Officer"),
        (HistoryKind.LINKED, "Officer"),
    ]


def test_a_report_between_rivals_waits_for_a_person(city: City) -> None:
    first = opened(city)
    opened(city)
    photo = city.send(report=True, **city.here(5)).photo
    assert {link.state for link in city.links(photo)} == {LinkState.PROPOSED}
    assert len(city.rows(Complaint)) == 2
    (chosen,) = (link for link in city.links(photo) if link.complaint_id == first.id)
    decide_link(city.parts, city.people["command"], chosen.id, confirm=True)
    (report,) = (report for report in city.rows(Report) if report.id == photo.report_id)
    assert report.complaint_id == first.id


def test_a_report_of_what_was_closed_opens_anew(city: City) -> None:
    old = opened(city)
    move(city.parts, city.people["command"], old.reference, Moving(Status.VERIFIED))
    move(city.parts, city.people["command"], old.reference, Moving(Status.RESOLVED, "ditambal"))
    city.clock.wait(days=2)
    photo = city.send(report=True, **city.here(5)).photo
    assert len(city.rows(Complaint)) == 2
    assert {(link.complaint_id == old.id, link.state) for link in city.links(photo)} >= {(False, LinkState.CONFIRMED)}


def test_the_senders_word_ties_whatever_the_distance(city: City) -> None:
    complaint = opened(city)
    photo = city.send(complaint=complaint.reference.lower().replace("-", " "), **city.here(2_000)).photo
    (link,) = city.links(photo)
    assert (link.state, link.decided_by) == (LinkState.CONFIRMED, city.people["officer"].account_id)
    assert link.reasons == [{"code": "named_by_sender"}]


def test_a_confidential_report_is_tied_to_nothing_else(city: City) -> None:
    opened(city, category="illegal_levy")
    photo = city.send(report=True, **city.here(category="illegal_levy")).photo
    assert photo.confidential
    assert len(city.rows(Complaint)) == 2
    (link,) = city.links(photo)
    assert link.reasons == [{"code": "opened_with"}]


def test_what_is_reported_in_confidence_stays_out_of_an_open_complaint_it_names(city: City) -> None:
    city.send("colleague", seed=2, report=True, **city.here())
    (shown,) = city.rows(Complaint)
    city.send(report=True, complaint=shown.reference, caption="di loket 3", **city.here(category="illegal_levy"))
    (secret,) = [one for one in city.rows(Complaint) if one.id != shown.id]
    assert secret.confidential
    assert secret.category_code == "illegal_levy"
    assert [report.text for report in city.rows(Report) if report.complaint_id == shown.id] == [""]
    assert [report.text for report in city.rows(Report) if report.complaint_id == secret.id] == ["di loket 3"]


def test_a_report_without_a_place_waits_for_its_pin(city: City) -> None:
    photo = city.send(report=True, category="pothole").photo
    assert photo.report_id is not None
    assert city.rows(Complaint) == city.rows(Link) == []


def test_two_reports_of_one_problem_open_one_complaint(city: City) -> None:
    city.send(report=True, **city.here())
    city.clock.wait(minutes=3)
    city.send("colleague", seed=1, report=True, **city.here(6))
    (complaint,) = city.rows(Complaint)
    assert [report.complaint_id for report in city.rows(Report)] == [complaint.id] * 2
    assert {link.complaint_id for link in city.rows(Link)} == {complaint.id}


def test_what_was_seen_days_ago_opens_then(city: City) -> None:
    then = city.clock.now - timedelta(days=6)
    city.send(report=True, taken_at=then, **city.here())
    (complaint,) = city.rows(Complaint)
    assert (complaint.opened_at, complaint.received_at) == (then, city.clock.now)
    assert complaint.location_source is LocationSource.DEVICE


def test_reports_at_the_same_moment_open_one_complaint(city: City) -> None:
    together = threading.Barrier(4)

    def send(seed: int) -> None:
        together.wait()
        city.send(seed=seed, report=True, **city.here(seed))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(send, range(4)))
    (complaint,) = city.rows(Complaint)
    assert [report.complaint_id for report in city.rows(Report)] == [complaint.id] * 4
