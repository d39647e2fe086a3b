"""The photo of the notice on site that tells people of a camera (UU PDP 27/2022 asks for one)."""

import hashlib
import tempfile
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from cases.access import Principal
from cases.register import SignUnknown
from ingest.cameras.register import named, to_change
from ingest.parts import Parts
from storage import audit
from storage.tables import Camera

_SIDE: Final = 1280


def prefix(camera_id: UUID) -> str:
    """Under which a camera's own pictures are kept."""
    return f"cameras/{camera_id}/"


def keep_sign(parts: Parts, principal: Principal, camera_id: UUID, content: bytes) -> Camera:
    """Keeps the photo, upright, at most 1280 pixels and without metadata, in place of the one before.

    Raises CameraUnknown, RegisterNotYours, CameraRetired, PhotoRefused (any code), DecoderBroken.
    """
    now = parts.clock()
    with parts.database.read() as db:
        to_change(db, principal, camera_id)
    preview = _rendered(parts, content)
    key = f"{prefix(camera_id)}sign-{uuid4().hex}"
    parts.blobs.put(key, preview, hashlib.sha256(preview).hexdigest(), "image/jpeg")
    with parts.database.write() as db:
        camera = to_change(db, principal, camera_id)
        before, camera.sign_key = camera.sign_key, key
        camera.updated_at = now
        audit.record(db, principal, now, action="sign", subject="camera", subject_id=camera_id)
    if before is not None:
        parts.blobs.delete(before)
    return camera


def _rendered(parts: Parts, content: bytes) -> bytes:
    with tempfile.TemporaryDirectory(dir=parts.blobs.workspace) as folder:
        path = Path(folder) / "sign"
        path.write_bytes(content)
        parts.decoder.examine(path)
        return parts.decoder.render(path).previews[_SIDE]


def sign_of(parts: Parts, principal: Principal, camera_id: UUID) -> bytes:
    """The photo as JPEG. Raises CameraUnknown, SignUnknown."""
    with parts.database.read() as db:
        key = named(db, principal, camera_id).sign_key
    if key is None or parts.blobs.stat(key) is None:
        raise SignUnknown
    return b"".join(parts.blobs.read(key))
