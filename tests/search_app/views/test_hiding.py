"""Hiding: articles, stories and publishers are out of everything that is told of a question, until it asks for them."""

from datetime import UTC, datetime

import pytest

from indexer import build
from indexer.archive import article_id
from indexer.article import Article
from indexer.installation import Installation
from indexer.stories import update as stories
from search_app import create_app
from tests.search_app.library import CHANGED, fill
from tests.search_app.pages import Page, problems_of

ENGLISH = {"Accept-Language": "en"}
ID = article_id(CHANGED)


PIERS = "".join(f"第{number}座桥墩由工人用了{number * 7}天浇筑完成，" for number in range(1, 30))
TEXT = f"河湾大桥今天上午通车，{PIERS}市长到场。"
COPIES = [
    Article(
        url=f"https://{source}.example.org/bridge",
        title="河湾大桥通车",
        text=TEXT,
        source=source,
        published=datetime(2026, 11, 12, hour, tzinfo=UTC),
    )
    for hour, source in enumerate(("甲报", "乙报", "丙报"), 1)
]


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """The sample, and a story of three articles."""
    config = fill(tmp_path_factory.mktemp("hiding"))
    with Installation(config) as installation:
        installation.archive.put(COPIES)
        stories.update(installation.archive, installation.analyser, installation.articles.get)
        build.update(installation.archive, installation.index, installation.analyser)
    return config


@pytest.fixture
def client(own, archive):
    yield create_app(own, "127.0.0.1").test_client()
    for source in archive.marks.hidden("").sources:
        archive.marks.show_source("", source)


def page(client, address):
    shown = Page(client.get(address, headers=ENGLISH))
    assert problems_of(shown.html) == []
    return shown


def post(client, address, **form):
    token = page(client, f"/article/{ID}").all("input", name="token")[0].attributes["value"]
    return client.post(address, data={"token": token, **form}, headers=ENGLISH)


def asked(client, question="after:1900", **parameters):
    given = {"q": question, "collapse": "0", "limit": "100", **parameters}
    answer = client.get("/api/v1/search", query_string=given)
    assert answer.status_code == 200
    return answer.get_json()


def figures(answer):
    """All that an answer tells of how much there is."""
    sources = {each["value"]: each["count"] for each in answer["facets"]["source"]}
    return answer["total"], answer["stories"], sources, sum(day["count"] for day in answer["timeline"])


def test_a_hidden_article_is_in_no_figure_until_it_is_asked_for(client, archive):
    before = asked(client)
    assert post(client, f"/marks?article={ID}", add="hidden").status_code == 303
    answer = asked(client)
    assert ID not in {hit["id"] for hit in answer["hits"]}
    assert answer["hidden"] == 1
    total, all_stories, sources, days = figures(before)
    fewer = sources | {CHANGED.source: sources[CHANGED.source] - 1}
    assert figures(answer) == (total - 1, all_stories - 1, fewer, days - 1)
    assert figures(asked(client, hidden="1")) == figures(before)
    assert [hit["id"] for hit in asked(client, "is:hidden")["hits"]] == [ID]
    assert ID not in {hit["id"] for hit in asked(client, "大桥 限行 -is:hidden")["hits"]}
    post(client, f"/marks?article={ID}", drop="hidden")
    assert figures(asked(client)) == figures(before)


def test_what_is_hidden_alone_matches_is_told_instead_of_something_else(client, archive):
    archive.marks.set("", "hidden", ID)
    shown = page(client, '/?q="江城大桥限行五天"')
    assert "0 articles" in shown.html
    link = shown.link("Show 1 article that you hid")
    assert ID in page(client, link).html
    assert "hidden=1" not in page(client, link).link("What you hid is shown too: leave it out")


def test_a_muted_story_is_hidden_with_all_its_articles(client, archive):
    members = {article_id(each) for each in COPIES}
    one = article_id(COPIES[1])
    post(client, f"/marks?article={one}", add="muted")
    answer = asked(client)
    assert answer["hidden"] == 3
    assert not members & {hit["id"] for hit in answer["hits"]}
    assert {hit["id"] for hit in asked(client, "is:muted", hidden="1")["hits"]} == {one}
    assert {hit["id"] for hit in asked(client, "is:hidden")["hits"]} == members


def test_a_hidden_source_is_nowhere_until_it_is_shown_again(client, archive):
    [button] = [each for each in page(client, f"/article/{ID}").all("button") if each.text.startswith("Hide all of")]
    assert post(client, button.attributes["formaction"], add="hidden").status_code == 303
    answer = asked(client)
    assert CHANGED.source not in figures(answer)[2]
    assert answer["hidden"] > 0
    assert asked(client, "is:hidden")["total"] == answer["hidden"]
    assert CHANGED.source not in page(client, "/").one("section", class_="newest").text
    [again] = [each for each in page(client, "/marks").all("button") if each.text == "Show again"]
    assert post(client, again.attributes["formaction"], drop="hidden").status_code == 303
    assert asked(client)["hidden"] == 0


def test_exports_timelines_and_other_articles_of_a_story_leave_out_what_is_hidden(client, archive):
    archive.marks.set("", "hidden", ID)
    assert ID not in client.get("/api/v1/search?q=大桥&format=jsonl").get_data(as_text=True)
    told = client.get("/api/v1/timeline?q=大桥限行五天").get_json()
    assert sum(series["total"] for series in told["series"]) == 0
    archive.marks.set("", "hidden", article_id(COPIES[2]))
    shown = page(client, "/?q=河湾大桥通车&collapse=1")
    assert "乙报" in shown.html
    assert "丙报" not in shown.html


def test_nobody_elses_answer_changes(client, own, archive):
    archive.marks.set("", "hidden", ID)
    stranger = create_app(own, "0.0.0.0").test_client()
    answer = asked(stranger, "大桥限行五天")
    assert (answer["total"], answer["hidden"]) == (1, 0)
    assert CHANGED.title in client.get("/feed.atom?q=大桥限行五天").get_data(as_text=True)


@pytest.mark.parametrize("source", ["", "\x00", "长" * 501])
def test_no_source_without_a_name_or_with_too_long_a_one_is_hidden(client, archive, source):
    post(client, "/marks/sources?source=" + source.replace("\x00", "%00"), add="hidden")
    assert all(0 < len(each) <= 500 for each in archive.marks.hidden("").sources)


def test_programs_hide_and_show_sources(client, own, archive):
    key = {"Authorization": f"Bearer {archive.accounts.add_key('alice')}"}
    robot = create_app(own, "0.0.0.0").test_client()
    assert robot.post("/api/v1/hidden-sources", data={"source": CHANGED.source}).status_code == 401
    told = robot.post("/api/v1/hidden-sources", data={"source": CHANGED.source}, headers=key).get_json()
    assert told == robot.get("/api/v1/hidden-sources", headers=key).get_json() == {"sources": [CHANGED.source]}
    assert robot.get("/api/v1/search?q=大桥限行五天", headers=key).get_json()["hidden"] == 1
    told = robot.delete("/api/v1/hidden-sources", data={"source": CHANGED.source}, headers=key).get_json()
    assert told == {"sources": []}
    refused = robot.post("/api/v1/hidden-sources", data={"source": " "}, headers=key)
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (400, "bad_choice")


def test_notes_are_found_by_what_they_say(client, archive):
    archive.marks.set("", "noted", ID, note="向警方核實：第二段")
    assert [hit["id"] for hit in asked(client, "note:核实")["hits"]] == [ID]
    assert [hit["id"] for hit in asked(client, '笔记:"第二段" 大桥')["hits"]] == [ID]
    assert asked(client, "note:没写过")["total"] == 0
