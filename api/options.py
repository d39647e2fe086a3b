"""What an installation may choose about its doors."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class AppOptions:
    """Settings of the app itself; what it works with comes as Parts."""

    name: str = "Pantau"
    """The installation's name, as pages show it."""
    public_url: str = "http://127.0.0.1:8000"
    """Where people reach it: decides links, whether cookies are Secure, and which Origin is our own page's."""
    demo: bool = False
    """Sign-in as any demo account by one click."""
    web_dir: Path | None = None
    """The built page (web/dist); None where only the API is served."""
    session_hours: int = 12
    """Hours without use after which a session is over."""
    sign_ins_per_minute: int = 120
    """Tries from one address before it has to wait: an office shares one, and each costs 25 ms of a core."""
    camera_tests_per_minute: int = 12
    """Cameras that one account may try: each visit may take 20 s."""

    requests_per_minute: int = 0
    """Requests of one account, by session or token; 0 sets no limit."""
    public_requests_per_minute: int = 0
    """Requests of the public from one address; 0 sets no limit."""
    cors_origins: tuple[str, ...] = ()
    """Other sites whose pages may ask the API, such as https://gis.city.example; `*` for every site."""
    listeners: int = 5_000
    """Streams of changes that one process keeps open."""
    listeners_each: int = 100
    """Streams that one account, or the public from one address, keeps open in one process."""

    @property
    def https(self) -> bool:
        """Whether people reach it over https, so that cookies must not travel in the clear."""
        return self.public_url.startswith("https://")

    @property
    def public_host(self) -> str:
        """Host (and port) of the public address."""
        return urlsplit(self.public_url).netloc

    def link(self, path: str) -> str:
        """A full link to one of our pages."""
        return self.public_url.rstrip("/") + path
