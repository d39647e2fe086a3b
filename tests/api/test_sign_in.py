"""People come in by password, demo or one-time link, stay for a while, and go out."""

from datetime import timedelta

from api.security import COOKIE
from storage import accounts, sign_ins, tickets
from storage.tables import SignIn
from tests.api.town import HOST, PASSWORD, Town, problem


def password_for(town: Town, who: str) -> None:
    with town.city.parts.database.write() as db:
        accounts.set_password(accounts.get(db, town.id(who)), PASSWORD)


def signed_in(town: Town, login: str = "administrator", password: str = PASSWORD) -> object:
    return town.client().post("/api/v1/session", json={"login": login, "password": password})


def test_the_public_is_somebody_without_an_account(town: Town) -> None:
    assert town.client().get("/api/v1/me").json() == {"account": None, "rights": ["public"], "csrf": None}


def test_signing_in_gives_a_cookie_out_of_reach_of_scripts_and_says_who_came(town: Town) -> None:
    password_for(town, "roads")
    client = town.client()
    answer = client.post("/api/v1/session", json={"login": " ROADS ", "password": PASSWORD})
    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie
    body = answer.json()
    assert body["account"]["login"] == "roads"
    assert body["account"]["agency"] == {"code": "bina_marga", "name": body["account"]["agency"]["name"]}
    assert "complaint_move" in body["rights"]
    assert client.get("/api/v1/me").json() == body


def test_over_https_the_cookie_never_travels_in_the_clear(town: Town) -> None:
    client = town.rebuilt(public_url="https://pantau.example").client()
    answer = client.post("/api/v1/session", json={"login": "administrator", "password": PASSWORD})
    assert "secure" in answer.headers["set-cookie"].lower()
    assert "max-age" in answer.headers["strict-transport-security"]


def test_a_wrong_password_an_unknown_login_and_an_account_without_password_are_refused_alike(town: Town) -> None:
    for login in ("administrator", "nobody", "officer"):
        answer = town.client().post("/api/v1/session", json={"login": login, "password": "salah-sekali-ini"})
        assert "login or the password" in problem(answer, 401, "sign_in_refused")["detail"]
        assert "set-cookie" not in answer.headers


def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(town: Town) -> None:
    client = town.client()
    for _ in range(5):
        problem(
            client.post("/api/v1/session", json={"login": "administrator", "password": "x"}), 401, "sign_in_refused"
        )
    right = {"login": "administrator", "password": PASSWORD}
    locked = client.post("/api/v1/session", json=right)
    problem(locked, 429, "locked_out")
    assert locked.headers["retry-after"] == "30"
    town.city.clock.wait(seconds=31)
    assert client.post("/api/v1/session", json=right).status_code == 200


def test_one_address_may_only_knock_so_often(town: Town) -> None:
    client = town.rebuilt(sign_ins_per_minute=3).client()
    given = {"login": "nobody", "password": "x"}
    for _ in range(3):
        problem(client.post("/api/v1/session", json=given), 401, "sign_in_refused")
    answer = client.post("/api/v1/session", json=given)
    problem(answer, 429, "too_many_attempts")
    assert int(answer.headers["retry-after"]) >= 1


def test_signing_in_again_ends_the_session_before(town: Town) -> None:
    client = town.client("officer")
    old = client.cookies[COOKIE]
    client.post("/api/v1/session", json={"login": "administrator", "password": PASSWORD})
    assert client.cookies[COOKIE] != old
    stale = town.client()
    stale.cookies.set(COOKIE, old, domain=HOST)
    assert stale.get("/api/v1/me").json()["account"] is None


def test_signing_out_ends_the_session_on_the_server_at_once(town: Town) -> None:
    client = town.client("officer")
    secret = client.cookies[COOKIE]
    assert client.get("/api/v1/me").json()["account"]["login"] == "officer"
    assert client.delete("/api/v1/session").status_code == 204
    assert COOKIE not in client.cookies
    client.cookies.set(COOKIE, secret, domain=HOST)
    problem(client.get("/api/v1/tokens"), 401, "session_expired")


def test_an_idle_session_is_over_and_a_busy_one_goes_on_until_its_end(town: Town) -> None:
    busy, idle = town.client("officer"), town.client("command")
    for _ in range(2):
        town.city.clock.wait(hours=11)
        assert busy.get("/api/v1/me").json()["account"] is not None
    assert idle.get("/api/v1/me").json()["account"] is None
    for _ in range(40):
        town.city.clock.wait(hours=11)
        last = busy.get("/api/v1/me").json()["account"]
    assert last is None
    assert timedelta(days=14) == sign_ins.LONGEST


def test_only_the_hash_of_a_session_is_kept(town: Town) -> None:
    client = town.client("officer")
    secrets = {row.secret_hash for row in town.city.rows(SignIn)}
    assert client.cookies[COOKIE] not in secrets


def test_an_account_that_was_closed_is_out_at_once(town: Town) -> None:
    officer, administrator = town.client("officer"), town.client("administrator")
    assert officer.get("/api/v1/tokens").status_code == 200
    answer = administrator.patch(f"/api/v1/accounts/{town.id('officer')}", json={"active": False})
    assert answer.json()["active"] is False
    problem(officer.get("/api/v1/tokens"), 401, "session_expired")


GIVEN = {"name": "x", "scopes": ["read"]}
FOREIGN = [{"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}]


class TestForgery:
    """Another site's page in the browser of someone who is signed in."""

    def test_without_the_pages_own_token_nothing_is_done(self, town: Town) -> None:
        client = town.client("officer")
        del client.headers["x-csrf-token"]
        problem(client.post("/api/v1/tokens", json=GIVEN), 403, "csrf_refused")

    def test_the_token_of_another_session_does_not_help(self, town: Town) -> None:
        client, other = town.client("officer"), town.client("officer")
        client.headers["x-csrf-token"] = other.headers["x-csrf-token"]
        problem(client.post("/api/v1/tokens", json=GIVEN), 403, "csrf_refused")

    def test_a_foreign_page_is_refused_even_with_the_token(self, town: Town) -> None:
        client, public = town.client("officer"), town.client()
        signing_in = {"login": "administrator", "password": PASSWORD}
        for sent in FOREIGN:
            problem(client.post("/api/v1/tokens", json=GIVEN, headers=sent), 403, "csrf_refused")
            problem(public.post("/api/v1/session", json=signing_in, headers=sent), 403, "csrf_refused")

    def test_our_own_page_may(self, town: Town) -> None:
        sent = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
        assert town.client("officer").post("/api/v1/tokens", json=GIVEN, headers=sent).status_code == 201

    def test_a_form_that_needs_no_preflight_is_not_read_as_json(self, town: Town) -> None:
        content = '{"login": "administrator", "password": "' + PASSWORD + '"}'
        answer = town.client().post("/api/v1/session", content=content, headers={"content-type": "text/plain"})
        problem(answer, 422, "invalid")

    def test_a_program_needs_no_such_token(self, town: Town) -> None:
        answer = town.program("officer", *["complaints:write"]).post("/api/v1/links/x/confirm")  # type: ignore[arg-type]
        assert answer.status_code in (403, 422)
        assert answer.json()["code"] != "csrf_refused"


class TestDemo:
    """One click, in a demo only."""

    def test_outside_a_demo_there_is_no_such_door(self, town: Town) -> None:
        problem(town.client().post("/api/v1/session/demo", json={"login": "officer"}), 404, "not_found")
        assert town.client().get("/api/v1/installation").json()["demo_accounts"] == []

    def test_in_a_demo_one_click_signs_in_as_any_account_without_a_password(self, town: Town) -> None:
        client = town.rebuilt(demo=True).client()
        offered = client.get("/api/v1/installation").json()["demo_accounts"]
        assert {"role": "agency", "login": "roads", "name": "Roads", "agency": "bina_marga"} in offered
        answer = client.post("/api/v1/session/demo", json={"login": "roads"})
        assert answer.json()["account"]["login"] == "roads"
        assert client.get("/api/v1/me").json()["account"]["role"] == "agency"

    def test_an_account_with_a_password_stays_its_owners(self, town: Town) -> None:
        client = town.rebuilt(demo=True).client()
        assert "administrator" not in str(client.get("/api/v1/installation").json()["demo_accounts"])
        problem(client.post("/api/v1/session/demo", json={"login": "administrator"}), 404, "not_found")


class TestTicket:
    """One-time links."""

    def first(self, town: Town) -> str:
        with town.city.parts.database.write() as db:
            accounts.get(db, town.id("administrator")).password_hash = None
            db.flush()
            secret = tickets.first(db, town.city.clock.now)
        assert secret is not None
        return secret

    def test_the_first_administrator_chooses_login_name_and_password(self, town: Town) -> None:
        given = {"ticket": self.first(town), "login": "Rahma", "name": "Rahma Dewi", "password": PASSWORD}
        client = town.client()
        answer = client.post("/api/v1/tickets", json=given)
        assert answer.status_code == 200
        account = answer.json()["account"]
        assert (account["login"], account["name"], account["role"]) == ("rahma", "Rahma Dewi", "administrator")
        assert client.get("/api/v1/accounts").status_code == 200
        problem(town.client().post("/api/v1/tickets", json=given), 410, "ticket_refused")
        with town.city.parts.database.write() as db:
            assert tickets.first(db, town.city.clock.now) is None

    def test_a_link_grows_old(self, town: Town) -> None:
        given = {"ticket": self.first(town), "password": PASSWORD}
        town.city.clock.wait(hours=73)
        problem(town.client().post("/api/v1/tickets", json=given), 410, "ticket_refused")

    def test_an_easy_password_is_refused_and_the_link_stays_good(self, town: Town) -> None:
        given = {"ticket": self.first(town), "login": "rahma", "name": "Rahma Dewi"}
        for password in ("short", "aaaaaaaaaaaa", "rahma dewi"):
            problem(town.client().post("/api/v1/tickets", json={**given, "password": password}), 422, "password_weak")
        problem(town.client().post("/api/v1/tickets", json={**given, "password": "x" * 201}), 422, "invalid")
        assert town.client().post("/api/v1/tickets", json={**given, "password": PASSWORD}).status_code == 200

    def test_an_invited_account_keeps_the_login_it_was_given(self, town: Town) -> None:
        made = town.client("administrator").post(
            "/api/v1/accounts", json={"login": "wati", "name": "Wati", "role": "officer"}
        )
        assert made.status_code == 201
        url = made.json()["ticket"]["url"]
        assert url.startswith("http://testserver/ticket#")
        secret = url.partition("#")[2]
        given = {"ticket": secret, "password": PASSWORD}
        problem(town.client().post("/api/v1/tickets", json={**given, "login": "siti"}), 422, "login_fixed")
        assert town.client().post("/api/v1/tickets", json=given).json()["account"]["login"] == "wati"
        again = town.client().post("/api/v1/session", json={"login": "wati", "password": PASSWORD})
        assert again.status_code == 200
