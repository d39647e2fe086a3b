"""Pages of other sites: asked for, they may use the API by token; never somebody's session."""

import pytest

from api.throttle import Rates
from cases.words import Scope
from tests.api.town import Town, problem

GIS, LIST = "https://gis.city.example", "/api/v1/incidents"
ASKS = {"origin": GIS, "access-control-request-method": "GET", "access-control-request-headers": "authorization"}


@pytest.fixture(scope="module")
def open_town(kept_town: Town) -> Town:
    """The town whose installation lets one other site ask."""
    return kept_town.rebuilt(cors_origins=(GIS,))


def test_nobody_elsewhere_may_ask_unless_it_is_set(kept_town: Town) -> None:
    client = kept_town.client()
    assert "access-control-allow-origin" not in client.get(LIST, headers={"origin": GIS}).headers
    assert "access-control-allow-origin" not in client.options(LIST, headers=ASKS).headers


def test_a_site_that_may_asks_by_token_and_sees_what_programs_need(open_town: Town) -> None:
    client = open_town.program("command", Scope.READ)
    before = client.options(LIST, headers=ASKS)
    assert before.status_code == 200
    assert before.headers["access-control-allow-origin"] == GIS
    assert "authorization" in before.headers["access-control-allow-headers"].lower()
    answer = client.get(LIST, headers={"origin": GIS})
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == GIS
    assert {"etag", "link", "retry-after"} <= set(
        answer.headers["access-control-expose-headers"].lower().replace(",", " ").split()
    )
    # A browser would then send cookies, and let the page read what the person behind it sees.
    assert "access-control-allow-credentials" not in answer.headers | before.headers


def test_another_site_is_told_nothing(open_town: Town) -> None:
    refused = open_town.client().options(LIST, headers=ASKS | {"origin": "https://gis.city.example.evil.example"})
    assert refused.status_code == 400
    assert "access-control-allow-origin" not in refused.headers
    answer = open_town.client().get(LIST, headers={"origin": "https://evil.example"})
    assert "access-control-allow-origin" not in answer.headers


def test_a_refusal_can_be_read_there_too(open_town: Town) -> None:
    answer = open_town.client().get(f"{LIST}?limit=x", headers={"origin": GIS})
    assert answer.status_code == 422
    assert answer.headers["access-control-allow-origin"] == GIS


def test_the_public_may_search_from_there_but_no_session_may_be_used(open_town: Town) -> None:
    shape = {"polygon": {"type": "Polygon", "coordinates": [[[110, -8], [111, -8], [111, -7], [110, -8]]]}}
    headers = {"origin": GIS, "sec-fetch-site": "cross-site"}
    assert open_town.client().post(f"{LIST}/search", json=shape, headers=headers).status_code == 200
    problem(open_town.client("officer").post(f"{LIST}/search", json=shape, headers=headers), 403, "csrf_refused")
    # Signing in from a page elsewhere would sign people in as somebody else.
    given = {"login": "command", "password": "x" * 12}
    problem(open_town.client().post("/api/v1/session", json=given, headers=headers), 403, "csrf_refused")
    foreign = headers | {"origin": "https://evil.example"}
    problem(open_town.client().post(f"{LIST}/search", json=shape, headers=foreign), 403, "csrf_refused")


def test_an_account_and_an_address_wait_each_for_their_own(kept_town: Town) -> None:
    town = kept_town.rebuilt(requests_per_minute=3, public_requests_per_minute=2)
    for _ in range(3):
        assert town.client("officer").get(LIST).status_code == 200
    refused = town.client("officer").get(LIST)
    problem(refused, 429, "too_many_requests")
    assert 1 <= int(refused.headers["retry-after"]) <= 21
    # Its tokens count with it, another account and the public do not.
    assert town.program("officer", Scope.READ).get(LIST).status_code == 429
    assert town.client("command").get(LIST).status_code == 200
    assert [town.client().get(LIST).status_code for _ in range(3)] == [200, 200, 429]


def test_who_guesses_tokens_waits(kept_town: Town) -> None:
    town = kept_town.rebuilt(public_requests_per_minute=2)
    guesses = [town.client(authorization=f"Bearer pantau_{at}").get(LIST).status_code for at in range(4)]
    assert guesses == [401, 401, 429, 429]


def test_a_house_behind_ipv6_is_one_address() -> None:
    rates = Rates(0, 1)
    assert rates.wait_s(None, "2001:db8:1:2:3::1") == 0
    assert rates.wait_s(None, "2001:db8:1:2:ffff::9") > 0
    assert rates.wait_s(None, "2001:db8:1:3::1") == 0
    assert rates.wait_s(None, "") == 0
