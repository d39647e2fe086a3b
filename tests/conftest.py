"""What every test may ask for.

Real servers: tests/servers; a real browser: tests/servers/browser.py; `pair`, a database with a store of bytes, on
SQLite + folder and on PostgreSQL + S3 in turn: tests/storage/pairs.py.
"""

pytest_plugins = [
    "tests.servers.fixtures",
    "tests.servers.order",
    "tests.servers.browser",
    "tests.storage.pairs",
    "tests.storage.replicas",
]
