"""Every example of docs/api.md, run as it stands there."""

import json
import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from string import Template
from uuid import uuid4

import httpx2
import pytest

from cases.words import Scope
from ingest.parts import Parts
from pantau.demo import ground
from pantau.demo.doors import opened
from pantau.demo.people import officer_login
from pantau.serving import make_app
from pantau.settings import Settings
from pantau.wiring import open_parts
from storage import accounts, migrate, tokens
from storage.database import open_database
from tests.ingest.photos import samples

DOCUMENT = Path(__file__).parents[2] / "docs" / "api.md"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, Parts]]:
    """The demo city's ground with nobody's story told."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"), demo=True, _env_file=None)
    with open_database(settings.database) as database:
        migrate.upgrade(database)
    parts = open_parts(settings)
    ground.lay(parts, 7)
    yield settings, parts
    parts.close()


def _examples() -> list[list[str]]:
    blocks = re.findall(r"```sh\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.S)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [shlex.split(line) for line in lines if line.startswith("curl")]


def _asked(words: list[str], known: dict[str, str]) -> httpx2.Request:
    """One curl command as a request, its variables filled in."""
    words = [Template(word).safe_substitute(known) for word in words]
    method, headers, form, body, url = None, {}, [], None, ""
    rest = iter(words[1:])
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-H":
            name, _, value = next(rest).partition(": ")
            headers[name] = value
        elif word == "-F":
            form.append(next(rest).partition("="))
        elif word == "-d":
            body = next(rest)
        else:
            url = word
    files = {name: Path(value[1:]).read_bytes() for name, _, value in form if value.startswith("@")}
    data = {name: value for name, _, value in form if not value.startswith("@")}
    verb = method or ("POST" if form or body else "GET")
    return httpx2.Request(verb, url, headers=headers, data=data or None, files=files or None, content=body)


def test_every_example_answers(house: tuple[Settings, Parts], tmp_path: Path) -> None:
    settings, parts = house
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(samples.jpeg(lon=113.2, lat=-9.1))
    now = parts.clock()
    with parts.database.write() as db:
        officer = accounts.by_login(db, officer_login(1))
        assert officer is not None
        scopes = (Scope.READ, Scope.PHOTOS_WRITE, Scope.COMPLAINTS_WRITE)
        token = tokens.issue(db, officer.id, now, name="examples", scopes=scopes, expires_at=None).secret
    with opened(make_app(settings, parts)) as doors, httpx2.Client() as client:
        known = {"HOST": doors.url, "TOKEN": token, "ID": str(uuid4()), "PHOTO": os.fspath(photo)}
        told = []
        for words in _examples():
            answer = client.send(_asked(words, known))
            told.append((answer.status_code, " ".join(words)))
            if answer.status_code == 201 and "/photos" in words[-1]:
                known["REFERENCE"] = json.loads(answer.content)["complaint"]["reference"]
    assert len(told) > 10
    assert {status for status, _ in told} == {200, 201, 202, 206}, told
