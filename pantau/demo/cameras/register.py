"""Puts the demo's cameras and their permits into the register, by the use cases that owners and offices go by."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from cases.access import Principal
from cases.words import PermitState, Role
from geo.areas import parent_code
from ingest.cameras import permits, register
from ingest.cameras.ways import Way
from ingest.parts import Parts
from pantau.demo.cameras.ports import Ports
from pantau.demo.cameras.posts import PASSWORD, USER, WRONG_PASSWORD, Fare, Post, posts
from pantau.demo.cameras.sites import FOV_DEG, HEIGHT_M, RANGE_M, Site, sites
from pantau.demo.chance import dice
from pantau.demo.city import City, the_city
from pantau.demo.clock import StoryClock
from pantau.demo.people import COMMAND, OWNER
from pantau.demo.places import Gazetteer
from storage import accounts, facts, visits

_FACT: Final = "demo_cameras"
_REGISTERED: Final = timedelta(days=40)
_OWNERS: Final = (
    "Toko Sinar Jaya", "Warung Bu Siti", "Apotek Sehat Sentosa", "Bengkel Maju Motor", "Hotel Pesisir Indah",
    "Toko Bangunan Rejo Makmur", "Klinik Kasih Ibu", "Swalayan Segara",
)  # fmt: skip
_OFFICES: Final = ("dishub", "satpol_pp")

PATHS: Final[dict[PermitState, tuple[tuple[PermitState, int, str], ...]]] = {
    PermitState.PENDING: (),
    PermitState.COMPLIANT: ((PermitState.COMPLIANT, 30, ""),),
    PermitState.NON_COMPLIANT: ((PermitState.NON_COMPLIANT, 20, ""),),
    PermitState.WARNED_1: ((PermitState.NON_COMPLIANT, 30, ""), (PermitState.WARNED_1, 6, "Surat pertama dikirim.")),
    PermitState.WARNED_2: (
        (PermitState.NON_COMPLIANT, 50, ""),
        (PermitState.WARNED_1, 28, "Surat pertama dikirim."),
        (PermitState.WARNED_2, 9, "Belum ada kamera saat ditinjau."),
    ),
    PermitState.WARNED_3: (
        (PermitState.NON_COMPLIANT, 70, ""),
        (PermitState.WARNED_1, 48, "Surat pertama dikirim."),
        (PermitState.WARNED_2, 30, "Pemilik berjanji memasang dalam sepekan."),
        (PermitState.WARNED_3, 8, "Janji tidak ditepati."),
    ),
    PermitState.FROZEN: (
        (PermitState.NON_COMPLIANT, 110, ""),
        (PermitState.WARNED_1, 90, "Surat pertama dikirim."),
        (PermitState.WARNED_2, 70, "Tidak ada tanggapan."),
        (PermitState.WARNED_3, 60, "Tidak ada tanggapan."),
        (PermitState.FROZEN, 12, "Tiga peringatan tanpa hasil."),
    ),
    PermitState.REVOKED: (
        (PermitState.NON_COMPLIANT, 170, ""),
        (PermitState.WARNED_1, 150, "Surat pertama dikirim."),
        (PermitState.WARNED_2, 130, "Tidak ada tanggapan."),
        (PermitState.WARNED_3, 115, "Tidak ada tanggapan."),
        (PermitState.FROZEN, 80, "Tiga peringatan tanpa hasil."),
        (PermitState.REVOKED, 15, "Bangunan kosong dan pemiliknya pindah."),
    ),
}
"""How a permit came to its state: each step with how many days ago it was made and the note on it."""

_WITHOUT: Final = (*PermitState, PermitState.PENDING, PermitState.WARNED_1, PermitState.WARNED_2)
"""The states of permits that have no camera, but for those that are kept."""


def laid(parts: Parts) -> dict[str, Any]:
    """Since when the cameras are there (`at`, seconds since 1970), the last port of those that speak HTTP and `ports`,
    all of them; empty where they are not.
    """
    with parts.database.read() as db:
        return dict(json.loads(facts.get(db, _FACT) or "{}"))


def lay(parts: Parts, ports: Ports, seed: int) -> None:
    """Registers permits and cameras the first time; later only says where the cameras are now. Some seconds at most."""
    before = laid(parts)
    now = parts.clock()
    every = posts(streams=ports.rtsp is not None)
    if before:
        _lead_to(parts, ports, every)
    else:
        _Registrar(parts, ports, now).register(the_city(seed), seed, every)
    with parts.database.write() as db:
        told = {"at": before.get("at", now.timestamp()), "http": ports.http, "ports": sorted(ports.all)}
        facts.put(db, _FACT, json.dumps(told), now)


def _id(post: Post) -> UUID:
    return uuid5(NAMESPACE_URL, f"pantau:demo:camera:{post.number}")


def _way(post: Post, ports: Ports) -> Way:
    if not post.locked:
        return Way(ports.url(post), post.door)
    return Way(ports.url(post), post.door, USER, WRONG_PASSWORD if post.fare is Fare.WRONG_PASSWORD else PASSWORD)


def _oversight(parts: Parts) -> Principal:
    with parts.database.read() as db:
        account = accounts.by_login(db, COMMAND)
        assert account is not None  # the ground is laid
        return Principal(account.id, Role.COMMAND, account.name)


def _lead_to(parts: Parts, ports: Ports, every: list[Post]) -> None:
    """The cameras' present addresses, wherever a person has not changed or retired them meanwhile."""
    oversight = _oversight(parts)
    for post in every:
        with parts.database.read() as db:
            camera = register.named(db, oversight, _id(post))
        if camera.active and camera.url.startswith(("http://127.", "rtsp://127.")) and camera.url != ports.url(post):
            register.change_camera(parts, oversight, camera.id, register.Changing({}, _way(post, ports)))


class _Registrar:
    """Everybody who registers, at the times they did."""

    def __init__(self, parts: Parts, ports: Ports, now: datetime) -> None:
        self._clock = StoryClock(now - timedelta(days=400))
        self._parts = replace(parts, clock=self._clock)
        self._ports, self._now = ports, now
        self._oversight = _oversight(parts)
        self._events: list[tuple[datetime, Callable[[], object]]] = []

    def register(self, city: City, seed: int, every: list[Post]) -> None:
        """Permits with cameras and without, in the order of time."""
        self._accounts()
        found = sites(city, seed, every)
        for site in found:
            self._camera(site)
        gazetteer = Gazetteer(city)
        for number, state in enumerate(state for state in _WITHOUT if state is not PermitState.COMPLIANT):
            place = gazetteer.choose(dice("permit", seed, number))
            days = 200 if state is not PermitState.PENDING else 12
            self._permit(100 + number, place.lon, place.lat, place.street, state, days=days)
        for at, act in sorted(self._events, key=lambda event: event[0]):
            self._clock.set(at)
            act()
        # They stand since the story's time, but nobody has been late for them.
        with self._parts.database.write() as db:
            for post in every:
                visits.schedule(db, _id(post), self._now)

    def _accounts(self) -> None:
        with self._parts.database.write() as db:
            for number, name in enumerate(_OWNERS):
                if accounts.by_login(db, _login(number)) is None:
                    accounts.add(db, login=_login(number), name=name, role=Role.OWNER, now=self._now)

    def _camera(self, site: Site) -> None:
        """An owner's under a permit; every sixth is an office's."""
        post = site.post
        office = _OFFICES[post.number // 6 % len(_OFFICES)] if post.number % 6 == 0 else None
        permit = None
        if office is None:
            state = PermitState.COMPLIANT if post.fare is Fare.WELL else PermitState.NON_COMPLIANT
            permit = self._permit(post.number, site.lon, site.lat, site.place.street, state, days=60)
        given = register.Registering(
            name=f"{site.place.street}, {site.place.village}",
            way=_way(post, self._ports),
            view=register.View(site.lon, site.lat, site.bearing_deg, FOV_DEG, RANGE_M, height_m=HEIGHT_M),
            id=_id(post),
            permit=permit,
            owner=None if office else _login(post.number),
            agency=office,
            interval_s=post.interval_s,
        )
        self._at(self._now - _REGISTERED, lambda: register.register_camera(self._parts, self._oversight, given))

    def _permit(self, serial: int, lon: float, lat: float, street: str, state: PermitState, *, days: int) -> str:
        """Its number: a PBG, or now and then an older IMB."""
        area = self._parts.areas.index().at(lon, lat) or ""
        issued = self._now - timedelta(days=days + 30 + serial)
        district = parent_code(area) or area
        number = f"PBG-{district.replace('.', '')}-{issued:%d%m%Y}-{serial % 100:02}"
        if serial % 9 == 4:
            number = f"640/{1000 + serial * 7}/IMB/{2009 + serial % 8}"
        given = permits.Registering(
            number=number,
            owner_name=_OWNERS[serial % len(_OWNERS)],
            contact=f"0812-5550-{1000 + serial}",
            address=f"{street} No. {serial % 80 + 3}",
            lon=lon,
            lat=lat,
            owner=_login(serial),
        )
        self._at(self._now - timedelta(days=days), lambda: permits.register_permit(self._parts, self._oversight, given))
        for to, ago, note in PATHS[state]:
            self._at(self._now - timedelta(days=ago), self._move(number, to, note))
        return number

    def _move(self, number: str, to: PermitState, note: str) -> Callable[[], object]:
        return lambda: permits.move_permit(self._parts, self._oversight, number, to, note=note)

    def _at(self, moment: datetime, act: Callable[[], object]) -> None:
        self._events.append((moment, act))


def _login(number: int) -> str:
    """An owner's login; the first of them owns what a visitor looks at first."""
    which = number % len(_OWNERS)
    return OWNER if which == 0 else f"{OWNER}{which:02}"
