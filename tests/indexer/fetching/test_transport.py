"""Connections: to which addresses, and to whom."""

import socket
import ssl

import httpcore
import httpx
import pytest
import trustme

from indexer.errors import FetchError
from indexer.fetching import transport
from indexer.fetching.transport import PublicBackend, make_client
from tests.indexer.fetching.servers import RSS, serving


@pytest.fixture
def names(monkeypatch):
    """What a look-up answers: name -> addresses, one list for each time it is asked. Numbers answer for themselves."""
    known = {}
    real = socket.getaddrinfo

    def look_up(host, port, *arguments, **named):
        if host not in known:
            return real(host, port, *arguments, **named, flags=socket.AI_NUMERICHOST)
        answers = known[host]
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "0177.0.0.1", "0.0.0.0",
     "0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[0:0:0:0:0:ffff:7f00:1]", "１２７.0.0.1", "①②⑦.0.0.1", "localhost."],
)  # fmt: skip
def test_this_machine_is_refused_however_it_is_spelt(server, host):
    url = server.page("/feed", body=RSS).replace("127.0.0.1", host)
    with make_client(private=False) as client, pytest.raises((FetchError, httpx.InvalidURL)) as caught:
        client.get(url)
    assert not server.asked
    if "private" in str(caught.value):
        assert "fetch_private" in str(caught.value)


def test_this_machine_may_be_asked_where_a_setting_says_so(server):
    with make_client(private=True) as client:
        assert client.get(server.page("/feed", body=RSS)).content == RSS


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["10.0.0.1", "169.254.169.254"], ["fe80::1%lo"], ["::ffff:127.0.0.1"]]
)
def test_a_name_that_leads_to_private_addresses_is_refused(names, addresses):
    names["feeds.example"] = [addresses]
    with pytest.raises(FetchError, match=r"feeds\.example is a private address"):
        PublicBackend().connect_tcp("feeds.example", 80)


def test_the_address_that_was_looked_at_is_the_one_that_is_connected_to(names, monkeypatch):
    """The name leads elsewhere at every look-up; there is only one."""
    names["feeds.example"] = [["93.184.216.34"], ["127.0.0.1"]]
    connected = []

    def connect(address, *arguments, **named):
        connected.append(address[0])
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(httpcore.ConnectError):
        PublicBackend().connect_tcp("feeds.example", 80)
    assert connected == ["93.184.216.34"]


def test_of_several_addresses_the_first_public_one_that_answers_is_taken(names, monkeypatch, server):
    port = int(server.address.rpartition(":")[2])
    names["feeds.example"] = [["10.0.0.1", "93.184.216.34", "93.184.216.35", "127.0.0.1"]]
    connected, real = [], socket.create_connection

    def connect(address, *arguments, **named):
        connected.append(address[0])
        if address[0].endswith("34"):
            raise ConnectionRefusedError(111, "Connection refused")
        return real(("127.0.0.1", address[1]), *arguments, **named)

    monkeypatch.setattr(socket, "create_connection", connect)
    server.page("/feed", body=RSS)
    with make_client(private=False) as client:
        assert client.get(f"http://feeds.example:{port}/feed").content == RSS
    assert connected == ["93.184.216.34", "93.184.216.35"]


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 70 + ".example", "a..b", "\udcff", "x" * 10_000])
def test_a_name_that_leads_nowhere_is_a_failure(host):
    with pytest.raises(FetchError, match="cannot be found"):
        transport.addresses_of(host, 80)


def test_a_socket_of_this_machine_is_not_on_the_web():
    with pytest.raises(FetchError):
        PublicBackend().connect_unix_socket("/run/docker.sock")


def test_certificates_are_for_the_name_that_was_asked_for(names, monkeypatch):
    authority = trustme.CA()
    served, trusted = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), ssl.create_default_context()
    authority.issue_cert("feeds.example").configure_cert(served)
    authority.configure_trust(trusted)
    monkeypatch.setattr(transport, "_trust", lambda: trusted)
    monkeypatch.setattr(transport, "is_public", lambda address: True)
    names["feeds.example"] = names["other.example"] = [["127.0.0.1"]]
    with serving(served) as server:
        port = server.page("/feed", body=RSS).split(":")[2]
        with make_client(private=False) as client:
            assert client.get(f"https://feeds.example:{port}").content == RSS
            with pytest.raises(httpcore.ConnectError, match="certificate"):
                client.get(f"https://other.example:{port}")


def test_proxies_of_the_environment_see_nothing_unless_private_addresses_are_allowed(server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", server.address)
    monkeypatch.setenv("ALL_PROXY", server.address)
    server.page("http://feeds.example/", body=RSS)
    with make_client(private=False) as client, pytest.raises(FetchError):
        client.get("http://feeds.example/")
    assert not server.asked
    with make_client(private=True) as client:
        assert client.get("http://feeds.example/").content == RSS


def test_no_cookie_is_sent_to_anybody(server):
    url = server.page("/feed", body=RSS, Set_Cookie="a=b; Path=/")
    for _ in range(2):
        with make_client(private=True) as client:
            client.get(url)
    assert not [headers for _, headers in server.asked if "cookie" in headers]


def test_a_client_leaves_no_connection_open(server):
    """Unclosed sockets are warnings, which are errors here."""
    for private in (False, True):
        with make_client(private=private) as client, pytest.MonkeyPatch.context() as patched:
            patched.setattr(transport, "is_public", lambda address: True)
            with client.stream("GET", server.page("/feed", body=RSS)) as answer:
                assert answer.status_code == 200
