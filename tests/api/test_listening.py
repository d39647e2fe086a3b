"""Streams that stay open, over a real server: what comes while one listens, and how they end."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest
import uvicorn

from api.live import desk
from api.live.events import Reset
from api.live.listener import MOST_WAITING, Listener
from api.security import COOKIE
from cases.access import PUBLIC, sight
from cases.incidents import Question
from storage import secrets, sign_ins
from tests.api.test_live import STREAM, change, parsed
from tests.api.town import Town
from tests.ingest.city import HERE


@contextmanager
def served(town: Town) -> Iterator[str]:
    """The town on a port of its own."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(town.app, log_config=None, access_log=False, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        town.app.state.house.live.stop()
        server.should_exit = True
        began = time.monotonic()
        thread.join(15)
        listening.close()
        assert time.monotonic() - began < 5, "streams kept the server from ending"


@contextmanager
def listening(town: Town, url: str, who: str) -> Iterator[tuple[Iterator[tuple[str, Any, str | None]], str]]:
    """The events that somebody hears, as they come, and the secret of the session."""
    with town.city.parts.database.write() as db:
        secret = sign_ins.open_session(db, town.id(who), town.city.clock.now).secret
    with (
        httpx2.Client(base_url=url, timeout=15) as client,
        client.stream("GET", STREAM, headers={"cookie": f"{COOKIE}={secret}", "accept-encoding": "gzip"}) as answer,
    ):
        assert answer.status_code == 200
        assert "content-encoding" not in answer.headers
        yield heard(answer), secret


def heard(answer: httpx2.Response) -> Iterator[tuple[str, Any, str | None]]:
    """The events of a stream, as they come."""
    held = ""
    for text in answer.iter_text():
        *blocks, held = (held + text).split("\n\n")
        for block in blocks:
            yield from parsed(block + "\n\n")


def test_what_happens_is_heard_at_once_and_a_right_that_ends_ends_the_stream(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "RECHECK_S", 1.0)
    with served(town) as url, listening(town, url, "command") as (events, secret):
        assert next(events)[0] == "ready"
        made = town.open(category="pothole", lon=HERE[0], lat=HERE[1])
        name, feature, _ = next(events)
        assert (name, feature["id"]) == ("incident", f"complaint:{made['reference']}")
        change(town, made, confidential=True, category_code="illegal_levy")
        assert next(events)[:2] == ("gone", {"id": feature["id"]})
        with town.city.parts.database.write() as db:
            sign_ins.close(db, secrets.digest(secret))
        assert next(events)[:2] == ("reset", {"reason": "access"})
        assert next(events, None) is None
        assert len(town.app.state.house.live) == 0


@pytest.mark.unit
def test_who_falls_behind_is_sent_away_with_little_kept() -> None:
    async def nobody() -> None:
        return None

    listener = Listener(Question(), sight(PUBLIC), PUBLIC, "", nobody)
    for _ in range(MOST_WAITING + 10):
        listener.put(b"x" * 100)
    assert listener.ended
    listener.put(b"more")
    sent = asyncio.run(listener.take())
    assert parsed(sent.decode()) == [("reset", {"reason": str(Reset.SLOW)}, "")]
    assert asyncio.run(listener.take()) == b""
