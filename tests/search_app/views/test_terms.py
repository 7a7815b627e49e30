"""What parts two questions, as a page and as a table."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner

from indexer.article import Article
from indexer.config import Config
from indexer.installation import Installation
from search_app import create_app
from search_app.cli import main
from tests.search_app.pages import Page, problems_of

ENGLISH = {"Accept-Language": "en"}


def article(number, text, source):
    """Each in words of its own, so that it is a story of its own."""
    own = "".join(chr(0x4E00 + (number * 97 + len(source) * 41 + place * 31) % 5000) for place in range(40))
    return Article(
        url=f"https://a.example/{source}/{number}",
        title=text,
        text=f"{text}。{own}",
        source=source,
        published=datetime(2026, 9, 20, tzinfo=UTC) - timedelta(days=number),
    )


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    folder = tmp_path_factory.mktemp("terms")
    with Installation(Config(data=folder)) as installation:
        installation.archive.put(
            [
                *(article(number, "疫苗 制裁 华盛顿", "早报") for number in range(12)),
                *(article(number, "疫苗 合作 日内瓦", "星期日晚报") for number in range(12)),
                article(50, "疫苗 制裁 合作", "周刊杂志"),
            ]
        )
    done = CliRunner().invoke(main, ["--data", str(folder), "index"])
    assert done.exit_code == 0, done.output
    return create_app(Config(data=folder)).test_client()


@pytest.fixture
def get(client):
    return lambda address: client.get(address, headers=ENGLISH, buffered=True)


def tables(answer):
    assert answer.status_code == 200
    html = answer.get_data(as_text=True)
    assert problems_of(html) == []
    return [
        re.findall(r'<th scope="row"><a href="([^"]*)"[^>]*>(.*?)</a></th><td>(\d+)', side)
        for side in html.split('<h2 id="side-')[1:]
    ]


def total(answer):
    [status] = Page(answer).all("p", role="status")
    return int(status.text.split()[0])


def test_each_side_has_its_own_words_and_each_leads_to_its_articles(get):
    one, other = tables(get("/terms?q=疫苗 source:早报&against=疫苗 source:星期日晚报"))
    assert {word for _, word, _ in one} == {"制裁", "华盛顿"}
    assert {word for _, word, _ in other} == {"合作", "日内瓦"}
    for url, _, stories in (*one, *other):
        assert total(get(url.replace("&amp;", "&"))) == int(stories)


def test_what_was_asked_is_no_news_in_any_spelling(get):
    one, other = tables(get("/terms?q=制裁 source:早报&against=合作 source:星期日晚报"))
    assert {word for _, word, _ in one} == {"华盛顿"} and {word for _, word, _ in other} == {"日内瓦"}
    one, _ = tables(get("/terms?q=製裁 source:早报&against=合作 source:星期日晚报"))
    assert "制裁" not in {word for _, word, _ in one}


def test_without_another_question_all_other_articles_are_the_other_side(get):
    html = get("/terms?q=source:早报").get_data(as_text=True)
    assert "All other articles" in html
    one, other = tables(get("/terms?q=source:早报"))
    assert "华盛顿" in {word for _, word, _ in one} and "日内瓦" in {word for _, word, _ in other}


def test_what_belongs_to_both_is_said_and_can_be_seen(get):
    html = get("/terms?q=制裁&against=合作").get_data(as_text=True)
    assert "1 article belongs to both" in html
    link = re.search(r'left out\. <a href="([^"]+)"', html)[1].replace("&amp;", "&")
    assert total(get(link)) == 1


def test_filters_hold_for_both_sides_and_stay_when_one_is_taken_away(get):
    page = "/terms?q=制裁&against=合作&from=2026-09-15&source=早报&source=星期日晚报"
    html = get(page).get_data(as_text=True)
    links = [each.replace("&amp;", "&") for each in re.findall(r'href="(/terms\?[^"]*)" aria-label="Remove', html)]
    assert links and all(parse_qs(urlsplit(each).query)["against"] == ["合作"] for each in links)
    assert "6 stories" in html


def test_the_figures_come_as_a_table_in_which_nothing_runs(get):
    answer = get('/terms.csv?q=("制裁" OR "=1")&against=合作')
    assert answer.content_type.startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert {row["word"] for row in rows} >= {"华盛顿", "日内瓦"}
    [row] = [row for row in rows if row["word"] == "华盛顿"]
    assert (row["stories"], row["other_stories"], row["of"]) == ("12", "0", "12")
    rows = csv.reader(io.StringIO(get("/terms.csv?q=-合作&against=合作").get_data(as_text=True)))
    assert not [cell for row in rows for cell in row if cell.startswith("-合作")]


@pytest.mark.parametrize("path", ["/terms", "/terms.csv"])
@pytest.mark.parametrize(
    "wrong", ["q=colour:red&against=a", "q=a&against=colour:red", "q=a&from=soon", "q=a&sort=best"]
)
def test_what_is_wrong_is_said_and_kept_in_the_boxes(get, path, wrong):
    answer = get(f"{path}?{wrong}")
    assert answer.status_code == 400
    html = answer.get_data(as_text=True)
    assert 'role="alert"' in html and 'value="a"' in html
    assert problems_of(html) == []


def test_nothing_asked_is_a_form_and_nothing_found_is_said(get):
    assert 'id="side-1"' not in get("/terms").get_data(as_text=True)
    html = get("/terms?q=没有这个&against=也没有").get_data(as_text=True)
    assert html.count("No word stands out surely.") == 2


def test_foreign_text_is_no_markup(get):
    html = get('/terms?q=<script>a</script>&against="><b>x').get_data(as_text=True)
    assert problems_of(html) == [] and "<script>a" not in html and "<b>x" not in html


def test_results_and_the_timeline_lead_there(get):
    assert 'href="/terms?q=' in get("/?q=疫苗").get_data(as_text=True)
    html = get("/timeline?q=制裁&q=合作").get_data(as_text=True)
    assert "against=%E5%90%88%E4%BD%9C" in html
    assert "against=" not in get("/timeline?q=制裁").get_data(as_text=True)
