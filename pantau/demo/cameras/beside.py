"""The demo's cameras beside a running Pantau, as long as that runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from ingest.parts import Parts
from pantau.demo.cameras import register
from pantau.demo.cameras.ports import served
from pantau.demo.mark import SEED

TURNS_AFTER: Final = timedelta(minutes=3, seconds=30)
"""Some cameras show for so long what they usually show; then they are knocked, and look elsewhere or not sharply."""


@contextmanager
def watched(parts: Parts, seed: int = SEED) -> Iterator[Parts]:
    """The parts with a guard that lets these cameras' own ports of this machine through, and no other.

    Real cameras in a process of their own; the first time they are registered, with permits in every state.
    """
    before = register.laid(parts)
    began = datetime.fromtimestamp(before["at"], UTC) if before else parts.clock()
    with served(began + TURNS_AFTER, int(before.get("http", 0))) as ports:
        watching = _letting(parts, ports.all)
        register.lay(watching, ports, seed)
        yield watching


def known(parts: Parts) -> Parts:
    """The parts of another process over the same demo: they let through the ports that its cameras had last."""
    return _letting(parts, frozenset(register.laid(parts).get("ports", ())))


def _letting(parts: Parts, ports: frozenset[int]) -> Parts:
    return replace(parts, guard=replace(parts.guard, loopback_ports=ports))
