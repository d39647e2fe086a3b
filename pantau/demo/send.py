"""Tells the story to the public API, event by event, at the story's own time; goes on where it was interrupted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from api.app import create_app
from api.options import AppOptions
from cases.words import Role, Scope
from ingest.parts import Parts
from pantau.demo.acts import MoveComplaint, SendPhoto
from pantau.demo.city import the_city
from pantau.demo.clock import StoryClock
from pantau.demo.doors import Doors, opened
from pantau.demo.mark import DemoRefused
from pantau.demo.people import COMMAND, OFFICERS, agency_login, officer_login
from pantau.demo.story import tell
from storage import accounts, facts, tokens

Progress = Callable[[int, int], None]
"""Called with how many events are told and how many there are."""

_BEGAN: Final = "demo_began"
_TOLD: Final = "demo_told"
_KEYS_CALLED: Final = "demo story"
_SCOPES: Final = (Scope.READ, Scope.PHOTOS_WRITE, Scope.COMPLAINTS_WRITE)


def finished(parts: Parts) -> bool:
    """Whether the whole story has been told to this installation."""
    with parts.database.read() as db:
        told = facts.get(db, _TOLD) or ""
    return told.endswith("/end")


def send(parts: Parts, *, seed: int, photos: int, progress: Progress) -> int:
    """Sends what is left of the story; answers how many events were told now."""
    began, first = _where(parts)
    events = tell(the_city(seed), seed, began, photos=photos, officers=len(OFFICERS))
    clock = StoryClock(began - timedelta(days=365))
    keys = _keys(parts, began)
    app = create_app(replace(parts, clock=clock), AppOptions(demo=False, sign_ins_per_minute=10_000))
    with opened(app) as doors:
        teller = _Teller(doors, keys, seed)
        for at, event in enumerate(events):
            if at >= first:
                clock.set(event.at)
                teller.tell(at, event, events)
                _remember(parts, at + 1, began)
            elif isinstance(event, SendPhoto):
                teller.recall(at, event)
            progress(at + 1, len(events))
    _end(parts, len(events))
    return len(events) - first


class _Teller:
    """Sends events and keeps what the API answered to them."""

    def __init__(self, doors: Doors, keys: dict[str, str], seed: int) -> None:
        self._doors, self._keys, self._seed = doors, keys, seed
        self._references: dict[int, str | None] = {}

    def tell(self, at: int, event: SendPhoto | MoveComplaint, events: list[Any]) -> None:
        """One event."""
        if isinstance(event, SendPhoto):
            self._photo(at, event)
        else:
            self._move(event, events)

    def recall(self, at: int, event: SendPhoto) -> None:
        """What a photo sent before the interruption had led to."""
        status, photo = self._doors.send(self._key(event.officer), "GET", f"/api/v1/photos/{self._id(at)}")
        self._references[at] = _reference(photo) if status == 200 else None

    def _photo(self, at: int, event: SendPhoto) -> None:
        form: dict[str, Any] = {
            "id": str(self._id(at)),
            "file": (f"{at}.jpg", event.picture(), "image/jpeg"),
            "caption": event.caption,
            "report": "true" if event.report and event.category else "false",
        }
        if event.category is not None:
            form["category"] = event.category.value
        if event.pin is not None:
            form |= {"lon": repr(event.pin[0]), "lat": repr(event.pin[1]), "location_source": "pin"}
        about = None if event.about is None else self._references.get(event.about)
        if event.scene.solved and about is not None:
            form["complaint"] = about
        status, photo = self._doors.send(self._key(event.officer), "POST", "/api/v1/photos", form=form)
        if status == 404 and "complaint" in form:  # a confidential complaint is not the officer's to name
            del form["complaint"]
            status, photo = self._doors.send(self._key(event.officer), "POST", "/api/v1/photos", form=form)
        if status not in (200, 201):
            raise DemoRefused(f"photo {at}: {photo.get('detail', status)}")
        self._references[at] = _reference(photo)

    def _move(self, event: MoveComplaint, events: list[Any]) -> None:
        reference = self._references.get(event.of)
        if reference is None:
            return  # a photo without a place opened none
        opening = events[event.of]
        original = None if event.original is None else self._references.get(event.original)
        body: dict[str, Any] = {"to": event.to.value, "note": event.note}
        if event.original is not None:
            if original is None or original == reference:
                return  # the machine had tied both to one complaint already
            body["duplicate_of"] = original
        for key in self._who(event.by, opening):
            status, answer = self._doors.send(key, "POST", f"/api/v1/complaints/{reference}/status", json=body)
            if status != 404:
                break
        # A photo that was tied to another's complaint shares its fate: that one may have moved on already.
        if status not in (200, 409):
            raise DemoRefused(f"{reference} to {event.to}: {answer.get('detail', status)}")

    def _who(self, role: Role, opening: SendPhoto) -> list[str]:
        """The keys of those who may be meant, likeliest first: hidden from one, a complaint is another's."""
        agencies = [key for login, key in self._keys.items() if login.startswith(agency_login(""))]
        first = {Role.OFFICER: [self._key(opening.officer)], Role.COMMAND: [self._keys[COMMAND]]}.get(role, [])
        return [*first, *agencies, self._keys[COMMAND]]

    def _key(self, officer: int) -> str:
        return self._keys[officer_login(officer)]

    def _id(self, at: int) -> UUID:
        return uuid5(NAMESPACE_URL, f"pantau:demo:{self._seed}:{at}")


def _reference(photo: dict[str, Any]) -> str | None:
    complaint = photo.get("complaint")
    return complaint["reference"] if complaint else None


def _where(parts: Parts) -> tuple[datetime, int]:
    """When the story was first begun, which is its present, and the first event not yet told."""
    with parts.database.write() as db:
        began = facts.get(db, _BEGAN)
        if began is None:
            began = parts.clock().replace(microsecond=0).isoformat()
            facts.put(db, _BEGAN, began, parts.clock())
        told = facts.get(db, _TOLD) or "0"
    return datetime.fromisoformat(began), int(told.partition("/")[0])


def _remember(parts: Parts, told: int, began: datetime) -> None:
    with parts.database.write() as db:
        facts.put(db, _TOLD, str(told), began)


def _keys(parts: Parts, began: datetime) -> dict[str, str]:
    """A key for every account of the demo, by login; those of an interrupted telling end."""
    long_ago = began - timedelta(days=366)
    found: dict[str, str] = {}
    with parts.database.write() as db:
        for account in accounts.listed(db):
            for old in tokens.listed(db, account.id):
                if old.name == _KEYS_CALLED:
                    tokens.revoke(db, old.id, account.id, long_ago)
            made = tokens.issue(db, account.id, long_ago, name=_KEYS_CALLED, scopes=_SCOPES, expires_at=None)
            found[account.login] = made.secret
    return found


def _end(parts: Parts, number: int) -> None:
    """The story is told: its keys end with it."""
    now = parts.clock()
    with parts.database.write() as db:
        for account in accounts.listed(db):
            for key in tokens.listed(db, account.id):
                if key.name == _KEYS_CALLED:
                    tokens.revoke(db, key.id, account.id, now)
        facts.put(db, _TOLD, f"{number}/end", now)
