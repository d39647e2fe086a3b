"""The story told to the public API of a real installation, on both pairs."""

import signal
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from cases.words import Role, Status
from pantau.demo.city import draw_city
from pantau.demo.people import OFFICERS
from storage import accounts, facts
from storage.database import Database
from storage.tables import Account, Complaint, Photo, Token
from tests.pantau.terminal import Terminal, running
from tests.storage.pairs import Pair

FEW = ("demo", "--photos", "40")


def states(database: Database) -> set[Status]:
    """The states that complaints are in."""
    with database.read() as db:
        return set(db.scalars(select(col(Complaint.status)).distinct()))


def number(database: Database, table: type[Photo | Account | Complaint]) -> int:
    """How many rows a table has."""
    with database.read() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def told(database: Database) -> str:
    """How far the story is told."""
    with database.read() as db:
        return facts.get(db, "demo_told") or "0"


def test_killed_in_the_middle_it_goes_on_and_ends_once(pair: Pair, terminal: Terminal, tmp_path: Path) -> None:
    with running(tmp_path, pair.environment, *FEW) as telling:
        deadline = time.monotonic() + 90
        while int(told(pair.database)) < 8:
            assert telling.process.poll() is None, telling.said()
            assert time.monotonic() < deadline, "the story does not begin"
            time.sleep(0.01)
        telling.stop(signal.SIGKILL)
    terminal.set(**pair.environment)
    assert "the demo's story is told: " in terminal.done(*FEW).out
    assert number(pair.database, Photo) == 40
    assert states(pair.database) == set(Status)
    assert number(pair.database, Account) == len(OFFICERS) + 3 + agencies(pair.database)
    assert keys_left(pair.database) == 0
    assert terminal.done(*FEW).out == "the demo's story is told already\n"
    assert number(pair.database, Photo) == 40
    assert "the city of seed 7 is here already" in terminal(*FEW, "--seed", "8").err


def agencies(database: Database) -> int:
    """How many accounts act for an agency."""
    with database.read() as db:
        return sum(account.role is Role.AGENCY for account in accounts.listed(db))


def keys_left(database: Database) -> int:
    """How many of the story's keys would still open a door."""
    with database.read() as db:
        return db.scalar(select(func.count()).select_from(Token).where(col(Token.revoked_at).is_(None))) or 0


def test_an_installation_in_use_is_no_place_for_it(pair: Pair, terminal: Terminal) -> None:
    terminal.set(**pair.environment)
    terminal.done("accounts", "add", "ibu", "--name", "Ibu", "--role", "administrator")
    for words in (FEW, ("run", "--demo", "--port", "0")):
        said = terminal(*words)
        assert said.code == 1
        assert "is in use; a demo needs a place of its own" in said.err
    assert number(pair.database, Account) == 1


@pytest.mark.unit
def test_the_same_seed_draws_the_same_city_and_another_another() -> None:
    assert draw_city(7).areas_geojson == draw_city(7).areas_geojson
    assert draw_city(7).areas_geojson != draw_city(8).areas_geojson


def test_beside_a_service_it_lies_apart_and_ends_with_it(tmp_path: Path) -> None:
    with running(tmp_path, {}, "run", "--demo", "--port", "0") as service:
        said = service.wait_for("Ctrl.C stops it").string
        assert f"data      {tmp_path}/data/demo/pantau.db" in said
        assert "ticket#" not in said
        (child,) = children(service.process.pid, "pantau.demo.live")
        service.stop(signal.SIGKILL)
        deadline = time.monotonic() + 10
        while Path(f"/proc/{child}").exists():
            assert time.monotonic() < deadline, "the demo outlives the service"
            time.sleep(0.02)


def children(pid: int, named: str) -> list[int]:
    """The process ids of a process's children whose command names this (Linux, `proc(5)`)."""
    found = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [child for child in found if named in Path(f"/proc/{child}/cmdline").read_text()]
