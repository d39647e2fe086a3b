"""Cameras' passwords at rest: sealed with AES-256-GCM, each to its camera, under keys that can be changed.

A sealed secret is a version byte, four bytes that name its key, a nonce of twelve bytes, and the ciphertext with its
tag; the camera's id is authenticated with it, so that a secret moved to another camera's row does not open.
"""

import base64
import hashlib
import os
from binascii import Error as NotBase64
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Lock
from typing import Final, Protocol
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cases.errors import Conflict
from ingest.cameras.urls import Credentials

KEY_BYTES: Final = 32
_VERSION: Final = b"\x01"
_NAME_BYTES: Final = 4
_NONCE_BYTES: Final = 12
_HEAD: Final = len(_VERSION) + _NAME_BYTES


class KeyInvalid(ValueError):
    """Something that is no key; the message says what a key is, and never repeats what was given."""


class KeyUnknown(Conflict):
    """A secret that no key of the installation opens: its key is gone, or it was tampered with."""

    code = "password_lost"


def new_key() -> str:
    """A key as it is written in the setting or the key file: 256 random bits, base64 for URLs."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()


def read_key(text: str) -> bytes:
    """The bytes of a written key. Raises KeyInvalid."""
    try:
        key = base64.b64decode(text.strip().encode("ascii"), altchars=b"-_", validate=True)
    except (NotBase64, UnicodeEncodeError):
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyInvalid("a key is 32 random bytes in base64; `pantau keys new` prints one")
    return key


class KeySource(Protocol):
    """Where the installation's keys are."""

    def read(self) -> Sequence[bytes]:
        """The keys there are now, the one that seals first. Raises KeyInvalid, OSError."""


class GivenKeys:
    """Keys from a setting, separated by commas: the first seals, the others still open."""

    def __init__(self, text: str) -> None:
        self._keys = [read_key(part) for part in text.split(",") if part.strip()]
        if not self._keys:
            raise KeyInvalid("no key is given; `pantau keys new` prints one")

    def read(self) -> Sequence[bytes]:
        """The keys given."""
        return self._keys


class KeyFile:
    """Keys in a file of their own, one a line, the newest first; made at first use, for its owner's eyes alone."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Sequence[bytes]:
        """The keys in the file, which is made with a first one if there is none."""
        if not self.path.exists():
            self._make()
        keys = [read_key(line) for line in self.path.read_text(encoding="ascii").split()]
        if not keys:
            raise KeyInvalid("it is empty; put the key back, or remove it if no camera has a password")
        return keys

    def add(self) -> None:
        """Puts a new key before the others. Of these only the last stays: what else they sealed was sealed anew."""
        kept = self.path.read_text(encoding="ascii").split()[:1]
        beside = self.path.with_suffix(".new")
        self._write(beside, [new_key(), *kept])
        beside.replace(self.path)
        _sync(self.path.parent)

    def _make(self) -> None:
        """Two processes that start at once agree on one key: the file appears whole, or was there already."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        self._write(beside, [new_key()])
        try:
            os.link(beside, self.path)
            _sync(self.path.parent)
        except FileExistsError:
            pass
        finally:
            beside.unlink()

    @staticmethod
    def _write(path: Path, keys: Iterable[str]) -> None:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:  # noqa: PTH123 (born with its mode)
            file.write("".join(f"{key}\n" for key in keys))
            file.flush()
            os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


class Keys:
    """Seals and opens. Safe to share between threads; follows its source when a secret asks for a key it has not."""

    def __init__(self, source: KeySource) -> None:
        self._source = source
        self._lock = Lock()
        self._read: dict[bytes, AESGCM] = {}

    def seal(self, camera_id: UUID, credentials: Credentials) -> bytes:
        """The credentials of this camera as they are kept. Raises KeyInvalid, OSError."""
        name, cipher = next(iter(self._ciphers(anew=True).items()))
        nonce = os.urandom(_NONCE_BYTES)
        said = {"user": credentials.user, "password": credentials.password}
        inside = {"inside": dict(credentials.inside)} if credentials.inside else {}
        return _VERSION + name + nonce + cipher.encrypt(nonce, orjson.dumps(said | inside), camera_id.bytes)

    def open(self, camera_id: UUID, sealed: bytes) -> Credentials:
        """The credentials that were sealed for this camera. Raises KeyUnknown."""
        name, nonce = sealed[len(_VERSION) : _HEAD], sealed[_HEAD : _HEAD + _NONCE_BYTES]
        cipher = self._ciphers().get(name) or self._ciphers(anew=True).get(name)
        if cipher is None or sealed[: len(_VERSION)] != _VERSION:
            raise KeyUnknown
        try:
            said = orjson.loads(cipher.decrypt(nonce, sealed[_HEAD + _NONCE_BYTES :], camera_id.bytes))
        except (InvalidTag, ValueError):
            raise KeyUnknown from None
        return Credentials(said["user"], said["password"], tuple(said.get("inside", {}).items()))

    def follow(self) -> None:
        """Takes up what the source says now. Raises KeyInvalid, OSError."""
        self._ciphers(anew=True)

    def current(self, sealed: bytes) -> bool:
        """Whether it is sealed with the key that seals now."""
        return sealed[len(_VERSION) : _HEAD] == next(iter(self._ciphers()))

    def knows(self, sealed: bytes) -> bool:
        """Whether there is a key that it was sealed with."""
        return sealed[len(_VERSION) : _HEAD] in self._ciphers()

    def _ciphers(self, *, anew: bool = False) -> dict[bytes, AESGCM]:
        with self._lock:
            if anew or not self._read:
                self._read = {_named(key): AESGCM(key) for key in self._source.read()}
            return self._read


def _named(key: bytes) -> bytes:
    """A key's name, which tells nothing of it."""
    return hashlib.sha256(b"pantau key " + key).digest()[:_NAME_BYTES]
