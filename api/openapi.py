"""The API's description (OpenAPI 3.1), as it is served and as docs/openapi.json keeps it.

`python -m api.openapi > docs/openapi.json` writes it anew.
"""

import sys
from collections.abc import Iterator
from typing import Any

import orjson
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import RouteContext, iter_route_contexts

from api import problems
from api.roots import is_described, is_standard
from api.security import COOKIE, CSRF_HEADER, Gate
from api.shapes.installation import Check
from api.shapes.problem import FieldFault, ProblemAnswer
from api.shapes.snapshots import Looked, LookedAll
from cases.access import Right

_SECURITY: dict[str, Any] = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": f"The session of a page; unsafe requests also carry its csrf as `{CSRF_HEADER}`.",
    },
    "token": {"type": "http", "scheme": "bearer", "description": "A token that begins with `pantau_`."},
}
_EITHER: list[dict[str, list[str]]] = [{"session": []}, {"token": []}]


def install(app: FastAPI) -> None:
    """Makes this app describe itself as `described` does."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = described(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def described(app: FastAPI) -> dict[str, Any]:
    """The description: every answer that is not a success is a problem, and every route says who may use it."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        license_info=app.license_info,
        routes=app.routes,
    )
    components = document.setdefault("components", {})
    schemas: dict[str, Any] = components.setdefault("schemas", {})
    # What no route answers with as a whole: parts of problems and checks, and the lines of a look.
    for shape in (FieldFault, Check, ProblemAnswer, Looked, LookedAll):
        schema = shape.model_json_schema(ref_template="#/components/schemas/{model}")
        schema.pop("$defs", None)
        schemas[shape.__name__] = schema
    components["securitySchemes"] = _SECURITY
    for route, operation in _operations(app, document):
        gate = gate_of(route)
        right = gate.right
        operation["security"] = [{}, *_EITHER] if right is Right.PUBLIC else _EITHER
        operation["x-right"] = str(right)
        if gate.retired is not None:
            gate.retired.mark(operation)
        responses = operation["responses"]
        responses.setdefault("429", problems.answers(429)[429])  # whoever asks too often, wherever
        if "requestBody" in operation:
            # A body may be no JSON, or too large, at any door that takes one.
            for status in (400, 413):
                responses.setdefault(str(status), problems.answers(status)[status])
        if "HTTPValidationError" in str(responses.get("422")):
            del responses["422"]
            wrong = 400 if is_standard(route.path or "") else 422
            responses[str(wrong)] = problems.answers(wrong)[wrong]
        responses["500"] = problems.answers(500)[500]
        _share(responses, components.setdefault("responses", {}))
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return document


def _share(responses: dict[str, Any], shared: dict[str, Any]) -> None:
    """Replaces plain problems by references: they are the same on every route."""
    for status, response in responses.items():
        if status >= "400" and response == problems.answers(int(status))[int(status)]:
            name = f"Problem{status}"
            shared[name] = response
            responses[status] = {"$ref": f"#/components/responses/{name}"}


def gate_of(route: RouteContext) -> Gate:
    """The one gate of a route. Raises ValueError for a route that declares no right, or more than one."""
    gates = [depends.dependency for depends in route.dependencies if isinstance(depends.dependency, Gate)]
    if len(gates) != 1:
        raise ValueError(f"{route.path} declares {len(gates)} rights; every route declares exactly one, by allow(...)")
    return gates[0]


def right_of(route: RouteContext) -> Right:
    """The one right a route asks for. Raises ValueError for a route that declares none, or more than one."""
    return gate_of(route).right


def api_routes(app: FastAPI) -> list[RouteContext]:
    """The API's routes."""
    return [route for route in iter_route_contexts(app.routes) if is_described(route.path or "")]


def text(app: FastAPI) -> str:
    """The description as JSON that reads well in a diff."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(app.openapi(), option=options).decode()


def _operations(app: FastAPI, document: dict[str, Any]) -> Iterator[tuple[RouteContext, dict[str, Any]]]:
    for route in api_routes(app):
        for method in route.methods or ():
            yield route, document["paths"][route.path_format][method.lower()]


if __name__ == "__main__":
    from api.app import doors

    sys.stdout.write(text(doors()))
