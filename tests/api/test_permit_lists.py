"""Licensing offices' lists as they really come: out of Excel, under titles, with its days and its `sep=`."""

import pytest

from tests.api.test_permits import AT
from tests.api.town import Town, problem
from tests.ingest.city import HERE

DAYS = [
    *("2024-08-17", "17/08/2024", "17-8-2024", "2024-08-17 00:00:00", "2024-08-17T00:00:00", "17/08/2024 0:00"),
    *("17 Agustus 2024", "17 agustus 2024", "17 August 2024", "17 Agt 2024", "17-Aug-2024"),
]
ABOVE = "PEMERINTAH KABUPATEN, DINAS PENANAMAN MODAL\r\n\r\nDaftar izin, pemilik; Agustus 2024;;\r\n;;;\r\n"


@pytest.mark.parametrize("day", DAYS)
def test_a_day_is_read_as_offices_and_spreadsheets_write_it(town: Town, day: str) -> None:
    command = town.client("command")
    told = command.post(f"{AT}/import", content=f"nomor,pemilik,terbit\nIMB 1,PT,{day}\n".encode()).json()
    assert told["refused"] == []
    assert command.get(f"{AT}/IMB 1").json()["issued_on"] == "2024-08-17"


@pytest.mark.parametrize("day", ["17 Agusto 2024", "31 Februari 2024", "17/08/24", "2024-08-17 pagi", "00:00:00"])
def test_what_is_no_day_is_refused_with_one_that_is(town: Town, day: str) -> None:
    content = f"nomor,pemilik,terbit\nIMB 1,PT,{day}\n".encode()
    told = town.client("command").post(f"{AT}/import?dry_run=true", content=content).json()
    assert [(one["row"], one["code"]) for one in told["refused"]] == [(2, "row.date")]
    assert "17 August 2024" in told["refused"][0]["text"]


@pytest.mark.parametrize("first", ["", "sep=;\r\n", '"sep=;"\r\n', "\ufeffSEP=;\r\n"])
@pytest.mark.parametrize("above", ["", ABOVE, "x\r\n" * 10])
def test_the_header_is_found_below_what_stands_above_it_and_rows_keep_their_numbers(
    town: Town, first: str, above: str
) -> None:
    rows = "nomor;pemilik;alamat\r\nIMB 1;PT Satu;Jl. Mawar, 3, 4\r\nIMB 2;;\r\nIMB 3;PT Tiga;x\r\n"
    command = town.client("command")
    told = command.post(f"{AT}/import", content=(first + above + rows).encode()).json()
    assert (told["rows"], told["added"], told["passed_by"]) == (3, 2, [])
    header = (first + above).count("\r\n") + 1
    assert [(one["row"], one["title"], one["code"]) for one in told["refused"]] == [
        (header + 2, "pemilik", "row.missing")
    ]
    assert command.get(f"{AT}/IMB 1").json()["address"] == "Jl. Mawar, 3, 4"


def test_a_header_too_far_down_or_without_what_is_needed_is_told(town: Town) -> None:
    command = town.client("command")
    low = b"x\n" * 11 + b"nomor;pemilik\nIMB 1;PT\n"
    problem(command.post(f"{AT}/import", content=low), 422, "table_columns_missing")
    lacking = b"Daftar izin\nnomor;alamat\nIMB 1;Jl. Mawar\n"
    detail = problem(command.post(f"{AT}/import", content=lacking), 422, "table_columns_missing")["detail"]
    assert "owner_name" in detail
    assert "number" not in detail
    assert command.get(AT).json()["permits"] == []


ODD = "nomor;pemilik;alamat;terbit;bujur;lintang\nIMB 1;=SUM(A1);Jl. Mawar, -6;2015-08-17;{};{}\n".format(*HERE)


@pytest.mark.parametrize(
    ("asked", "header"),
    [
        ("", b"number,owner_name,contact,"),
        ("excel=true", b"\xef\xbb\xbfnumber,owner_name,contact,"),
        ("excel=true&language=id", b"\xef\xbb\xbfNomor izin;Nama pemilik;Kontak;"),
        ("excel=true&language=en", b"\xef\xbb\xbfPermit number,Owner name,Contact,"),
        ("language=id", b"Nomor izin,Nama pemilik,Kontak,"),
    ],
)
def test_the_list_is_written_as_excel_opens_it_and_comes_in_again(town: Town, asked: str, header: bytes) -> None:
    command = town.client("command")
    assert command.post(f"{AT}/import", content=ODD.encode()).json()["added"] == 1
    content = command.get(f"{AT}/export?{asked}").content
    assert content.startswith(header)
    assert b"'=SUM(A1)" in content
    assert b", '-6" in content
    assert ((f"{HERE[0]}".replace(".", ",")).encode() in content) is ("excel=true&language=id" in asked)
    assert (b"menunggu" in content) is ("language=id" in asked)
    assert (b"2026-11-20 12:00:00" in content) is ("language" in asked)
    again = command.post(f"{AT}/import", content=content).json()
    assert (again["rows"], again["unchanged"], again["refused"]) == (1, 1, [])


def test_compliance_is_written_the_same_way(town: Town) -> None:
    command = town.client("command")
    command.post(f"{AT}/import", content=ODD.encode())
    plain = command.get(f"{AT}/compliance?format=csv").content
    assert plain.startswith(b"number,owner_name,address,area,state,")
    assert b",2026-11-20T05:00:00Z,0," in plain
    told = command.get(f"{AT}/compliance?format=csv&excel=true&language=id").content.decode("utf-8-sig").splitlines()
    assert told[0].startswith("Nomor izin;Nama pemilik;Alamat;Wilayah;Status;Batas waktu (Asia/Jakarta);Kekurangan;")
    assert told[1].startswith("IMB 1;'=SUM(A1);Jl. Mawar, '-6;")
    assert ";menunggu;;belum ada kamera;2026-11-20 12:00:00;0;" in told[1]
    problem(command.get(f"{AT}/compliance?format=csv&language=xx"), 422, "invalid")
