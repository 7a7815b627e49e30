"""The search page as a reader without scripts sees it."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.search_app.pages import Page, problems_of

CHINESE = {"Accept-Language": "zh-CN"}
ENGLISH = {"Accept-Language": "en"}


def total(page):
    return int(re.search(r"([\d,]+) article", page.one("p", role="status").text)[1].replace(",", ""))


def test_the_home_page_tells_how_much_there_is_and_what_is_new(get):
    page = get("/")
    assert "51 articles" in page.html
    assert "Newest by source" in page.html
    assert page.all("input", name="q")


def test_a_search_shows_titles_snippets_source_date_and_total(get):
    page = get("/?q=疫苗")
    assert total(page) == len(page.titles()) == 2
    assert any("<mark>疫苗</mark>" in part for part in page.html.split("</p>") if 'class="snippet"' in part)
    assert "江城日报" in page.html
    assert "2024-12-02" in page.html


def test_what_was_asked_stays_in_the_box(get):
    assert get("/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").one("input", id="q").attributes["value"] == (
        '"><script>alert(1)</script>'
    )


def test_source_and_language_can_be_ticked_and_unticked(get):
    page = get("/?q=关税")
    ticked = get(page.link("財經觀察"))
    assert 0 < total(ticked) < total(page)
    assert {each.text for each in ticked.all("span", "meta") if each.attributes.get("lang")} == {"財經觀察"}
    # The facet ignores its own filter: the other source is still there, and adds to the first.
    both = get(ticked.link("环球晨报", inside="facet"))
    assert parse_qs(urlsplit(ticked.link("环球晨报", inside="facet")).query)["source"] == ["財經觀察", "环球晨报"]
    assert total(both) > total(ticked)
    assert total(get(ticked.link("財經觀察", inside="facet"))) == total(page)
    assert total(get(page.link("Chinese (Traditional)"))) < total(page)


def test_a_chip_removes_its_filter(get):
    page = get("/?q=关税&source=財經觀察&from=2025-01-01&to=2025-12-31")
    removers = [each.attributes["href"] for each in page.all("a", "chips")]
    assert len(removers) >= 2
    for address in removers:
        assert total(get(address)) >= total(page)


def test_date_shortcuts_stay_relative(get):
    page = get("/?q=关税&sort=newest")
    address = parse_qs(urlsplit(page.link("This year")).query)
    assert address["from"] == ["今年"]
    assert address["sort"] == ["newest"]
    assert page.link("Last 7 days").endswith("from=7d&sort=newest")
    month = parse_qs(urlsplit(page.link("Last month")).query)
    assert month["from"] == month["to"] == ["上个月"]


def test_dates_of_ones_own_choice_keep_the_rest_of_the_question(get):
    page = get("/?q=芯片&source=科技前线")
    carried = {
        (each.attributes["name"], each.attributes["value"]) for each in page.all("input", "custom", type="hidden")
    }
    assert carried == {("q", "芯片"), ("source", "科技前线")}
    narrowed = get("/?q=芯片&source=科技前线&from=2026-01-01&to=2026-12-31")
    assert narrowed.one("input", "custom", name="from").attributes["value"] == "2026-01-01"
    assert narrowed.one("input", "custom", name="to").attributes["value"] == "2026-12-31"


def test_sorting_by_date(get):
    newest, oldest = get("/?q=芯片&sort=newest"), get("/?q=芯片&sort=oldest")
    assert newest.titles() == oldest.titles()[::-1]


def test_paging_shows_every_article_once(get):
    address, titles = "/?q=&sort=newest&limit=20", []
    while address:
        page = get(address)
        titles += page.titles()
        links = page.all("a", "pages", rel="next nofollow")
        address = links[0].attributes["href"] if links else None
    assert len(titles) == len(set(titles)) == 51


def test_the_timeline_of_the_results_is_drawn_and_told_as_a_table(get):
    page = get("/?q=台风")
    assert page.all("rect", "chart", class_="bar")
    rows = page.all("td", "chart")
    assert sum(int(row.text) for row in rows) == total(page)
    narrowed = get("/" + page.all("a", "table")[0].attributes["href"])
    assert total(narrowed) < total(page)


def test_other_spellings_are_told_and_can_be_left_out(get):
    page = get("/?q=特朗普")
    assert "川普" in page.one("p", class_="notice").text
    exact = get(page.link("Only this spelling"))
    assert total(exact) < total(page)
    assert total(get(exact.link("Search all spellings"))) == total(page)


def test_nothing_found_says_so_and_helps(get):
    page = get("/?q=zzzzqqqq&source=科技前线")
    assert total(page) == 0
    assert "Nothing in the archive matches" in page.html
    assert page.link("Search without filters") == "/?q=zzzzqqqq"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/?q=疫苗&from=soon", "2020年9月15日"),
        ("/?q=疫苗&sort=best", "relevance, newest, oldest"),
        ("/?q=疫苗&tz=Mars/Olympus", "Asia/Shanghai"),
        ("/?q=疫苗&limit=0", "1–100"),
        ("/?q=colour:red", "source"),
        ("/timeline?q=疫苗&by=hour", "day, week, month"),
    ],
)
def test_a_wrong_value_is_a_400_that_names_what_is_allowed(get, address, said):
    page = get(address)
    assert page.status == 400
    assert said in page.html
    assert "Traceback" not in page.html


def test_several_questions_are_a_comparison(client):
    response = client.get("/?q=疫苗&q=关税")
    assert response.status_code == 303
    assert urlsplit(response.location).path == "/timeline"


def test_the_interface_speaks_three_languages(client):
    for language, tag, word in (("zh-CN", "zh-Hans", "搜索"), ("zh-TW", "zh-Hant", "搜尋"), ("en-GB", "en", "Search")):
        page = Page(client.get("/?q=疫苗", headers={"Accept-Language": language}))
        assert page.one("html").attributes["lang"] == tag
        assert word in page.one("button", "box", type="submit").text


def test_a_chosen_language_is_remembered_and_the_address_stays(client):
    response = client.get("/?q=疫苗&ui=zh-Hant", headers=ENGLISH)
    assert response.status_code == 303
    assert parse_qs(urlsplit(response.location).query) == {"q": ["疫苗"]}
    assert Page(client.get("/", headers=ENGLISH)).one("html").attributes["lang"] == "zh-Hant"


def test_every_article_text_names_its_language(get):
    page = get("/?q=关税")
    assert {each.attributes["lang"] for each in page.all("article")} == {"zh-Hans", "zh-Hant"}


ADDRESSES = [
    "/",
    "/?q=疫苗",
    "/?q=关税&source=財經觀察&from=2025",
    "/?q=zzzzqqqq",
    "/?q=疫苗&from=soon",
    "/help",
    "/status",
    "/subscriptions",
    "/timeline",
    "/timeline?q=疫苗&q=关税&measure=share",
    "/nowhere",
]


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "en"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_is_valid_html_with_one_heading_and_no_inline_script_or_style(client, address, language):
    response = client.get(address, headers={"Accept-Language": language})
    page = Page(response)
    assert problems_of(page.html) == []
    assert len(page.all("h1")) == 1
    assert page.all("main")
    for element in page.elements:
        assert "style" not in element.attributes
        assert not any(name.startswith("on") for name in element.attributes)
        if element.tag == "script":
            assert element.attributes["src"].startswith("/static/")
        if element.tag in ("img", "iframe", "source"):
            raise AssertionError(f"{element.tag} would load something")


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_forbids_what_it_does_not_need(client, address):
    policy = client.get(address).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert client.get(address).headers["X-Content-Type-Options"] == "nosniff"


def test_a_results_page_is_light(client):
    assert len(client.get("/?q=&limit=20").data) < 60_000
    for name in ("style.css", "app.js"):
        with client.get(f"/static/{name}") as file:
            assert len(file.data) < 26_000


def test_an_overlong_address_is_refused(client):
    refused = client.get("/?q=" + "a" * 60_000)
    assert (refused.status_code, "地址太长" in refused.get_data(as_text=True)) == (414, True)


@pytest.mark.parametrize("character", "a疫👩")
def test_a_question_of_two_thousand_characters_is_answered_in_every_script(client, character):
    for path in ("/", "/api/v1/search", "/timeline", "/feed.atom"):
        asked = {"q": character * 2_000, "source": [f"第{number}家报社" for number in range(64)]}
        assert client.get(path, query_string=asked).status_code == 200


def test_any_text_has_an_answer(client):
    for text in ("C#", "it's", '"open', "((", "-", "https://example.org/?a=b&c=d", "😀", "\u202e右", "title:", "%00"):
        assert client.get("/", query_string={"q": text}).status_code in (200, 400), text


@pytest.mark.parametrize(
    "text", ["date:上个月", "after:上个月", "疫苗 date:上个月", "date:上个月..今天", "date:上星期", "lang:zh-hanz"]
)
def test_what_was_typed_for_a_field_is_not_corrected(client, text):
    response = client.get("/", query_string={"q": text}, headers={"Accept-Language": "en"})
    assert response.status_code == 200
    assert "Did you mean" not in response.get_data(as_text=True)


@pytest.mark.parametrize(("interface", "name"), [("en", "Unknown"), ("zh-CN", "未知"), ("zh-TW", "未知")])
def test_an_unknown_language_is_called_so(client, interface, name):
    page = Page(client.get("/?lang=und", headers={"Accept-Language": interface}))
    assert name in page.one("ul", class_="chips").text


def test_groups_of_publishers_filter_answers_feeds_and_exports_and_an_unknown_one_tells_which_there_are(client):
    total = client.get("/api/v1/search?q=").get_json()["total"]
    assert client.get("/api/v1/search?q=-publisher:台湾").get_json()["total"] == total
    assert client.get("/feed.json?q=publisher:台湾").get_json()["items"] == []
    assert len(client.get("/api/v1/search?format=jsonl&q=-publisher:台湾").text.splitlines()) == total
    error = client.get("/api/v1/search?q=桥 publisher:火星").get_json()["error"]
    assert (error["code"], error["field"], error["position"]) == ("unknown_group", "publisher", 12)
    assert "港澳" in error["allowed"]
    page = client.get("/?q=publisher:火星<b>")
    assert page.status_code == 400
    assert "港澳" in page.text and "火星<b>" not in page.text
