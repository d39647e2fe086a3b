"""Who may do what, and who may see what. Pure: `storage/visible.py` turns a Sight into one SQL predicate."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from cases.words import Role, Scope


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
    ADMINISTER = "administer"


_RIGHTS: dict[Role | None, frozenset[Right]] = {
    None: frozenset({Right.PUBLIC}),
    Role.OWNER: frozenset({Right.PUBLIC, Right.SIGNED_IN}),
    Role.OFFICER: frozenset(
        {Right.PUBLIC, Right.SIGNED_IN, Right.PHOTO_SEND, Right.PHOTO_SEE, Right.COMPLAINT_OPEN, Right.COMPLAINT_MOVE}
    ),
    Role.AGENCY: frozenset(
        {
            Right.PUBLIC,
            Right.SIGNED_IN,
            Right.PHOTO_SEND,
            Right.PHOTO_SEE,
            Right.COMPLAINT_MOVE,
            Right.LINK_DECIDE,
        }
    ),
    Role.COMMAND: frozenset(set(Right) - {Right.ADMINISTER}),
    Role.ADMINISTRATOR: frozenset(Right),
}

_SCOPES: dict[Scope, frozenset[Right]] = {
    Scope.READ: frozenset({Right.PUBLIC, Right.SIGNED_IN, Right.PHOTO_SEE}),
    Scope.PHOTOS_WRITE: frozenset({Right.PUBLIC, Right.SIGNED_IN, Right.PHOTO_SEND}),
    Scope.COMPLAINTS_WRITE: frozenset(
        {Right.PUBLIC, Right.SIGNED_IN, Right.COMPLAINT_OPEN, Right.COMPLAINT_MOVE, Right.LINK_DECIDE}
    ),
    Scope.ADMIN: frozenset(Right),
}


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
        mine = _RIGHTS[self.role]
        if self.scopes is None:
            return mine
        allowed: frozenset[Right] = frozenset().union(*(_SCOPES[scope] for scope in self.scopes))
        return mine & (allowed | {Right.PUBLIC})

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
    """

    account_id: UUID | None
    photos: bool
    agency_code: str | None
    area_code: str | None
    teams: frozenset[str]
    details: bool = True
    """False for the public and for tokens that may not read: places, states and times, without descriptions, people or
    pictures."""


def sight(principal: Principal) -> Sight:
    """The rule of what `principal` sees. The public sees complaints without pictures, texts or people."""
    role = principal.role
    if role is None or role is Role.OWNER:
        return Sight(
            principal.account_id, photos=False, agency_code=None, area_code=None, teams=frozenset(), details=False
        )
    return Sight(
        account_id=principal.account_id,
        photos=principal.may(Right.PHOTO_SEE),
        agency_code=principal.agency_code if role is Role.AGENCY else None,
        area_code=principal.area_code,
        teams=principal.teams,
        # A token that may not read learns no more from a complaint than the public, wherever it may act.
        details=principal.may(Right.PHOTO_SEE),
    )
