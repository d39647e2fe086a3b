"""The composition root: from settings to the parts of one running Pantau."""

from zoneinfo import ZoneInfo

from ingest.cameras.pictures import Pictures
from ingest.cameras.secrets import GivenKeys, KeyFile, KeyInvalid, Keys
from ingest.parts import Limits, Parts, StillLimits
from ingest.photos.decoding import Decoder
from pantau.errors import Refused
from pantau.settings import Settings
from storage.areas import AreaBook
from storage.blobs import Blobs, open_blobs
from storage.database import Bounds, Database, open_database


def open_storage(settings: Settings) -> Database:
    """The database of these settings. Raises DatabaseUnreachable, DatabaseRefused."""
    return open_database(
        settings.database,
        bounds=Bounds(pool=settings.database_pool, wait_s=settings.database_wait_seconds, read_s=settings.read_seconds),
        read_url=settings.database_read_url.get_secret_value(),
        most_lag_s=settings.replica_lag_seconds,
    )


def open_store(settings: Settings) -> Blobs:
    """The blob store of these settings. Raises BlobsRefused, BlobsUnreachable."""
    return open_store_at(settings, settings.blobs)


def open_store_at(settings: Settings, url: str) -> Blobs:
    """A store of this address, reached as the settings say. Raises as `open_store`."""
    return open_blobs(
        url,
        endpoint=settings.s3_endpoint,
        public_endpoint=settings.s3_public_endpoint,
        region=settings.s3_region,
        access_key=settings.s3_access_key.get_secret_value(),
        secret_key=settings.s3_secret_key.get_secret_value(),
        secure=settings.s3_secure,
        workspace=settings.folder / "incoming",
    )


def key_file(settings: Settings) -> KeyFile | None:
    """The file that holds the keys of cameras' passwords; None where the setting holds them."""
    return None if settings.secret_key.get_secret_value() else KeyFile(settings.folder / "secret.key")


def open_keys(settings: Settings) -> Keys:
    """The keys of cameras' passwords; the first start makes one. Raises Refused for what is no key."""
    try:
        source = key_file(settings) or GivenKeys(settings.secret_key.get_secret_value())
        source.read()
    except KeyInvalid as error:
        where = "the setting PANTAU_SECRET_KEY" if settings.secret_key.get_secret_value() else "secret.key"
        raise Refused(f"{where} cannot be used: {error}") from None
    return Keys(source)


def kept_keys(settings: Settings) -> Keys:
    """The same, where none may be made: a file that is gone was lost. Raises Refused."""
    file = key_file(settings)
    if file is not None and not file.path.exists():
        raise Refused(f"{file.path.name} is gone, and cameras' passwords with it: put it back into the data folder")
    return open_keys(settings)


def open_parts(settings: Settings) -> Parts:
    """Everything a running Pantau works with; the caller closes it."""
    database = open_storage(settings)
    try:
        return Parts(
            database=database,
            blobs=open_store(settings),
            decoder=Decoder(
                workers=settings.decoders,
                memory_mb=settings.decode_memory_mb,
                max_pixels=settings.photo_pixels,
                render_s=settings.decode_seconds,
            ),
            areas=AreaBook(database),
            keys=open_keys(settings),
            pictures=Pictures(workers=settings.decoders, memory_mb=settings.decode_memory_mb),
            limits=Limits(bytes=settings.photo_bytes, pixels=settings.photo_pixels),
            stills=StillLimits(
                room_bytes=int(settings.stills_gb * 1e9),
                linked_days=settings.linked_days,
                by_category=settings.linked_days_by_category,
            ),
            history_months=settings.history_months,
            zone=ZoneInfo(settings.timezone),
        )
    except BaseException:
        database.close()
        raise
