"""A route for the doors that are asked most: it opens as any other and is described as any other, but its call is
made here. The framework's own way (a graph of dependencies, each looked at anew) takes longer than reading ten rows.
"""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Annotated, Any, cast, get_args, get_origin, get_type_hints

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.params import Query
from fastapi.routing import APIRoute, APIRouter
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from api.house import here
from api.security import Gate, caller

_TAKES = ("asked", "request", "house", "caller")

Door = Callable[..., Awaitable[Response]]


class Straight(APIRoute):
    """A GET whose function is `async def (asked: Annotated[Model, Query()], request, house: Here, caller: Caller)`.

    It gives a Response. What the URL asks is checked by the model, wrong questions leave as everywhere (422), and the
    one right stands in `dependencies`. TypeError for a function or dependencies of another form, when it is declared.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What answers a request."""
        gate, query, door = _gate(self), _QueryModel(_asked(self.endpoint)), cast("Door", self.endpoint)

        async def answer(request: Request) -> Response:
            await gate(request)
            asked = query.read(request)
            return await door(asked=asked, request=request, house=await here(request), caller=await caller(request))

        return answer


class Often(APIRouter):
    """Doors that are asked most, all of them `Straight`; `first` puts them before all others."""

    def __init__(self, **how: Any) -> None:
        super().__init__(route_class=Straight, generate_unique_id_function=lambda route: route.name, **how)


def first(app: FastAPI, *routers: Often) -> None:
    """Lets the app look at these doors before any other.

    Not by `include_router`: the framework matches an included router twice, and each of those before it.
    """
    for router in routers:
        app.router.routes.extend(router.routes)


class _QueryModel:
    """Reads a model from a URL's query as the framework would."""

    def __init__(self, model: type[BaseModel]) -> None:
        self._model = model
        self._many = frozenset(name for name, field in model.model_fields.items() if _is_list(field.annotation))

    def read(self, request: Request) -> BaseModel:
        """The model. Of a repeated parameter the last counts, unless it is a list. RequestValidationError else."""
        params = request.query_params
        given: dict[str, Any] = dict(params)
        for name in self._many.intersection(given):
            given[name] = params.getlist(name)
        try:
            return self._model.model_validate(given)
        except ValidationError as error:
            found = [fault | {"loc": ("query", *fault["loc"])} for fault in error.errors(include_url=False)]
            raise RequestValidationError(found) from None


def _gate(route: APIRoute) -> Gate:
    gates = [one.dependency for one in route.dependencies]
    if len(gates) != 1 or not isinstance(gates[0], Gate):
        raise TypeError(f"{route.path}: a straight route has exactly one dependency, made by allow(...)")
    return gates[0]


def _asked(endpoint: Callable[..., Any]) -> type[BaseModel]:
    hints = get_type_hints(endpoint, include_extras=True)
    hints.pop("return", None)
    model, *marks = get_args(hints.get("asked")) or (None,)
    if tuple(hints) != _TAKES or not any(isinstance(mark, Query) for mark in marks):
        raise TypeError(f"{endpoint.__name__}: a straight route's function takes {', '.join(_TAKES)}")
    return cast("type[BaseModel]", model)


def _is_list(annotation: Any) -> bool:
    """Whether a field holds several values: a list, perhaps annotated or optional."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _is_list(get_args(annotation)[0])
    return origin is list or any(_is_list(part) for part in get_args(annotation) if part is not annotation)
