"""Every setting of Pantau, in one place. docs/operating.md documents each; a test holds the two together."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class Settings(BaseSettings):
    """Read from the environment (`PANTAU_...`) and from a file `.env` beside the command."""

    model_config = SettingsConfigDict(env_prefix="PANTAU_", env_file=".env", extra="ignore", validate_default=True)

    name: str = Field("Pantau", description="Name of the city or regency, shown on the pages.")
    data_dir: Path = Field(Path("var"), description="Folder for the embedded database, pictures and working files.")
    database_url: SecretStr = Field(
        SecretStr(""),
        description="`postgresql://user:password@host/db` for a city; empty means SQLite in the data folder.",
    )
    database_pool: int = Field(10, ge=1, le=200, description="Connections that one process may hold open.")
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
        False, description="Demo mode: sign in as any role with one click. Never on a real installation."
    )
    photo_bytes: int = Field(25_000_000, ge=100_000, description="Largest photo accepted, in bytes.")
    photo_pixels: int = Field(
        100_000_000, ge=1_000_000, description="Most pixels a photo may claim before it is decoded."
    )
    decode_seconds: float = Field(20.0, gt=0, description="Longest a picture may take to decode before it is given up.")
    decode_memory_mb: int = Field(1_500, ge=256, description="Memory a decoding process may use, in MB.")
    decoders: int = Field(1, ge=1, le=64, description="Decoding processes per Pantau process.")
    workers: int = Field(1, ge=0, le=64, description="Background workers inside `pantau run`.")
    session_hours: int = Field(12, ge=1, description="Hours without use after which a session ends.")
    log_format: Literal["text", "json"] = Field(
        "text", description="Log lines for people (`text`) or machines (`json`)."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Least severity that is logged."
    )

    @model_validator(mode="before")
    @classmethod
    def _split_lists(cls, values: dict[str, object]) -> dict[str, object]:
        proxies = values.get("trusted_proxies")
        if isinstance(proxies, str):
            values["trusted_proxies"] = tuple(part.strip() for part in proxies.split(",") if part.strip())
        return values

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
    def database(self) -> str:
        """Where the database is: as set, or SQLite in the data folder. May hold a password: never log it."""
        return self.database_url.get_secret_value() or f"sqlite:///{(self.data_dir / 'pantau.db').resolve()}"

    @property
    def blobs(self) -> str:
        """Where the blobs are: as set, or a folder in the data folder."""
        return self.blobs_url or (self.data_dir / "blobs").resolve().as_uri()

    @property
    def url(self) -> str:
        """The address that people use, without a slash at its end."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"


def _text(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
