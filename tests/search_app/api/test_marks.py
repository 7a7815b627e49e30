"""Marks for programs: listed, put and deleted with a key, each reader's own."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.archive import ArticleMarks, article_id
from search_app import create_app
from search_app.desk.marks import LONGEST_NOTE, MOST_TAGS
from tests.search_app.library import CHANGED

ID = article_id(CHANGED)
ADDRESS = f"/api/v1/marks/{ID}"
GONE = "00000000000000aa"


@pytest.fixture
def client(own):
    return create_app(own, "0.0.0.0").test_client()


@pytest.fixture
def key(archive):
    return {"Authorization": f"Bearer {archive.accounts.add_key('alice')}", "Accept-Language": "en"}


def test_marks_are_put_listed_and_deleted(client, key, archive):
    wanted = {"starred": True, "later": False, "note": "第一\n  第二", "tags": ["a", "疫苗"]}
    answer = client.put(ADDRESS, json=wanted, headers=key)
    assert answer.status_code == 200
    assert answer.get_json().items() >= (wanted | {"id": ID, "title": CHANGED.title}).items()
    assert client.put(ADDRESS, json=wanted, headers=key).get_json() == answer.get_json()
    listed = client.get("/api/v1/marks?tag=疫苗", headers=key).get_json()
    assert listed == {"marks": [answer.get_json()], "next": None}
    assert client.get("/api/v1/marks?kind=later", headers=key).get_json()["marks"] == []
    client.put(ADDRESS, json={"later": True}, headers=key)
    assert archive.marks.of("alice", [ID]) == {ID: ArticleMarks(later=True)}
    assert client.delete(ADDRESS, headers=key).get_json()["later"] is False
    assert archive.marks.ids("alice") == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (None, "bad_choice"),
        ([], "bad_choice"),
        ({"loved": True}, "unknown_parameter"),
        ({"starred": 1}, "bad_choice"),
        ({"note": None}, "bad_choice"),
        ({"tags": "x"}, "bad_choice"),
        ({"tags": [1]}, "bad_choice"),
        ({"tags": [""]}, "bad_tag"),
        ({"tags": [str(n) for n in range(MOST_TAGS + 1)]}, "too_many_values"),
        ({"note": "长" * (LONGEST_NOTE + 1)}, "long_note"),
    ],
)
def test_what_cannot_be_kept_is_told_and_changes_nothing(client, key, archive, body, code):
    archive.marks.set("alice", "starred", ID)
    answer = client.put(ADDRESS, json=body, headers=key)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (400, code)
    assert client.put(ADDRESS, data="{", headers=key).status_code == 400
    assert archive.marks.of("alice", [ID]) == {ID: ArticleMarks(starred=True)}


@pytest.mark.parametrize("id", [GONE, "x", "0" * 17, "%00"])
def test_there_must_be_such_an_article(client, key, id):
    assert client.put(f"/api/v1/marks/{id}", json={"starred": True}, headers=key).status_code == 404
    assert client.delete(f"/api/v1/marks/{id}", headers=key).status_code == 404


def test_marks_of_an_article_that_is_gone_are_listed_and_deleted(client, key, archive):
    archive.marks.set("alice", "noted", GONE, note="还在")
    [row] = client.get("/api/v1/marks", headers=key).get_json()["marks"]
    assert (row["id"], row["title"], row["note"]) == (GONE, "", "还在")
    assert client.delete(f"/api/v1/marks/{GONE}", headers=key).status_code == 200
    assert archive.marks.ids("alice") == []


def test_without_a_key_nothing_is_shown_or_changed(client, archive, own):
    archive.marks.set("alice", "starred", ID)
    for answer in (client.get("/api/v1/marks"), client.put(ADDRESS, json={}), client.delete(ADDRESS)):
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (401, "unauthorized")
    here = create_app(own, "127.0.0.1").test_client()
    assert here.put(ADDRESS, json={}).get_json()["error"]["code"] == "form_expired"
    assert here.get("/api/v1/marks").get_json()["marks"] == []
    assert archive.marks.of("alice", [ID]) == {ID: ArticleMarks(starred=True)}


def test_pages_follow_each_other(client, key, archive):
    for number in range(150):
        archive.marks.set("alice", "starred", f"{number:016x}")
    first = client.get("/api/v1/marks", headers=key).get_json()
    second = client.get(f"/api/v1/marks?page={first['next']}", headers=key).get_json()
    ids = [int(each["id"], 16) for each in first["marks"] + second["marks"]]
    assert ids == list(range(149, -1, -1))
    assert second["next"] is None


PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=40)
JSON = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner))
BODIES = JSON | st.dictionaries(st.sampled_from(["starred", "later", "note", "tags"]), JSON)


def test_any_body_gets_an_answer_that_is_described(client, key):
    described = client.get("/openapi.json").get_json()["paths"]["/api/v1/marks/{article_id}"]["put"]["responses"]

    @given(body=BODIES, id=st.sampled_from([ID, GONE]))
    @settings(max_examples=100, suppress_health_check=list(HealthCheck), deadline=None)
    def ask(body, id):
        answer = client.put(f"/api/v1/marks/{id}", json=body, headers=key)
        assert str(answer.status_code) in described
        if answer.status_code == 200:
            assert client.get("/api/v1/marks?page=1", headers=key).status_code == 200

    ask()
