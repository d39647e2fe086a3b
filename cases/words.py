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
    TIDY = "tidy"


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
    ADMIN = "admin"
