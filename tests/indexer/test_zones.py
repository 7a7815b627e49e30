"""Zones by name: a zone or one kind of error, whatever is given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.zones import zone_named


@pytest.mark.parametrize("name", ["Asia/Shanghai", "UTC", "America/Argentina/Ushuaia", "Etc/GMT+8"])
def test_a_zone_by_its_name(name: str) -> None:
    assert zone_named(name).key == name


@pytest.mark.parametrize(
    "name",
    ["", "Asia", "Asia/Nowhere", "../etc/passwd", "/etc/localtime", "tzdata.zi", "Asia/上海", "a" * 5_000, "U\0C"],
)
def test_no_zone(name: str) -> None:
    with pytest.raises(ValueError, match="allowed: a name such as"):
        zone_named(name)


@given(st.text(st.sampled_from("Asia/ShnguTC.+-\0上\n"), max_size=80))
def test_every_name_is_a_zone_or_a_value_error(name: str) -> None:
    try:
        assert zone_named(name).key == name
    except ValueError as error:
        assert str(error).isprintable()
