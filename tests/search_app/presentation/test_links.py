"""Links of facets, and how addresses are written."""

from urllib.parse import parse_qsl, urlencode

from hypothesis import given
from hypothesis import strategies as st

from search_app.presentation.links import facet_links, query_string
from search_app.query.parameters import SearchParameters
from search_app.search.results import FacetValue


def test_the_most_frequent_values_have_links_and_what_is_selected_always_has_one():
    values = [FacetValue(f"报{number}", 1000 - number, number == 700) for number in range(800)]
    links = facet_links("/", SearchParameters("关税", sources=("报700",)), "source", values)
    assert [link.label for link in links] == ["报700", *(f"报{number}" for number in range(48))]
    assert links[0].selected and "source" not in links[0].url


_TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(st.tuples(_TEXTS, _TEXTS)))
def test_a_query_string_says_what_was_asked(pairs):
    assert query_string(pairs) == urlencode(pairs)
    assert parse_qsl(query_string(pairs), keep_blank_values=True) == pairs


def test_each_mount_and_language_has_pages_of_its_own(client):
    for mount in ("", "/news", "", "/archive"):
        page = client.get("/help", environ_overrides={"SCRIPT_NAME": mount}).text
        assert f'<a href="{mount}/status" data-go="i">' in page
    for language, name in (("zh-Hans", "状态"), ("en", "Status"), ("zh-Hans", "状态")):
        assert f' data-go="i">{name}</a>' in client.get("/help", headers={"Accept-Language": language}).text
