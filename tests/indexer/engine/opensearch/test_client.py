"""The settings of a connection, before anything is sent."""

import pytest

from indexer.engine.opensearch.client import Cluster, connect
from indexer.errors import ConfigError


@pytest.mark.parametrize(
    "url",
    [
        "http://search-1:port",
        "http://search-1:99999",
        "http://search-1:-1",
        "http://search-1:0",
        "http://[::1",
        "http://",
        "ftp://search-1:9200",
        "search-1:9200",
        "",
    ],
)
def test_an_address_that_names_no_server_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="engine_url"):
        connect(Cluster(("http://search-1:9200", url)), wait=1)


def test_a_refused_address_shows_no_password() -> None:
    with pytest.raises(ConfigError) as refused:
        connect(Cluster(("https://user:p@ss:word@search-1:x",)), wait=1)
    assert str(refused.value) == "engine_url: expected http(s)://host:port, not 'https://***@search-1:x'"
