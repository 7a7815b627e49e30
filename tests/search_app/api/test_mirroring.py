"""A copy that follows the changes has what the archive has."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.article import Article
from indexer.config import Config
from indexer.installation import Installation
from search_app.api import mirroring
from search_app.app import build_app
from search_app.search.library import Library


def article(number, text):
    return Article(url=f"https://a.example/{number}", title=f"标题{number}", text=text, source="早报")


class Copy:
    """Follows the changes of an application."""

    def __init__(self, client):
        self.client = client
        self.since = 0
        self.articles = {}
        self.kinds = []

    def follow(self, limit):
        """Ask until there is nothing new."""
        while True:
            answer = self.client.get(f"/api/v1/changes?since={self.since}&limit={limit}").get_json()
            assert len(answer["changes"]) <= limit
            numbers = [each["sequence"] for each in answer["changes"]]
            assert numbers == sorted(set(numbers)) and all(number > self.since for number in numbers)
            for each in answer["changes"]:
                self.kinds.append(each["kind"])
                assert (each["article"] is None) == (each["kind"] in ("delete", "forget"))
                if each["article"]:
                    self.articles[each["id"]] = each["article"]
                else:
                    self.articles.pop(each["id"], None)
            self.since = answer["next"]
            if self.since == answer["last"]:
                return


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(0, 5), st.sampled_from(["甲", "乙", "丙"])),
        st.tuples(st.sampled_from(["delete", "forget"]), st.integers(0, 5), st.just("")),
        st.tuples(st.just("follow"), st.integers(1, 4), st.just("")),
    ),
    max_size=14,
)


@settings(max_examples=25, deadline=None)
@given(STEPS)
def test_a_copy_that_follows_has_what_the_archive_has(steps):
    with TemporaryDirectory() as folder, Installation(Config(data=Path(folder))) as installation:
        archive = installation.archive
        copy = Copy(build_app(Library(installation)).test_client())
        for what, number, text in steps:
            ids = archive.at(f"https://a.example/{number}")
            match what:
                case "put":
                    archive.put([article(number, text)])
                case "delete":
                    archive.delete(ids)
                case "forget":
                    archive.tombstones.forget(ids, "test")
                case _:
                    copy.follow(number)
        copy.follow(3)
        kept = {each.id: each.text for each in archive.iterate()}
        assert {id: each["text"] for id, each in copy.articles.items()} == kept


@pytest.fixture
def installation(tmp_path):
    with Installation(Config(data=tmp_path)) as installation:
        yield installation


def test_each_change_says_what_to_do(installation):
    archive = installation.archive
    copy = Copy(build_app(Library(installation)).test_client())
    archive.put([article(1, "甲"), article(2, "乙"), article(3, "丙")])
    copy.follow(100)
    archive.put([article(1, "改")])
    archive.delete(archive.at("https://a.example/2"))
    archive.tombstones.forget(archive.at("https://a.example/3"), "secret reason")
    copy.follow(100)
    assert copy.kinds == ["put"] * 4 + ["delete", "forget"]
    answer = copy.client.get("/api/v1/changes").get_data(as_text=True)
    assert "secret reason" not in answer


def test_a_page_ends_before_it_is_too_long(installation, monkeypatch):
    monkeypatch.setattr(mirroring, "_CHARACTERS", 10)
    installation.archive.put([article(number, "字" * 8) for number in range(3)])
    client = build_app(Library(installation)).test_client()
    answer = client.get("/api/v1/changes").get_json()
    assert len(answer["changes"]) == 1
    assert answer["next"] < answer["last"]


def test_an_archive_without_anything_has_no_changes(installation):
    answer = build_app(Library(installation)).test_client().get("/api/v1/changes").get_json()
    assert answer == {"changes": [], "next": 0, "last": 0}


@pytest.mark.parametrize("since", ["-1", "x", "1.5", "1" * 19, "7"])
def test_a_number_that_the_archive_never_gave_is_refused(installation, since):
    answer = build_app(Library(installation)).test_client().get(f"/api/v1/changes?since={since}")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (400, "bad_number")


def test_times_are_those_that_the_archive_keeps(installation):
    when = datetime(2020, 9, 15, 8, tzinfo=UTC)
    installation.archive.put([Article(url="https://a.example/9", title="题", text="文", published=when)])
    [change] = build_app(Library(installation)).test_client().get("/api/v1/changes").get_json()["changes"]
    assert change["article"]["published"] == "2020-09-15T08:00:00Z"
