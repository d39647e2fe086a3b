"""Keeps one server for a test session, and ends it with the session however the session ends.

Run as a program of its own (standard library only), so that a session stopped by Ctrl-C, by a time limit or by
`kill -9` leaves no server behind: the keeper watches the session's process and outlives it by a moment.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

POLL_S = 0.1
STOP_WITHIN_S = 10.0
SESSION_PREFIX = "pantau-servers-"


def alive(pid: int) -> bool:
    """Whether a process of this id exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def stop(child: subprocess.Popen[bytes], with_signal: signal.Signals) -> None:
    """Ends the server politely, and by force when it does not go."""
    if child.poll() is None:
        child.send_signal(with_signal)
    try:
        child.wait(STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def keep(folder: Path, owner: int, user: str | None, with_signal: signal.Signals, command: list[str]) -> int:
    """Runs `command` until it ends, the owner is gone or a SIGTERM comes; then removes `folder`.

    The folder's going is the sign that the server is gone too. Its own process id is in `folder/server.pid`.
    """
    asked: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: asked.append(number))
    with (folder / "server.log").open("wb") as log:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder,
            user=user,
            group=user,
            extra_groups=[] if user else None,
        )
    (folder / "server.pid").write_text(str(child.pid))
    while child.poll() is None and not asked and alive(owner):
        time.sleep(POLL_S)
    died = child.poll() is not None and not asked
    stop(child, with_signal)
    if died:
        # The log stays for whoever waits for this server to read; the session removes it with everything else.
        (folder / "server.died").touch()
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    # Whoever died cannot tidy up any more: what a session made for its servers goes with the first of them.
    if not alive(owner) and folder.parent.name.startswith(SESSION_PREFIX):
        shutil.rmtree(folder.parent, ignore_errors=True)
    return 0


def main() -> int:
    """Reads the command line: `keeper.py FOLDER OWNER SIGNAL USER COMMAND...`, USER `-` for nobody else."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("folder", type=Path)
    words.add_argument("owner", type=int)
    words.add_argument("signal", type=lambda name: signal.Signals[name])
    words.add_argument("user")
    words.add_argument("command", nargs=argparse.REMAINDER)
    said = words.parse_args()
    user = None if said.user == "-" else said.user
    return keep(said.folder, said.owner, user, said.signal, said.command)


if __name__ == "__main__":
    sys.exit(main())
