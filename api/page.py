"""The built page, served beside the API: its files, and index.html for every address that is a page of it."""

import re
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketClose

from api.roots import is_ours

_HASHED = re.compile(r"^assets/.+-[A-Za-z0-9_-]{8,}\.[a-z0-9.]+$")
"""Files whose name changes with their content."""

_NOT_BUILT = (
    "Pantau's API is running, but its pages are not built yet: run `make web`, then reload.\n"
    "API Pantau berjalan, tetapi halamannya belum dibangun: jalankan `make web`, lalu muat ulang.\n"
    "\nAPI: /api/openapi.json\n"
)


class Page:
    """Answers what no route of the API did. `folder` is web/dist; it may be built while the app runs."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.files = StaticFiles(directory=folder, check_dir=False) if folder else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await WebSocketClose()(scope, receive, send)
            return
        response = await self.answer(Request(scope))
        await response(scope, receive, send)

    async def answer(self, request: Request) -> Response:
        """The file, the page, or a 404 problem for what belongs to the API or is no page."""
        path = request.url.path
        if is_ours(path) or self.files is None or self.folder is None:
            raise HTTPException(404)
        if request.method not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"allow": "GET, HEAD"})
        index = self.folder / "index.html"
        if not index.is_file():
            return PlainTextResponse(_NOT_BUILT, 503, {"cache-control": "no-store", "retry-after": "10"})
        name = path.lstrip("/")
        if name not in ("", "index.html") and "." in name.rsplit("/", 1)[-1]:
            response = await self.files.get_response(self.files.get_path(request.scope), request.scope)
            response.headers["cache-control"] = (
                "public, max-age=31536000, immutable" if _HASHED.match(name) else "no-cache"
            )
            return response
        return self._index(index, request.headers)

    def _index(self, index: Path, headers: Headers) -> Response:
        response = FileResponse(index, media_type="text/html", stat_result=index.stat())
        response.headers["cache-control"] = "no-cache"
        if self.files is not None and self.files.is_not_modified(response.headers, headers):
            return Response(status_code=304, headers={"etag": response.headers["etag"], "cache-control": "no-cache"})
        return response
