"""The list of what an import could not read."""

import json
from datetime import UTC, datetime

import pytest

from indexer.article import Article
from indexer.commands import rejects
from indexer.commands.rejects import RejectList
from indexer.sources import Reject

ARTICLE = Article(url="", title="新闻", text="正文", discovered=datetime(2026, 11, 22, tzinfo=UTC), language="zh-Hans")


def listed(path):
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_articles_pass_and_the_rest_is_listed(tmp_path):
    path = tmp_path / "data/rejects.jsonl"
    with RejectList(path) as found:
        assert list(found.kept_out_of([ARTICLE, Reject("坏.txt", "not a post")])) == [ARTICLE]
    assert listed(path) == [{"path": "坏.txt", "reason": "not a post"}]
    assert (found.count, found.first) == (1, "坏.txt: not a post")


def test_a_list_without_entries_is_no_file_and_the_last_one_is_gone(tmp_path):
    path = tmp_path / "rejects.jsonl"
    path.write_text("of the last import")
    with RejectList(path) as found:
        assert list(found.kept_out_of([ARTICLE])) == [ARTICLE]
    assert not path.exists()


@pytest.mark.parametrize("room", [200, 1000, 4096])
def test_a_full_list_says_how_many_found_no_room(tmp_path, monkeypatch, room):
    monkeypatch.setattr(rejects, "LARGEST", room)
    path = tmp_path / "rejects.jsonl"
    with RejectList(path) as found:
        list(found.kept_out_of(Reject(f"a.jsonl:{number}", "not JSON " * 10) for number in range(1000)))
    *lines, last = listed(path)
    assert found.count == len(lines) + last["left_out"] == 1000
    assert f"{last['left_out']:,} more" in last["reason"]
    assert path.stat().st_size <= room + 200


def test_names_and_reasons_are_plain_and_bounded(tmp_path):
    path = tmp_path / "rejects.jsonl"
    with RejectList(path) as found:
        list(found.kept_out_of([Reject("\x1b[2J\u202e" + "名" * 100_000, "\x9b2J\ud800" * 100_000)]))
    assert path.stat().st_size < 8000
    assert "\x1b" not in found.first
    assert "\u202e" not in found.first
