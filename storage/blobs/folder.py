"""Blobs in a folder of this machine."""

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from storage.blobs.kinds import CHUNK, BlobStat, check_key, delete_under, probe, sweep_folder
from storage.errors import BlobConflict, BlobDamaged, BlobMissing, BlobsUnreachable

_INCOMING = ".incoming"
_FOLDER_MODE, _FILE_MODE = 0o700, 0o600


class FolderBlobs:
    """One file per key. A file appears under its key whole and on disk, or not at all."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        with self._trouble():
            self.workspace.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)

    @property
    def workspace(self) -> Path:
        """On the same file system, so that a file that came in here is linked, not copied."""
        return self.root / _INCOMING

    def put(self, key: str, source: Path | bytes, sha256: str, media_type: str) -> None:
        """As in Blobs. `media_type` is not kept: a folder serves nobody by itself."""
        final = self._path(key)
        with self._trouble(), self._incoming(source) as file:
            if _sha256(file) != sha256:
                raise BlobDamaged(f"the bytes for {key} do not have the promised SHA-256; send them again")
            os.fsync(file.fileno())
            self._publish(Path(file.name), final, sha256)

    def stat(self, key: str) -> BlobStat | None:
        """As in Blobs."""
        path = self._path(key)
        with self._trouble():
            try:
                found = path.stat()
            except (FileNotFoundError, NotADirectoryError):
                return None
        changed = datetime.fromtimestamp(found.st_mtime, UTC)
        return BlobStat(found.st_size, f"{found.st_size:x}-{found.st_mtime_ns:x}", changed)

    def read(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """As in Blobs."""
        with self._trouble():
            try:
                file = self._path(key).open("rb")
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                raise _missing(key) from None
            file.seek(start)
        return self._pieces(file, length)

    def fetch(self, key: str, to: Path) -> None:
        """As in Blobs; `local_path` spares the copy."""
        pieces = self.read(key)
        with self._trouble(), to.open("wb") as file:
            for piece in pieces:
                file.write(piece)

    def local_path(self, key: str) -> Path:
        """As in Blobs; the file may be read, not changed."""
        path = self._path(key)
        if not path.is_file():
            raise _missing(key)
        return path

    def delete(self, key: str) -> None:
        """As in Blobs. Gone from the disk when it returns, and so are folders that it leaves empty."""
        path = self._path(key)
        with self._trouble():
            with suppress(FileNotFoundError, NotADirectoryError):
                path.unlink()
            folder = path.parent
            while folder != self.root:
                try:
                    folder.rmdir()
                except FileNotFoundError:
                    pass
                except OSError as error:
                    if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                        raise
                    break
                folder = folder.parent
            with suppress(FileNotFoundError):
                fsync_folder(folder)

    def delete_all(self, prefix: str) -> int:
        """As in Blobs."""
        return delete_under(self, prefix)

    def keys(self, prefix: str) -> Iterator[str]:
        """As in Blobs."""
        folder = prefix.rpartition("/")[0]
        top = self._path(folder) if folder else self.root
        for path, folders, files in os.walk(top):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            inside = Path(path).relative_to(self.root)
            for name in sorted(files):
                key = (inside / name).as_posix()
                if key.startswith(prefix):
                    yield key

    def signed_url(self, key: str, *, seconds: int, filename: str | None, media_type: str) -> str | None:
        """None: bytes in a folder leave through Pantau."""
        return None

    def sweep(self, older_s: float) -> int:
        """As in Blobs."""
        with self._trouble():
            return sweep_folder(self.workspace, older_s)

    def check(self) -> None:
        """As in Blobs."""
        probe(self)

    def _path(self, key: str) -> Path:
        return self.root / check_key(key)

    @contextmanager
    def _incoming(self, source: Path | bytes) -> Iterator[BinaryIO]:
        """The source as an open file in the workspace; a copy that we made goes again."""
        if isinstance(source, Path) and source.absolute().parent == self.workspace:
            with source.open("rb") as file:
                yield file
            return
        path = self.workspace / uuid4().hex
        try:
            path.touch(mode=_FILE_MODE, exist_ok=False)
            with path.open("rb+") as file:
                for piece in _source(source):
                    file.write(piece)
                file.flush()
                file.seek(0)
                yield file
        finally:
            path.unlink(missing_ok=True)

    def _publish(self, path: Path, final: Path, sha256: str) -> None:
        while True:
            made = _make_folders(final.parent)
            try:
                # A link, unlike a rename, never replaces what is there.
                final.hardlink_to(path)
            except FileExistsError:
                with final.open("rb") as there:
                    if _sha256(there) != sha256:
                        raise BlobConflict(f"other bytes are kept under {final.relative_to(self.root)}") from None
            except FileNotFoundError:
                # Somebody's delete took the empty folder away between our making it and our using it.
                continue
            # Also when it was there: whoever put it may have died before this line.
            for folder in (final.parent, *made):
                fsync_folder(folder)
            return

    def _pieces(self, file: BinaryIO, length: int | None) -> Iterator[bytes]:
        with file, self._trouble():
            left = length
            while left is None or left > 0:
                piece = file.read(CHUNK if left is None else min(CHUNK, left))
                if not piece:
                    return
                left = None if left is None else left - len(piece)
                yield piece

    @contextmanager
    def _trouble(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise BlobsUnreachable(f"the folder {self.root} cannot be used: {error.strerror or error}") from error


def _missing(key: str) -> BlobMissing:
    return BlobMissing(f"nothing is kept under {key}")


def _make_folders(folder: Path) -> list[Path]:
    """Makes the folder; answers the folders whose entries changed by it."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for one in reversed(missing):
        one.mkdir(mode=_FOLDER_MODE, exist_ok=True)
    return [one.parent for one in missing]


def fsync_folder(folder: Path) -> None:
    """Makes what was created, renamed or removed in a folder outlive a power cut. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sha256(file: BinaryIO) -> str:
    found = hashlib.sha256()
    while piece := file.read(CHUNK):
        found.update(piece)
    return found.hexdigest()


def _source(source: Path | bytes) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield source
        return
    with source.open("rb") as file:
        while piece := file.read(CHUNK):
            yield piece
