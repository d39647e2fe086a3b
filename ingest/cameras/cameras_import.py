"""A list of cameras, registered row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from cases.access import Principal
from cases.errors import PantauError
from cases.register import CameraRetired
from cases.words import CameraDoor, Sharing
from geo.view import MOST_RANGE_M
from ingest.cameras.register import Registering, View, register_camera
from ingest.cameras.table import Row, RowFault, RowRefused, Table
from ingest.cameras.ways import Way
from ingest.parts import Parts

COLUMNS: Final[Mapping[str, Sequence[str]]] = {
    "name": ("nama", "nama kamera"),
    "url": ("alamat kamera", "address", "rtsp"),
    "door": ("cara", "kind"),
    "user": ("pengguna", "username"),
    "password": ("kata sandi", "sandi"),
    "lon": ("bujur", "longitude", "x"),
    "lat": ("lintang", "latitude", "y"),
    "bearing_deg": ("arah", "bearing"),
    "fov_deg": ("sudut pandang", "fov"),
    "range_m": ("jangkauan", "range"),
    "height_m": ("tinggi", "height"),
    "permit": ("nomor izin", "izin"),
    "owner": ("akun", "login"),
    "agency": ("dinas",),
    "interval_s": ("jeda", "interval"),
    "sharing": ("berbagi",),
}
"""The columns of the list, each with the other names it goes by."""


@dataclass(slots=True)
class CamerasImported:
    """What came of a list: the numbers of the cameras registered, how many were before, and every row refused.

    `passed_by` are the titles of columns that mean nothing here.
    """

    numbers: list[int] = field(default_factory=list)
    before: int = 0
    refused: list[RowFault] = field(default_factory=list)
    passed_by: list[str] = field(default_factory=list)


def import_cameras(parts: Parts, principal: Principal, content: bytes) -> CamerasImported:
    """Registers what can be registered of a CSV file, each row by itself. Raises TableInvalid.

    A camera that a list has registered before, by its name, address and whose it is, stays as it is.
    """
    table = Table(content, COLUMNS, ("name", "lon", "lat"))
    told = CamerasImported(passed_by=table.passed_by)
    for row in table:
        try:
            camera, new = register_camera(parts, principal, _known(_registering(row)))
            if new:
                told.numbers.append(camera.number)
            elif camera.active:
                told.before += 1
            else:
                raise CameraRetired
        except RowRefused as refused:
            told.refused.append(table.titled(refused.at(row.number)))
        except PantauError as error:
            told.refused.append(RowFault(row.number, "", error.code, error.params))
    return told


def _known(given: Registering) -> Registering:
    """The same under an id that a list which comes again, or was cut short, gives it again."""
    whose = (given.owner or "", given.agency or "", given.permit or "")
    return replace(
        given, id=uuid5(NAMESPACE_URL, "\n".join(("pantau camera", *whose, given.name, given.way.reach().url)))
    )


def _registering(row: Row) -> Registering:
    if not row.whole:
        raise RowRefused("", "row.cells")
    point = row.point()
    if point is None:
        raise RowRefused("lon", "row.missing")
    door = row.word("door", [door.value for door in CameraDoor])
    way = Way(
        row.text("url", 2_048),
        CameraDoor(door) if door else None,
        row.exact("user"),
        row.exact("password"),
    )
    view = View(
        *point,
        bearing_deg=row.real("bearing_deg", -360, 720) or 0.0,
        fov_deg=row.real("fov_deg", 1, 360) or 90.0,
        range_m=row.real("range_m", 1, MOST_RANGE_M) or 40.0,
        height_m=row.real("height_m", 0, 500),
    )
    return Registering(
        name=row.text("name", 120, needed=True),
        way=way,
        view=view,
        permit=row.cells.get("permit"),
        owner=row.cells.get("owner"),
        agency=row.cells.get("agency"),
        interval_s=row.whole_number("interval_s", 10, 86_400) or 60,
        sharing=Sharing(row.word("sharing", [sharing.value for sharing in Sharing]) or Sharing.LIVE),
    )
