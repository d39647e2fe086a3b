"""Why a file is not taken as a photo: one stable code and one sentence that says what to do."""

from enum import StrEnum


class PhotoFault(StrEnum):
    """The stable codes of refused photos, as clients see them."""

    EMPTY = "empty"
    NOT_AN_IMAGE = "not_an_image"
    UNSUPPORTED_FORMAT = "unsupported_format"
    NOT_A_JPEG = "not_a_jpeg"
    TRUNCATED = "truncated"
    MIXED_FORMATS = "mixed_formats"
    TOO_MANY_PIXELS = "too_many_pixels"
    DAMAGED = "damaged"
    DECODE_TIMED_OUT = "decode_timed_out"
    DECODE_TOO_LARGE = "decode_too_large"


class PhotoRefused(Exception):
    """The bytes can't be taken as a photo.

    `code` is for programs and never changes its meaning; `str(error)` is a sentence for the person who sent the file.
    """

    def __init__(self, code: PhotoFault, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class PictureDamaged(PhotoRefused):
    """The file is built like a photo, but its pixels can't be decoded."""

    def __init__(self, sentence: str = "The picture is damaged and cannot be opened. Send the original file again."):
        super().__init__(PhotoFault.DAMAGED, sentence)


class DecodeTimedOut(PhotoRefused):
    """Opening the picture took longer than allowed; its decoder was ended."""

    def __init__(self, sentence: str = "Opening the picture took too long. Save it as an ordinary JPEG and send that."):
        super().__init__(PhotoFault.DECODE_TIMED_OUT, sentence)


class DecodeTooLarge(PhotoRefused):
    """Opening the picture needs more memory than a decoder may have."""

    def __init__(self, sentence: str = "Opening the picture takes too much memory. Send it in a smaller size."):
        super().__init__(PhotoFault.DECODE_TOO_LARGE, sentence)


def truncated(what: str) -> PhotoRefused:
    """The refusal of a file that ends too early; `what` names the format, as in "JPEG"."""
    return PhotoRefused(
        PhotoFault.TRUNCATED, f"The {what} ends too early: part of it was lost on the way. Send it again."
    )


def damaged(what: str) -> PhotoRefused:
    """The refusal of a file whose structure makes no sense; `what` names the format."""
    return PhotoRefused(PhotoFault.DAMAGED, f"The {what} is damaged inside. Send the original file again.")


def unsupported(what: str) -> PhotoRefused:
    """The refusal of a format that is not taken; `what` names it with its article, as in "a GIF"."""
    return PhotoRefused(PhotoFault.UNSUPPORTED_FORMAT, f"This is {what}. Send the photo as JPEG, PNG, WebP or HEIC.")


def mixed(what: str) -> PhotoRefused:
    """The refusal of a picture that carries another kind of file; `what` names that with its article."""
    return PhotoRefused(
        PhotoFault.MIXED_FORMATS, f"The picture carries {what} inside it. Send the photo as the camera saved it."
    )
