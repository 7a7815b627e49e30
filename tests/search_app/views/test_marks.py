"""Marks on pages: made by plain forms, seen again, narrowed, taken along, and nobody else's."""

import csv
import json
import re
from dataclasses import replace
from urllib.parse import quote

import pytest
from sqlalchemy import delete, insert

from indexer.archive import ArticleMarks, article_id, schema
from search_app import create_app
from search_app.desk.marks import LONGEST_NOTE, LONGEST_TAG, MOST_TAGS
from search_app.views.keeping import marks as view
from tests.search_app.library import CHANGED
from tests.search_app.pages import Page, problems_of

ENGLISH = {"Accept-Language": "en"}
ID = article_id(CHANGED)
GONE = "00000000000000aa"
PASSWORD = "正确 马 电池 订书钉"


@pytest.fixture
def client(own, archive):
    return create_app(own, "127.0.0.1").test_client()


def page(client, address):
    return Page(client.get(address, headers=ENGLISH))


def token(client):
    return page(client, f"/article/{ID}").all("input", name="token")[0].attributes["value"]


def mark(client, id=ID, **form):
    return client.post(f"/marks?article={id}", data={"token": token(client), **form}, headers=ENGLISH)


def pressed(shown):
    return {
        each.attributes["value"]: each.attributes["name"]
        for each in shown.all("button", class_="mark")
        if each.attributes["aria-pressed"] == "true"
    }


def test_a_star_is_given_on_the_article_and_seen_and_taken_again(client):
    answer = mark(client, add="starred", next=f"/article/{ID}?q=大桥")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/article/{ID}?q={quote('大桥')}#marks-{ID}"
    assert pressed(page(client, f"/article/{ID}")) == {"starred": "drop"}
    found = page(client, "/?q=江城大桥限行五天")
    assert pressed(found) == {"starred": "drop"}
    assert problems_of(found.html) == []
    mark(client, drop="starred")
    assert pressed(page(client, f"/article/{ID}")) == {}


def test_a_button_of_a_hit_marks_that_article(client):
    found = page(client, "/?q=大桥限行")
    button = next(each for each in found.all("button", value="later") if ID in each.attributes["formaction"])
    assert "江城大桥限行五天" in button.attributes["aria-label"]
    form = {"token": token(client), button.attributes["name"]: button.attributes["value"], "next": "/?q=大桥限行"}
    assert client.post(button.attributes["formaction"], data=form).status_code == 303
    assert pressed(page(client, "/?q=大桥限行")) == {"later": "drop"}


def test_notes_and_tags_are_kept_and_listed(client):
    mark(client, add="noted", note="第一行\r\n<b>第二行</b>")
    mark(client, add="tagged", tag=" #大桥 & 路 ")
    shown = page(client, f"/article/{ID}")
    assert shown.one("textarea").text.strip() == "第一行\n<b>第二行</b>"
    listed = page(client, "/marks")
    assert listed.one("p", class_="note").text == "第一行\n<b>第二行</b>"
    assert listed.link("大桥 & 路", "pills") == f"/marks?tag={quote('大桥 & 路', safe='')}".replace("%20", "+")
    assert problems_of(listed.html) == [] == problems_of(shown.html)
    assert len(page(client, listed.link("大桥 & 路", "pills")).all("li", "marked")) == 1
    assert page(client, "/marks?kind=starred").all("li", "marked") == []
    mark(client, add="noted", note=" \r\n ")
    mark(client, drop="tagged", tag="大桥 & 路")
    assert page(client, "/marks").all("li", "marked") == []


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({}, 400),
        ({"add": "loved"}, 400),
        ({"add": "tagged"}, 400),
        ({"add": "tagged", "tag": " ＃\u200b "}, 400),
        ({"add": "tagged", "tag": "长" * (LONGEST_TAG + 1)}, 400),
        ({"add": "noted", "note": "长" * (LONGEST_NOTE + 1)}, 400),
    ],
)
def test_what_cannot_be_kept_is_told(client, archive, form, code):
    assert mark(client, **form).status_code == code
    assert archive.marks.ids("") == []


def test_an_article_has_so_many_tags_and_no_more(client, archive):
    for number in range(MOST_TAGS):
        archive.marks.set("", "tagged", ID, tag=str(number))
    assert mark(client, add="tagged", tag="0").status_code == 303
    assert mark(client, add="tagged", tag="more").status_code == 400


@pytest.mark.parametrize("id", ["", "x", GONE, "../../etc", "%0d%0aSet-Cookie:a=b", "0" * 17])
def test_what_is_no_article_is_not_marked(client, archive, id):
    assert mark(client, id, add="starred").status_code == 404
    assert archive.marks.ids("") == []


@pytest.mark.parametrize(
    "next_", ["//evil.example", "https://evil.example/", "/\\evil.example", "\r\nX: y", "?a\r\nX: y"]
)
def test_the_way_back_is_within_this_site(client, next_):
    where = mark(client, add="starred", next=next_).headers["Location"]
    assert re.match(r"/(?![/\\])", where)
    assert "\n" not in where


def test_marks_of_an_article_that_is_gone_are_listed_and_taken_away(client, archive):
    archive.marks.set("", "noted", GONE, note="还在")
    archive.marks.set("", "starred", GONE)
    listed = page(client, "/marks")
    assert GONE in listed.one("li", "marked").text
    assert "还在" in listed.html
    mark(client, GONE, drop="noted")
    mark(client, GONE, drop="starred")
    assert archive.marks.ids("") == []


def test_the_latest_come_first_on_pages(client, archive, monkeypatch):
    monkeypatch.setattr(view, "A_PAGE", 2)
    ids = [each.id for each in archive.iterate()][:5]
    for id in ids:
        archive.marks.set("", "starred", id)
    seen, address = [], "/marks?kind=starred"
    while address:
        shown = page(client, address)
        seen += [each.attributes["id"].removeprefix("marks-") for each in shown.all("p", class_="marking")]
        address = next((each.attributes["href"] for each in shown.all("a", class_="next")), None)
    assert seen == ids[::-1]


def test_marked_articles_are_taken_along_as_citations(client, archive):
    ids = [each.id for each in archive.iterate()][:3]
    for id in (*ids, GONE):
        archive.marks.set("", "starred", id)
    archive.marks.set("", "tagged", ids[0], tag="一")
    for form, sign in {"bibtex": "@", "ris": "TY  - ", "markdown": "- ", "gbt7714": "\n"}.items():
        answer = client.get(f"/marks/export?format={form}&kind=starred")
        assert answer.get_data(as_text=True).count(sign) >= 3
        assert "attachment" in answer.headers["Content-Disposition"]
    assert client.get("/marks/export?format=ris&tag=一").get_data(as_text=True).count("TY  - ") == 1
    assert client.get("/marks/export?format=docx").status_code == 400


def test_all_marks_are_taken_along_as_tables(client, archive):
    archive.marks.set("", "noted", ID, note="=1+1\n核实")
    archive.marks.set("", "tagged", ID, tag="一")
    archive.marks.set("", "tagged", ID, tag="二")
    archive.marks.set("", "hidden", GONE)
    text = client.get("/marks/export?format=csv").get_data(as_text=True)
    gone, kept = csv.DictReader(text.removeprefix("\ufeff").splitlines(keepends=True))
    assert (kept["title"], kept["published"], kept["tags"]) == (CHANGED.title, "2026-11-10 10:00", "一、二")
    assert kept["note"] == "'=1+1\n核实"
    assert (gone["id"], gone["title"], gone["hidden"], gone["starred"]) == (GONE, "", "1", "0")
    gone, kept = map(json.loads, client.get("/marks/export?format=jsonl").get_data(as_text=True).splitlines())
    assert (kept["id"], kept["note"], kept["tags"]) == (ID, "=1+1\n核实", ["一", "二"])
    assert kept["published"] == "2026-11-10T10:00:00+08:00"
    assert (gone["hidden"], gone["published"]) == (True, None)
    assert client.get("/marks/export?format=csv&tag=一").get_data(as_text=True).count(GONE) == 0


def test_elsewhere_marks_are_each_readers_own(own, archive):
    for name in ("alice", "bob"):
        archive.accounts.set_password(name, PASSWORD)
    app = create_app(own, "0.0.0.0")
    stranger, alice, bob = (app.test_client() for _ in range(3))
    for client, name in ((alice, "alice"), (bob, "bob")):
        client.post("/sign-in", data={"name": name, "password": PASSWORD})
    archive.marks.set("", "noted", ID, note="主人的")
    mark(alice, add="starred")
    assert archive.marks.of("alice", [ID]) == {ID: ArticleMarks(starred=True)}
    assert pressed(page(alice, f"/article/{ID}")) == {"starred": "drop"}
    assert pressed(page(bob, f"/article/{ID}")) == {}
    assert "主人的" not in page(alice, "/marks").html
    assert stranger.get("/marks").status_code == stranger.get("/marks/export").status_code == 401
    assert page(stranger, f"/article/{ID}").all("button", class_="mark") == []
    assert stranger.post(f"/marks?article={ID}", data={"add": "starred"}).status_code == 401
    key = {"Authorization": f"Bearer {archive.accounts.add_key('alice')}"}
    assert "江城大桥限行五天" in stranger.get("/marks/export", headers=key).get_data(as_text=True)
    assert stranger.get("/marks", headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_a_script_gets_no_page(client):
    answer = client.post(
        f"/marks?article={ID}", data={"token": token(client), "add": "starred"}, headers={"Accept": "application/json"}
    )
    assert (answer.status_code, answer.data) == (204, b"")


def test_a_page_of_results_stays_light(client):
    assert len(client.get("/?q=的&collapse=0").data) < 60_000


def test_what_was_marked_is_searched(client, archive):
    archive.marks.set("", "starred", ID)
    archive.marks.set("", "tagged", ID, tag="大 桥")
    other = next(each.id for each in archive.iterate() if each.id != ID)
    archive.marks.set("", "starred", other)

    def found(question):
        answer = client.get("/api/v1/search", query_string={"q": question, "collapse": "0", "limit": "100"})
        return {hit["id"] for hit in answer.get_json()["hits"]}

    everything = found("after:1900")
    assert found("is:starred") == found("is:STARRED") == {ID, other}
    assert found('tag:"大 桥"') == found('标签:"大 桥"') == found("標籤：「大 桥」") == {ID}
    assert found("is:starred 大桥限行五天") == {ID}
    assert found("is:starred -is:tagged") == {other}
    assert found("-is:starred after:1900") == everything - {ID, other}
    assert found("is:later") == found("tag:没有") == set()
    archive.marks.remove("", "starred", other)
    assert found("is:starred") == {ID}
    shown = page(client, "/?q=is:starred 大桥")
    assert "Mark" in shown.one("ul", class_="chips").text
    assert page(client, f"/article/{ID}?q=is:starred 大桥").status == 200
    assert page(client, "/timeline?q=is:starred").status == 200
    assert client.get("/api/v1/search?q=is:starred&format=jsonl").get_data(as_text=True).count("\n") == 1


def test_marks_that_there_are_not_and_marks_of_nobody_are_told(client, own):
    wrong = client.get("/api/v1/search?q=is:loved").get_json()["error"]
    assert (wrong["code"], wrong["field"]) == ("bad_choice", "is")
    assert "starred" in wrong["allowed"]
    stranger = create_app(own, "0.0.0.0").test_client()
    for address in ("/api/v1/search?q=is:starred", "/api/v1/search?q=a OR (b -tag:x)", "/api/v1/timeline?q=tag:x"):
        assert stranger.get(address).get_json()["error"]["code"] == "no_marks"
    assert stranger.get("/?q=tag:x").status_code == stranger.get("/feed.atom?q=is:starred").status_code == 400
    assert client.get("/feed.atom?q=is:starred").status_code == 400
    assert "<mark>限行</mark>" in page(stranger, f"/article/{ID}?q=is:starred 限行").html


def test_the_page_names_the_most_used_tags(client, archive, monkeypatch):
    monkeypatch.setattr(view, "TAGS", 2)
    other = next(each.id for each in archive.iterate() if each.id != ID)
    for id, tag in [(ID, "甲"), (ID, "乙"), (other, "丙"), (ID, "丙"), (other, "乙")]:
        archive.marks.set("", "tagged", id, tag=tag)
    named = [each.text.split()[0] for each in page(client, "/marks").all("a", "pills", lang="zh")]
    assert named == ["丙", "乙"]


def test_thousands_of_marks_are_searched(client, archive):
    with archive._database.writing() as connection:
        rows = [
            {"reader": "", "kind": "later", "id": f"{i:016x}", "tag": "", "note": "", "made": CHANGED.published}
            for i in range(20_000)
        ]
        connection.execute(insert(schema.marks), rows)
    archive.marks.set("", "later", ID)
    try:
        assert client.get("/api/v1/search?q=is:later").get_json()["total"] == 1
    finally:
        with archive._database.writing() as connection:
            connection.execute(delete(schema.marks))


def test_readers_whom_a_proxy_names_keep_marks_whatever_their_names_are(own, archive):
    config = replace(own, trusted_proxy="127.0.0.1/32", trusted_header="X-Reader")
    client = create_app(config).test_client()
    name = "张三".encode().decode("latin-1")
    shown = Page(client.get(f"/article/{ID}", headers={"X-Reader": name}))
    form = {"token": shown.all("input", name="token")[0].attributes["value"], "add": "later"}
    assert client.post(f"/marks?article={ID}", data=form, headers={"X-Reader": name}).status_code == 303
    assert archive.marks.of(name, [ID]) == {ID: ArticleMarks(later=True)}
    assert client.get("/marks", headers={"X-Reader": name}).status_code == 200
    assert client.get("/marks", headers={"X-Reader": "a" * 65}).status_code == 401
    archive.marks.remove(name, "later", ID)
