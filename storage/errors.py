"""What can go wrong with what is kept: sentences for people, never with a password in them."""


class StorageError(Exception):
    """The base of everything that the database or the blobs refuse or fail to do."""


class DatabaseUnreachable(StorageError):
    """The database cannot be opened or has gone away. The message says where and why."""


class DatabaseGone(DatabaseUnreachable):
    """The connection in use turned out to be dead; another may be had."""


class DatabaseBusy(StorageError):
    """Nobody let us in before the time was up; the same request may succeed when tried again."""


class ReplicaConflict(DatabaseBusy):
    """The replica broke a question off because it had to play what the primary wrote; another try may succeed."""


class DatabaseSlow(StorageError):
    """One statement took longer than it may. A narrower question may succeed."""


class DatabaseFull(StorageError):
    """The database's disk is full; nothing of the transaction was kept."""


class DatabaseRefused(StorageError):
    """This database may not be used as it is (an unsafe SQLite, an address of no known kind)."""


class BlobMissing(StorageError):
    """No bytes are kept under this key."""


class BlobConflict(StorageError):
    """Other bytes are already kept under this key; they stay as they are."""


class BlobDamaged(StorageError):
    """The bytes to be kept do not have the SHA-256 that was promised; nothing was kept."""


class BlobsUnreachable(StorageError):
    """The folder or the S3 store did not answer in time, or refused. The message says where and why."""


class BlobsUnhealthy(StorageError):
    """The folder or the S3 store answers, but a probe could not be written, read back and deleted."""


class BlobsRefused(StorageError):
    """This address of a store cannot be used as it is written."""
