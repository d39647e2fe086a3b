"""The city of `tests.ingest.city` behind its doors, asked over HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from uuid import UUID

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.app import AppOptions, create_app
from api.security import COOKIE
from cases.words import Role, Scope
from storage import accounts, secrets, sign_ins, tokens
from tests.ingest.city import NOON, City, decoder, kept_city
from tests.ingest.city import city as small_city
from tests.ingest.photos import samples

__all__ = ["city", "decoder", "kept_city", "kept_town", "portal", "town"]

HOST = "testserver.local"
"""How the client's jar calls the host of its cookies."""

PASSWORD = "benar-kuda-baterai"
MORE = {"administrator": Role.ADMINISTRATOR, "owner": Role.OWNER}

city = small_city


@dataclass
class Town:
    """The city with its app, which all clients ask in the loop of `portal`: each question's own would cost a thread."""

    city: City
    app: FastAPI
    portal: BlockingPortal | None

    def client(self, who: str | None = None, **headers: str) -> TestClient:
        """Someone with a browser: signed in, or the public."""
        client = self._asking({"accept-language": "en", **headers})
        if who is not None:
            with self.city.parts.database.write() as db:
                opened = sign_ins.open_session(db, self.id(who), self.city.clock.now)
            client.cookies.set(COOKIE, opened.secret, domain=HOST)
            client.headers["x-csrf-token"] = opened.csrf
        return client

    def near(self) -> TestClient:
        """A reverse proxy on the same machine."""
        client = TestClient(self.app, client=("127.0.0.1", 50_000), headers={"accept-language": "en"})
        client.portal = self.portal
        return client

    def program(self, who: str, *scopes: Scope, **said: Any) -> TestClient:
        """A program with a token of someone."""
        with self.city.parts.database.write() as db:
            issued = tokens.issue(
                db, self.id(who), self.city.clock.now, name="test", scopes=scopes, expires_at=said.get("expires_at")
            )
        return self._asking({"authorization": f"Bearer {issued.secret}", "accept-language": "en"})

    def _asking(self, headers: dict[str, str]) -> TestClient:
        client = TestClient(self.app, follow_redirects=False, headers=headers)
        client.portal = self.portal
        return client

    def id(self, who: str) -> UUID:
        """The account's id."""
        account_id = self.city.people[who].account_id
        assert account_id is not None
        return account_id

    def send(self, who: str = "officer", picture: bytes | None = None, **fields: Any) -> dict[str, Any]:
        """Sends a photo and expects it to be taken."""
        answer = self.post_photo(self.client(who), picture, **fields)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    @staticmethod
    def post_photo(client: TestClient, picture: bytes | None = None, **fields: Any) -> Any:
        """Sends a photo."""
        if picture is None:
            picture = samples.jpeg(size=(640, 480), seed=fields.pop("seed", 0))
        data = {name: str(value) for name, value in fields.items()}
        return client.post("/api/v1/photos", files={"file": ("a.jpg", picture, "image/jpeg")}, data=data)

    def open(self, who: str = "officer", **given: Any) -> dict[str, Any]:
        """Opens a complaint and expects it to be opened."""
        answer = self.client(who).post("/api/v1/complaints", json=given)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def rebuilt(self, **options: Any) -> "Town":
        """The same city with other options."""
        return Town(self.city, create_app(self.city.parts, replace(_OPTIONS, **options)), self.portal)


@cache
def _hashed() -> str:
    """PASSWORD, hashed once for all tests: that is slow on purpose."""
    return secrets.hash_password(PASSWORD)


_OPTIONS = AppOptions(public_url="http://testserver", sign_ins_per_minute=1000)


@pytest.fixture(scope="session")
def portal() -> Iterator[BlockingPortal]:
    """A loop in a thread of its own."""
    with start_blocking_portal() as made:
        yield made


@pytest.fixture
def town(city: City, portal: BlockingPortal) -> Town:
    """The town on each pair in turn, with an administrator and an owner besides the city's people."""
    return _made(city, portal)


@pytest.fixture(scope="module")
def kept_town(kept_city: City, portal: BlockingPortal) -> Town:
    """One town for all tests of a module: for those that only ask."""
    return _made(kept_city, portal)


def _made(city: City, portal: BlockingPortal) -> Town:
    with city.parts.database.write() as db:
        for login, role in MORE.items():
            account = accounts.add(db, login=login, name=login.title(), role=role, now=NOON)
            account.password_hash = _hashed()
            city.people[login] = accounts.principal(account, ())
    return Town(city, create_app(city.parts, _OPTIONS), portal)


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """Checks that an answer is this problem, in full, and gives its body."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert body["code"] == code
    assert body["type"] == f"urn:pantau:problem:{code}"
    assert body["title"]
    assert body["detail"] not in ("", code)
    assert "{" not in body["detail"]
    return body
