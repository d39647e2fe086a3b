"""`/api/docs`: anybody may read how the API is used, as with the description itself."""

import xxhash
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from api import language as languages
from api.answers import conditional
from api.documentation.page import page
from api.language import LANGUAGES, Language

PATH = "/api/docs"


def install(app: FastAPI) -> None:
    """Serves the page of this app's description."""
    drawn: dict[Language, bytes] = {}

    def docs(request: Request) -> Response:
        language = next((one for one in LANGUAGES if one == request.query_params.get("lang")), languages.of(request))
        if language not in drawn:
            drawn[language] = page(app.openapi(), language)
        body = drawn[language]
        etag = f'"{xxhash.xxh3_128_hexdigest(body)}"'
        return conditional.answer(request, body, etag, media_type="text/html; charset=utf-8", vary="Accept-Language")

    app.add_route(PATH, docs, methods=["GET"], include_in_schema=False)
