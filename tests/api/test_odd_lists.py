"""Lists of permits as no office means to write them: signs that nobody sees, numbers that only Python reads."""

import codecs

import pytest

from tests.api.town import Town

AT = "/api/v1/permits"
HEADER = "nomor,pemilik,jumlah kamera\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_what_no_eye_sees_in_a_cell_is_not_kept(town: Town, encoding: str) -> None:
    told = "IMB 9,\u202eToko\u0007\u200e Maju\ufeff,1\n" + ("IMB 8,Nol\0nol,1\n" if encoding == "utf-16" else "")
    command = town.client("command")
    taken = command.post(f"{AT}/import", content=(HEADER + told).encode(encoding)).json()
    assert (taken["added"], taken["refused"]) == (told.count("\n"), [])
    assert command.get(f"{AT}/IMB 9").json()["owner_name"] == "Toko Maju"
    exported = command.get(f"{AT}/export").content
    assert exported.startswith(codecs.BOM_UTF8)
    again = command.post(f"{AT}/import", content=exported).json()
    assert (again["unchanged"], again["refused"]) == (told.count("\n"), [])


@pytest.mark.parametrize("number", ["1_0", "nan", "1e999", "-1", "2.5", "0x2", "dua"])
def test_a_number_is_what_an_office_writes_as_one(town: Town, number: str) -> None:
    told = town.client("command").post(f"{AT}/import?dry_run=true", content=f"{HEADER}IMB 9,PT,{number}\n".encode())
    assert [(row["column"], row["code"]) for row in told.json()["refused"]] == [("cameras_required", "row.number")]
