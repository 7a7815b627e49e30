"""Changing the language of the interface leaves the address as it was, and never leads to another site."""

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_app.presentation.locales import local_path

STRANGE = [
    "/%09/evil.example",
    "/%0a/x",
    "/%0d%0aSet-Cookie:a=b",
    "//evil.example",
    "/%5cevil.example",
    "/%2f/evil.example",
]


@pytest.mark.parametrize("path", [*STRANGE, "/%20/evil.example", "/%09%09//evil.example", "/%00", "/%ff", "/%ed%a0%80"])
def test_no_path_leads_elsewhere(client, path):
    answer = client.get(f"{path}?ui=en", base_url="http://localhost")
    place = answer.headers["Location"]
    assert answer.status_code == 303
    assert place.startswith("/") and not place.startswith(("//", "/\\"))
    assert not set(place) & set("\r\n\t\\\0 ")


@pytest.mark.parametrize("path", ["/a%3Fb%23c", "/article/x%2525", "/%E7%96%AB%E8%8B%97", "/timeline"])
def test_the_address_stays_what_it_was(client, path):
    place = client.get(f"{path}?q=%23&ui=en").headers["Location"]
    assert unquote(urlsplit(place).path) == unquote(path)
    assert urlsplit(place).query == "q=%23"


@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_any_path_is_one_of_this_site(path):
    parts = urlsplit(local_path(path))
    assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
    assert parts.path.startswith("/")
    assert parts.path[1:2] not in ("/", "\\")
