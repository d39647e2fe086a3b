"""Passwords and random keys."""

import time

import pytest
from argon2 import PasswordHasher

from storage import secrets

pytestmark = pytest.mark.unit


def test_a_password_fits_its_hash_and_no_other() -> None:
    kept = secrets.hash_password("benar-kuda-baterai")
    assert kept.startswith("$argon2id$")
    assert secrets.password_fits(kept, "benar-kuda-baterai")
    assert not secrets.password_fits(kept, "benar-kuda-bateraI")
    assert not secrets.password_fits(None, "benar-kuda-baterai")
    assert not secrets.password_fits("no hash at all", "benar-kuda-baterai")
    assert secrets.hash_password("benar-kuda-baterai") != kept


def test_refusing_an_unknown_login_takes_as_long_as_a_known_one() -> None:
    kept = secrets.hash_password("benar-kuda-baterai")

    def quickest(against: str | None) -> float:
        tries = []
        for _ in range(5):
            began = time.perf_counter()
            secrets.password_fits(against, "salah")
            tries.append(time.perf_counter() - began)
        return min(tries)

    known, unknown = quickest(kept), quickest(None)
    assert unknown > known / 2
    assert unknown < known * 2


def test_a_hash_of_weaker_settings_is_to_be_made_again() -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash("benar-kuda-baterai")
    assert secrets.password_aged(weak)
    assert not secrets.password_aged(secrets.hash_password("benar-kuda-baterai"))


def test_secrets_are_long_and_never_alike() -> None:
    made = {secrets.new_secret() for _ in range(100)}
    assert len(made) == 100
    assert all(len(secret) == 43 for secret in made)
    assert len(secrets.digest("x")) == 64
