"""An article whose captions and furniture stand apart: what its page shows, and what a search finds of it."""

from dataclasses import replace

import pytest

from indexer import build
from indexer.archive import article_id
from indexer.config import Config
from indexer.installation import Installation
from search_app import create_app
from tests.search_app.library import CHANGED
from tests.search_app.pages import problems_of

LIGHTS = replace(
    CHANGED,
    url="https://wire.example.org/2026/lights.html",
    title="红绿灯换新",
    text="大桥将于周六起限行五天。\n公交线路不变。",
    html=(
        "<p>（江城日报记者吴小桥报道）大桥将于周六起限行<b>五</b>天。</p><p>公交线路不变。</p>"
        '<figure><img src="/light.jpg" alt="桥头的信号灯"><figcaption>桥头的信号灯</figcaption></figure>'
        "<p>责任编辑：甲</p>"
    ),
    author="吴小桥、李江",
    captions="桥头的信号灯",
    furniture="（江城日报记者吴小桥报道）\n责任编辑：甲",
)
SIGNALS = replace(
    CHANGED, url="https://wire.example.org/2026/signals.html", text="信号灯的历史。", html="", author="李江"
)


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    config = Config(data=tmp_path_factory.mktemp("parts"))
    with Installation(config) as installation:
        installation.archive.put([LIGHTS, SIGNALS])
        build.update(installation.archive, installation.index, installation.analyser)
    return create_app(config).test_client()


@pytest.fixture
def found(client):
    def ask(**parameters):
        answer = client.get("/api/v1/search", query_string=parameters).get_json()
        return [(hit["url"].rpartition("/")[2].partition(".")[0], hit["snippet"]["text"]) for hit in answer["hits"]]

    return ask


def test_the_body_is_shown_without_furniture_which_is_folded_below(get):
    page = get(f"/article/{article_id(LIGHTS)}")
    body, _, rest = page.html.partition('<details class="furniture">')
    assert "<p>大桥将于周六起限行<b>五</b>天。</p>" in body
    assert "责任编辑" not in body
    assert "<p>责任编辑：甲</p>" in rest
    assert "<p>（江城日报记者吴小桥报道）</p>" in rest
    assert page.html.count("桥头的信号灯") == 1
    assert problems_of(page.html) == []


def test_authors_lead_to_what_else_they_wrote(get, found):
    page = get(f"/article/{article_id(LIGHTS)}")
    assert [each.text for each in page.all("a", "story") if each.attributes.get("class") == "author"] == [
        "吴小桥",
        "李江",
    ]
    assert "/?author=%E5%90%B4%E5%B0%8F%E6%A1%A5" in page.html
    assert {name for name, _ in found(author="李江")} == {"lights", "signals"}
    assert {name for name, _ in found(q="author:吴小桥")} == {"lights"}
    assert {name for name, _ in found(q="-author:吴小桥 灯")} == {"signals"}


def test_captions_are_found_after_texts_and_shown_where_they_alone_hold_it(found):
    assert [name for name, _ in found(q="信号灯")] == ["signals", "lights"]
    assert dict(found(q="信号灯"))["lights"] == "桥头的信号灯"
    assert dict(found(q="公交 信号灯"))["lights"].startswith("大桥将于周六起")


def test_furniture_is_not_searched(found):
    assert found(q='"责任编辑"') == []


def test_the_api_has_the_parts(client):
    answer = client.get(f"/api/v1/articles/{article_id(LIGHTS)}").get_json()
    assert (answer["text"], answer["captions"], answer["author"]) == (LIGHTS.text, LIGHTS.captions, LIGHTS.author)
    assert answer["furniture"] == LIGHTS.furniture


def test_the_results_page_offers_the_authors(get):
    page = get("/?q=灯")
    assert "facet-author" in page.html
    assert page.link("李江").startswith("/?")
