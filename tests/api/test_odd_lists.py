"""Lists of permits as no office means to write them: signs that nobody sees, numbers that only Python reads."""

import codecs

import pytest

from tests.api.town import Town, problem

AT = "/api/v1/permits"
HEADER = "nomor,pemilik,jumlah kamera\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_what_no_eye_sees_in_a_cell_is_not_kept(town: Town, encoding: str) -> None:
    told = "IMB 9,\u202eToko\u0007\u200e Maju\ufeff,1\n" + ("IMB 8,Nol\0nol,1\n" if encoding == "utf-16" else "")
    command = town.client("command")
    taken = command.post(f"{AT}/import", content=(HEADER + told).encode(encoding)).json()
    assert (taken["added"], taken["refused"]) == (told.count("\n"), [])
    assert command.get(f"{AT}/IMB 9").json()["owner_name"] == "Toko Maju"
    exported = command.get(f"{AT}/export?excel=true").content
    assert exported.startswith(codecs.BOM_UTF8)
    again = command.post(f"{AT}/import", content=exported).json()
    assert (again["unchanged"], again["refused"]) == (told.count("\n"), [])


@pytest.mark.parametrize("number", ["1_0", "nan", "1e999", "-1", "2.5", "0x2", "dua"])
def test_a_number_is_what_an_office_writes_as_one(town: Town, number: str) -> None:
    told = town.client("command").post(f"{AT}/import?dry_run=true", content=f"{HEADER}IMB 9,PT,{number}\n".encode())
    assert [(row["column"], row["code"]) for row in told.json()["refused"]] == [("cameras_required", "row.number")]


def test_a_place_outside_the_city_is_no_district_of_it(town: Town) -> None:
    command = town.client("command", **{"accept-language": "id"})
    (west, south, *_), numbers = town.city.parts.areas.index().areas[0].bbox, "PBG-9901{:02}-17082024-0{}"
    beyond = west - 0.004  # some 400 m: a pier
    rows = f"{numbers.format(1, 1)},A,2.35,48.85\n{numbers.format(1, 2)},B,{beyond},{south + 0.001}\n"
    rows += f"{numbers.format(88, 3)},C,2.35,48.85\nIMB 1,D,2.35,48.85\n"
    told = command.post(f"{AT}/import", content=f"nomor,pemilik,bujur,lintang\n{rows}".encode()).json()
    assert [(row["row"], row["title"]) for row in told["refused"]] == [(2, "nomor"), (4, "nomor")]
    assert "di luar kota" in told["refused"][0]["text"]
    assert "bukan kecamatan di kota ini" in told["refused"][1]["text"]
    problem(command.patch(f"{AT}/{numbers.format(1, 2)}", json={"lon": 2.35, "lat": 48.85}), 422, "permit_outside")
    problem(command.patch(f"{AT}/IMB 1", json={"number": numbers.format(1, 4)}), 422, "permit_outside")
