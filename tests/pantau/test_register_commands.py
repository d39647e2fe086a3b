"""The register from the command line: lists in, cameras tried and counted, keys changed."""

import stat
from pathlib import Path
from uuid import UUID

import pytest

from ingest.cameras.secrets import GivenKeys, KeyFile, KeyInvalid, Keys, KeyUnknown, new_key
from ingest.cameras.urls import Credentials
from storage.database import open_database
from storage.tables import Camera
from tests.pantau.terminal import Terminal

CAMERAS = """nama;url;pengguna;kata sandi;bujur;lintang;arah;dinas;berbagi;akun
Gerbang;rtsp://kamera.example/a;admin;rahasia-7;114.36;-8.21;90;dlh;stored;petugas
Alun-alun;http://127.0.0.1:8080/a.jpg;;;114.37;-8.22;;dlh;;petugas
Tanpa alamat;;;;114.37;-8.22;;dlh;;petugas
Salah bagi;http://kamera.example/a.jpg;;;114.37;-8.22;;dlh;semua;petugas
Tanpa pemilik;http://kamera.example/b.jpg;;;114.37;-8.22;;;;
Dinas lain;http://kamera.example/c.jpg;;;114.37;-8.22;;dishub;;petugas
"""


@pytest.fixture
def housed(terminal: Terminal) -> Terminal:
    """An installation with agencies and a list of cameras in its folder."""
    terminal.done("migrate")
    terminal.done("categories", "import")
    (terminal.folder / "kamera.csv").write_text(CAMERAS)
    return terminal


def test_a_list_of_permits_comes_in_and_goes_out(housed: Terminal) -> None:
    listed = housed.folder / "izin.csv"
    listed.write_text("nomor,pemilik\nIMB 1,PT Satu\nPBG-1,PT Dua\n")
    dry = housed("permits", "import", str(listed), "--dry-run")
    assert (dry.code, "1 added" in dry.out) == (1, True)
    said = housed("permits", "import", str(listed))
    assert said.code == 1
    assert "izin.csv: 2 rows, 1 added, 0 changed, 0 unchanged, 1 refused" in said.out
    assert 'row 3, nomor: The permit number "PBG-1" cannot be read' in said.err
    listed.write_text("nomor,pemilik\nIMB 1,PT Satu\n")
    assert "1 unchanged" in housed.done("permits", "import", str(listed)).out


def test_cameras_are_registered_listed_counted_and_their_passwords_never_shown(housed: Terminal) -> None:
    housed.done("accounts", "add", "petugas", "--name", "Petugas", "--role", "agency", "--agency", "dlh")
    said = housed("cameras", "import", "kamera.csv")
    assert said.code == 1
    assert "kamera.csv: 2 registered, 0 were before, 4 refused" in said.out
    assert "row 4: Give the camera's address" in said.err
    assert "row 5, berbagi: must be one of nothing, stored, live" in said.err
    assert "row 6: Name the owner's account" in said.err
    assert "row 7: There is no owner's account with the login petugas" in said.err
    housed.done("accounts", "add", "bu.sri", "--name", "Bu Sri", "--role", "owner")
    own = "nama,url,user,password,lon,lat,akun\nToko,http://kamera.example/a.jpg,admin,rahasia-8,114.3,-8.2,bu.sri\n"
    (housed.folder / "kamera.csv").write_text(own)
    housed.done("cameras", "import", "kamera.csv")
    listed = housed.done("cameras", "list")
    assert [row[:3] for row in listed.lines] == [
        ["1", "Gerbang", "Petugas"],
        ["2", "Alun-alun", "Petugas"],
        ["3", "Toko", "Bu Sri"],
    ]
    assert housed.done("cameras", "status").lines == [["not visited yet", "3"]]
    assert housed.done("cameras", "list", "--state", "ok").lines == []
    assert "35.99" in housed("cameras", "list", "--area", "35.99").err
    everything = listed.out + said.out + said.err
    assert "rahasia" not in everything
    assert "kamera.example" not in everything
    assert housed("cameras", "test", "9").code == 1


def test_a_list_goes_on_past_a_row_that_lies_nowhere_and_keeps_each_sign_of_a_password(housed: Terminal) -> None:
    housed.done("accounts", "add", "bu.sri", "--name", "Bu Sri", "--role", "owner")
    rows = "Kutub,http://kamera.example/a.jpg,,,114.3,90\nToko,http://kamera.example/b.jpg,admin,'=a  b,114.3,-8.2\n"
    (housed.folder / "kamera.csv").write_text("nama,url,user,password,lon,lat,akun\n" + rows.replace("\n", ",bu.sri\n"))
    said = housed("cameras", "import", "kamera.csv")
    assert "kamera.csv: 1 registered, 0 were before, 1 refused" in said.out
    assert "row 2: 114.3, 90.0 is not a usable place" in said.err
    with open_database(f"sqlite:///{housed.folder}/data/pantau.db") as database, database.read() as db:
        (kept,) = db.query(Camera)
    keys = Keys(KeyFile(housed.folder / "data" / "secret.key"))
    assert keys.open(kept.id, kept.secret or b"").password == "'=a  b"


def test_a_list_that_comes_again_registers_nobody_twice(housed: Terminal) -> None:
    housed.done("accounts", "add", "bu.sri", "--name", "Bu Sri", "--role", "owner")
    listed = housed.folder / "kamera.csv"
    first = "nama,url,lon,lat,akun\nToko,rtsp://u:p@kamera.example/a,114.3,-8.2,bu.sri\nBelakang,rtsp://,114.3,-8.2,bu.sri\n"
    listed.write_text(first)
    assert "1 registered, 0 were before, 1 refused" in housed("cameras", "import", "kamera.csv").out
    listed.write_text(first.replace("rtsp://,", "rtsp://kamera.example/b,"))
    assert "1 registered, 1 were before, 0 refused" in housed.done("cameras", "import", "kamera.csv").out
    assert "0 registered, 2 were before, 0 refused" in housed.done("cameras", "import", "kamera.csv").out
    assert [row[1] for row in housed.done("cameras", "list").lines] == ["Toko", "Belakang"]
    with open_database(f"sqlite:///{housed.folder}/data/pantau.db") as database, database.write() as db:
        db.query(Camera).filter_by(name="Toko").one().active = False
    said = housed("cameras", "import", "kamera.csv")
    assert "0 registered, 1 were before, 1 refused" in said.out
    assert "row 2: This camera is out of service" in said.err


def test_a_camera_that_may_not_be_visited_says_so(housed: Terminal) -> None:
    housed.done("accounts", "add", "bu.sri", "--name", "Bu Sri", "--role", "owner")
    own = "nama,url,lon,lat,akun\nToko,http://127.0.0.1:8080/a.jpg,114.3,-8.2,bu.sri\n"
    (housed.folder / "kamera.csv").write_text(own)
    housed.done("cameras", "import", "kamera.csv")
    said = housed("cameras", "test", "1")
    assert said.code == 1
    assert "may not be visited" in said.out
    assert "refused_address" in said.err


def sealed_under(folder: Path) -> list[bytes]:
    """Every sealed secret of the installation in this folder."""
    with open_database(f"sqlite:///{folder}/data/pantau.db") as database, database.read() as db:
        return [row.secret for row in db.query(Camera) if row.secret is not None]


def test_keys_rotate_and_what_was_sealed_stays_readable(housed: Terminal) -> None:
    housed.done("accounts", "add", "bu.sri", "--name", "Bu Sri", "--role", "owner")
    own = "nama,url,user,password,lon,lat,akun\nToko,http://kamera.example/a.jpg,admin,rahasia-8,114.3,-8.2,bu.sri\n"
    (housed.folder / "kamera.csv").write_text(own)
    housed.done("cameras", "import", "kamera.csv")
    file = housed.folder / "data" / "secret.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (first,), (before,) = file.read_text().split(), sealed_under(housed.folder)
    for _ in range(2):
        assert "1 passwords sealed anew" in housed.done("keys", "rotate").out
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    keys = file.read_text().split()
    assert len(keys) == 2
    assert first not in keys
    (after,) = sealed_under(housed.folder)
    assert after != before
    with open_database(f"sqlite:///{housed.folder}/data/pantau.db") as database, database.read() as db:
        id_ = db.query(Camera).one().id
    assert Keys(GivenKeys(keys[0])).open(id_, after).password == "rahasia-8"
    with pytest.raises(KeyUnknown):
        Keys(GivenKeys(first)).open(id_, after)
    housed.set(PANTAU_SECRET_KEY=new_key())
    lost = housed("keys", "rotate")
    assert (lost.code, "put its key back" in lost.err) == (1, True)
    assert "Write its user and password anew" in housed("cameras", "test", "1").err
    housed.set(PANTAU_SECRET_KEY=f"{housed.done('keys', 'new').out.strip()},{keys[0]}")
    assert "1 passwords sealed anew" in housed.done("keys", "rotate").out
    housed.set(PANTAU_SECRET_KEY="hunter2")
    wrong = housed("keys", "rotate")
    assert (wrong.code, "hunter2" in wrong.err) == (1, False)


def test_a_check_tells_of_a_key_that_is_gone(housed: Terminal) -> None:
    housed.done("accounts", "add", "bu.sri", "--name", "Bu Sri", "--role", "owner")
    own = "nama,url,user,password,lon,lat,akun\nToko,http://kamera.example/a.jpg,admin,rahasia-8,114.3,-8.2,bu.sri\n"
    (housed.folder / "kamera.csv").write_text(own)
    file = housed.folder / "data" / "secret.key"

    def told() -> str:
        return next(line for line in housed("check").out.splitlines() if "keys" in line)

    housed.done("cameras", "import", "kamera.csv")
    assert told().startswith("ok")
    file.unlink()
    assert told().startswith("FAIL")
    assert "secret.key is gone" in told()
    assert not file.exists()
    file.write_text(new_key())
    assert "no key opens the passwords of 1 cameras" in told()


@pytest.mark.unit
def test_a_running_server_follows_a_key_changed_beneath_it(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "secret.key")
    here, there = Keys(file), Keys(KeyFile(tmp_path / "secret.key"))
    camera, said = UUID(int=1), Credentials("u", "p")
    old = here.seal(camera, said)
    file.add()
    new = there.seal(camera, said)
    assert here.open(camera, new) == here.open(camera, old) == said
    assert there.current(new)
    assert not there.current(old)
    with pytest.raises(KeyUnknown):
        here.open(UUID(int=2), new)


@pytest.mark.unit
def test_a_key_file_that_was_emptied_is_no_key(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("\n")
    with pytest.raises(KeyInvalid, match="empty"):
        Keys(KeyFile(tmp_path / "secret.key")).seal(UUID(int=1), Credentials("u", "p"))


@pytest.mark.unit
@pytest.mark.parametrize("text", ["", " , ", "short", "é" * 44, "A" * 44])
def test_what_is_no_key_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(KeyInvalid) as caught:
        GivenKeys(text)
    assert not text.strip(" ,") or text not in str(caught.value)
