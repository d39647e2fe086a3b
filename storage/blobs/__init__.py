"""Bytes kept outside the database: in a folder, or in any S3 store. The only home of the `minio` client."""

from storage.blobs.folder import FolderBlobs
from storage.blobs.kinds import Blobs, BlobStat
from storage.blobs.opening import open_blobs
from storage.blobs.s3 import S3Blobs

__all__ = ["BlobStat", "Blobs", "FolderBlobs", "S3Blobs", "open_blobs"]
