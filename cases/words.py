"""The words of the house, each an enum stored by value: one word per thing, never a bare string."""

from enum import StrEnum


class Role(StrEnum):
    """What an account is for. The public is not a role but the absence of one."""

    OWNER = "owner"
    OFFICER = "officer"
    AGENCY = "agency"
    COMMAND = "command"
    ADMINISTRATOR = "administrator"


class Status(StrEnum):
    """Where a complaint stands. `cases.complaint` holds the allowed moves."""

    RECEIVED = "received"
    VERIFIED = "verified"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"


class IncidentKind(StrEnum):
    """The kinds of dated and located things that the map shows."""

    COMPLAINT = "complaint"
    PHOTO = "photo"
    OUTAGE = "outage"


class Channel(StrEnum):
    """How a report arrived."""

    FIELD = "field"
    WEB = "web"
    API = "api"


class LocationSource(StrEnum):
    """What a location rests on, best first; `cases.location` holds trust and default radius."""

    PIN = "pin"
    EXIF = "exif"
    DEVICE = "device"
    MESSAGE = "message"
    PLUS_CODE = "plus_code"
    MAP_LINK = "map_link"
    FACILITY = "facility"
    STREET = "street"
    AREA = "area"


class LinkState(StrEnum):
    """Whether a tie between a picture and a complaint holds."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class HistoryKind(StrEnum):
    """What an entry in a complaint's history tells."""

    OPENED = "opened"
    MOVED = "moved"
    LINKED = "linked"
    LINK_CONFIRMED = "link_confirmed"
    LINK_REJECTED = "link_rejected"
    UNLINKED = "unlinked"
    PHOTO_ERASED = "photo_erased"
    REPORTED = "reported"
    EDITED = "edited"
    NOTE = "note"


class JobKind(StrEnum):
    """The kinds of durable background work."""

    PHOTO_PROCESS = "photo_process"
    PHOTO_ERASE = "photo_erase"
    EVIDENCE = "evidence"
    TIDY = "tidy"
    ROLLUPS = "rollups"
    PARTITIONS = "partitions"
    EXPORT = "export"
    EXPORT_SWEEP = "export_sweep"


class JobState(StrEnum):
    """Where a job stands. A parked job has failed too often and waits for a person."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    PARKED = "parked"


class ProcessingState(StrEnum):
    """Whether a photo's previews and fingerprint are there yet."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


class Scope(StrEnum):
    """What an API token may do, fixed when it is made; never more than its account may."""

    READ = "read"
    PHOTOS_WRITE = "photos:write"
    COMPLAINTS_WRITE = "complaints:write"
    CAMERAS_WRITE = "cameras:write"
    ADMIN = "admin"


class PermitState(StrEnum):
    """Where a building permit's duty to have a camera stands. `cases.permit` holds the allowed moves."""

    PENDING = "pending"
    COMPLIANT = "compliant"
    NON_COMPLIANT = "non_compliant"
    WARNED_1 = "warned_1"
    WARNED_2 = "warned_2"
    WARNED_3 = "warned_3"
    FROZEN = "frozen"
    REVOKED = "revoked"


class VisitState(StrEnum):
    """How a visit to a camera ended. `cases.camera` holds what follows from it."""

    OK = "ok"
    REFUSED_ADDRESS = "refused_address"
    UNREACHABLE = "unreachable"
    CERTIFICATE_REFUSED = "certificate_refused"
    PASSWORD_REFUSED = "password_refused"  # noqa: S105
    PASSWORD_WITHHELD = "password_withheld"  # noqa: S105
    NOT_FOUND = "not_found"
    BUSY = "busy"
    NO_VIDEO = "no_video"
    STALLED = "stalled"
    CORRUPT = "corrupt"
    NOT_UNDERSTOOD = "not_understood"
    TIMED_OUT = "timed_out"


class SightFault(StrEnum):
    """What keeps a camera that answers from seeing its road."""

    DARK = "dark"
    BLANK = "blank"
    BLURRED = "blurred"
    FROZEN = "frozen"
    COVERED = "covered"
    MOVED = "moved"


class Shortfall(StrEnum):
    """What a permit lacks: its cameras, their word, or (by the same words as `SightFault`) their sight."""

    NO_CAMERA = "no_camera"
    TOO_FEW = "too_few"
    SILENT = "silent"
    DARK = "dark"
    BLANK = "blank"
    BLURRED = "blurred"
    FROZEN = "frozen"
    COVERED = "covered"
    MOVED = "moved"


class AddressFault(StrEnum):
    """Why a camera's address cannot be visited by anybody, as it is written. `door`: its kind is reached otherwise."""

    SIGNS = "signs"
    SCHEME = "scheme"
    USER = "user"
    HOST = "host"
    PORT = "port"
    DOOR = "door"


class Sharing(StrEnum):
    """What of a camera an agency may see, least first; each includes those before it."""

    NOTHING = "nothing"
    STORED = "stored"
    LIVE = "live"


class Watch(StrEnum):
    """Which cameras somebody sees; `cases.access.Sight` says the rule."""

    NONE = "none"
    OWN = "own"
    SHARED = "shared"
    ALL = "all"


class Keeping(StrEnum):
    """What becomes of a visit's picture: kept as a snapshot, or noted as a heartbeat of a few bytes."""

    SNAPSHOT = "snapshot"
    HEARTBEAT = "heartbeat"


class Moment(StrEnum):
    """Which moment of a complaint a snapshot shows."""

    BEFORE = "before"
    AFTER = "after"
    HOURLY = "hourly"


class PermitKind(StrEnum):
    """What the permit is called: PBG since 2021, IMB before."""

    PBG = "pbg"
    IMB = "imb"


class CameraDoor(StrEnum):
    """How a camera's stills come, the preferred way first."""

    PUSH = "push"
    HTTP = "http"
    MJPEG = "mjpeg"
    ONVIF = "onvif"
    RTSP = "rtsp"
    HLS = "hls"


class StillKind(StrEnum):
    """What is kept of a still: a JPEG, or a keyframe that nobody has looked at yet."""

    JPEG = "jpeg"
    KEYFRAME = "keyframe"


class ExportFormat(StrEnum):
    """What incidents are taken away as. `cases.exports` holds what each is called and whether it can stream."""

    GEOJSON = "geojson"
    NDJSON = "ndjson"
    CSV = "csv"
    KML = "kml"
    KMZ = "kmz"
    GEOPARQUET = "geoparquet"
    GEOPACKAGE = "geopackage"
    FLATGEOBUF = "flatgeobuf"


class ExportState(StrEnum):
    """Where an export stands that is made in the background."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
