"""The register's own rules: whose a permit or camera is, and what cannot be registered."""

from uuid import UUID

from cases.access import Principal
from cases.errors import Conflict, Invalid, NotFound, PantauError
from cases.words import PermitKind, Role

MOST_CAMERAS = 100
"""The most cameras that one permit obliges to."""


class PermitUnknown(NotFound):
    code = "permit_unknown"


class CameraUnknown(NotFound):
    code = "camera_unknown"


class SignUnknown(NotFound):
    """No photo of the camera's notice was sent."""

    code = "sign_unknown"


class PermitTaken(Conflict):
    """`number`: it is in the register already, in another's name."""

    code = "permit_taken"


class PermitNumberHeld(Conflict):
    """`number`: another permit already has it."""

    code = "permit_number_held"


class RegisterChanged(Conflict):
    """`version`: the record moved on since the asker read it."""

    code = "register_changed"


class CameraRetired(Conflict):
    """A camera out of service is neither tried nor changed."""

    code = "camera_retired"


class RegisterNotYours(PantauError):
    """It is there to be seen, but only its owner or those who oversee may change it."""

    code = "register_not_yours"


class OwnerNeeded(Invalid):
    """Who registers for others says whose it is."""

    code = "owner_needed"


class OwnerUnknown(Invalid):
    """`login`: no account of an owner signs in under it."""

    code = "owner_unknown"


class ReachNeeded(Invalid):
    """A camera that is visited needs an address, one that brings its own stills has none."""

    code = "reach_needed"


class CameraPushes(Invalid):
    """A camera that brings its own stills is not visited."""

    code = "camera_pushes"


class ReachInvalid(Invalid):
    """`why`, an AddressFault: the address cannot be visited by anybody."""

    code = "reach_invalid"


class NetworkNotAllowable(Invalid):
    """`cidr`: not a private network, or one too wide to be an owner's."""

    code = "network_not_allowable"


class TableInvalid(Invalid):
    """A file that is no table of permits or cameras: no text at all."""

    code = "table_invalid"


class TableColumnsMissing(TableInvalid):
    """`names`: the columns it cannot do without, each with the titles it goes by."""

    code = "table_columns_missing"


class TableColumnsDouble(TableInvalid):
    """`titles`: columns whose titles mean the same."""

    code = "table_columns_double"


class TableRowBroken(TableInvalid):
    """`row`: where a quotation mark does not end, or a cell is longer than any."""

    code = "table_row_broken"


class TableTooLong(TableInvalid):
    """`most`: how many rows a table may have."""

    code = "table_too_long"


OVERSEERS = frozenset({Role.COMMAND, Role.ADMINISTRATOR})
"""Who registers for others and decides on their permits."""


def oversees(principal: Principal) -> bool:
    """Whether this principal registers for others."""
    return principal.role in OVERSEERS


def may_change(principal: Principal, owner_id: UUID | None, office: str | None = None) -> bool:
    """Whether somebody who sees a permit or camera may change it: its owner, its office, those who oversee."""
    own = principal.account_id is not None and principal.account_id == owner_id
    ours = principal.role is Role.AGENCY and office is not None and office == principal.agency_code
    return own or ours or oversees(principal)


def kind_of_permit(district: str | None) -> PermitKind:
    """What a permit is called, by whether its number names a district."""
    return PermitKind.IMB if district is None else PermitKind.PBG


def same_owner(kept: str, given: str) -> bool:
    """Whether two writings of an owner's name are the same but for case, spaces, dots and commas."""
    return _bare(kept) == _bare(given) != ""


def _bare(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())
