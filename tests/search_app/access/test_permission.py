"""Who may change something: on this machine, elsewhere, and by which views."""

import re
from dataclasses import replace

import pytest
from flask import jsonify, render_template_string

from indexer.archive import Archive
from search_app import create_app
from search_app.access import permission, session
from search_app.access.permission import READING, for_anyone
from tests.search_app.library import fill
from tests.search_app.pages import Page, problems_of

PASSWORD = "正确 马 电池 订书钉"
OPEN_TO_ALL = {"sign_in.begin", "sign_in.end"}
"""Views that anybody may call by another method than GET. Who adds one says why at the view."""


@pytest.fixture
def accounts(own):
    with Archive(own.archive_location) as archive:
        archive.accounts.set_password("alice", PASSWORD)
        yield archive.accounts
        archive.accounts.remove_key("robot")


def changing(config, address=""):
    """An application with a page that changes something and shows its form to those who may."""
    app = create_app(config, address)

    @app.get("/thing")
    def thing():
        return render_template_string(
            "{% if may_change() %}<input name=token value='{{ form_token() }}'>{% endif %}{{ reader() }}"
        )

    @app.route("/thing", methods=["POST", "PUT", "PATCH", "DELETE"])
    def change():
        return jsonify(by=permission.reader())

    return app


@pytest.fixture
def here(own):
    return changing(own, "127.0.0.1").test_client()


@pytest.fixture
def elsewhere(own, accounts):
    return changing(own, "0.0.0.0").test_client()


def token(client, **environ):
    found = re.search("value='([^']*)'", client.get("/thing", environ_base=environ).get_data(as_text=True))
    return found[1] if found else ""


def sign_in(client, name="alice", password=PASSWORD, **form):
    return client.post("/sign-in", data={"name": name, "password": password, **form})


def code(response):
    return response.status_code, (response.get_json(silent=True) or {}).get("error", {}).get("code")


JSON = {"Accept": "application/json"}


def test_on_this_machine_a_form_of_this_site_changes(here):
    assert here.post("/thing", data={"token": token(here)}).status_code == 200


@pytest.mark.parametrize("wrong", ["", "x", "..", ".aaaa.bbbb", "alice.aaaa.bbbb", "\x00", "令牌"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_without_its_token_nothing_changes(here, method, wrong):
    assert code(here.open("/thing", method=method, data={"token": wrong}, headers=JSON)) == (403, "form_expired")


def test_a_token_ends_after_a_day(here, monkeypatch):
    mine = token(here)
    monkeypatch.setattr(session, "FORM_SECONDS", -1)
    assert code(here.post("/thing", data={"token": mine}, headers=JSON)) == (403, "form_expired")


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
def test_another_sites_form_is_refused_whatever_it_carries(here, headers):
    assert here.post("/thing", data={"token": token(here)}, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "environ", [{"REMOTE_ADDR": "203.0.113.9"}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, {"HTTP_VIA": "1.1 proxy"}]
)
def test_who_comes_to_a_loopback_address_from_elsewhere_only_reads(here, environ):
    mine = token(here)
    assert token(here, **environ) == ""
    assert code(here.post("/thing", data={"token": mine}, headers=JSON, environ_base=environ)) == (401, "unauthorized")


def test_elsewhere_everybody_reads_and_nobody_changes(elsewhere):
    assert elsewhere.get("/").status_code == 200
    refused = elsewhere.post("/thing", headers=JSON)
    assert code(refused) == (401, "unauthorized")
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    page = Page(elsewhere.post("/thing", headers={"Accept-Language": "en"}))
    assert page.link("Sign in", "main") == "/sign-in"


def test_who_has_signed_in_changes_and_signs_out(elsewhere):
    answer = sign_in(elsewhere)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    cookie = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", f"Max-Age={session.SECONDS}"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    changed = elsewhere.post("/thing", data={"token": token(elsewhere)})
    assert changed.get_json() == {"by": "alice"}
    page = Page(elsewhere.get("/", headers={"Accept-Language": "en"}))
    assert "Sign out alice" in [button.text for button in page.all("button", "site")]
    elsewhere.post("/sign-out")
    assert elsewhere.post("/thing", data={"token": token(elsewhere)}).status_code == 401


def test_over_https_the_cookie_stays_there(own, accounts):
    config = replace(own, trusted_proxy="127.0.0.1/32", hosts="news.example")
    client = create_app(config).test_client()
    headers = {"X-Forwarded-Proto": "https", "Host": "news.example", "Origin": "https://news.example"}
    answer = client.post("/sign-in", data={"name": "alice", "password": PASSWORD}, headers=headers)
    assert "Secure" in answer.headers["Set-Cookie"].split("; ")


def test_signed_in_a_form_needs_its_token_too(elsewhere, here):
    sign_in(elsewhere)
    assert code(elsewhere.post("/thing", headers=JSON)) == (403, "form_expired")
    assert code(elsewhere.post("/thing", data={"token": token(here)}, headers=JSON)) == (403, "form_expired")


def test_a_session_ends_with_its_password(elsewhere, accounts):
    sign_in(elsewhere)
    mine = token(elsewhere)
    accounts.set_password("alice", "another password")
    assert elsewhere.post("/thing", data={"token": mine}).status_code == 401
    assert sign_in(elsewhere, password="another password").status_code == 303
    accounts.remove_user("alice")
    assert elsewhere.post("/thing", data={"token": mine}).status_code == 401


def test_a_session_ends_after_its_time(elsewhere, monkeypatch):
    sign_in(elsewhere)
    monkeypatch.setattr(session, "SECONDS", -1)
    assert elsewhere.post("/thing").status_code == 401


@pytest.mark.parametrize("cookie", ["", "x", "W10.aaaaaa.bbbbbb", "....", "\udcff", "a" * 3000])
def test_forged_cookies_are_nobodys(elsewhere, cookie):
    elsewhere.set_cookie("session", cookie.encode("utf-8", "replace").decode())
    assert elsewhere.get("/thing").status_code == 200
    assert elsewhere.post("/thing").status_code == 401


def test_a_cookie_signed_with_another_secret_is_nobodys(elsewhere, own, tmp_path):
    other = fill(tmp_path)
    with Archive(other.archive_location) as archive:
        archive.accounts.set_password("alice", PASSWORD)
    stranger = create_app(other).test_client()
    cookie = sign_in(stranger).headers["Set-Cookie"].partition("=")[2].partition(";")[0]
    elsewhere.set_cookie("session", cookie)
    assert elsewhere.post("/thing").status_code == 401


def test_a_program_changes_with_its_key_until_it_is_withdrawn(elsewhere, accounts):
    bearer = {"Authorization": f"Bearer {accounts.add_key('robot')}"}
    assert elsewhere.post("/thing", headers=bearer).status_code == 200
    assert elsewhere.post("/thing", headers={"Authorization": bearer["Authorization"][:-1]}).status_code == 401
    accounts.remove_key("robot")
    assert elsewhere.post("/thing", headers=bearer).status_code == 401


@pytest.mark.parametrize("given", ["Bearer", "Bearer ", "Basic YWxpY2U6eA==", "Bearer a b", "令", "Bearer \x00"])
def test_odd_authorizations_are_nobodys(elsewhere, given):
    header = given.encode().decode("latin-1")
    assert elsewhere.post("/thing", environ_base={"HTTP_AUTHORIZATION": header}).status_code == 401


def test_a_reader_whom_a_trusted_proxy_vouches_for_changes(own, accounts):
    config = replace(own, trusted_proxy="10.0.0.1/32", trusted_header="Remote-User")
    client = changing(config).test_client()
    vouched = {"REMOTE_ADDR": "10.0.0.1", "HTTP_REMOTE_USER": "bob"}
    changed = client.post("/thing", data={"token": token(client, **vouched)}, environ_base=vouched)
    assert changed.get_json() == {"by": "bob"}
    forged = vouched | {"REMOTE_ADDR": "10.0.0.2"}
    assert client.post("/thing", data={"token": token(client, **vouched)}, environ_base=forged).status_code == 401


def test_a_wrong_name_and_a_wrong_password_look_the_same(elsewhere):
    wrong = [sign_in(elsewhere, name, "wrong password") for name in ("alice", "nobody", "", "a\x00b", "令狐")]
    assert {answer.status_code for answer in wrong} == {403}
    pages = {re.sub(r'(?<=id="name" name="name" value=")[^"]*', "", each.get_data(as_text=True)) for each in wrong}
    assert len(pages) == 1
    assert not any("Set-Cookie" in answer.headers for answer in wrong)


def test_attempts_are_limited_by_client_and_by_name(own, accounts):
    app = create_app(own)

    def attempt(address, name="alice"):
        environ = {"REMOTE_ADDR": address}
        return app.test_client().post(
            "/sign-in", data={"name": name, "password": "wrong password"}, environ_base=environ
        )

    one = [attempt("203.0.113.9", f"name{number}") for number in range(12)]
    assert [each.status_code for each in one] == [403] * 10 + [429] * 2
    assert int(one[-1].headers["Retry-After"]) > 1
    many = [attempt(f"198.51.100.{number}") for number in range(32)]
    assert [each.status_code for each in many] == [403] * 30 + [429] * 2
    assert attempt("198.51.100.99", "bob").status_code == 403


@pytest.mark.parametrize(
    ("following", "place"),
    [
        ("/status", "/status"),
        ("//evil.example", "/evil.example"),
        ("https://evil.example/", "/https://evil.example/"),
        ("/\\evil.example", "/evil.example"),
        ("\t//evil.example", "/evil.example"),
        ("/a\r\nSet-Cookie: x=y", "/a%0D%0ASet-Cookie:%20x=y"),
        ("javascript:alert(1)", "/javascript:alert(1)"),
    ],
)
def test_after_signing_in_one_stays_on_this_site(elsewhere, following, place):
    assert sign_in(elsewhere, next=following).headers["Location"] == place


@pytest.mark.parametrize("language", ["en", "zh-CN", "zh-TW"])
def test_the_page_to_sign_in_is_right_in_every_language(elsewhere, language):
    headers = {"Accept-Language": language}
    for page in (
        Page(elsewhere.get("/sign-in?next=/status", headers=headers)),
        Page(elsewhere.post("/sign-in", data={"name": '"><b>', "password": "x"}, headers=headers)),
    ):
        assert problems_of(page.html) == []
        for name in ("name", "password"):
            field = page.one("input", name=name)
            assert page.one("label", for_=name).text
            assert "required" in field.attributes
        assert page.one("input", name="password").attributes["autocomplete"] == "current-password"
        assert page.all("b", "main") == []
    assert page.one("p", role="alert").text


def test_on_this_machine_nobody_needs_to_sign_in(here, elsewhere):
    assert "/sign-in" not in here.get("/").get_data(as_text=True)
    assert "/sign-in" in elsewhere.get("/").get_data(as_text=True)


# -- what cannot be forgotten ----------------------------------------------------------------------------------------


def test_a_view_is_guarded_unless_it_says_why_not(app):
    changing_ = {rule.endpoint for rule in app.url_map.iter_rules() if set(rule.methods or ()) - set(READING)}
    free = {endpoint for endpoint in changing_ if hasattr(app.view_functions[endpoint], "for_anyone")}
    assert free == OPEN_TO_ALL
    assert all(len(app.view_functions[endpoint].for_anyone) > 10 for endpoint in free)


def test_a_reason_is_needed_to_let_anybody_in():
    with pytest.raises(AssertionError):
        for_anyone("")


def test_every_guarded_address_refuses_strangers(elsewhere):
    app = elsewhere.application
    asked = 0
    for rule in app.url_map.iter_rules():
        for method in set(rule.methods or ()) - set(READING):
            if rule.endpoint not in OPEN_TO_ALL:
                values = dict.fromkeys(rule.arguments, "x")
                with app.test_request_context():
                    path = app.url_for(rule.endpoint, **values)
                assert elsewhere.open(path, method=method).status_code == 401, path
                asked += 1
    assert asked >= 4
