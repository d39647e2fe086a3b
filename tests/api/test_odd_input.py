"""What no page would send: each is answered, none breaks anything, on both engines."""

from typing import Any
from urllib.parse import quote

from tests.api.town import PASSWORD, Town

ODD = ["\x00", "a\x00b", "\u202e", "'; DROP TABLE photo;--", "%", "_" * 30, "\U0001f6a7", "9" * 25, "-1", "1e400", " "]


def test_odd_questions_are_answered(town: Town) -> None:
    client = town.client("command")
    broken: list[Any] = []
    for odd in ODD:
        for name in ("q", "agency", "category", "area", "cursor", "since", "limit", "bbox", "near", "status"):
            for path in ("/api/v1/incidents", "/api/v1/complaints", "/api/v1/summary"):
                answer = client.get(path, params={name: odd})
                if answer.status_code not in (200, 422):
                    broken.append((path, name, odd, answer.status_code))
    assert broken == []


def test_odd_paths_are_answered(town: Town) -> None:
    client = town.client("command")
    for odd in ODD:
        for path in ("complaints", "areas", "photos", "links"):
            answer = client.get(f"/api/v1/{path}/{quote(odd, safe='')}")
            assert answer.status_code in (404, 405, 422), (path, odd, answer.text)


def test_odd_bodies_are_answered(town: Town) -> None:
    administrator, public = town.client("administrator"), town.client()
    broken: list[Any] = []
    for odd in ODD:
        tries = [
            (public, "POST", "session", {"login": odd, "password": odd}),
            (public, "POST", "tickets", {"ticket": odd, "password": PASSWORD, "login": odd, "name": odd}),
            (administrator, "POST", "tokens", {"name": odd, "scopes": [odd]}),
            (administrator, "POST", "tokens", {"name": odd, "scopes": ["read"]}),
            (administrator, "POST", "accounts", {"login": odd, "name": odd, "role": "officer", "agency": odd}),
            (administrator, "POST", "complaints", {"category": odd, "area": odd}),
            (administrator, "POST", "complaints", {"category": "pothole", "area": "99.01.02.2002", "description": odd}),
            (administrator, "POST", "complaints/00000-00000/status", {"to": "verified", "note": odd, "version": odd}),
            (administrator, "POST", "complaints/00000-00000/status", {"to": "duplicate", "duplicate_of": odd}),
            (administrator, "POST", "incidents/search", {"polygon": odd}),
            (administrator, "PATCH", f"accounts/{town.id('officer')}", {"name": odd, "language": odd}),
        ]
        for client, method, path, body in tries:
            answer = client.request(method, f"/api/v1/{path}", json=body)
            if answer.status_code >= 500:
                broken.append((path, body, answer.status_code))
        sent = town.post_photo(administrator, caption=odd, complaint=odd, category=odd)
        if sent.status_code >= 500:
            broken.append(("photos", odd, sent.status_code))
    assert broken == []


def test_what_is_no_object_is_told(town: Town) -> None:
    client = town.client("command")
    for content in (b"", b"[]", b"null", b'"x"', b"{" * 2000, b"\xff\xfe", b"NaN", b'{"category": NaN}', b"1" * 5000):
        answer = client.post("/api/v1/complaints", content=content, headers={"content-type": "application/json"})
        assert answer.status_code in (400, 422), (content[:20], answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
