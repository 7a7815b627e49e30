"""What docs/searching.md and its Chinese sister promise."""

import re
from datetime import date
from pathlib import Path

import pytest

from search_app.query.dates import EXAMPLES, parse_days
from search_app.query.parameters import SEARCH_PARAMETERS
from search_app.query.syntax import parse
from search_app.query.tree import CHINESE_FIELDS, FIELDS

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "searching.md").read_text("utf-8")
CHINESE_PAGE = (DOCS / "zh/searching.md").read_text("utf-8")
_, TYPED, DATES, PARAMETERS = PAGE.split("\n## ")


@pytest.mark.parametrize("text", re.findall(r"^\| `(.+?)` \|", TYPED + CHINESE_PAGE, re.MULTILINE))
def test_every_example_is_understood(text: str) -> None:
    parsed = parse(text)
    assert parsed.tree is not None
    assert not parsed.notes


def test_every_field_is_explained() -> None:
    assert {name for name in FIELDS if f"`{name}:" in TYPED or f" {name}:" in TYPED} == set(FIELDS)


def test_every_simplified_name_of_a_field_is_explained() -> None:
    [names] = re.findall(r"Chinese names of fields: (.+?) \|", TYPED)
    assert set(names.split()) <= set(CHINESE_FIELDS)
    assert {CHINESE_FIELDS[name] for name in names.split()} == set(FIELDS) - {"is"}


def test_the_chinese_page_explains_every_field_that_has_a_chinese_name() -> None:
    named = {CHINESE_FIELDS[name] for name in re.findall(r"(\w+):", CHINESE_PAGE) if name in CHINESE_FIELDS}
    assert named == set(CHINESE_FIELDS.values())


def test_every_date_is_understood_and_named_in_errors() -> None:
    dates = re.findall(r"`(.+?)`", DATES.partition("\n\nDays belong")[0])
    assert tuple(dates) == EXAMPLES
    for text in dates:
        parse_days(text, date(2020, 9, 16), "from")


def test_every_parameter_is_explained() -> None:
    explained = re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.+?) \|", PARAMETERS, re.MULTILINE)))
    assert sorted(explained) == sorted(parameter.name for parameter in SEARCH_PARAMETERS)
