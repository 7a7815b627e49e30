"""Links of facets."""

from search_app.presentation.links import facet_links
from search_app.query.parameters import SearchParameters
from search_app.search.results import FacetValue


def test_the_most_frequent_values_have_links_and_what_is_selected_always_has_one():
    values = [FacetValue(f"报{number}", 1000 - number, number == 700) for number in range(800)]
    links = facet_links("/", SearchParameters("关税", sources=("报700",)), "source", values)
    assert [link.label for link in links] == ["报700", *(f"报{number}" for number in range(48))]
    assert links[0].selected and "source" not in links[0].url
