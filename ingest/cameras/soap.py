"""The envelope of ONVIF's questions: SOAP 1.2, WS-Security's password digest, and answers read without entities."""

import base64
import hashlib
import re
import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Final
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from cases.words import VisitState
from ingest.cameras.faults import CameraFault, not_understood
from ingest.cameras.urls import Credentials

CONTENT_TYPE: Final = "application/soap+xml; charset=utf-8"
_SECURITY = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss"
_DIGEST = f"{_SECURITY}-username-token-profile-1.0#PasswordDigest"
_UNAUTHORISED: Final = re.compile(r"(not ?|un)authori[sz]ed|authenticat|InvalidSecurity", re.IGNORECASE)
_BASE64 = f"{_SECURITY}-soap-message-security-1.0#Base64Binary"


def envelope(body: str, credentials: Credentials | None, now: datetime) -> bytes:
    """A question, signed with the password's digest where there is one; `now` by the camera's own clock, in UTC."""
    head = _security(credentials, now) if credentials else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tt="http://www.onvif.org/ver10/schema">'
        f"<s:Header>{head}</s:Header><s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def _security(credentials: Credentials, now: datetime) -> str:
    """UsernameToken Profile 1.0: the digest is SHA-1 over nonce, time and password, so the time has to fit."""
    nonce, created = secrets.token_bytes(16), now.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    digest = hashlib.sha1(nonce + created.encode() + credentials.password.encode(), usedforsecurity=False).digest()
    return (
        f'<w:Security s:mustUnderstand="1" xmlns:w="{_SECURITY}-wssecurity-secext-1.0.xsd"><w:UsernameToken>'
        f"<w:Username>{escape(credentials.user)}</w:Username>"
        f'<w:Password Type="{_DIGEST}">{base64.b64encode(digest).decode()}</w:Password>'
        f'<w:Nonce EncodingType="{_BASE64}">{base64.b64encode(nonce).decode()}</w:Nonce>'
        f'<u:Created xmlns:u="{_SECURITY}-wssecurity-utility-1.0.xsd">{created}</u:Created>'
        "</w:UsernameToken></w:Security>"
    )


def answer(content: bytes) -> ElementTree.Element:
    """The parsed answer. Errors: `CameraFault` (password_refused, not_understood)."""
    # Names that people gave are in whatever letters the camera has; what is asked for is ASCII.
    text = content.decode("utf-8-sig", "replace")
    if "<!DOCTYPE" in text:  # the only place where entities are declared, and SOAP forbids it
        raise not_understood("the answer declares a document type")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - without a document type there are no entities to expand
    except (ElementTree.ParseError, ValueError):
        raise not_understood("the answer is no XML") from None
    if root.tag.rpartition("}")[2] != "Envelope":
        raise not_understood("the answer is no SOAP")
    fault = next(every(root, "Fault"), None)
    if fault is not None:
        # SOAP 1.2 says it in Value and Text, 1.1 in faultcode and faultstring, and cameras in one or the other.
        if _UNAUTHORISED.search(" ".join(fault.itertext())):
            raise CameraFault(VisitState.PASSWORD_REFUSED, "the password was refused by ONVIF")
        raise not_understood("the camera refused a question of ONVIF")
    return root


def every(element: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    """Every element of that name within, whatever its namespace's version."""
    return (found for found in element.iter() if found.tag.rpartition("}")[2] == name)


def text_of(element: ElementTree.Element, *path: str) -> str:
    """The text of the first element down a path of names, "" where there is none."""
    found: ElementTree.Element | None = element
    for name in path:
        found = next(every(found, name), None) if found is not None else None
    return (found.text or "").strip() if found is not None else ""
