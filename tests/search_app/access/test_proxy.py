"""Who asks when a proxy stands in front, and whom nobody believes."""

from dataclasses import replace

import pytest
from flask import jsonify, request
from hypothesis import given
from hypothesis import strategies as st

from search_app import create_app
from search_app.access import proxy
from search_app.access.permission import reader


def asking(library, **settings):
    """A function that tells how a request was taken that came from an address with headers."""
    app = create_app(replace(library, **settings))

    @app.get("/who")
    def who():
        here = proxy.is_from_this_machine()
        return jsonify(client=proxy.client_address(), scheme=request.scheme, reader=reader(), here=here)

    def ask(sender, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = app.test_client().get("/who", headers=named, environ_base={"REMOTE_ADDR": sender})
        return answer.get_json()

    return ask


@pytest.fixture(scope="module")
def behind_proxy(library):
    return asking(library, trusted_proxy="10.0.0.1/32,10.1.0.0/16", trusted_header="Remote-User")


@pytest.fixture(scope="module")
def without_proxy(library):
    return asking(library)


FORGED = {"X_Forwarded_For": "127.0.0.1", "X_Forwarded_Proto": "https", "Remote_User": "alice"}


def test_a_trusted_proxy_is_believed(behind_proxy):
    told = behind_proxy("10.0.0.1", X_Forwarded_For="203.0.113.9", X_Forwarded_Proto="https", Remote_User="alice")
    assert told == {"client": "203.0.113.9", "scheme": "https", "reader": "alice", "here": False}


@pytest.mark.parametrize("sender", ["203.0.113.9", "10.0.0.2", "127.0.0.1", "::ffff:203.0.113.9"])
def test_nobody_else_is(behind_proxy, without_proxy, sender):
    for ask in (behind_proxy, without_proxy):
        assert ask(sender, **FORGED) == {"client": sender, "scheme": "http", "reader": "", "here": False}


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("127.0.0.1, 203.0.113.9", "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9, 10.1.2.3", "203.0.113.9"),
        ("203.0.113.9:4711", "203.0.113.9"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("10.1.2.3", "10.1.2.3"),
        ("nonsense", "10.0.0.1"),
        ("nonsense, 10.1.2.3", "10.1.2.3"),
        ("203.0.113.9, unknown", "10.0.0.1"),
        ("", "10.0.0.1"),
    ],
)
def test_the_last_address_counts_that_is_no_proxys(behind_proxy, forwarded, client):
    assert behind_proxy("10.0.0.1", X_Forwarded_For=forwarded)["client"] == client


@given(st.text(alphabet="0123456789.:,[]abcdef %x", max_size=40))
def test_any_header_is_read_without_complaint(behind_proxy, forwarded):
    assert behind_proxy("10.0.0.1", X_Forwarded_For=forwarded)["client"]


@pytest.mark.parametrize(("said", "scheme"), [("https", "https"), ("http, HTTPS", "https"), ("gopher", "http")])
def test_the_scheme_is_one_of_two(behind_proxy, said, scheme):
    assert behind_proxy("10.0.0.1", X_Forwarded_Proto=said)["scheme"] == scheme


@pytest.mark.parametrize("sign", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_a_proxy_on_this_machine_that_nobody_told_of_is_no_person_of_it(without_proxy, sign):
    assert without_proxy("127.0.0.1")["here"]
    assert not without_proxy("127.0.0.1", **{sign: "203.0.113.9"})["here"]


def test_links_of_feeds_say_https_behind_tls(library):
    client = create_app(replace(library, trusted_proxy="10.0.0.1/32", hosts="news.example")).test_client()
    headers = {"Host": "news.example", "X-Forwarded-Proto": "https"}
    from_proxy = client.get("/feed.atom", headers=headers, environ_base={"REMOTE_ADDR": "10.0.0.1"})
    assert 'rel="self" href="https://news.example/feed.atom"' in from_proxy.get_data(as_text=True)
    forged = client.get("/feed.atom", headers=headers, environ_base={"REMOTE_ADDR": "10.0.0.2"})
    assert 'rel="self" href="http://news.example/feed.atom"' in forged.get_data(as_text=True)
