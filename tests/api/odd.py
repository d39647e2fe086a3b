"""Odd questions to every door of a running Pantau, made from its own description by schemathesis.

What comes back must be an answer that the description names, and never a fault of ours.
"""

import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import hypothesis
import requests
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis.errors import Unsatisfiable
from schemathesis.core.result import Ok

ENDLESS_S = 15.0
"""How long an answer may take to begin."""

LONGEST = 8_000
"""Characters of a request: what is longer a server may refuse before any door hears of it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An answer that should not have been."""

    operation: str
    status: int
    why: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What was asked and what was wrong. `answers` counts by status."""

    operations: int
    answers: Counter[int]
    faults: dict[Fault, str]
    """Each with a request that brought it about, as a command line."""


def fuzz(url: str, document: dict[str, Any], token: str, examples: int, under: str = "/") -> Tried:
    """Asks each operation under a path `examples` times as described, and as many times otherwise: with the token and,
    every third time, without.

    The same `examples` ask the same questions again. Bodies are not read to their end: some answers have none.
    """
    tried = Tried(0, Counter(), {})
    number = 0
    with requests.Session() as session, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        turns = cycle(({"authorization": f"Bearer {token}"}, {}, {"authorization": f"Bearer {token}"}))
        for found in schemathesis.openapi.from_dict(document).get_all_operations():
            # What is no valid description is the affair of test_openapi.
            operation = found.ok() if isinstance(found, Ok) else None
            if operation is not None and operation.path.startswith(under):
                number += 1
                for mode in schemathesis.GenerationMode:
                    _ask(session, turns, url, operation, mode, examples, tried)
    return Tried(number, tried.answers, tried.faults)


def _ask(
    session: requests.Session,
    turns: Iterator[dict[str, str]],
    url: str,
    operation: Any,
    mode: schemathesis.GenerationMode,
    examples: int,
    tried: Tried,
) -> None:
    declared = set(operation.definition.raw.get("responses", {}))

    @hypothesis.seed(1)
    @hypothesis.settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    def asks(case: Any) -> None:
        asked = case.as_transport_kwargs(base_url=url)
        if len(str(asked)) > LONGEST:
            return
        asked["headers"] = {**dict(asked.get("headers") or {}), **next(turns)}
        with (
            suppress(requests.exceptions.InvalidHeader, UnicodeEncodeError, requests.exceptions.InvalidURL),
            session.request(**asked, stream=True, allow_redirects=False, timeout=ENDLESS_S) as answer,
        ):
            tried.answers[answer.status_code] += 1
            for why in _wrong(answer, declared):
                fault = Fault(operation.label, answer.status_code, why)
                how = f"{answer.request.method} {answer.request.url} {answer.request.body!r}"
                tried.faults.setdefault(fault, how[:500])

    # An operation without parameters cannot be asked otherwise than as described.
    with suppress(Unsatisfiable):
        asks()


def _wrong(answer: requests.Response, declared: set[str]) -> Iterator[str]:
    if answer.status_code >= 500 and answer.status_code != 503:
        yield "a fault of ours"
    elif str(answer.status_code) not in declared and "default" not in declared:
        yield "not declared"
    if answer.status_code >= 400 and answer.headers.get("content-type") != "application/problem+json":
        yield f"a problem as {answer.headers.get('content-type')}"
