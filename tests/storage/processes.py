"""Other processes of ours, for tests of what happens between them."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def start(code: str, *words: str) -> subprocess.Popen[str]:
    """Runs Python code with `words` as sys.argv[1:]; its output is for the caller to read."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *words], cwd=ROOT, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Waits for it; answers its exit code and what it said."""
    said, _ = process.communicate(timeout=60)
    return process.returncode, said.strip()
