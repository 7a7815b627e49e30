"""From results to an article, on to the next one, and back to the same place; narrowing what was found."""

import re
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from indexer.errors import EngineUnavailable
from tests.search_app.pages import Page

ENGLISH = {"Accept-Language": "en"}


def first_hit(page):
    return page.all("a", inside="h2")[0].attributes["href"]


def leads(page, text):
    """Where the links of that text lead."""
    return [each.attributes["href"] for each in page.all("a") if each.text == text]


def periods(page):
    """Where the years or months of a page of results lead."""
    addresses = [each.attributes["href"] for each in page.all("a", inside="facet")]
    return [each for each in addresses if each.startswith("/?") and not re.search("source=|lang=|author=", each)]


def found(client, query):
    """The ids of all that a search finds, as the API tells them page by page."""
    ids, cursor = [], ""
    while cursor is not None:
        answer = client.get(f"/api/v1/search?{query}&cursor={cursor}").json
        ids += [hit["id"] for hit in answer["hits"]]
        cursor = answer["next"]
    return ids


def article_of(address):
    return urlsplit(address).path.rpartition("/")[2]


@pytest.mark.parametrize(
    "query",
    ["q=关税", "q=关税&source=財經觀察", "q=的&sort=newest&limit=3", "q=的&limit=4&collapse=0", "lang=zh-Hant&limit=2"],
)
def test_next_leads_through_all_that_was_found(get, client, query):
    page = get(f"/?{query}")
    address = first_hit(page)
    seen = [article_of(address)]
    while following := leads(get(address), "Next hit"):
        address = following[0]
        seen.append(article_of(address))
    assert seen == found(client, query)
    assert len(seen) > 2


def test_previous_leads_back_to_the_first_of_the_page(get, client):
    ids = found(client, "q=关税")
    address = f"/article/{ids[2]}?q=关税"
    seen = []
    while previous := leads(get(address), "Previous hit"):
        address = previous[0]
        seen.append(article_of(address))
    assert seen == [ids[1], ids[0]]


def test_back_leads_to_the_place_of_the_article_in_the_same_results(get):
    page = get("/?q=的&sort=oldest&limit=3")
    later = get(page.link("Next page"))
    address = first_hit(later)
    back = get(address).link("Back to the results")
    assert urlsplit(back).fragment == f"hit-{article_of(address)}"
    there = get(back)
    assert there.titles() == later.titles()
    assert there.all("li", id=urlsplit(back).fragment)


def test_an_article_that_was_not_searched_has_no_neighbours(get, client):
    [id, *_] = found(client, "q=关税")
    assert "Back to the results" not in get(f"/article/{id}").html
    assert "Back to the results" not in get(f"/article/{id}?tz=Asia/Taipei").html


def test_an_article_that_is_not_among_the_results_leads_back_alone(get, client):
    [id, *_] = found(client, "q=关税")
    page = get(f"/article/{id}?q=没有这样的词")
    assert urlsplit(page.link("Back to the results")).fragment == ""
    assert not leads(page, "Next hit") and not leads(page, "Previous hit")


@pytest.mark.parametrize(
    "query",
    [
        "q=关税&cursor=xyz",
        "q=关税&cursor=%00",
        "q=关税&source=",
        "q=关税&limit=0",
        "sort=bogus",
        "q=foo:bar",
        "from=zzz",
    ],
)
def test_an_article_is_shown_whatever_its_address_says_of_results(get, client, query):
    [id, *_] = found(client, "q=关税")
    page = get(f"/article/{id}?{query}")
    assert page.status == 200
    if "limit" not in query and query.startswith("q=关税"):
        assert "<mark>" in page.html
    if "cursor" in query:
        assert get(leads(page, "Back to the results")[0]).status == 200


def test_an_article_is_shown_while_the_engine_is_away(get, client, monkeypatch):
    [id, *_] = found(client, "q=关税")

    def away(*_):
        raise EngineUnavailable("cannot search")

    monkeypatch.setattr("indexer.engine.whoosh.index.WhooshIndex.search", away)
    monkeypatch.setattr("indexer.engine.whoosh.index.WhooshIndex.doc_freqs", away)
    assert get("/?q=关税").status == 503
    for query in ("", "?q=关税", "?q=9月1日 关税"):
        page = get(f"/article/{id}{query}")
        assert page.status == 200
        assert bool(leads(page, "Back to the results")) == bool(query)


def test_a_search_within_the_results_keeps_the_filters(client, get):
    refused = client.get("/?q=关税&source=財經觀察&within=出口+OR+芯片&sort=newest")
    assert refused.status_code == 303
    asked = parse_qs(urlsplit(refused.headers["Location"]).query)
    assert asked == {"q": ["关税 (出口 OR 芯片)"], "source": ["財經觀察"], "sort": ["newest"], "partial": ["0"]}
    fields = get("/?q=关税&source=財經觀察&sort=newest").all("input", inside="within", type="hidden")
    carried = {field.attributes["name"]: field.attributes["value"] for field in fields}
    assert carried == {"q": "关税", "source": "財經觀察", "sort": "newest"}


@pytest.mark.parametrize("more", ["nofield:x", "date:never", '"', "(((", "OR", "\x00", "//evil.example", "a" * 3000])
def test_whatever_is_looked_for_within_is_answered(client, more):
    answer = client.get("/", query_string={"q": "关税", "within": more}, headers=ENGLISH)
    assert answer.status_code in (303, 400)
    if answer.status_code == 303:
        assert answer.headers["Location"].startswith("/?")
        assert client.get(answer.headers["Location"]).status_code in (200, 400)


@pytest.mark.parametrize("more", ["没有这样的词", "-关税", "source:没有", '"出口', "OR 出口"])
def test_a_search_within_never_shows_what_was_not_there(client, more):
    answer = client.get("/", query_string={"q": "关税", "collapse": "0", "limit": "100", "within": more})
    narrowed = found(client, urlsplit(answer.headers["Location"]).query)
    assert set(narrowed) <= set(found(client, "q=关税&collapse=0"))


def test_results_without_a_word_can_be_searched_too(get):
    assert get("/?source=財經觀察").all("input", id="within")


def test_a_month_leads_to_its_part_of_the_days_that_were_asked_for(get, client):
    days = sorted(day["date"] for day in client.get("/api/v1/search?q=的").json["timeline"])
    first, last = days[1], days[-2]
    page = get(f"/?q=的&collapse=0&from={first}&to={last}")
    links = periods(page)
    asked = [parse_qs(urlsplit(address).query) for address in links]
    assert (asked[0]["to"], asked[-1]["from"]) == ([last], [first])
    counts = [int(re.search(r"\d+", get(address).one("p", role="status").text)[0]) for address in links]
    assert sum(counts) == len(found(client, f"q=的&collapse=0&from={first}&to={last}"))


def test_years_or_months_are_a_facet_that_parts_what_was_found(get, client):
    page = get("/?q=的&collapse=0")
    links = periods(page)
    counts = []
    for address in links:
        narrowed = get(address)
        counts.append(int(re.search(r"\d+", narrowed.one("p", role="status").text)[0]))
        assert f"{parse_qs(urlsplit(address).query)['from'][0]}" in narrowed.html
    assert len(links) > 1
    assert sum(counts) == len(found(client, "q=的&collapse=0"))


@pytest.mark.parametrize(
    ("query", "language", "chip"),
    [
        ("from=2020-09&to=2020-09", "zh-CN", "2020年9月"),
        ("from=2020&to=2020", "zh-TW", "2020年"),
        ("from=2020-09-03&to=2020-09-15", "zh-CN", "2020年9月3日至15日"),
        ("from=2020-09-03&to=2020-09-15", "en", "Sep 3 – 15, 2020"),
        ("from=2020-09-03", "zh-CN", "2020年9月3日 – …"),
        ("q=date:2020-09", "zh-CN", "2020年9月"),
    ],
)
def test_a_range_of_dates_is_one_chip_in_words(client, query, language, chip):
    page = Page(client.get(f"/?{query}&lang=zh", headers={"Accept-Language": language}))
    chips = [" ".join(each.text.split()) for each in page.all("li", inside="chips")]
    assert sum(chip in each for each in chips) == 1
    assert len(chips) == 2  # and the language


@pytest.mark.parametrize("dates", ["from=2099-01-01", "from=2099&to=2099", "from=2099-03-01&to=2099-03-01"])
def test_days_that_the_archive_does_not_reach_lead_to_where_it_ends(get, client, dates):
    newest = max(day["date"] for day in client.get("/api/v1/search?q=").json["timeline"])
    page = get(f"/?{dates}")
    address = page.link("The newest articles are of")
    asked = parse_qs(urlsplit(address).query)
    assert asked["to"] == [newest]
    days = {"from=2099&to=2099": 364}.get(dates, 0)
    assert (date.fromisoformat(newest) - date.fromisoformat(asked["from"][0])).days == days
    assert get(address).titles()


def test_days_without_an_article_that_lie_in_the_archive_do_not(get):
    assert "The newest articles" not in get("/?from=1900&to=1900").html
    assert "The newest articles" not in get("/?q=没有这样的词").html
    assert "The newest articles" not in get("/?q=没有这样的词&from=2000").html
