"""Whatever stands in a file, an import reads it in time linear in its length, and ends with an article or a reason."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from indexer.article import Article
from indexer.sources import read
from indexer.sources.files import Reject
from tests.hostile.test_linear_time import assert_linear

pytestmark = pytest.mark.hostile

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def found_in(path: Path) -> list[Article | Reject]:
    found = list(read([str(path)], zone=UTC, now=NOW))
    assert all(isinstance(each, Article | Reject) for each in found)
    return found


PIECES = (
    *("<!--", "<!---->", "<!-- x -->", "-->", "<?", "<?xml", "<![CDATA[", "]]>", "<!DOCTYPE", "<!x", "<![if", "<", "&"),
    *("<html", "<div>", "<div ", "<p>", "</", "<a href='", "<title>", "<meta ", "<script>", "<td>", "<item>", "<link>"),
    *("<author>a.", "<style>", "style='display:", "&amp;", "&#", "url: ", "http://", "%41", "://", "a.", "a@", "a/"),
    *("[", "]", "[[", "![[", "[a](", "](", "](http://", "{%", "{{<", "{{", "}}", "# ", "> ", "- ", "1. ", "`", "```\n"),
    *("~~~\n", "|", "|a", "|-", "*", "_", "*a_", "\\", '"', "'", '{"a":', '{"', "{", "[{", "null,", "\\u", "a,b\n"),
    *(
        "---\n",
        "+++\n",
        "...\n",
        "===\n",
        "--",
        "—",
        "a: b\n",
        "a:",
        "：",
        "（",
        "）",
        "【",
        "·",
        "-",
        "\n",
        " \n",
        " ",
    ),
    *("\t", "\u3000", "\r", "\r\n", "\0", "2020年1月1日", "2020-01-01 ", "1 ", "1:", "12:34", "+0800", "00", "Z"),
    *(
        "来源：",
        "作者：",
        "标题：",
        "更新",
        "（记者",
        "（Name）",
        "普京（",
        "联播",
        "摘要\n",
        "[查看原文](http://a",
        "WARC/1.0\n",
    ),
    *("e\u0301", "\u0301\u0323", "👨\u200d", "\ufdfa", "\u1100\u1161", "\u200b", "a", "9", "文", "字 ", "Ā"),
)

FORMATS: dict[str, tuple[str, str, str]] = {
    "a post": (".txt", "[t](https://e.example/a)\n-----\n", ""),
    "front matter": (".md", "---\n", "\n---\nbody"),
    "a page": (".html", "<html><head><title>t</title></head><body>", ""),
    "a feed": (".xml", "<rss version='2.0'><channel><item><title>t</title><description>", ""),
    "a tag of a page": (".html", "<html><head><title>t</title></head><body><p ", ">文</p></body></html>"),
    "a tag of a feed": (".xml", "<rss version='2.0'><channel><item ", ">"),
}
ONCE_SLOW = ("<!--", "<!---->", "[查看原文](http://a", " \n", "a='b' ", "a ")
SOME = 20
"""How many pieces are tried in each format: always the same on a CI machine, others elsewhere."""


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_of_one_piece_again_and_again_is_read_in_linear_time(name: str, tmp_path: Path) -> None:
    suffix, before, after = FORMATS[name]
    path = tmp_path / f"file{suffix}"

    def work(piece: str) -> Callable[[int], Callable[[], object]]:
        def prepared(size: int) -> Callable[[], object]:
            pieces = "".join(f"{piece[:1]}{number}{piece[1:]}" if "tag" in name else piece for number in range(size))
            path.write_text(before + pieces + after, "utf-8")
            return lambda: found_in(path)

        return prepared

    dice = random.Random(name) if os.environ.get("CI") else random.Random()
    for piece in {*dice.sample(PIECES, SOME), *ONCE_SLOW}:
        try:
            assert_linear(work(piece))
        except AssertionError as error:
            raise AssertionError(f"{piece!r}: {error}") from None


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


@pytest.mark.parametrize(
    "lines",
    [
        ['{"title": "a", "text": ' + nested(depth) + "}" for depth in (10, 900, 3_000, 100_000)],
        ['{"title": "a", "text": "b", "x": ' + nested(depth) + "}" for depth in (10, 900, 3_000, 100_000)],
        ['{"a":' * depth for depth in (10, 900, 3_000, 100_000)],
        ['{"title": "a", "text": "b", "published": ' + "9" * 5_000 + "}", '{"title": 1e999, "text": NaN}'],
        ['{"title": "\\ud800", "text": "\\u0000", "url": "http://[::1"}'],
        [json.dumps(dict.fromkeys(("title", "text", "url", "source", "author", "published", "language"), value))
         for value in (1, None, True, [], {}, [[["a"]]], {"a": {"b": 1}}, "x" * 100_000)],
        ["{" + ",".join(f'"k{number}":1' for number in range(100_000)) + "}"],
    ],
    ids=["a text", "a member", "nothing", "numbers", "halves of characters", "types", "members"],
)  # fmt: skip
def test_any_json_is_an_article_or_a_reason(lines: list[str], tmp_path: Path) -> None:
    path = tmp_path / "file.jsonl"
    good = '{"title": "good", "text": "good"}'
    for line in lines:
        path.write_text(f"{good}\n{line}\n{good}\n", "utf-8", "surrogatepass")
        titles = [each.title for each in found_in(path) if isinstance(each, Article)]
        assert titles.count("good") == 2
        path.write_text(line, "utf-8", "surrogatepass")
        assert found_in(path)


def test_a_first_line_that_is_too_long_is_told(tmp_path: Path) -> None:
    path = tmp_path / "file.jsonl"
    path.write_text('{"title": "a", "text": "' + "x" * 40_000_000 + '"}\n{"title": "b", "text": "b"}\n')
    assert any(isinstance(each, Reject) and "MB" in each.reason for each in found_in(path))


ALIASES = "".join(f"a{level}: &a{level} [{','.join([f'*a{level - 1}'] * 9)}]\n" for level in range(1, 30))


@pytest.mark.parametrize(
    "front",
    [
        f"a0: &a0 [x]\n{ALIASES}title: *a29\n",
        "a: &a {x: 1}\n" + "".join(f"k{key}: {{<<: [{','.join(['*a'] * 50)}]}}\n" for key in range(300)),
        "a: &a [*a]\ntitle: &t {x: *t}\n",
        "title: " + "9" * 20_000 + "\n",
        "date: " + "1:" * 20_000 + "1\n",
        "date: 9999-99-99T99:99:99\n",
        "date: 1e99999\ntitle: .nan\n",
        "a: " + "{a: " * 3_000 + "\n",
        "".join(" " * depth + "a:\n" for depth in range(1_000)),
        "title: !!python/object/apply:os.system ['true']\n",
        "title: !!binary " + "A" * 100_000 + "\n",
    ],
    ids=lambda front: front[:24],
)
def test_any_front_matter_is_an_article_or_a_reason(front: str, tmp_path: Path) -> None:
    path = tmp_path / "file.md"
    path.write_text(f"---\n{front}---\nThe body.", "utf-8")
    (found,) = found_in(path)
    assert isinstance(found, Reject) or "The body." in found.text
    assert len(repr(found)) < 1_000_000
