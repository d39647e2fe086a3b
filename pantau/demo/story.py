"""The script of the demo: who photographs what, when and where, and what becomes of it."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

from cases.catalogue import default
from cases.words import Role, Status
from pantau.demo import captions
from pantau.demo.acts import Event, MoveComplaint, SendPhoto
from pantau.demo.chance import dice
from pantau.demo.city import City
from pantau.demo.days import AFTER_DARK, moment, trouble_at, working_hour
from pantau.demo.photographers import Photographers
from pantau.demo.places import Gazetteer, Place
from pantau.demo.scenes import Trouble

_FATES: Final[dict[Status, int]] = {
    Status.RECEIVED: 22,
    Status.VERIFIED: 16,
    Status.IN_PROGRESS: 18,
    Status.RESOLVED: 34,
    Status.REJECTED: 7,
    Status.DUPLICATE: 3,
}
_VERIFY: Final = (Status.VERIFIED, Role.COMMAND, 0.5, 20.0)
_BEGIN: Final = (Status.IN_PROGRESS, Role.AGENCY, 1.0, 30.0)
_PATHS: Final[dict[Status, tuple[tuple[Status, Role, float, float], ...]]] = {
    Status.RECEIVED: (),
    Status.VERIFIED: (_VERIFY,),
    Status.IN_PROGRESS: (_VERIFY, _BEGIN),
    Status.RESOLVED: (_VERIFY, _BEGIN, (Status.RESOLVED, Role.AGENCY, 2.0, 90.0)),
    Status.REJECTED: ((Status.REJECTED, Role.COMMAND, 1.0, 30.0),),
}
"""Each step: where to, by whom, and how many hours after the one before, at least and at most."""

_OPENING: Final = (*Status, Trouble.ILLEGAL_LEVY, Trouble.HARASSMENT)
"""The story tells each state and each confidential trouble once before chance decides."""


def tell(city: City, seed: int, now: datetime, *, photos: int = 300, officers: int = 12, days: int = 60) -> list[Event]:
    """The story of the last `days` until `now` in order of time, with exactly `photos` photos sent.

    Indices in events (`of`, `about`, `repeats`, `original`) count in the list returned and always point backwards.
    Same arguments, same story. Raises ValueError for a naive `now`, or fewer than 40 photos, 2 officers or 20 days:
    too few for every state to be told.
    """
    if now.utcoffset() is None:
        raise ValueError("now needs its offset from UTC")
    if photos < 40 or officers < 2 or days < 20:
        raise ValueError("a story needs 40 photos, 2 officers and 20 days")
    teller = _Teller(city, seed, now.astimezone(UTC), photos, officers, days)
    number = 0
    while teller.photos_left:
        teller.problem(number)
        number += 1
    return _in_order(teller.events)


@dataclass
class _Teller:
    """Makes up one problem after another; events count in the order of making until they are sorted."""

    city: City
    seed: int
    now: datetime
    photos_left: int
    officers: int
    days: int
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._gazetteer = Gazetteer(self.city)
        self._crew = Photographers(self._gazetteer, self.seed, self.now, self.officers)
        self._confidential = {entry.code for entry in default().categories if entry.confidential}

    def problem(self, number: int) -> None:
        """A trouble from its first photo to where it stands now."""
        rng = dice("story", self.seed, number)
        place = self._gazetteer.choose(rng)
        trouble, fate, latest = self._plot(number, place, rng)
        taken = moment(self.now - timedelta(days=self.days), latest, trouble, rng)
        first = self._crew.opening(trouble, place, taken, self._crew.beat(place, rng), rng)
        opened = self._send(first)
        if trouble not in self._confidential:
            self._echoes(opened, first, place, rng)
        if fate is Status.DUPLICATE:
            self._twin(opened, first, place, rng)
        else:
            self._follow(opened, first, place, fate, rng)

    def _send(self, photo: SendPhoto) -> int:
        """Its number."""
        self.photos_left -= 1
        self.events.append(photo)
        return len(self.events) - 1

    def _plot(self, number: int, place: Place, rng: Random) -> tuple[Trouble, Status, datetime]:
        """The trouble, its fate, and the latest time to begin that leaves room for it."""
        trouble = trouble_at(place.setting, rng)
        fate = rng.choices(list(_FATES), list(_FATES.values()))[0]
        latest = self.now - timedelta(hours=1)
        if number < len(_OPENING):
            latest = self.now - timedelta(days=self.days * 0.45)
            match _OPENING[number]:
                case Trouble() as told:
                    return told, rng.choice((Status.VERIFIED, Status.IN_PROGRESS)), latest
                case Status() as told_fate:
                    fate = told_fate
            while trouble in self._confidential:
                trouble = trouble_at(place.setting, rng)
        elif fate is Status.DUPLICATE and trouble in self._confidential:
            fate = Status.VERIFIED
        return trouble, fate, latest

    def _echoes(self, opened: int, first: SendPhoto, place: Place, rng: Random) -> None:
        """The same bytes again, or the same trouble seen by a colleague minutes later."""
        late = first.at + timedelta(seconds=rng.randrange(30, 900))
        if rng.random() < 0.06 and late <= self.now and self.photos_left:
            self._send(replace(first, at=late, about=opened, repeats=opened))
        taken = first.shot.taken_at + timedelta(seconds=rng.randrange(120, 2_400))
        if rng.random() < 0.22 and taken < self.now - timedelta(minutes=2) and self.photos_left:
            self._send(self._crew.second(first, opened, place, taken, rng))

    def _twin(self, opened: int, first: SendPhoto, place: Place, rng: Random) -> None:
        """A second complaint of the same trouble from down the street, found to be the same."""
        taken = working_hour(first.at + timedelta(hours=rng.uniform(1, 20)), first.scene.trouble in AFTER_DARK, rng)
        if taken > self.now - timedelta(hours=12) or not self.photos_left:
            return
        lon, lat = self._gazetteer.beside(place, rng.uniform(110, 160), rng)
        aside = replace(place, lon=lon, lat=lat)
        officer = self._crew.colleague(first.officer)
        twin = replace(self._crew.opening(first.scene.trouble, aside, taken, officer, rng), seed=first.seed)
        number = self._send(twin)
        at = twin.at + timedelta(seconds=rng.randrange(600, 9_000))
        note = captions.note(Status.DUPLICATE, rng)
        self.events.append(MoveComplaint(at, number, Status.DUPLICATE, Role.COMMAND, note, original=opened))

    def _follow(self, opened: int, first: SendPhoto, place: Place, fate: Status, rng: Random) -> None:
        """The moves up to its fate, as far as time and photos have allowed."""
        at = first.at
        for to, by, least, most in _PATHS[fate]:
            dark = to is Status.RESOLVED and first.scene.trouble in AFTER_DARK
            at = working_hour(at + timedelta(hours=rng.uniform(least, most)), dark, rng)
            if at > self.now or (to is Status.RESOLVED and not self.photos_left):
                return
            if to is Status.RESOLVED:
                self._send(self._crew.after(first, opened, place, at, rng))
            # A confidential complaint is known to its own agency only.
            who = Role.AGENCY if first.scene.trouble in self._confidential else by
            self.events.append(MoveComplaint(at, opened, to, who, captions.note(to, rng)))


def _in_order(events: list[Event]) -> list[Event]:
    """Sorted by time, with every index pointing to where its event now stands."""
    order = sorted(range(len(events)), key=lambda n: (events[n].at, n))
    stands = {made: now for now, made in enumerate(order)}

    def moved(event: Event) -> Event:
        if isinstance(event, MoveComplaint):
            original = None if event.original is None else stands[event.original]
            return replace(event, of=stands[event.of], original=original)
        about = None if event.about is None else stands[event.about]
        repeats = None if event.repeats is None else stands[event.repeats]
        return replace(event, about=about, repeats=repeats)

    return [moved(events[made]) for made in order]
