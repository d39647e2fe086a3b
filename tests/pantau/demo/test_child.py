"""Processes beside Pantau: they end with it, and when they end by themselves they do so in peace."""

import subprocess
import sys
import time

import pytest

from pantau.demo.child import beside

pytestmark = pytest.mark.unit

BOUND = "from pantau.demo.child import end_with_parent; end_with_parent(); "


def test_a_child_that_is_done_before_its_parent_ends_well() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", BOUND + "import time; time.sleep(0.2)"], stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        assert child.wait(20) == 0
        assert child.stderr is not None
        assert child.stderr.read() == b""


def test_a_child_ends_as_soon_as_it_is_left() -> None:
    with beside([sys.executable, "-c", BOUND + "import time; print('up', flush=True); time.sleep(600)"]) as said:
        assert said.readline() == "up\n"
        left = time.monotonic()
    assert time.monotonic() - left < 5
