"""Headers that tell browsers what this site never does."""

from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.roots import is_ours
from storage.blobs import Blobs


def policy(origins: tuple[str, ...] = ()) -> str:
    """The Content-Security-Policy: everything from this host, pictures also from where signed links lead.

    Inline styles are for the map, which positions its markers by them; scripts are never inline.
    """
    elsewhere = "".join(f" {place}" for place in origins)
    return "; ".join(
        (
            "default-src 'self'",
            f"img-src 'self' data: blob:{elsewhere}",
            "worker-src 'self' blob:",
            "style-src 'self' 'unsafe-inline'",
            f"connect-src 'self'{elsewhere}",
            "object-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'self'",
            "form-action 'self'",
        )
    )


def picture_origins(blobs: Blobs) -> tuple[str, ...]:
    """Where signed links to pictures lead, if the store makes such."""
    link = blobs.signed_url("photos/none/original", seconds=1, filename=None, media_type="image/jpeg")
    if link is None:
        return ()
    parts = urlsplit(link)
    return (f"{parts.scheme}://{parts.netloc}",)


class SecurityHeaders:
    """Adds the same headers to every answer. `https` adds HSTS, for an installation that is public by https."""

    def __init__(self, app: ASGIApp, *, origins: tuple[str, ...] = (), https: bool = False) -> None:
        self.app = app
        headers = {
            # First, because pages have their own: what one caller may see is kept by nobody in between.
            "cache-control": "private, no-cache",
            "content-security-policy": policy(origins),
            "x-content-type-options": "nosniff",
            "referrer-policy": "same-origin",
            "permissions-policy": "geolocation=(self), camera=(self), microphone=(), payment=()",
            "cross-origin-opener-policy": "same-origin",
        }
        if https:
            headers["strict-transport-security"] = "max-age=31536000"
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        headers = self._headers if is_ours(scope["path"]) else self._headers[1:]

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name.lower() for name, _ in message["headers"]}
                added = [header for header in headers if header[0] not in own]
                message["headers"] = [*message["headers"], *added]
            await send(message)

        await self.app(scope, receive, with_headers)
