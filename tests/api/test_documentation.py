"""The page of the API's documentation: whole, in two languages, safe, and with examples that run."""

import html
import json
import re
import shlex
from html.parser import HTMLParser
from pathlib import Path
from string import Template

import pytest
import requests
from starlette.testclient import TestClient

from api.app import doors
from api.documentation.texts import TEXTS
from cases.words import Scope
from pantau.demo.doors import opened
from tests.api.town import Town
from tests.storage.pairs import on_sqlite

NOBODYS = "01934b2e-7c00-7000-8000-00000000ffff"


class Reader(HTMLParser):
    """Collects what a browser would act upon."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.hrefs: list[str] = []
        self.tags: set[str] = set()
        self.language = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.add(tag)
        if tag == "html":
            self.language = given["lang"] or ""
        if "id" in given:
            self.ids.append(given["id"] or "")
        self.hrefs += [given[name] or "" for name in ("href", "src", "action") if name in given]


@pytest.mark.unit
def test_it_shows_every_operation_in_both_languages() -> None:
    app = doors()
    client = TestClient(app)
    document = app.openapi()
    operations = {
        one["operationId"] for path in document["paths"].values() for method, one in path.items() if method != "head"
    }
    for language in ("id", "en"):
        answer = client.get("/api/docs", params={"lang": language})
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        read = Reader(answer.text)
        assert read.language == language
        assert operations <= set(read.ids)
        assert len(read.ids) == len(set(read.ids))
        assert {"deprecation"} <= set(read.ids)
        for text in TEXTS.values():
            plain = text[language].split("`")[0].split("{")[0]
            assert html.escape(plain, quote=False) in answer.text.replace("&#x27;", "'") or not plain
    assert Reader(client.get("/api/docs", headers={"accept-language": "en"}).text).language == "en"
    assert Reader(client.get("/api/docs").text).language == "id"


@pytest.mark.unit
def test_it_loads_nothing_and_leads_nowhere_else() -> None:
    client = TestClient(doors())
    answer = client.get("/api/docs")
    read = Reader(answer.text)
    assert not read.tags & {"script", "img", "iframe", "form"}
    assert all(href.startswith(("#", "/", "?")) or href == "data:," for href in read.hrefs)
    anchors = {href[1:] for href in read.hrefs if href.startswith("#")}
    assert anchors <= set(read.ids)
    assert client.get("/api/docs", headers={"if-none-match": answer.headers["etag"]}).status_code == 304


def shown() -> list[list[str]]:
    """Every example of the page, as words."""
    page = TestClient(doors()).get("/api/docs").text
    found = re.findall(r"<pre>(.*?)</pre>", page, re.S)
    return [shlex.split(html.unescape(one).replace("\\\n", " ")) for one in found]


@on_sqlite
def test_every_example_runs_as_it_stands(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(b"no picture")
    secret = str(town.program("administrator", *Scope).headers["authorization"]).removeprefix("Bearer ")
    examples, wrong = shown(), []
    assert len(examples) > 80
    with opened(town.app) as served, requests.Session() as session:
        known = {"HOST": served.url, "TOKEN": secret, "FILE": str(file)}
        for words in examples:
            filled = [
                Template(re.sub(r"\$(?!HOST|TOKEN\b|FILE)[A-Z_]+", NOBODYS, word)).substitute(known) for word in words
            ]
            answer = asked(session, filled)
            unfilled = any(NOBODYS in word for word in filled)
            code = json.loads(answer.content)["code"] if answer.status_code >= 400 else ""
            # What an example is about need not be there; but it must be understood.
            if answer.status_code >= 500 or (code in ("invalid", "bad_request") and not unfilled):
                wrong.append((" ".join(filled), answer.status_code, answer.text[:300]))
    assert wrong == []


def asked(session: requests.Session, words: list[str]) -> requests.Response:
    """One curl command as a request."""
    method, headers, data, files, url = "GET", {}, None, None, ""
    rest = iter(words[1:])
    for word in rest:
        match word:
            case "-X":
                method = next(rest)
            case "-H":
                name, _, value = next(rest).partition(": ")
                headers[name] = value
            case "-d":
                data = next(rest).encode()
            case "--data-binary":
                data = Path(next(rest).removeprefix("@")).read_bytes()
            case "-F":
                name, _, value = next(rest).partition("=")
                files = {name: Path(value.removeprefix("@")).read_bytes()}
            case _:
                url = word
    with session.request(method, url, headers=headers, data=data, files=files, stream=True, timeout=20) as answer:
        if answer.headers.get("content-type", "").startswith("application/problem"):
            _ = answer.content
        return answer
