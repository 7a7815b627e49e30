"""Which names an archive answers to, and who counts as this machine."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.config import Config
from indexer.errors import ConfigError
from search_app import create_app
from search_app.access import site
from search_app.access.site import Site

LOCAL, OPEN, NAMED = Site(is_local=True), Site(), Site(hosts=("news.example",))
ODD = (
    "",
    " ",
    "localhost:",
    "localhost:0",
    "localhost:99999",
    "localhost:x",
    "local host",
    "a,b",
    "[::1",
    "::1",
    "a/b",
)


@pytest.fixture(autouse=True)
def own_name(monkeypatch):
    monkeypatch.setattr(site.socket, "gethostname", lambda: "Desk")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:8000", "127.1.2.3", "[::1]", "[::1]:8000"])
@pytest.mark.parametrize("where", [LOCAL, OPEN, NAMED])
def test_loopback_names_are_always_right(where, host):
    assert where.is_called(host)


@pytest.mark.parametrize("host", ["192.168.1.7", "192.168.1.7:8000", "[fd00::1]:8000"])
def test_addresses_are_right_where_others_come(host):
    assert OPEN.is_called(host) and NAMED.is_called(host)
    assert not LOCAL.is_called(host)


def test_names_are_those_of_the_setting_or_the_machines_own():
    assert OPEN.is_called("desk:8000") and OPEN.is_called("desk.local")
    assert NAMED.is_called("News.Example:443")
    for host in ("desk", "evil.example", "news.example.evil.example", "evil-news.example", "sub.news.example"):
        assert not NAMED.is_called(host)
    for host in ("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "desk", "0x7f000001"):
        assert not LOCAL.is_called(host)


@pytest.mark.parametrize("host", ODD)
@pytest.mark.parametrize("where", [LOCAL, OPEN, NAMED])
def test_odd_hosts_name_nothing(where, host):
    assert not where.is_called(host)


@given(st.text(max_size=30))
def test_any_host_is_judged_without_complaint(host):
    assert LOCAL.is_called(host) in (True, False)


@pytest.mark.parametrize(
    ("settings", "address", "is_local"),
    [
        ({}, "127.0.0.1", True),
        ({}, "::1", True),
        ({}, "localhost", True),
        ({}, "0.0.0.0", False),
        ({}, "::", False),
        ({}, "192.168.1.7", False),
        ({}, "", False),
        ({"hosts": "news.example"}, "127.0.0.1", False),
        ({"trusted_proxy": "127.0.0.1/32"}, "127.0.0.1", False),
    ],
)
def test_only_what_this_machine_alone_can_reach_is_local(settings, address, is_local):
    assert Site.of(Config(**settings), address).is_local is is_local


def test_a_header_that_is_believed_from_nobody_is_a_mistake():
    with pytest.raises(ConfigError, match="set trusted_proxy too"):
        Site.of(Config(trusted_header="Remote-User"), "127.0.0.1")


@pytest.mark.parametrize("path", ["/", "/api/v1/search", "/feed.atom", "/opensearch.xml", "/nowhere", "/?ui=en"])
@pytest.mark.parametrize("host", ["evil.example", ""])
def test_a_strangers_name_gets_no_answer(library, path, host):
    client = create_app(library, "127.0.0.1").test_client()
    answer = client.get(path, headers={"Host": host, "Accept": "application/json"})
    assert answer.status_code == 400
    assert answer.get_json()["error"]["code"] == "unknown_host"


def test_links_name_the_site_as_the_reader_does(library):
    client = create_app(Config(data=library.data, hosts="news.example")).test_client()
    description = client.get("/opensearch.xml", headers={"Host": "news.example"})
    assert 'template="http://news.example/?q={searchTerms}"' in description.get_data(as_text=True)
    assert {"Host", "Accept-Language"} <= set(description.vary) | {"Host"}
    assert "host" in description.vary
    assert description.cache_control.private
