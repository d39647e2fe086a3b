"""The session's real servers as fixtures, and the rule that a machine which claims to test everything skips nothing."""

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.cameras import Certificate, certificate
from tests.servers.kept import made, once, session_folder
from tests.servers.postgres import PostgresServer, bin_folder, leave
from tests.servers.s3 import S3Server, weed

FOLDER = pytest.StashKey[Path]()
POSTGRES, S3 = "postgres", "s3"
OWNER = pytest.StashKey[int]()


MEMORY, ROOM = Path("/dev/shm"), 4_000_000_000
"""A disk that is memory, and the bytes free in it from which tests live there."""


def _in_memory() -> None:
    """Puts every temporary folder of this process and its children into memory, where there is enough of it.

    A database cloned for a test is there in 0.05 s and not in 0.4. TMPDIR, where it is set, has its way.
    """
    if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def _compiled_once() -> None:
    """Lets this process and its children keep what they compile, in the environment, where they may not in the tree.

    Otherwise each of some hundred processes would compile all of its libraries: 3 s for `pantau serve` and not 1.
    """
    if sys.dont_write_bytecode and sys.prefix != sys.base_prefix:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(Path(sys.prefix) / "bytecode")
        sys.dont_write_bytecode = False


def pytest_configure(config: pytest.Config) -> None:
    """Gives the session one folder for its servers; xdist's workers are told the controller's."""
    _in_memory()
    _compiled_once()
    given = getattr(config, "workerinput", None)
    config.stash[FOLDER] = Path(given["servers_folder"]) if given else session_folder()
    config.stash[OWNER] = int(given["servers_owner"]) if given else os.getpid()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Tells the garbage collector what is worth looking at: walking all that is loaded takes a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: pytest.Item) -> None:
    """Tells a worker of xdist where the session's servers are."""
    given: dict[str, str | int] = node.workerinput  # type: ignore[attr-defined]  # xdist has no types
    given["servers_folder"] = str(node.config.stash[FOLDER])
    given["servers_owner"] = node.config.stash[OWNER]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Ends the servers when the session that owns them ends."""
    leave()
    if not hasattr(config, "workerinput") and FOLDER in config.stash:
        for name in (POSTGRES, S3):
            if server := made(config.stash[FOLDER], name):
                server.close()
        shutil.rmtree(config.stash[FOLDER], ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server(pytestconfig: pytest.Config) -> PostgresServer:
    """The session's PostgreSQL with PostGIS, shared by all workers."""
    if bin_folder() is None:
        pytest.skip("PostgreSQL with PostGIS is not installed (as root on Debian, `make test` installs it)")
    folder, owner = pytestconfig.stash[FOLDER], pytestconfig.stash[OWNER]
    return once(folder, POSTGRES, lambda: PostgresServer.start(folder / "postgres-server", owner))


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of an empty database with PostGIS, the test's own."""
    url = postgres_server.create_database()
    yield url
    postgres_server.drop_database(url)


@pytest.fixture(scope="session")
def s3_server(pytestconfig: pytest.Config) -> S3Server:
    """The session's S3 server, shared by all workers."""
    if weed() is None:
        pytest.skip("SeaweedFS (weed) is not installed; requirements/dev.txt brings it")
    folder, owner = pytestconfig.stash[FOLDER], pytestconfig.stash[OWNER]
    return once(folder, S3, lambda: S3Server.start(folder / "s3-server", owner))


@pytest.fixture
def s3_bucket(s3_server: S3Server) -> str:
    """An empty bucket, the test's own."""
    return s3_server.create_bucket()


@pytest.fixture(scope="session")
def signed_by_itself(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate that nobody else signed, as cameras show them."""
    if shutil.which("openssl") is None:
        pytest.skip("the openssl command is not installed (as root on Debian, `make test` installs it)")
    return certificate(tmp_path_factory.mktemp("certificate"))


def skips_fail() -> bool:
    """Whether a skipped test counts as failed, as on a machine that sets `CI=true`."""
    return os.environ.get("CI", "").lower() == "true"


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where skips fail, a session that skipped anything ends as failed."""
    if skips_fail() and _skipped(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Names the skipped tests that made the session fail."""
    if skips_fail() and (skipped := _skipped(config)):
        terminalreporter.section("skipped, which counts as failed where CI=true", red=True)
        for report in skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
            terminalreporter.line(f"{report.nodeid}: {reason}")


def _skipped(config: pytest.Config) -> list[pytest.TestReport]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return list(reporter.stats.get("skipped", [])) if reporter is not None else []
