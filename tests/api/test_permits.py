"""Permits behind their doors: registered, claimed, corrected, warned by people, imported and exported."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col

from cases.permit import PermitNumber
from cases.words import JobKind, PermitState, Scope, VisitState
from ingest import regular, tidy
from ingest.cameras.compliance import judge
from storage import permits
from storage.tables import Audit, CameraVisit
from tests.api.town import Town, problem
from tests.ingest.city import HERE

AT = "/api/v1/permits"
PBG = "PBG-990102-17082024-01"
IMB = "503/123/429.111/2015"


def registered(town: Town, who: str = "owner", **given: Any) -> dict[str, Any]:
    """Registers a permit and expects it to be new."""
    body = {"number": PBG, "owner_name": "PT Sinar Jaya", "lon": HERE[0], "lat": HERE[1], **given}
    answer = town.client(who).post(AT, json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_an_owner_registers_and_sees_their_own_and_nobody_elses(town: Town) -> None:
    made = registered(town, number="pbg-990102-17082024-01 ", address="Jl. Melati 3")
    assert (made["number"], made["kind"], made["issued_on"]) == (PBG, "pbg", "2024-08-17")
    assert made["area"]["code"] == "99.01.02.2002"
    assert (made["state"], made["cameras"], made["cameras_required"]) == ("pending", 0, 1)
    assert [entry["to"] for entry in made["history"]] == ["pending"]
    assert [finding["shortfall"] for finding in made["findings"]] == ["no_camera"]
    assert made["moves"] == []
    registered(town, "command", number=IMB)
    owner, command = town.client("owner"), town.client("command")
    assert [row["number"] for row in owner.get(AT).json()["permits"]] == [PBG]
    assert [row["number"] for row in command.get(AT).json()["permits"]] == [IMB, PBG]
    problem(owner.get(f"{AT}/{IMB}"), 404, "permit_unknown")
    for key in (PBG, PBG.lower(), made["id"]):
        assert command.get(f"{AT}/{key}").json()["id"] == made["id"]
    assert command.get(f"{AT}/{IMB}").json()["kind"] == "imb"
    assert command.get(f"{AT}/{IMB.replace('/', '%2F')}").json()["number"] == IMB


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"number": "PBG-99-1"}, "permit_number_invalid"),
        ({"number": "  "}, "permit_number_invalid"),
        ({"number": "PBG-990102-99992024-01"}, "permit_date_invalid"),
        ({"number": "PBG-990101-17082024-01"}, "permit_elsewhere"),
        ({"lon": 2.35, "lat": 48.85}, "permit_outside"),
        ({"number": IMB, "issued_on": "2026-11-21"}, "permit_issued_later"),
        ({"lon": 0, "lat": 0}, "place_invalid"),
        ({"lat": None}, "invalid"),
        ({"cameras_required": 101}, "invalid"),
    ],
)
def test_what_cannot_be_registered_says_why(town: Town, given: dict[str, Any], code: str) -> None:
    body = {"number": PBG, "owner_name": "PT", "lon": HERE[0], "lat": HERE[1], **given}
    problem(town.client("owner").post(AT, json=body), 422, code)


def test_a_permit_on_the_offices_list_becomes_its_owners_by_the_name_on_it(town: Town) -> None:
    listed = registered(town, "command", contact="0333 1", owner_name="PT. Sinar Jaya")
    assert listed["account"] is None
    owner = town.client("owner")
    body = {"number": PBG, "owner_name": "PT Maju"}
    problem(owner.post(AT, json=body), 409, "permit_taken")
    problem(owner.get(f"{AT}/{PBG}"), 404, "permit_unknown")
    claimed = owner.post(AT, json={**body, "owner_name": "pt sinar jaya"})
    assert claimed.status_code == 200
    assert (claimed.json()["id"], claimed.json()["contact"]) == (listed["id"], "0333 1")
    assert owner.get(f"{AT}/{PBG}").status_code == 200
    assert owner.post(AT, json=body).status_code == 200  # again, by its owner
    problem(town.client("command").post(AT, json=body), 409, "permit_taken")


def test_an_owner_corrects_pin_and_contact_and_the_office_the_rest(town: Town) -> None:
    made = registered(town)
    owner, command = town.client("owner"), town.client("command")
    fixed = owner.patch(f"{AT}/{PBG}", json={"contact": "0812", "lon": HERE[0], "lat": HERE[1] + 1e-4, "version": 1})
    assert (fixed.json()["contact"], fixed.json()["version"]) == ("0812", 2)
    problem(owner.patch(f"{AT}/{PBG}", json={"cameras_required": 0}), 403, "register_not_yours")
    problem(command.patch(f"{AT}/{PBG}", json={"contact": "1", "version": 1}), 409, "register_changed")
    problem(
        command.patch(f"{AT}/{PBG}", json={"lon": HERE[0] + 1e-4, "lat": HERE[1], "owner": "nobody"}),
        422,
        "owner_unknown",
    )
    registered(town, number=IMB)
    problem(command.patch(f"{AT}/{PBG}", json={"number": IMB}), 409, "permit_number_held")
    renamed = command.patch(f"{AT}/{PBG}", json={"number": "IMB 7", "cameras_required": 2, "owner": None}).json()
    assert (renamed["number"], renamed["kind"], renamed["cameras_required"]) == ("IMB 7", "imb", 2)
    assert (renamed["id"], renamed["account"]) == (made["id"], None)
    problem(owner.get(f"{AT}/IMB 7"), 404, "permit_unknown")


def test_a_number_that_is_corrected_says_anew_when_the_permit_was_issued(town: Town) -> None:
    registered(town, number=IMB, issued_on="2015-08-17")
    command = town.client("command")
    assert command.patch(f"{AT}/{IMB}", json={"number": PBG}).json()["issued_on"] == "2024-08-17"
    given = {"number": IMB, "issued_on": "2015-08-18"}
    assert command.patch(f"{AT}/{PBG}", json=given).json()["issued_on"] == "2015-08-18"


def test_warnings_climb_by_people_only_and_each_when_the_last_fell_due(town: Town) -> None:
    registered(town)
    program = town.program("administrator", Scope.ADMIN)

    def move(to: str, note: str = "", who: Any = None) -> Any:
        return (who or town.client("command")).post(f"{AT}/{PBG}/state", json={"to": to, "note": note})

    problem(move("warned_1"), 409, "permit_move_not_allowed")
    assert move("non_compliant", who=program).json()["moves"] == ["compliant"]
    problem(move("warned_1", who=program), 409, "permit_move_not_allowed")
    first = move("warned_1", "Kamera belum ada").json()
    assert first["state_due_at"] == "2026-12-04T05:00:00Z"
    early = town.client("command", **{"accept-language": "id"})
    assert "4 Desember 2026 12.00 WIB" in problem(move("warned_2", who=early), 409, "warning_not_due")["detail"]
    town.city.clock.wait(days=15)
    assert move("warned_2").json()["state"] == "warned_2"
    problem(move("compliant"), 422, "permit_note_needed")
    done = move("compliant", "Terpasang").json()
    assert (done["state"], done["state_due_at"]) == ("compliant", None)
    told = [(entry["to"], entry["account"] and entry["account"]["name"], entry["note"]) for entry in done["history"]]
    assert told[2:4] == [("warned_1", "Command", "Kamera belum ada"), ("warned_2", "Command", "")]
    owners = town.client("owner").get(f"{AT}/{PBG}").json()["history"]
    assert [(entry["to"], entry["account"]) for entry in owners][2] == ("warned_1", None)
    problem(move("compliant", who=town.client("owner")), 403, "not_allowed")


def test_the_machine_says_only_whether_a_permit_is_kept_and_leaves_a_warned_one_alone(town: Town) -> None:
    registered(town)
    registered(town, number=IMB)
    assert judge(town.city.parts) == 0
    town.city.clock.wait(days=31)
    assert regular.plan(town.city.parts, JobKind.TIDY, tidy.EVERY)
    town.city.work()
    assert judge(town.city.parts) == 0
    command = town.client("command")
    assert command.post(f"{AT}/{IMB}/state", json={"to": "warned_1"}).status_code == 200
    command.patch(f"{AT}/{IMB}", json={"cameras_required": 0})
    command.patch(f"{AT}/{PBG}", json={"cameras_required": 0})
    assert judge(town.city.parts) == 1
    states = {row["number"]: row["state"] for row in command.get(AT).json()["permits"]}
    assert states == {PBG: "compliant", IMB: "warned_1"}


def test_the_machine_waits_for_a_picture_and_counts_from_when_the_camera_went(town: Town) -> None:
    registered(town)
    owner = town.client("owner")
    body = {"name": "Gerbang", "reach": {"door": "push"}, "lon": HERE[0], "lat": HERE[1], "permit": PBG}
    made = owner.post("/api/v1/cameras", json=body).json()
    assert judge(town.city.parts) == 0  # nobody knows yet whether it sees anything
    with town.city.parts.database.write() as db:
        (visit,) = db.query(CameraVisit)
        visit.state, visit.seen_at = VisitState.OK, town.city.clock.now
    assert judge(town.city.parts) == 1
    assert owner.get(f"{AT}/{PBG}").json()["state"] == "compliant"
    town.city.clock.wait(days=1)
    assert town.client("owner").delete(f"/api/v1/cameras/{made['id']}").status_code == 204
    town.city.clock.wait(days=2)
    (finding,) = town.client("owner").get(f"{AT}/{PBG}").json()["findings"]
    assert (finding["shortfall"], finding["days"]) == ("no_camera", 2)


LIST = f"""nomor;Nama Pemilik;alamat;tanggal terbit;jumlah kamera;bujur;lintang;catatan
{PBG};PT Sinar Jaya;Jl. Melati 3;;2;{HERE[0]};{HERE[1]};x
{IMB};=SUM(A1);Jl. Mawar;17/08/2015;;"{str(HERE[0]).replace(".", ",")}";"{str(HERE[1]).replace(".", ",")}";
PBG-990102-32132024-01;PT Salah;;;;;;
PBG-990101-17082024-01;PT Jauh;;;;{HERE[0]};{HERE[1]};
IMB 3;;Jl. Kenanga;;;;;
IMB 4;PT Empat;;besok;;;;
IMB 5;PT Lima;;;setengah;;;
IMB 6;PT Enam;;;;113;;
{PBG.lower()};PT Lagi;;;;;;
IMB 7;PT Tujuh;;21/11/2026;;;;
IMB 8;PT Delapan
"""


def test_a_list_is_taken_row_by_row_and_every_refusal_is_told(town: Town) -> None:
    command = town.client("command", **{"content-type": "text/csv"})
    dry = command.post(f"{AT}/import?dry_run=true", content=LIST.encode()).json()
    assert (dry["added"], len(dry["refused"]), dry["dry_run"]) == (2, 9, True)
    assert command.get(AT).json()["permits"] == []
    told = command.post(f"{AT}/import", content=LIST.encode("cp1252")).json()
    assert (told["rows"], told["added"], told["changed"], told["unchanged"]) == (11, 2, 0, 0)
    assert [(fault["row"], fault["column"], fault["code"]) for fault in told["refused"]] == [
        (4, "number", "permit_date_invalid"),
        (5, "number", "permit_elsewhere"),
        (6, "owner_name", "row.missing"),
        (7, "issued_on", "row.date"),
        (8, "cameras_required", "row.number"),
        (9, "lat", "row.half_place"),
        (10, "number", "row.repeated"),
        (11, "issued_on", "permit_issued_later"),
        (12, "", "row.cells"),
    ]
    assert told["refused"][6]["text"] == "this number is in row 2 already"
    titles = ("nomor", "nomor", "Nama Pemilik", "tanggal terbit", "jumlah kamera", "lintang", "nomor", "tanggal terbit")
    assert [fault["title"] for fault in told["refused"]] == [*titles, ""]
    one = command.get(f"{AT}/{IMB}").json()
    assert (one["owner_name"], one["issued_on"], one["area"]["code"]) == ("=SUM(A1)", "2015-08-17", "99.01.02.2002")
    again = command.post(f"{AT}/import", content=LIST.encode()).json()
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 2)
    moved = LIST.replace("Jl. Melati 3", "Jl. Melati 4").encode()
    assert command.post(f"{AT}/import", content=moved).json()["changed"] == 1
    assert command.get(f"{AT}/{PBG}").json()["address"] == "Jl. Melati 4"


def test_the_export_is_a_list_that_comes_in_again_and_runs_nothing_in_a_spreadsheet(town: Town) -> None:
    command = town.client("command")
    command.post(f"{AT}/import", content=LIST.encode())
    exported = command.get(f"{AT}/export")
    assert exported.headers["content-type"].startswith("text/csv")
    text = exported.content.decode("utf-8-sig")
    assert ",'=SUM(A1)," in text
    assert text.count("\r\n") == 3
    again = command.post(f"{AT}/import", content=exported.content).json()
    assert (again["unchanged"], again["refused"]) == (2, [])
    problem(town.client("owner").get(f"{AT}/export"), 403, "not_allowed")
    assert command.get(f"{AT}/export?q=mawar").text.count("\r\n") == 2


@pytest.mark.parametrize(
    ("content", "code", "why"),
    [
        (b"", "table_columns_missing", "number (nomor"),
        (b"nomor,b\n1,2\n", "table_columns_missing", "owner_name (nama pemilik"),
        (b"nomor,No Izin,pemilik\n", "table_columns_double", "nomor, No Izin"),
        (b"\0\1", "table_invalid", "bukan teks"),
        (b'nomor,pemilik\n1,x\n"x', "table_row_broken", "Baris 3 "),
    ],
)
def test_what_is_no_list_is_refused_whole_in_the_readers_language(
    town: Town, content: bytes, code: str, why: str
) -> None:
    answer = town.client("command", **{"accept-language": "id"}).post(f"{AT}/import", content=content)
    assert why in problem(answer, 422, code)["detail"]


def test_a_column_that_the_list_lacks_is_named_by_a_title_that_it_may_have(town: Town) -> None:
    content = f"Nomor PBG;PEMILIK ;bujur\n{PBG};PT Satu;113\nIMB 3;;\n".encode()
    told = town.client("command").post(f"{AT}/import", content=content).json()["refused"]
    assert [(one["column"], one["title"]) for one in told] == [("lat", "lintang"), ("owner_name", "PEMILIK")]


def test_a_list_is_read_by_the_titles_that_the_page_names_and_says_what_it_passed_by(town: Town) -> None:
    command = town.client("command")
    indonesian = "nomor,pemilik,kontak,alamat,tanggal terbit,jumlah kamera,bujur,lintang,warna\r\n"
    english = "number\towner\tcontact\taddress\tissued\tcameras\tlon\tlat\t\r\n"
    one = f'{IMB},PT Satu,0333,"Jl. Mawar\r\nNo. 3",17/08/2015,2,{HERE[0]},{HERE[1]},merah\r\nIMB 3,,,,,,,,\r\n'
    two = f"IMB 2\tPT Dua\t0334\tJl. Melati\t2015-08-17\t2\t{HERE[0]}\t{HERE[1]}\t\r\n"
    first = command.post(f"{AT}/import", content=(indonesian + one).encode()).json()
    assert (first["added"], first["passed_by"]) == (1, ["warna"])
    assert [fault["row"] for fault in first["refused"]] == [3]
    second = command.post(f"{AT}/import", content=(english + two).encode("utf-16")).json()
    assert (second["added"], second["passed_by"], second["refused"]) == (1, [], [])
    for number, owner in ((IMB, "PT Satu"), ("IMB 2", "PT Dua")):
        kept = command.get(f"{AT}/{number}").json()
        assert (kept["owner_name"], kept["issued_on"], kept["cameras_required"]) == (owner, "2015-08-17", 2)
        assert (kept["address"][:4], kept["area"]["code"]) == ("Jl. ", "99.01.02.2002")


def test_lists_are_narrowed_and_paged(town: Town) -> None:
    rows = "\n".join(f"IMB {n:03},PT {n}" for n in range(25))
    command = town.client("command")
    command.post(f"{AT}/import", content=f"nomor,pemilik\n{rows}\n".encode())
    registered(town)
    seen, cursor = [], ""
    while True:
        page = command.get(f"{AT}?limit=10&cursor={cursor}").json()
        seen += [row["number"] for row in page["permits"]]
        if page["next"] is None:
            break
        cursor = page["next"]
    assert seen == sorted(seen)
    assert len(seen) == 26
    assert [row["number"] for row in command.get(f"{AT}?area=99.01.02").json()["permits"]] == [PBG]
    assert len(command.get(f"{AT}?q=pt 1").json()["permits"]) == 11
    assert command.get(f"{AT}?state=frozen").json()["permits"] == []
    assert command.get(f"{AT}?q=%25").json()["permits"] == []


def test_deeds_are_written_down_without_what_people_wrote(town: Town) -> None:
    registered(town, contact="rahasia-0812")
    town.client("owner").patch(f"{AT}/{PBG}", json={"contact": "rahasia-0813"})
    with town.city.parts.database.read() as db:
        deeds = [row for row in db.query(Audit).order_by(col(Audit.id)) if row.subject == "permit"]
        assert [(row.action, row.data) for row in deeds] == [("register", {}), ("change", {"fields": ["contact"]})]


def test_compliance_counts_lists_and_exports_what_is_lacking(town: Town) -> None:
    registered(town)
    registered(town, number=IMB, cameras_required=0)
    registered(town, "command", number="IMB 9", lon=None, lat=None)
    town.city.clock.wait(days=3)
    command = town.client("command")
    told = command.get(f"{AT}/compliance").json()
    assert (told["total"], told["kept"], told["lacking"]) == (3, 1, {"no_camera": 2})
    assert [row["number"] for row in told["permits"]] == ["IMB 9", PBG]
    (finding,) = told["permits"][1]["findings"]
    assert (finding["days"], finding["camera"], finding["text"]) == (3, None, "has no camera")
    inside = command.get(f"{AT}/compliance?area=99.01.02&limit=1").json()
    assert (inside["total"], [row["number"] for row in inside["permits"]], inside["next"]) == (2, [PBG], None)
    paged = command.get(f"{AT}/compliance?limit=1").json()
    assert paged["next"] == "IMB 9"
    assert command.get(f"{AT}/compliance?limit=1&cursor=IMB 9").json()["permits"][0]["number"] == PBG
    table = command.get(f"{AT}/compliance?format=csv", headers={"accept-language": "id"})
    assert "belum ada kamera" in table.content.decode("utf-8-sig")
    assert command.get(f"{AT}/compliance?shortfall=silent").json()["permits"] == []
    assert town.client("owner").get(f"{AT}/compliance").json()["total"] == 2
    problem(town.client("roads").get(f"{AT}/compliance"), 403, "not_allowed")


@pytest.mark.parametrize("door", ["permits", "permits/compliance", "permits/export", "cameras"])
def test_an_area_that_does_not_exist_is_told_rather_than_answered_with_nothing(town: Town, door: str) -> None:
    asked = town.client("command", **{"accept-language": "id"}).get(f"/api/v1/{door}?area=99.99")
    assert "Wilayah 99.99 tidak dikenal" in problem(asked, 422, "area_unknown")["detail"]


def test_the_letter_is_a_pdf_and_says_what_the_state_is(town: Town) -> None:
    registered(town, owner_name="<b>PT & Sinar</b>")
    answer = town.client("owner").get(f"{AT}/{PBG}/letter.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    problem(town.client("roads").get(f"{AT}/{PBG}/letter.pdf"), 403, "not_allowed")
    problem(town.client("owner").get(f"{AT}/IMB 77/letter.pdf"), 404, "permit_unknown")


def test_a_whole_office_full_is_taken_and_judged(town: Town) -> None:
    rows = "".join(f"IMB {n:05},PT {n}\n" for n in range(2_000))
    command = town.client("command")
    assert command.post(f"{AT}/import", content=f"nomor,pemilik\n{rows}".encode()).json()["added"] == 2_000
    town.city.clock.now += timedelta(days=40)
    assert judge(town.city.parts) == 2_000
    told = town.client("command").get(f"{AT}/compliance?state=non_compliant&limit=5").json()
    assert (told["total"], told["lacking"], len(told["permits"])) == (2_000, {"no_camera": 2_000}, 5)
    with town.city.parts.database.read() as db:
        entries = permits.history(db, permits.of_numbers(db, [PermitNumber("IMB 00007")])["IMB 00007"][0].id)
    assert [(entry.from_state, entry.to_state) for entry, _ in entries][1:] == [
        (PermitState.PENDING, PermitState.NON_COMPLIANT)
    ]
