"""What can go wrong, in the words of the house. Each error carries a stable code; `cases.sentences` says what to do."""

from typing import ClassVar

from cases.sentences import sentence


class PantauError(Exception):
    """Something a person or program asked for that cannot be done.

    `code` is stable and names the sentence; `params` fill its placeholders. `str()` gives the English sentence.
    """

    code: ClassVar[str] = "failed"

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(sentence(self.code, "en", **params))

    def in_language(self, language: str) -> str:
        """The sentence for a person who reads `language`."""
        return sentence(self.code, language, **self.params)


class NotFound(PantauError):
    """What was asked for does not exist, or the asker may not know that it does."""

    code = "not_found"


class PhotoUnknown(NotFound):
    code = "photo_unknown"


class ComplaintUnknown(NotFound):
    code = "complaint_unknown"


class LinkUnknown(NotFound):
    code = "link_unknown"


class NotYours(PantauError):
    """It is there to be seen, but only its sender or those who oversee may change it."""

    code = "not_yours"


class Conflict(PantauError):
    """It would have been possible, had the record not been as it is."""

    code = "conflict"


class IdTaken(Conflict):
    """The id that the client chose already names something else."""

    code = "id_taken"


class MoveNotAllowed(Conflict):
    """`status`, `to`: this move is not in the table, or not for this role."""

    code = "move_not_allowed"


class ChangedMeanwhile(Conflict):
    """`version`: the record moved on since the asker read it."""

    code = "changed_meanwhile"


class Invalid(PantauError):
    """What was sent cannot be understood or used as it is."""

    code = "invalid"


class NoteNeeded(Invalid):
    """`to`: this move needs a word of why."""

    code = "note_needed"


class ProofNeeded(Invalid):
    """Resolving needs a note or a photo taken since."""

    code = "proof_needed"


class OriginalNeeded(Invalid):
    """A duplicate needs the reference of another complaint, one that is not itself a duplicate."""

    code = "original_needed"


class ReferenceMistyped(Invalid):
    """`given`: not a reference, or its check character does not fit."""

    code = "reference_mistyped"


class PlaceInvalid(Invalid):
    """`lon`, `lat` are not a place on earth (or are 0, 0)."""

    code = "place_invalid"


class PlaceNeeded(Invalid):
    code = "place_needed"


class AreaUnknown(Invalid):
    """`area`: no such area here."""

    code = "area_unknown"


class CategoryUnknown(Invalid):
    """`category`: no such category, or not for this principal."""

    code = "category_unknown"


class CategoryNeeded(Invalid):
    code = "category_needed"


class CatalogueInvalid(Invalid):
    """`where`, `problem`: the file of agencies and categories cannot be used."""

    code = "catalogue_invalid"


class TooLarge(Invalid):
    """`limit`: bytes."""

    code = "too_large"


class HashMismatch(Invalid):
    code = "hash_mismatch"
