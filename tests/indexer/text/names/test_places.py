"""English names of countries and cities lead to the Chinese ones."""

import pytest

from indexer.text.characters import is_han
from indexer.text.fold import fold
from indexer.text.names.places import place_groups
from indexer.text.variants import Variants


@pytest.fixture(scope="module")
def places() -> Variants:
    return Variants(place_groups())


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Nigeria", {"尼日利亚", "奈及利亚"}),
        ("New Zealand", {"新西兰", "纽西兰"}),
        ("Myanmar", {"缅甸"}),  # Myanmar (Burma) in CLDR
        ("Hong Kong", {"香港"}),
        ("Baghdad", {"巴格达"}),
        ("Ho Chi Minh City", {"胡志明市"}),
        ("São Tomé", {"圣多美"}),
        ("Sao Tome", {"圣多美"}),
    ],
)
def test_every_way_to_write_it_in_chinese_is_found(places: Variants, english: str, chinese: set[str]) -> None:
    assert chinese <= set(places.of(fold(english)))


def test_a_chinese_name_is_not_widened(places: Variants) -> None:
    assert places.of("尼日利亚") == ("尼日利亚",)


@pytest.mark.parametrize("nobody", ["Unknown City", "Eurozone", "Pseudo-Bidi", "Davis", "Troll", "Center"])
def test_what_is_no_place_of_the_news_is_left_out(places: Variants, nobody: str) -> None:
    assert places.of(fold(nobody)) == (fold(nobody),)


def test_the_groups_are_sound() -> None:
    for group in place_groups():
        assert group.is_translation and group.useful
        assert all(fold(name) == name for name in group.members)
        assert all(len(name) > 1 and all(map(is_han, name)) for name in group.found)
