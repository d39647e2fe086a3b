"""A licensing office's list of permits, taken into the register row by row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from cases import permit as rules
from cases.access import Principal
from cases.errors import PantauError
from cases.location import candidate
from cases.register import MOST_CAMERAS
from cases.words import LocationSource
from geo.index import AreaIndex
from ingest.cameras.permits import PLAIN, begun, check_district, check_place, owner_account, today
from ingest.cameras.table import Row, RowFault, RowRefused, Table
from ingest.exports.sheet import Manner, listed
from ingest.exports.table import Reading
from ingest.parts import Parts
from ingest.place import Place, placed
from storage import audit, permits
from storage.tables import Permit

COLUMNS: Final[Mapping[str, Sequence[str]]] = {
    "number": ("nomor", "nomor izin", "nomor pbg", "nomor imb", "no izin", "permit", "permit number"),
    "owner_name": ("nama pemilik", "pemilik", "nama", "owner", "owner name"),
    "contact": ("kontak", "telepon", "no hp", "email", "phone"),
    "address": ("alamat", "alamat bangunan"),
    "issued_on": ("tanggal terbit", "terbit", "tanggal", "tgl terbit", "issued", "issued on"),
    "cameras_required": ("jumlah kamera", "kamera", "cameras"),
    "lon": ("bujur", "longitude", "long", "x"),
    "lat": ("lintang", "latitude", "y"),
    "radius_m": ("radius",),
    "account": ("akun", "login", "akun pemilik"),
}
"""The columns of the list, each with the other names it goes by."""

WORDS: Final = "permit.column"
"""What the sentences for the headings of lists of permits begin with."""

_EXPORTED: Final = ("number", "owner_name", "contact", "address", "issued_on", "cameras_required", "lon", "lat")
_COLUMN_OF: Final = {
    "permit_number_invalid": "number",
    "permit_date_invalid": "number",
    "permit_district_unknown": "number",
    "permit_elsewhere": "number",
    "permit_outside": "number",
    "permit_issued_later": "issued_on",
    "place_invalid": "lon",
    "owner_unknown": "account",
}
"""Which column each of the rules' refusals is about."""


_NOWHERE: Final = Place(None, None)


@dataclass(slots=True)
class Imported:
    """What came of a list: rows read, permits added, changed and as they were, and every row refused.

    `passed_by` are the titles of columns that mean nothing here.
    """

    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[RowFault] = field(default_factory=list)
    passed_by: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Entry:
    row: int
    number: rules.PermitNumber
    plain: dict[str, Any]
    place: Place | None
    owner: str | None


def import_permits(parts: Parts, principal: Principal, content: bytes, *, dry_run: bool = False) -> Imported:
    """Takes what can be taken of a CSV file, all in one transaction, and says of every other row why not.

    A permit that is there already is brought up to date by the cells that are filled; states stay. Raises TableInvalid.
    """
    now = parts.clock()
    table = Table(content, COLUMNS, ("number", "owner_name"))
    imported = Imported(passed_by=table.passed_by)
    entries = _entries(parts, table, now, imported)
    with parts.database.write() as db:
        permits.take_turns(db)
        known = permits.of_numbers(db, (entry.number for entry in entries))
        intake = _Intake(db, parts.areas.index(), principal, now, imported, dry_run)
        for entry in entries:
            try:
                intake.take(entry, permits.meant(known.get(entry.number.key, []), entry.number))
            except RowRefused as refused:
                imported.refused.append(refused.at(entry.row))
            except PantauError as error:
                imported.refused.append(_fault(entry.row, error))
        if not dry_run:
            intake.finish()
            counts = {"added": imported.added, "changed": imported.changed, "refused": len(imported.refused)}
            audit.record(db, principal, now, action="import", subject="permits", subject_id="", **counts)
    imported.refused = sorted(map(table.titled, imported.refused), key=lambda fault: fault.row)
    return imported


def _entries(parts: Parts, table: Table, now: datetime, imported: Imported) -> list[_Entry]:
    entries: list[_Entry] = []
    for row in table:
        imported.rows += 1
        try:
            entries.append(_entry(parts, row, now))
        except RowRefused as refused:
            imported.refused.append(refused.at(row.number))
        except PantauError as error:
            imported.refused.append(_fault(row.number, error))
    return entries


def _entry(parts: Parts, row: Row, now: datetime) -> _Entry:
    """A row understood.

    Raises RowRefused, PermitNumberInvalid, PermitDateInvalid, PermitIssuedLater, PermitElsewhere, PermitOutside,
    PlaceInvalid.
    """
    if not row.whole:
        raise RowRefused("", "row.cells")
    day = today(now, parts.zone)
    number = rules.read_number(row.text("number", rules.LONGEST_NUMBER, needed=True), day)
    plain: dict[str, Any] = {
        "owner_name": row.text("owner_name", 120, needed=True),
        "contact": row.text("contact", 200),
        "address": row.text("address", 500),
        "issued_on": row.day("issued_on") or number.issued_on,
        "cameras_required": row.whole_number("cameras_required", 0, MOST_CAMERAS),
    }
    rules.check_issued(plain["issued_on"], day)
    point, radius_m = row.point(), row.real("radius_m", 0.1, 100_000)
    place = None
    if point is not None:
        place = placed(parts.areas.index(), [candidate(*point, LocationSource.PIN, radius_m)])
        check_place(parts.areas.index(), number, place.area_code, *point)
    given = {name: value for name, value in plain.items() if value not in (None, "")}
    return _Entry(row.number, number, given, place, row.cells.get("account"))


@dataclass(slots=True)
class _Intake:
    """The rows' way into the register, in one transaction."""

    db: Session
    index: AreaIndex
    principal: Principal
    now: datetime
    imported: Imported
    dry_run: bool
    owners: dict[str, UUID] = field(default_factory=dict)
    begun: list[Permit] = field(default_factory=list)
    rows: dict[UUID | str, int] = field(default_factory=dict)

    def take(self, entry: _Entry, permit: Permit | None) -> None:
        """Adds a permit, to be written by `finish`, or brings the one that is there up to date.

        Raises OwnerUnknown, PermitDistrictUnknown, RowRefused.
        """
        first = self.rows.setdefault(entry.number.key if permit is None else permit.id, entry.row)
        if first != entry.row:
            raise RowRefused("number", "row.repeated", row=first)
        owner_id = self._owner(entry.owner)
        if permit is None:
            check_district(self.index, entry.number)
            self.imported.added += 1
            if not self.dry_run:
                place = entry.place or _NOWHERE
                self.begun.append(begun(entry.number, place, self.now, owner_id=owner_id, **entry.plain))
            return
        changed = _changed(permit, entry, owner_id)
        self.imported.changed += changed
        self.imported.unchanged += not changed
        if changed and not self.dry_run:
            _bring_up_to_date(permit, entry, owner_id, self.now)

    def finish(self) -> None:
        """Writes what was added: together, for who else writes waits meanwhile."""
        permits.begin(self.db, self.begun, self.now, by=self.principal.account_id)

    def _owner(self, login: str | None) -> UUID | None:
        if login is None:
            return None
        if login not in self.owners:
            self.owners[login] = owner_account(self.db, login)
        return self.owners[login]


def _changed(permit: Permit, entry: _Entry, owner_id: UUID | None) -> bool:
    chosen = entry.place.chosen if entry.place else None
    moved = chosen is not None and (chosen.lon, chosen.lat) != (permit.lon, permit.lat)
    handed = owner_id is not None and owner_id != permit.account_id
    return moved or handed or any(getattr(permit, name) != value for name, value in entry.plain.items())


def _bring_up_to_date(permit: Permit, entry: _Entry, owner_id: UUID | None, now: datetime) -> None:
    for name in PLAIN:
        if name in entry.plain:
            setattr(permit, name, entry.plain[name])
    if entry.place is not None:
        entry.place.put_on(permit)
    if owner_id is not None:
        permit.account_id = owner_id
    permit.updated_at = now
    permit.version += 1


def _fault(row: int, error: PantauError) -> RowFault:
    return RowFault(row, _COLUMN_OF.get(error.code, ""), error.code, error.params)


def exported(found: Iterable[Permit], reading: Reading | None, *, excel: bool) -> bytes:
    """Permits as a list that can be imported again, whoever it is written for, with their states behind."""
    rows = (
        [
            *(getattr(permit, name) for name in _EXPORTED),
            permit.state.value if reading is None else reading.said(f"permit.{permit.state}"),
            permit.state_since,
            permit.state_due_at,
            permit.area_code,
        ]
        for permit in found
    )
    return listed((*_EXPORTED, "state", "state_since", "state_due_at", "area"), rows, Manner(WORDS, excel), reading)
