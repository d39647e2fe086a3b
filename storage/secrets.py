"""Secrets: passwords hashed with Argon2id, and random keys of which only the SHA-256 is kept."""

import hashlib
import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's second choice of equal strength: 19 MiB and two passes on one core, about 25 ms.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

# A flood of sign-ins waits in line instead of taking 19 MiB each.
_TURNS = threading.BoundedSemaphore(4)

# What an unknown login is checked against, so that it takes as long to refuse as a known one.
_NOBODY = _HASHER.hash(secrets.token_urlsafe(16))


def hash_password(password: str) -> str:
    """The Argon2id hash to keep of a password."""
    with _TURNS:
        return _HASHER.hash(password)


def password_fits(kept: str | None, password: str) -> bool:
    """Whether `password` is the one hashed in `kept`; False for None, after the same time as for a real one."""
    with _TURNS:
        try:
            _HASHER.verify(kept or _NOBODY, password)
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def password_aged(kept: str) -> bool:
    """Whether the hash was made with weaker settings than today's and should be made again."""
    return _HASHER.check_needs_rehash(kept)


def new_secret() -> str:
    """256 random bits as 43 characters that survive URLs and headers."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """The SHA-256 of a random secret, in hex: enough for what cannot be guessed, and quick."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
