"""Which addresses are the API's, and how standards want a wrong question answered."""

import pytest
from fastapi import APIRouter

from api import roots
from api.security import allow
from cases.access import Right
from tests.api.town import Town, problem


@pytest.mark.unit
@pytest.mark.parametrize("path", ["/api", "/api/v1/incidents", "/ogc", "/ogc/collections", "/stac/search", "/tiles"])
def test_what_belongs_to_the_api(path: str) -> None:
    assert roots.is_ours(path)


@pytest.mark.unit
@pytest.mark.parametrize("path", ["/", "/apix", "/peta", "/ogcx/api", "/complaints/stac"])
def test_what_belongs_to_the_pages(path: str) -> None:
    assert not roots.is_ours(path)


def test_a_wrong_question_is_400_where_a_standard_says_so(town: Town) -> None:
    router = APIRouter()

    @router.get("/api/v1/numbers", dependencies=[allow(Right.PUBLIC)])
    def numbers(n: int) -> int:
        """One number."""
        return n

    router.add_api_route("/stac/numbers", numbers, name="standard_numbers", dependencies=[allow(Right.PUBLIC)])

    town.app.include_router(router)
    public = town.client()
    problem(public.get("/stac/numbers?n=x"), 400, "invalid")
    problem(public.get("/api/v1/numbers?n=x"), 422, "invalid")
    described = town.app.openapi()["paths"]
    assert "422" not in described["/stac/numbers"]["get"]["responses"]
    assert "400" in described["/stac/numbers"]["get"]["responses"]
    nothing = problem(public.get("/stac/nothing"), 404, "not_found")
    assert nothing["instance"] == "/stac/nothing"
    assert "no-cache" in public.get("/stac/numbers?n=1").headers["cache-control"]
