"""The collections that GIS desks read: what each holds, by which names, and who may read which property.

One table for everything: descriptions, schemas, filters and answers. `storage` gives each property its expression.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Final

from cases.access import Sight
from cases.filters.tree import Kind, Property, Vocabulary
from cases.incidents import Sort
from cases.words import IncidentKind, PermitKind, PermitState, Status, VisitState, Watch
from geo.areas import Level

GEOMETRY: Final = "geometry"


class Collection(StrEnum):
    """What can be asked for, by its id."""

    COMPLAINTS = "complaints"
    PHOTOS = "photos"
    SNAPSHOTS = "snapshots"
    CAMERAS = "cameras"
    PERMITS = "permits"
    AREAS = "areas"
    INCIDENTS = "incidents"


@dataclass(frozen=True, slots=True)
class Field:
    """One property. `told` False is for those who read details only; `filtered` False is worked out, not kept."""

    name: str
    kind: Kind
    title_id: str
    title_en: str
    words: type[StrEnum] | None = None
    told: bool = True
    filtered: bool = True

    def title(self, language: str) -> str:
        """What people call it."""
        return self.title_en if language == "en" else self.title_id


@dataclass(frozen=True, slots=True)
class Described:
    """A collection: its properties in order, the moments it is dated by, how it may be sorted (the first is the rule).

    `dated` names the property that `datetime` asks about. `kinds` says which incidents it is; empty for the registers.
    """

    title_id: str
    title_en: str
    about_id: str
    about_en: str
    fields: tuple[Field, ...]
    sorts: Mapping[str, tuple[Sort, Sort]]
    first: Sort = Sort.NEWEST
    dated: str | None = None
    kinds: frozenset[IncidentKind] = field(default_factory=frozenset)
    polygons: bool = False

    def title(self, language: str) -> str:
        """What people call it."""
        return self.title_en if language == "en" else self.title_id

    def about(self, language: str) -> str:
        """What it holds, in a sentence."""
        return self.about_en if language == "en" else self.about_id


def readable(collection: Collection, sight: Sight) -> tuple[Field, ...]:
    """The properties that somebody may read, in order."""
    return _readable(collection, sight.details)


@lru_cache
def _readable(collection: Collection, details: bool) -> tuple[Field, ...]:
    return tuple(one for one in COLLECTIONS[collection].fields if one.told or details)


def vocabulary(collection: Collection, sight: Sight) -> Vocabulary:
    """What somebody's filter may name: what they may read, and the geometry."""
    return _vocabulary(collection, sight.details)


@lru_cache
def _vocabulary(collection: Collection, details: bool) -> Vocabulary:
    kept = {one.name: Property(one.name, one.kind) for one in _readable(collection, details) if one.filtered}
    return kept | {GEOMETRY: Property(GEOMETRY, Kind.PLACE)}


def open_to(collection: Collection, sight: Sight) -> bool:
    """Whether somebody sees anything of a collection at all; the others are not there for them."""
    match collection:
        case Collection.PHOTOS:
            return sight.photos
        case Collection.CAMERAS | Collection.SNAPSHOTS:
            return sight.watch is not Watch.NONE
        case Collection.PERMITS:
            return sight.permits
        case _:
            return True


_T, _N, _I, _B, _W = Kind.TEXT, Kind.NUMBER, Kind.INTEGER, Kind.BOOLEAN, Kind.TIME
_CATEGORY = Field("category", _T, "Kategori", "Category")
_STATUS = Field("status", _T, "Status", "Status", words=Status)
_AGENCY = Field("agency", _T, "Instansi", "Agency")
_WHERE = (
    Field("area", _T, "Kode wilayah", "Area code"),
    Field("area_name", _T, "Wilayah", "Area", filtered=False),
)
_PROBLEM = (_CATEGORY, _STATUS, _AGENCY, *_WHERE)
_RADIUS = Field("radius_m", _N, "Radius lokasi (m)", "Radius of the place (m)")
_UPDATED = Field("updated_at", _W, "Diperbarui", "Updated")
_DUE = Field("due_at", _W, "Tenggat", "Due")
_OVERDUE = Field("overdue", _B, "Terlambat", "Overdue")
_REGISTERED = (_RADIUS, Field("created_at", _W, "Didaftarkan", "Registered"), _UPDATED)
_REFERENCE = Field("reference", _T, "Nomor aduan", "Reference")
_TIME = Field("time", _W, "Waktu", "Time")
_TAKEN = (Field("taken_at", _W, "Diambil", "Taken"), Field("received_at", _W, "Diterima", "Received"))
_SIZE = (
    Field("width", _I, "Lebar (piksel)", "Width (pixels)"),
    Field("height", _I, "Tinggi (piksel)", "Height (pixels)"),
)
_THUMBNAIL = Field("thumbnail", _T, "Gambar kecil", "Thumbnail", filtered=False)
_CAMERA = Field("camera", Kind.ID, "Kamera", "Camera")
_BY_TIME = (Sort.OLDEST, Sort.NEWEST)
_BY_UPDATE, _BY_DUE = (Sort.UPDATED_FIRST, Sort.UPDATED), (Sort.DUE, Sort.DUE_LAST)

COLLECTIONS: Final[Mapping[Collection, Described]] = {
    Collection.COMPLAINTS: Described(
        "Aduan",
        "Complaints",
        "Masalah yang dilaporkan, dengan tempat, status dan tenggatnya.",
        "Problems that were reported, with their place, state and deadline.",
        (
            _REFERENCE,
            *_PROBLEM,
            Field("description", _T, "Uraian", "Description", told=False),
            Field("opened_at", _W, "Dibuka", "Opened"),
            _DUE,
            _UPDATED,
            Field("closed_at", _W, "Ditutup", "Closed"),
            _OVERDUE,
            _RADIUS,
        ),
        {"opened_at": _BY_TIME, "due_at": _BY_DUE, "updated_at": _BY_UPDATE},
        dated="opened_at",
        kinds=frozenset({IncidentKind.COMPLAINT}),
    ),
    Collection.PHOTOS: Described(
        "Foto",
        "Photos",
        "Foto petugas lapangan di tempat pengambilannya.",
        "Field officers' photos where they were taken.",
        (
            _CATEGORY,
            Field("caption", _T, "Keterangan", "Caption"),
            *_WHERE,
            _TIME,
            *_TAKEN,
            _UPDATED,
            _RADIUS,
            Field("direction_deg", _N, "Arah (derajat)", "Direction (degrees)"),
            *_SIZE,
            Field("media_type", _T, "Jenis berkas", "Media type"),
            _THUMBNAIL,
        ),
        {"time": _BY_TIME, "updated_at": _BY_UPDATE},
        dated="time",
        kinds=frozenset({IncidentKind.PHOTO}),
    ),
    Collection.SNAPSHOTS: Described(
        "Rekaman kamera",
        "Snapshots",
        "Gambar diam yang disimpan dari kamera, di tempat kameranya.",
        "Stills that were kept of cameras, where the camera stands.",
        (
            _CAMERA,
            Field("camera_name", _T, "Nama kamera", "Name of the camera"),
            *_WHERE,
            *_TAKEN,
            *_SIZE,
            Field("image", _T, "Gambar", "Image", filtered=False),
        ),
        {"taken_at": _BY_TIME},
        dated="taken_at",
    ),
    Collection.CAMERAS: Described(
        "Kamera",
        "Cameras",
        "Kamera jalan yang terdaftar, arah pandangnya dan keadaannya.",
        "Registered street cameras, where they look and how they fare.",
        (
            Field("number", _I, "Nomor", "Number"),
            Field("name", _T, "Nama", "Name"),
            Field("permit", _T, "Nomor izin", "Permit number"),
            _AGENCY,
            *_WHERE,
            Field("bearing_deg", _N, "Arah (derajat)", "Bearing (degrees)"),
            Field("fov_deg", _N, "Sudut pandang (derajat)", "Field of view (degrees)"),
            Field("range_m", _N, "Jarak pandang (m)", "Range (m)"),
            Field("state", _T, "Keadaan", "State", words=VisitState),
            Field("since", _W, "Sejak", "Since"),
            Field("seen_at", _W, "Terakhir terlihat", "Last seen"),
            Field("active", _B, "Dipakai", "In service"),
            *_REGISTERED,
        ),
        {"number": _BY_TIME},
        first=Sort.OLDEST,
        dated="created_at",
    ),
    Collection.PERMITS: Described(
        "Izin bangunan",
        "Permits",
        "Izin bangunan yang mewajibkan kamera, dan bagaimana kewajiban itu dipenuhi.",
        "Building permits that oblige to cameras, and how that duty is met.",
        (
            Field("number", _T, "Nomor izin", "Permit number"),
            Field("kind", _T, "Jenis", "Kind", words=PermitKind),
            Field("owner_name", _T, "Pemilik", "Owner"),
            Field("address", _T, "Alamat", "Address"),
            Field("issued_on", Kind.DATE, "Terbit", "Issued"),
            Field("cameras_required", _I, "Kamera wajib", "Cameras required"),
            Field("state", _T, "Status", "State", words=PermitState),
            Field("state_since", _W, "Status sejak", "State since"),
            Field("state_due_at", _W, "Tenggat status", "State due"),
            *_WHERE,
            *_REGISTERED,
        ),
        {"created_at": _BY_TIME},
        first=Sort.OLDEST,
        dated="created_at",
    ),
    Collection.AREAS: Described(
        "Wilayah",
        "Areas",
        "Kabupaten, kecamatan, desa dan kelurahan dengan batasnya.",
        "Regencies, districts and villages with their borders.",
        (
            Field("code", _T, "Kode", "Code"),
            Field("name", _T, "Nama", "Name"),
            Field("level", _T, "Tingkat", "Level", words=Level),
            Field("parent", _T, "Kode induk", "Parent's code"),
            Field("kind", _T, "Jenis", "Kind"),
            Field("area_m2", _N, "Luas (m2)", "Area (m2)"),
        ),
        {"code": _BY_TIME},
        first=Sort.OLDEST,
        polygons=True,
    ),
    Collection.INCIDENTS: Described(
        "Kejadian",
        "Incidents",
        "Aduan, foto dan gangguan kamera bersama, seperti di peta.",
        "Complaints, photos and outages of cameras together, as on the map.",
        (
            Field("kind", _T, "Jenis", "Kind", words=IncidentKind),
            _REFERENCE,
            *_PROBLEM,
            _TIME,
            _DUE,
            _UPDATED,
            _OVERDUE,
            _RADIUS,
            Field("title", _T, "Judul", "Title"),
            Field("photo", _T, "Foto", "Photo", filtered=False),
            _THUMBNAIL,
            _CAMERA,
            Field("trouble", _T, "Gangguan", "Trouble", words=VisitState),
            Field("ended_at", _W, "Berakhir", "Ended"),
        ),
        {"time": _BY_TIME, "due_at": _BY_DUE, "updated_at": _BY_UPDATE},
        dated="time",
        kinds=frozenset(IncidentKind),
    ),
}
