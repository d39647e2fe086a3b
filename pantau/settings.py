"""Every setting of Pantau, in one place. docs/operating.md documents each; a test holds the two together."""

from collections.abc import Mapping
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from cases.snapshots import LINKED_DAYS

PREFIX = "PANTAU_"
AGENT_TOKEN, AGENT_CAMERA = f"{PREFIX}AGENT_TOKEN", f"{PREFIX}AGENT_CAMERA"
"""What `pantau agent` alone reads, on a machine that has no other settings."""
MOVE_TO = f"{PREFIX}MOVE_TO"
"""What `pantau move` alone reads: where to, with a password that has no place in a command line."""


class Settings(BaseSettings):
    """Read from the environment (`PANTAU_...`) and from a file `.env` in the working folder; empty means not set."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        validate_default=True,
        hide_input_in_errors=True,
    )

    name: str = Field("Pantau", description="Name of the city or regency, shown on the pages.")
    data_dir: Path = Field(Path("var"), description="Folder for the embedded database, pictures and working files.")
    database_url: SecretStr = Field(
        SecretStr(""),
        description="`postgresql://user:password@host/db` for a city; empty means SQLite in the data folder.",
    )
    database_pool: int = Field(
        10, ge=1, le=200, description="Connections that one process may hold open, and half as many again for lists."
    )
    database_wait_seconds: float = Field(
        10, gt=0, le=300, description="Longest wait for one of them; after that the answer is 503 with `Retry-After`."
    )
    database_read_url: SecretStr = Field(
        SecretStr(""),
        description="The same for a streaming replica, which answers requests that only ask; empty means none.",
    )
    replica_lag_seconds: float = Field(
        5, ge=1, le=600, description="Furthest that the replica may be behind; further, and the primary answers."
    )
    read_seconds: int = Field(
        60, ge=1, le=3600, description="Longest that one question to the database may run before it is given up."
    )
    blobs_url: str = Field(
        "",
        description="`s3://bucket` for an S3 store, `file:///folder`, or empty for a folder in the data folder.",
    )
    s3_endpoint: str = Field(
        "", description="Address of the S3 store as Pantau reaches it, such as `s3.city.example:9000`."
    )
    s3_public_endpoint: str = Field(
        "", description="Address of the S3 store as browsers reach it; empty means pictures pass through Pantau."
    )
    s3_region: str = Field("us-east-1", description="Region named in signed requests.")
    s3_access_key: SecretStr = Field(SecretStr(""), description="Access key of the S3 store.")
    s3_secret_key: SecretStr = Field(SecretStr(""), description="Secret key of the S3 store.")
    s3_secure: bool = Field(True, description="Speak TLS to the S3 store.")
    host: str = Field(
        "127.0.0.1", description="Address to listen on. Anything but loopback opens Pantau to the network."
    )
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one and prints it.")
    public_url: str = Field(
        "", description="Address as people type it, such as `https://pantau.city.example`; https makes cookies Secure."
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Addresses of reverse proxies whose `X-Forwarded-For` is believed, separated by commas."
    )
    timezone: str = Field("Asia/Jakarta", description="Time zone where a place gives none.")
    demo: bool = Field(
        False,
        description="The drawn city, kept in the folder `demo` of the data folder; anyone signs in as anyone.",
    )
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="Key that cameras' passwords are sealed with, or several with commas between, the first of which "
        "seals; empty means `secret.key` in the data folder. Every machine needs the same.",
    )
    photo_bytes: int = Field(25_000_000, ge=100_000, description="Largest photo accepted, in bytes.")
    photo_pixels: int = Field(
        100_000_000, ge=1_000_000, description="Most pixels a photo may claim before it is decoded."
    )
    decode_seconds: float = Field(20.0, gt=0, description="Longest a picture may take to decode before it is given up.")
    decode_memory_mb: int = Field(1_500, ge=256, description="Memory a decoding process may use, in MB.")
    decoders: int = Field(1, ge=1, le=64, description="Decoding processes per Pantau process.")
    workers: int = Field(1, ge=0, le=64, description="Background workers inside `pantau run`.")
    watchers: int = Field(1, ge=0, le=16, description="Watchers that visit cameras, inside `pantau run`.")
    stills_gb: float = Field(
        0,
        ge=0,
        description="Room in GB for cameras' stills and the pictures that are made of them when somebody looks, the "
        "oldest making room for new ones before it is full; 0 leaves a tenth of the disk free where they lie in a "
        "folder.",
    )
    linked_days: int = Field(
        LINKED_DAYS, ge=1, description="Days that a still stays which a complaint was linked to, once that is closed."
    )
    linked_days_by_category: Annotated[dict[str, int], NoDecode] = Field(
        {}, description="The same for single categories, such as `illegal_levy=730,rubbish=90`."
    )
    history_months: int = Field(
        0,
        ge=0,
        description="Months after its closing that a complaint's story stays, entry by entry; 0 keeps it for ever.",
    )
    session_hours: int = Field(12, ge=1, description="Hours without use after which a session ends.")
    requests_per_minute: int = Field(
        6_000,
        ge=0,
        description="Requests that one account may make in a minute of each server process, by pages and tokens "
        "together; 0 sets no limit.",
    )
    public_requests_per_minute: int = Field(
        3_000,
        ge=0,
        description="The same for the public from one address. Behind a reverse proxy name it in "
        "`PANTAU_TRUSTED_PROXIES`, or all share its address.",
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Other sites whose pages may ask the API by token, such as `https://gis.city.example`, separated "
        "by commas; `*` for every site.",
    )
    listeners: int = Field(
        5_000,
        ge=0,
        description="Streams of changes that one server process keeps open; pages beyond that ask by turns.",
    )
    listeners_each: int = Field(
        100, ge=1, description="Streams that one account, or the public from one address, keeps open in one process."
    )
    log_format: Literal["text", "json"] = Field(
        "text", description="Log lines for people (`text`) or machines (`json`)."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Least severity that is logged."
    )

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _proxies(cls, given: object) -> object:
        if not isinstance(given, str):
            return given
        proxies = tuple(part.strip() for part in given.split(",") if part.strip())
        for proxy in proxies:
            try:
                ip_network(proxy)
            except ValueError:
                raise ValueError(
                    f"{proxy!r} is no address or network; write such as 10.0.0.5 or 172.16.0.0/12, separated by commas"
                ) from None
        return proxies

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _origins(cls, given: object) -> object:
        if not isinstance(given, str):
            return given
        origins = tuple(part.strip().rstrip("/") for part in given.split(",") if part.strip())
        for origin in origins:
            parts = urlsplit(origin)
            if origin != "*" and (
                parts.scheme not in ("http", "https") or origin != f"{parts.scheme}://{parts.netloc}"
            ):
                raise ValueError(
                    f"{origin!r} is no site's origin; write scheme and host such as https://gis.city.example, or *"
                )
        return origins

    @field_validator("linked_days_by_category", mode="before")
    @classmethod
    def _days_by_category(cls, given: object) -> object:
        if not isinstance(given, str):
            return given
        found = {}
        for part in filter(None, (part.strip() for part in given.split(","))):
            category, _, days = part.partition("=")
            if not category.strip() or not days.strip().isdecimal() or int(days) < 1:
                raise ValueError(f"{part!r} names no category with its days; write such as rubbish=90,illegal_levy=730")
            found[category.strip()] = int(days)
        return found

    @field_validator("timezone")
    @classmethod
    def _zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (OSError, ValueError, LookupError):
            raise ValueError(f"there is no time zone {name!r}; write such as Asia/Jakarta or Asia/Makassar") from None
        return name

    @field_validator("public_url")
    @classmethod
    def _address(cls, given: str) -> str:
        parts = urlsplit(given)
        if given and (parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/")):
            raise ValueError("write scheme and host as people type them, such as https://pantau.city.example")
        return given.rstrip("/")

    @model_validator(mode="after")
    def _s3_is_whole(self) -> "Settings":
        if self.blobs_url.startswith("s3://"):
            missing = [
                f"PANTAU_{key.upper()}"
                for key in ("s3_endpoint", "s3_access_key", "s3_secret_key")
                if not _text(getattr(self, key))
            ]
            if missing:
                raise ValueError(f"PANTAU_BLOBS_URL names an S3 store, so set {', '.join(missing)} too")
        return self

    @property
    def folder(self) -> Path:
        """The folder of this installation: the data folder, or the demo's own in it."""
        return (self.data_dir / "demo" if self.demo else self.data_dir).absolute()

    @property
    def database(self) -> str:
        """Where the database is: as set, or SQLite in the data folder. May hold a password: never log it."""
        return self.database_url.get_secret_value() or f"sqlite:///{self.folder / 'pantau.db'}"

    @property
    def blobs(self) -> str:
        """Where the blobs are: as set, or a folder in the data folder."""
        return self.blobs_url or (self.folder / "blobs").as_uri()

    @property
    def url(self) -> str:
        """The address that people use, without a slash at its end; this machine's own where it is not set."""
        if self.public_url:
            return self.public_url
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 (nothing is bound here)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


def _text(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def faults(error: ValidationError) -> list[str]:
    """What is wrong with the settings, a sentence each, without what was set: that may be a secret."""
    told = []
    for fault in error.errors(include_url=False, include_context=False, include_input=False):
        name = "".join(f"{PREFIX}{part.upper()}: " for part in fault["loc"][:1] if isinstance(part, str))
        told.append(f"setting {name}{fault['msg'].removeprefix('Value error, ')}")
    return told


def unknown(environment: Mapping[str, str]) -> list[str]:
    """A sentence for every variable that looks like a setting and is none, with what may have been meant."""
    names = [PREFIX + name.upper() for name in Settings.model_fields]
    told = []
    for given in sorted(environment):
        if given.startswith(PREFIX) and given not in (*names, AGENT_TOKEN, AGENT_CAMERA, MOVE_TO):
            meant = get_close_matches(given, names, n=1)
            told.append(f"{given} is no setting and changes nothing{f'; {meant[0]} is one' if meant else ''}")
    return told
