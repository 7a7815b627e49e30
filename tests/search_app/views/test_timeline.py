"""The page of coverage over time as a reader without scripts sees it, and its files."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from indexer.article import Article
from indexer.config import Config
from indexer.installation import Installation
from search_app import create_app
from search_app.cli import main
from tests.search_app.pages import problems_of

ENGLISH = {"Accept-Language": "en"}
MONDAY = datetime(2024, 3, 4, 4, tzinfo=UTC)


def article(number, days, text, source="江城日报", language="zh-Hans"):
    return Article(
        id=f"{number:016x}",
        url=f"https://news.example/{number}",
        title=f"第{number}篇：{text[:12]}",
        text=text,
        source=source,
        published=MONDAY + timedelta(days=days),
        language=language,
    )


FLOOD = "汉水水位昨夜超过警戒线，江城沿岸四千名居民连夜转移到学校和体育馆，消防员用橡皮艇接走最后一批老人。"
ARTICLES = [
    *(article(1 + i, i, f"第{i}天：堤坝工程进展顺利，工人轮班施工，第{i}号闸门安装完毕。") for i in range(5)),
    article(20, 2, FLOOD, source="江城日报"),
    article(21, 2, FLOOD + "市长到场。", source="海州时报"),
    article(22, 2, "堤坝旁的花市开张，市民赶早挑选兰花，摊主说今年的生意好过去年。", source="=花市"),
    article(23, 2, "堤坝加固：汉水沿岸增派人手，夜里也有人巡查。", source="南洋新報", language="zh-Hant"),
    # Nothing was kept of the second week, and one article is six years older than all others.
    *(article(40 + i, 14 + i, f"堤坝工程第三周第{i}天，第{i}段护坡完工。") for i in range(3)),
    article(50, -2190, "堤坝奠基仪式举行，这是多年前的旧闻。"),
]


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    config = Config(data=tmp_path_factory.mktemp("coverage"))
    with Installation(config) as installation:
        installation.archive.put(ARTICLES)
    done = CliRunner().invoke(main, ["--data", str(config.data), "index"])
    assert done.exit_code == 0, done.output
    return create_app(config).test_client()


def slots(page):
    return [each for each in page.all("g", "chart") if "data-first" in each.attributes]


def test_a_few_old_articles_do_not_flatten_the_rest(get):
    page = get("/timeline?q=堤坝")
    days = [slot.attributes["data-first"] for slot in slots(page)]
    assert (days[0], days[-1]) == ("2024-03-04", "2024-03-20")
    assert "1 article lies far off" in page.html
    whole = get(page.link("Draw all"))
    assert slots(whole)[0].attributes["data-first"].startswith("2018-03")
    assert "far off" not in whole.html


def test_dates_that_were_asked_for_are_drawn_as_asked(get):
    assert slots(get("/timeline?q=堤坝&from=2018&to=2024"))[0].attributes["data-first"].startswith("2018")


def test_days_without_any_article_are_told_from_days_without_a_hit(get):
    missing = {
        slot.attributes["data-first"]: "nothing kept" in slot.text for slot in slots(get("/timeline?q=汉水&q=堤坝"))
    }
    assert not missing["2024-03-05"]
    assert missing["2024-03-12"]


def test_a_peak_is_named_by_the_story_that_most_reported(get):
    page = get("/timeline?q=汉水")
    [entry] = page.all("ul", class_="legend")
    assert "2024-03-06" in entry.text
    assert FLOOD[:8] in entry.text
    [story] = [link for link in page.all("a", "legend") if link.attributes["href"].startswith("/story/")]
    assert get(story.attributes["href"]).status in (200, 302)


def test_a_bin_shows_its_stories_below_the_chart_each_once(get):
    page = get("/timeline?q=堤坝&q=汉水")
    address = next(
        a.attributes["href"] for a in page.all("a", "chart") if a.attributes.get("data-first") == "2024-03-06"
    )
    assert address.endswith("at=2024-03-06#at")
    chosen = get(address)
    assert [heading.text for heading in chosen.all("h3", "at")] == ["堤坝", "汉水"]
    lists = chosen.all("ol", "at")
    assert lists[1].text.count("汉水水位昨夜") == 1
    assert "and 1 more report" in lists[1].text
    assert len(chosen.all("li", "at")) == 3 + 2


def test_a_week_can_be_drawn_day_by_day(get):
    page = get("/timeline?q=堤坝&by=week&at=2024-03-06")
    narrowed = get(page.link("Draw this period alone"))
    assert [slot.attributes["data-first"][-2:] for slot in slots(narrowed)] == [f"{day:02}" for day in range(4, 11)]


def test_one_question_is_split_and_each_series_measured_by_its_own(get, client):
    page = get("/timeline?q=汉水&split=source")
    assert [a.text for a in page.all("span", "legend", lang="zh")] == ["南洋新報", "江城日报", "海州时报"]
    answer = client.get("/api/v1/timeline?q=汉水&split=source&by=day").get_json()
    shares = {series["value"]: series["points"][0]["share"] for series in answer["series"]}
    assert shares == {"江城日报": 0.5, "海州时报": 1.0, "南洋新報": 1.0}
    languages = get("/timeline?q=汉水&split=lang")
    assert [a.text for a in languages.all("span", "legend", lang="zh")] == [
        "Chinese (Simplified)",
        "Chinese (Traditional)",
    ]


@pytest.mark.parametrize("by", ["day", "week", "month"])
def test_a_reprint_is_no_second_event(client, by):
    """Two papers had the flood on one day: two articles of one story."""
    [flood] = client.get(f"/api/v1/timeline?q=四千名居民&by={by}").get_json()["series"]
    assert [(point["count"], point["stories"]) for point in flood["points"]] == [(2, 1)]
    [dam] = client.get(f"/api/v1/timeline?q=堤坝&by={by}").get_json()["series"]
    stories = client.get("/api/v1/search?q=堤坝").get_json()["stories"]
    assert sum(point["stories"] for point in dam["points"]) == stories


def test_stories_are_drawn_and_in_the_table_of_figures(get, client):
    page = get("/timeline?q=四千名居民&measure=stories")
    assert "Stories" in [each.text for each in page.all("a") if "aria-current" in each.attributes]
    [slot] = re.findall(r"<title>(2[^<]+)</title>", page.html)
    assert slot.split("\n")[-1] == "1"
    table = client.get("/timeline.csv?q=四千名居民").get_data(as_text=True).splitlines()
    assert table[0].endswith("count,share,articles,stories")
    assert table[1].endswith(",1")


def test_what_was_chosen_is_what_is_split(get):
    page = get("/timeline?q=汉水&split=source&source=海州时报")
    assert [a.text for a in page.all("span", "legend", lang="zh")] == ["海州时报"]


@pytest.mark.parametrize(
    ("address", "allowed"),
    [("split=site", "source, author, lang"), ("q=a&q=b&split=source", "1"), ("q=a&at=soon", "2020-09-15")],
)
def test_what_is_wrong_names_what_is_allowed(get, address, allowed):
    page = get(f"/timeline?{address}")
    assert page.status == 400
    assert allowed in page.one("div", role="alert").text


def test_a_day_that_is_not_drawn_has_no_stories(get):
    assert not get("/timeline?q=堤坝&at=1999-01-01").all("section", class_="at")


def test_moving_averages_take_the_place_of_lines_and_go_over_bars(get):
    assert not get("/timeline?q=堤坝").all("polyline")
    [over_bars] = {line.attributes["class"] for line in get("/timeline?q=堤坝&average=1").all("polyline")}
    assert over_bars == "line average"
    assert get("/timeline?q=堤坝&q=汉水&average=1").all("polyline", class_="line s2")


def test_the_picture_is_a_file_that_stands_alone(client):
    response = client.get("/timeline.svg?q=堤坝&q=<汉水>%01%EF%BF%BE&by=day", headers=ENGLISH)
    assert response.content_type == "image/svg+xml; charset=utf-8"
    root = ElementTree.fromstring(response.get_data())
    text = "".join(root.itertext())
    assert "堤坝" in text
    assert "<汉水>" in text
    assert "Asia/Shanghai" in text
    assert not [each for each in root.iter() if {"class", "style", "href"} & set(each.attrib)]


def test_a_picture_of_nothing_says_so(client):
    text = "".join(ElementTree.fromstring(client.get("/timeline.svg?q=zzzz", headers=ENGLISH).data).itertext())
    assert "Nothing in the archive matches" in text


def test_the_figures_are_a_table_that_runs_nothing(client):
    body = client.get("/timeline.csv?q=堤坝&by=day&split=source", headers=ENGLISH).get_data(as_text=True)
    assert body.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(body[1:])))
    assert {row["series"] for row in rows} == {"江城日报", "南洋新報", "'=花市"}
    by_day = {row["first"]: row for row in rows if row["series"] == "江城日报"}
    assert (by_day["2024-03-06"]["count"], by_day["2024-03-06"]["articles"]) == ("1", "2")
    assert (by_day["2024-03-12"]["count"], by_day["2024-03-12"]["articles"]) == ("", "0")


@pytest.mark.parametrize("path", ["/timeline.svg", "/timeline.csv"])
def test_files_of_a_wrong_question_are_errors(client, path):
    assert client.get(f"{path}?by=hour").status_code == 400


@pytest.mark.parametrize(
    "address",
    ["q=堤坝&at=2024-03-06&average=1", "q=汉水&split=lang&measure=share", "split=source", "", "q=zzzz&at=2024-03-06"],
)
def test_every_state_is_valid_html(get, address):
    page = get(f"/timeline?{address}")
    assert page.status == 200
    assert problems_of(page.html) == []
