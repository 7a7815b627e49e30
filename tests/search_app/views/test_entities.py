"""The pages of people, organisations and places."""

import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from search_app.presentation.arcs import draw
from search_app.search.aggregations.entities import EntityCount, EntityPair
from search_app.views.asking.entities import narrowed_text
from tests.search_app.pages import Page, problems_of

ENGLISH = {"Accept-Language": "en"}


def get(client, address):
    path, _, query = address.partition("?")
    return Page(client.get(f"{path}?{quote(query, safe='&=+')}", headers=ENGLISH))


def test_a_search_leads_to_its_names_and_these_narrow_it(client):
    page = get(client, "/?q=关税&from=2020-01-01")
    names = Page(client.get(page.link("Names"), headers=ENGLISH))
    assert names.status == 200
    assert problems_of(names.html) == []
    row = next(each for each in names.all("tr", "terms") if each.text.strip().startswith("川普"))
    number = re.findall(r"\d+", row.text)[-1]
    link = next(each for each in names.all("a") if each.attributes.get("aria-label") == "Search for 川普 too")
    asked = parse_qs(urlsplit(link.attributes["href"]).query)
    assert asked["q"] == ["关税 川普"]
    assert asked["from"] == ["2020-01-01"]
    assert link.text == number
    entity = Page(client.get(names.link("川普"), headers=ENGLISH))
    assert entity.one("h1").text == "川普"
    assert {"Spellings", "Source", "Stands with"} <= {each.text for each in entity.all("h2")}
    assert problems_of(entity.html) == []
    assert "特朗普" in entity.html


@pytest.mark.parametrize("address", ["/entities?from=soon", "/entity?kind=ship&name=x", "/entity?name=x&from=soon"])
def test_what_is_wrong_is_said(client, address):
    page = get(client, address)
    assert page.status == 400
    assert page.one("div", role="alert")
    assert problems_of(page.html) == []


@pytest.mark.parametrize(
    "address", ["/entities?q=zzqqxx", "/entity?name=zzqqxx", "/entity", "/entities?q=<b>&source=<i>"]
)
def test_nothing_is_no_error(client, address):
    page = get(client, address)
    assert page.status == 200
    assert len([each for each in page.all("p") if each.attributes.get("class") == "empty"]) >= 1
    assert problems_of(page.html) == []


def test_a_name_is_never_markup(client):
    page = get(client, '/entity?name=<script>alert(1)</script>&q="><script>')
    assert [each for each in page.all("script") if "src" not in each.attributes] == []


@pytest.mark.parametrize(
    ("text", "names", "together"),
    [
        ("", ["特朗普"], "特朗普"),
        ("关税", ["特朗普", "拜登"], "关税 特朗普 拜登"),
        ("a OR b", ["特朗普"], "(a OR b) 特朗普"),
        ("关税", ["Joe Biden"], "关税 (Joe Biden)"),
    ],
)
def test_a_name_narrows_whatever_was_asked(text, names, together):
    assert narrowed_text(text, names) == together


def test_the_picture_has_each_name_once_and_an_arc_for_each_pair():
    one, two, three = (EntityCount("person", name, 3, 3) for name in ("甲", "乙", "一个特别特别长的名字的组织"))
    drawn = draw([EntityPair(one, two, 3, 1.0, 50.0), EntityPair(two, three, 3, 1.0, 20.0)])
    assert [name for _, name in drawn.names] == ["甲", "乙", "一个特别特别长的名字…"]
    assert [arc.width for arc in drawn.arcs] == sorted((arc.width for arc in drawn.arcs), reverse=True)
    assert drawn.height == 3 * 24
    assert draw([]).height == 0
