"""A machine that claims to test everything fails when it skips anything, and says what."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]
SKIPPING = """
import pytest

def test_done():
    pass

def test_left_out():
    pytest.skip("no database here")
"""


def run(folder: Path, ci: str, *words: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_some.py").write_text(SKIPPING)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.servers.fixtures",
        "-p",
        "no:cacheprovider",
        "-c",
        os.devnull,
    ]
    environment = os.environ | {"CI": ci, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*command, "--rootdir", str(folder), *words, str(folder)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )


@pytest.mark.parametrize("workers", ["0", "1"])
def test_a_skip_fails_where_ci_is_true(tmp_path: Path, workers: str) -> None:
    done = run(tmp_path, "true", "-n", workers)
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "test_some.py::test_left_out: Skipped: no database here" in done.stdout
    assert "1 passed, 1 skipped" in done.stdout


def test_a_skip_is_only_told_elsewhere(tmp_path: Path) -> None:
    done = run(tmp_path, "", "-rs")
    assert done.returncode == pytest.ExitCode.OK
    assert "1 passed, 1 skipped" in done.stdout
