"""What can go wrong with what is kept: sentences for people, never with a password in them."""


class StorageError(Exception):
    """The base of everything that the database or the blobs refuse or fail to do."""


class DatabaseUnreachable(StorageError):
    """The database cannot be opened or has gone away. The message says where and why."""


class DatabaseBusy(StorageError):
    """Nobody let us in before the time was up; the same request may succeed when tried again."""


class DatabaseRefused(StorageError):
    """This database may not be used as it is (an unsafe SQLite, an address of no known kind)."""
