"""Who may do what, and who may see what. Pure: `storage/visible.py` turns a Sight into one SQL predicate."""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

from cases.words import Role, Scope, Watch


class Right(StrEnum):
    """Something a door asks for before it opens. Each route names exactly one."""

    PUBLIC = "public"
    """Anyone, signed in or not."""
    SIGNED_IN = "signed_in"
    """Any account."""
    PHOTO_SEND = "photo_send"
    PHOTO_SEE = "photo_see"
    COMPLAINT_OPEN = "complaint_open"
    COMPLAINT_MOVE = "complaint_move"
    LINK_DECIDE = "link_decide"
    PERMIT_SEE = "permit_see"
    PERMIT_REGISTER = "permit_register"
    PERMIT_DECIDE = "permit_decide"
    CAMERA_SEE = "camera_see"
    CAMERA_REGISTER = "camera_register"
    ADMINISTER = "administer"


_RIGHTS: dict[Role | None, frozenset[Right]] = {
    None: frozenset({Right.PUBLIC}),
    Role.OWNER: frozenset(
        {
            Right.PUBLIC,
            Right.SIGNED_IN,
            Right.PERMIT_SEE,
            Right.PERMIT_REGISTER,
            Right.CAMERA_SEE,
            Right.CAMERA_REGISTER,
        }
    ),
    Role.OFFICER: frozenset(
        {
            Right.PUBLIC,
            Right.SIGNED_IN,
            Right.PHOTO_SEND,
            Right.PHOTO_SEE,
            Right.COMPLAINT_OPEN,
            Right.COMPLAINT_MOVE,
            Right.CAMERA_SEE,
        }
    ),
    Role.AGENCY: frozenset(
        {
            Right.PUBLIC,
            Right.SIGNED_IN,
            Right.PHOTO_SEND,
            Right.PHOTO_SEE,
            Right.COMPLAINT_MOVE,
            Right.LINK_DECIDE,
            Right.CAMERA_SEE,
            Right.CAMERA_REGISTER,
        }
    ),
    Role.COMMAND: frozenset(set(Right) - {Right.ADMINISTER}),
    Role.ADMINISTRATOR: frozenset(Right),
}

_SCOPES: dict[Scope, frozenset[Right]] = {
    Scope.READ: frozenset({Right.PUBLIC, Right.SIGNED_IN, Right.PHOTO_SEE, Right.PERMIT_SEE, Right.CAMERA_SEE}),
    Scope.PHOTOS_WRITE: frozenset({Right.PUBLIC, Right.SIGNED_IN, Right.PHOTO_SEND}),
    Scope.COMPLAINTS_WRITE: frozenset(
        {Right.PUBLIC, Right.SIGNED_IN, Right.COMPLAINT_OPEN, Right.COMPLAINT_MOVE, Right.LINK_DECIDE}
    ),
    Scope.CAMERAS_WRITE: frozenset({Right.PUBLIC, Right.SIGNED_IN, Right.PERMIT_REGISTER, Right.CAMERA_REGISTER}),
    Scope.ADMIN: frozenset(Right),
}


@lru_cache
def _rights(role: Role | None, scopes: frozenset[Scope] | None) -> frozenset[Right]:
    mine = _RIGHTS[role]
    if scopes is None:
        return mine
    allowed: frozenset[Right] = frozenset().union(*(_SCOPES[scope] for scope in scopes))
    return mine & (allowed | {Right.PUBLIC})


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking: an account, an account through a token, or the public (`account_id` None).

    `scopes` None means a signed-in person; a token narrows its account to its scopes. `teams` are the confidential
    categories whose named team the account belongs to.
    """

    account_id: UUID | None = None
    role: Role | None = None
    name: str = ""
    agency_code: str | None = None
    area_code: str | None = None
    language: str = "id"
    teams: frozenset[str] = field(default_factory=frozenset)
    token_id: UUID | None = None
    scopes: frozenset[Scope] | None = None

    @property
    def rights(self) -> frozenset[Right]:
        """What this principal may ask of a door: the role's rights, narrowed by a token's scopes."""
        return _rights(self.role, self.scopes)

    def may(self, right: Right) -> bool:
        """Whether the door that asks for this right opens."""
        return right in self.rights


PUBLIC = Principal()


@dataclass(frozen=True, slots=True)
class Sight:
    """What a principal sees, as the one rule that every list, count, tile, export and media door obeys.

    A complaint is seen if it is not confidential or its category is in `teams`, and (where set) its agency is
    `agency_code` and its area lies in `area_code`; a complaint that the account itself opened is always seen, unless
    confidential. A photo is seen if `photos` is true and it is the account's own, or it is not confidential (or its
    category is in `teams`) and lies in `area_code` (where set) and, where `agency_code` is set, is of one of that
    agency's categories or linked (not rejected) to one of its complaints. An erased photo is seen by nobody.

    `watch` says which cameras are seen: none, the account's own, those shared with it as well, or all; all but its own
    lie in `area_code` (where set). Shared is a camera of the account's own office (`office`), and one whose sharing is
    more than nothing and names no agencies or the office. A snapshot is seen with its camera; who sees what is shared
    and belongs to no office (a field officer) also sees snapshots linked (not rejected) to a complaint that they see,
    unless the camera's owner shares nothing. A permit is seen if `permits` is true and it is the account's own, or
    `watch` is all and it lies in `area_code`.
    """

    account_id: UUID | None
    photos: bool
    agency_code: str | None
    area_code: str | None
    teams: frozenset[str]
    watch: Watch = Watch.NONE
    office: str | None = None
    permits: bool = False
    details: bool = True
    """False for the public and for tokens that may not read: places, states and times, without descriptions, people or
    pictures."""


def sight(principal: Principal) -> Sight:
    """The rule of what `principal` sees. The public sees complaints without pictures, texts or people."""
    role = principal.role
    if role is None or role is Role.OWNER:
        return Sight(
            principal.account_id,
            photos=False,
            agency_code=None,
            area_code=None,
            teams=frozenset(),
            watch=_watch(principal),
            permits=principal.may(Right.PERMIT_SEE),
            details=False,
        )
    return Sight(
        account_id=principal.account_id,
        photos=principal.may(Right.PHOTO_SEE),
        agency_code=principal.agency_code if role is Role.AGENCY else None,
        area_code=principal.area_code,
        teams=principal.teams,
        watch=_watch(principal),
        office=principal.agency_code,
        permits=principal.may(Right.PERMIT_SEE),
        # A token that may not read learns no more from a complaint than the public, wherever it may act.
        details=principal.may(Right.PHOTO_SEE),
    )


def _watch(principal: Principal) -> Watch:
    if not principal.may(Right.CAMERA_SEE):
        return Watch.NONE
    if principal.role in (Role.COMMAND, Role.ADMINISTRATOR):
        return Watch.ALL
    return Watch.OWN if principal.role is Role.OWNER else Watch.SHARED
