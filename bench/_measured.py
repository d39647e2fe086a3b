"""What the benchmarks measure with, and how they say what they found."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles
from typing import NoReturn

from bench._client import Client, throughput
from bench._service import Service

ROUNDS, WARM = 100, 5


@dataclass
class Verdicts:
    """Prints what was measured, and remembers what missed."""

    missed: int = 0

    def say(self, name: str, figures: str, held: bool | None = None) -> None:
        """One line; `held` None for a figure without a target."""
        self.missed += held is False
        print(f"  {name:<30}{figures:<62}{'' if held is None else 'PASS' if held else 'MISS'}", flush=True)

    def end(self) -> NoReturn:
        """The last line; the exit code says whether every target held."""
        print(f"{self.missed} targets missed" if self.missed else "every target held")
        raise SystemExit(1 if self.missed else 0)


def answered(client: Client, prepared: bytes, status: int = 200) -> None:
    """Asks and checks that the answer is one."""
    answer = client.ask(prepared)
    if answer.status != status:
        raise ValueError(f"{answer.status}: {answer.body[:300]!r}")


def once(work: Callable[[], object]) -> float:
    """The milliseconds that it takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def timed(work: Callable[[], object], rounds: int = 30) -> list[float]:
    """Milliseconds of each round, warm."""
    work()
    return [once(work) for _ in range(rounds)]


def in_turns(
    *works: Callable[[], object], rounds: int = ROUNDS, warm: int = WARM, before: Callable[[], object] | None = None
) -> list[list[float]]:
    """Milliseconds of each, taken in turns so that all meet the same machine; `before` comes before each turn."""
    found: list[list[float]] = [[] for _ in works]
    for at in range(rounds + warm):
        if before is not None:
            before()
        for work, times in zip(works, found, strict=True):
            took = once(work)
            if at >= warm:
                times.append(took)
    return found


def rate(service: Service, prepared: bytes, seconds: float, status: int = 200) -> tuple[float, str]:
    """Answers per second over eight connections; the same in words, with the server's CPU for each."""
    throughput(service.port, prepared, 8, 0.5, status)
    before = service.cpu_s()
    found = throughput(service.port, prepared, 8, seconds, status)
    cpu_ms = (service.cpu_s() - before) / (found * seconds) * 1000
    return found, f"{found:,.0f}/s, {cpu_ms:.2f} ms CPU each"


def spread(times: list[float]) -> str:
    """p50 and p99 in milliseconds."""
    return f"{median(times):6.2f} / {quantiles(times, n=100, method='inclusive')[98]:6.2f} ms"
