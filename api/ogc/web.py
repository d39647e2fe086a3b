"""What all documents share: their addresses, links and formats."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final
from urllib.parse import urlencode

import orjson
import xxhash
from starlette.requests import Request
from starlette.responses import Response

from api import language as languages
from api.answers import conditional
from api.house import House
from api.language import Language
from api.problems import Problem
from cases.access import Principal, Sight, sight

ROOT: Final = "/ogc"
JSON, GEOJSON, HTML = "application/json", "application/geo+json", "text/html"
SCHEMA, OPENAPI = "application/schema+json", "application/vnd.oai.openapi+json;version=3.0"
OGC: Final = "http://www.opengis.net/def/rel/ogc/1.0/"

Link = dict[str, str]


class Form(StrEnum):
    """How a document is wanted (`f`)."""

    JSON = "json"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Visit:
    """A request for a document: who asks, in which form and language, and the address of `/ogc` as they reach it."""

    request: Request
    house: House
    seen: Sight
    form: Form
    language: Language
    root: str

    @classmethod
    def of(cls, request: Request, house: House, caller: Principal, form: Form | None) -> "Visit":
        """What is known of a request."""
        return cls(request, house, sight(caller), wanted(request, form), languages.of(request), base(request, house))


_HOST = re.compile(r"^[A-Za-z0-9.\-]+(:[0-9]{1,5})?$|^\[[0-9a-fA-F:.]+\](:[0-9]{1,5})?$")


def wanted(request: Request, given: Form | None) -> Form:
    """The form that `f` names, else the one that the client likes better; programs say nothing and get JSON."""
    if given is not None:
        return given
    accepts = request.headers.get("accept", "").lower()
    at = accepts.find("text/html")
    if at < 0:
        return Form.JSON
    json = accepts.find("json")
    return Form.JSON if 0 <= json < at else Form.HTML


def base(request: Request, house: House) -> str:
    """The address of `/ogc` as the client reached it: GIS desks need whole addresses.

    Behind a proxy that is the public address; a host that is no host is answered with that too.
    """
    host = request.headers.get("host", "")
    if host == house.options.public_host or not _HOST.match(host):
        return house.options.link(ROOT)
    return f"{request.scope['scheme']}://{host}{ROOT}"


def link(rel: str, href: str, type_: str = JSON, title: str = "") -> Link:
    """One link."""
    found = {"rel": rel, "href": href, "type": type_}
    return found | ({"title": title} if title else {})


def forms(href: str, form: Form, json_type: str = JSON, title: str = "") -> list[Link]:
    """A document's link to itself in this form, and to the other one."""
    other = Form.HTML if form is Form.JSON else Form.JSON
    types = {Form.JSON: json_type, Form.HTML: HTML}
    mark = "&" if "?" in href else "?"
    return [
        link("self", f"{href}{mark}f={form}", types[form], title),
        link("alternate", f"{href}{mark}f={other}", types[other], title),
    ]


def with_query(href: str, asked: Sequence[tuple[str, str]], cursor: str = "") -> str:
    """An address with these parameters, and where to go on."""
    query = _query(tuple(asked))
    if cursor:
        # Made of letters that need no other writing.
        query = f"{query}&cursor={cursor}" if query else f"cursor={cursor}"
    return f"{href}?{query}" if query else href


@lru_cache(maxsize=256)
def _query(asked: tuple[tuple[str, str], ...]) -> str:
    return urlencode(asked)


def document(request: Request, content: object, media_type: str = JSON) -> Response:
    """A document as JSON, or 304 for who has it."""
    return answered(request, orjson.dumps(content), media_type)


def answered(request: Request, body: bytes, media_type: str, headers: dict[str, str] | None = None) -> Response:
    """A body with its ETag, or 304 for who has it."""
    etag = f'W/"{xxhash.xxh3_128_hexdigest(body)}"'
    vary = "Cookie, Authorization, Accept, Accept-Language"
    response = conditional.answer(request, body, etag, media_type=media_type, vary=vary)
    response.headers.update(headers or {})
    return response


def page(visit: Visit, html: str, headers: dict[str, str] | None = None) -> Response:
    """A page for people."""
    return answered(visit.request, html.encode(), HTML, {"content-language": visit.language} | (headers or {}))


def wrong(name: str, message: str) -> Problem:
    """A parameter that cannot be used."""
    return Problem(400, "invalid", extra={"errors": [{"field": name, "message": message}]}, fields=name)
