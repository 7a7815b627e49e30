"""Any input to articles, whatever it is called."""

import gzip
import io
import json
import lzma
import os
import subprocess
import sys
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.article import Article
from indexer.sources import Reject, read
from indexer.sources import detect as detect_module

SAMPLE = Path(__file__).parents[3] / "index_data" / "sample"

POST = "<!--1599400614000-->\n[台北下雨](https://example.org/post)\n------\n\n<p>正文。</p>\n"
RSS = "<rss version='2.0'><channel><title>晚报</title><item><title>一条新闻</title><link>https://example.org/rss</link></item></channel></rss>"
JSON_FEED = json.dumps(
    {"version": "https://jsonfeed.org/version/1", "title": "早报", "items": [{"id": "1", "title": "又一条"}]}, indent=2
)
LINES = '{"title": "第一行", "text": "正\t文"}\n\n{"title": "第二行", "text": "正文"}\n'
OPML = "<opml version='2.0'><body><outline xmlUrl='https://example.org/'/></body></opml>"


def titles(items):
    return [item.title for item in items if isinstance(item, Article)]


def reasons(items):
    return [item.reason for item in items if isinstance(item, Reject)]


@pytest.mark.parametrize("name", ["file", "file.txt", "file.xml", "file.json", "file.html"])
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (POST, ["台北下雨"]),
        (RSS, ["一条新闻"]),
        (JSON_FEED, ["又一条"]),
        (JSON_FEED.replace("\n", ""), ["又一条"]),
        (LINES, ["第一行", "第二行"]),
    ],
    ids=["post", "rss", "json feed", "json feed in one line", "json lines"],
)
def test_formats_are_recognised_by_content(tmp_path, name, content, expected, when):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    items = list(read([path], **when))
    assert titles(items) == expected
    assert not reasons(items)


def test_a_mixed_archive_is_read_and_its_rejects_say_where_and_why(tmp_path, when):
    path = tmp_path / "mixed.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        members = [
            ("1.txt", POST),
            ("2.xml", RSS),
            ("3.bin", "\x00\x01"),
            ("4.txt", "hello"),
            ("5.jsonl", LINES + "{broken}\n{}\n"),
            ("6.txt", ""),
        ]
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content.encode())
            archive.addfile(info, io.BytesIO(content.encode()))
    items = list(read([path], **when))
    assert titles(items) == ["台北下雨", "一条新闻", "第一行", "第二行"]
    rejects = [item for item in items if isinstance(item, Reject)]
    assert [item.path for item in rejects] == [
        f"{path}/3.bin",
        f"{path}/4.txt",
        f"{path}/5.jsonl:4",
        f"{path}/5.jsonl:5",
        f"{path}/6.txt",
    ]
    assert all(item.reason for item in rejects)


def test_subscription_lists_are_passed_over_unless_asked_for(tmp_path, when):
    (tmp_path / "feeds.opml").write_text(OPML)
    assert list(read([tmp_path], **when)) == []
    (reject,) = read([tmp_path / "feeds.opml"], **when)
    assert "subscribe" in reject.reason


def test_standard_input_is_read(when):
    assert titles(read(["-"], stdin=io.BytesIO(LINES.encode()), **when)) == ["第一行", "第二行"]


def test_what_is_too_large_is_refused_and_the_rest_is_read(tmp_path, when, monkeypatch):
    monkeypatch.setattr(detect_module, "LARGEST", 2_000)
    (tmp_path / "1.txt").write_text(POST + "x" * 3_000)
    (tmp_path / "2.jsonl").write_text(LINES + '{"title": "' + "x" * 3_000 + '"}\n')
    (tmp_path / "3.txt").write_text(POST)
    items = list(read([tmp_path], **when))
    assert titles(items) == ["第一行", "第二行", "台北下雨"]
    assert len(reasons(items)) == 2


@pytest.mark.parametrize("packing", [gzip.compress, lzma.compress, zstandard.compress])
def test_of_a_packed_file_that_breaks_off_what_is_there_is_kept_and_the_rest_told(packing, tmp_path, when):
    path = tmp_path / "cut.jsonl"
    lines = "".join(json.dumps({"title": f"第{n}条", "text": os.urandom(30).hex()}) + "\n" for n in range(20_000))
    path.write_bytes(packing(lines.encode())[:-200_000])
    *articles, line, whole = read([path], **when)
    assert articles[0].title == "第0条" and len(articles) > 1_000
    assert "not valid JSON" in line.reason
    assert "damaged or incomplete" in whole.reason and whole.path == str(path)


def test_empty_lines_before_json_lines_do_no_harm(when):
    assert titles(read(["-"], stdin=io.BytesIO(b"\n\n" + LINES.encode()), **when)) == ["第一行", "第二行"]


def test_entries_of_a_feed_with_nothing_in_them_are_told(when):
    feed = "<rss><channel><item><link>https://example.org/1</link></item></channel></rss>"
    (reject,) = read(["-"], stdin=io.BytesIO(feed.encode()), **when)
    assert "1 entries" in reject.reason


def test_json_that_is_neither_feed_nor_articles_is_refused(tmp_path, when):
    for number, content in enumerate(['{\n "a": 1\n}', '{"a": 1}', "{", "[" * 5000, '{"a":' * 50_000]):
        path = tmp_path / f"{number}.json"
        path.write_text(content)
        items = list(read([path], **when))
        assert not titles(items)
        assert reasons(items)


def test_the_sample_is_read_without_a_reject(when):
    items = list(read([SAMPLE], **when))
    assert not reasons(items)
    assert len(items) >= 40
    assert len({item.source for item in items}) >= 5
    assert {item.language for item in items} == {"zh-Hans", "zh-Hant"}
    assert all(item.published and item.url and item.text for item in items)
    assert len({item.url for item in items}) == len(items)
    assert not any(word in item.text for item in items for word in ("分享", "要闻回顾", "要聞回顧"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.binary(max_size=2_000),
    start=st.sampled_from(
        [
            b"",
            b"{",
            b"<rss>",
            b"<opml>",
            b"<!--1599400614-->",
            b"\x1f\x8b\x08",
            b"BZh9",
            b"\xfd7zXZ\x00",
            b"\x28\xb5\x2f\xfd",
        ]
    ),
)
def test_no_bytes_stop_a_run(data, start, when):
    for item in read(["-"], stdin=io.BytesIO(start + data), **when):
        assert isinstance(item, Article | Reject)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.json", '[{"title": "甲", "content": "一。"}, {"title": "乙", "content": "二。"}]', ["甲", "乙"]),
        ("a.json", '{\n "total": 1,\n "articles": [{"title": "甲", "content": "一。"}]\n}', ["甲"]),
        ("a.json", '{\n "title": "甲",\n "content": "一。"\n}', ["甲"]),
        ("a.json", '\ufeff{"title": "甲", "content": "一。"}', ["甲"]),
        ("a.md", '{\n "title": "甲"\n}\n\n正文。', ["甲"]),
        ("a.md", "# 甲\n\n正文。", ["甲"]),
        ("a.txt", "甲\n\n正文。", ["甲"]),
        ("a.htm", "<title>甲</title><p>正文。", ["甲"]),
        ("a", "<!DOCTYPE html><title>甲</title><p>正文。", ["甲"]),
        ("a", "[甲](https://example.org/1)\n------\n正文。", ["甲"]),
        ("a", "\ufeff\n\ufeff" + RSS, ["一条新闻"]),
    ],
)
def test_more_formats_are_recognised(tmp_path, name, content, expected, when):
    (tmp_path / name).write_text(content, encoding="utf-8")
    items = list(read([tmp_path], **when))
    assert titles(items) == expected
    assert not reasons(items)


def test_items_of_a_list_that_are_no_articles_are_told_by_their_number(tmp_path, when):
    (tmp_path / "a.json").write_text('[{"title": "甲", "content": "一。"}, 3, {"title": "乙", "zhengwen": "二。"}]')
    items = list(read([tmp_path / "a.json"], **when))
    assert titles(items) == ["甲"]
    assert [item.path.rpartition(":")[2] for item in items if isinstance(item, Reject)] == ["2", "3"]


def test_many_documents_come_in_their_order_from_all_cores(tmp_path, when):
    for number in range(900):
        (tmp_path / f"{number:04}.txt").write_text(POST.replace("台北下雨", f"第{number}号"))
    (tmp_path / "0500.txt").write_text("hello")
    items = list(read([tmp_path], **when))
    assert titles(items) == [f"第{number}号" for number in range(900) if number != 500]
    assert items[500] == Reject(str(tmp_path / "0500.txt"), items[500].reason)


def test_lines_have_their_numbers_however_many_they_are(tmp_path, when):
    lines = [json.dumps({"title": f"第{n}行", "text": "正" * 500}) for n in range(3_000)]
    lines[7], lines[2_999] = "{broken}", "{}"
    (tmp_path / "a.jsonl").write_text("\n\n" + "\n\n".join(lines))
    items = list(read([tmp_path / "a.jsonl"], **when))
    assert len(titles(items)) == 2_998
    assert [item.path.rpartition(":")[2] for item in items if isinstance(item, Reject)] == ["17", "6001"]


def test_empty_lines_without_end_take_no_time_each(when):
    data = b'{"title": "t", "text": "x"}\n' + b"\n" * 5_000_000 + b'{"title": "u", "text": "x"}\n'
    assert titles(read(["-"], stdin=io.BytesIO(data), **when)) == ["t", "u"]


def test_processes_that_die_lose_no_article(tmp_path, when, monkeypatch):
    for number in range(300):
        (tmp_path / f"{number:04}.txt").write_text(POST.replace("台北下雨", f"第{number}号"))
    parent = os.getpid()
    whole = detect_module.post.read_posts

    def dying(text, **arguments):
        if os.getpid() != parent:
            os._exit(1)
        return whole(text, **arguments)

    monkeypatch.setattr(detect_module.post, "read_posts", dying)
    assert titles(read([tmp_path], **when)) == [f"第{number}号" for number in range(300)]


def test_a_reader_that_is_killed_leaves_no_process_behind(tmp_path):
    for number in range(900):
        (tmp_path / f"{number:04}.txt").write_text(POST.replace("台北下雨", f"第{number}号"))
    program = """
import sys, time
from datetime import UTC, datetime
from indexer.sources import read
for number, item in enumerate(read([sys.argv[1]], zone=UTC, now=datetime.now(UTC))):
    if number == 500:
        print("reading", flush=True)
        time.sleep(600)
"""
    reader = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert reader.stdout.readline() == "reading\n"
    reader.kill()
    # Whoever still held the other end of the pipe would keep it open.
    assert reader.communicate(timeout=60)[0] == ""


ONE_LINE = '{"title": "新闻", "text": "正文"}\n'.encode()


def packed(line, times):
    """A Zstandard frame that unpacks to ``line`` and a great many times the second."""
    packer = zstandard.ZstdCompressor(level=3)
    with io.BytesIO() as target:
        with packer.stream_writer(target, closefd=False) as writer:
            for piece in line, *[times[0] * (1 << 20)] * times[1]:
                writer.write(piece)
        return target.getvalue()


@pytest.mark.parametrize("first", [ONE_LINE, b"{"])
def test_a_few_kilobytes_of_blank_lines_have_an_end(tmp_path, first):
    path = tmp_path / "blank.jsonl.zst"
    path.write_bytes(packed(first, (b"\n", 200)))
    assert path.stat().st_size < 50_000
    *articles, reject = read([path], zone=UTC, now=datetime(2026, 11, 22, tzinfo=UTC))
    assert [article.title for article in articles] == (["新闻"] if first == ONE_LINE else [])
    assert reject.reason


def test_lines_that_are_no_articles_have_an_end(tmp_path, monkeypatch):
    monkeypatch.setattr(detect_module, "MOST_WRONG", 100)
    path = tmp_path / "wrong.jsonl"
    path.write_bytes(ONE_LINE + b"x\n" * 99 + ONE_LINE + b"x\n" * 500)
    (tmp_path / "after.jsonl").write_bytes(ONE_LINE.replace("新闻".encode(), "又一条".encode()))
    found = list(read([path, tmp_path / "after.jsonl"], zone=UTC, now=datetime(2026, 11, 22, tzinfo=UTC)))
    rejects = [item for item in found if isinstance(item, Reject)]
    assert [item.title for item in found if isinstance(item, Article)] == ["新闻", "新闻", "又一条"]
    assert len(rejects) == 99 + 100 + 1
    assert "the last 100 lines are no articles" in rejects[-1].reason


@pytest.mark.parametrize(
    ("start", "between"),
    [
        ('{"version": "https://jsonfeed.org/version/1.1", "title": "早报", "items": [', ",\n"),
        ('{"total": 9, "articles": [', ","),
        ("[", ", "),
        ('{\n "title": "Starred",\n "items": [', ",\n"),
    ],
)
@pytest.mark.parametrize("end", ['{"title": "第三条", "content', "", '{"title": "第三条", "content_text": "丙。"}'])
def test_of_a_list_that_breaks_off_the_items_before_are_kept(start, between, end, tmp_path, when):
    item = '{{"id": "{0}", "title": "第{0}条", "content_text": "正文{0}。", "url": "https://a.example/{0}"}}'
    (tmp_path / "a.json").write_text(start + between.join([item.format(1), item.format(2), end]))
    *articles, reject = read([tmp_path / "a.json"], **when)
    assert [article.text for article in articles][:2] == ["正文1。", "正文2。"]
    assert isinstance(reject, Reject) and "ends before its end" in reject.reason


@pytest.mark.parametrize("edge", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "10000-01-01", "-1"])
def test_a_date_beyond_all_time_is_unknown(tmp_path, edge, when):
    lines = [{"title": f"第{number}行", "text": "正文", "published": "2020-09-15T08:00:00Z"} for number in range(3)]
    lines[1]["published"] = edge
    path = tmp_path / "lines.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines))
    items = list(read([path], **when))
    assert titles(items) == ["第0行", "第1行", "第2行"]
    assert [item.published is None for item in items] == [False, True, False]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (LINES, (["第二行"], ["file.txt:1"])),
        (POST, ([], ["file.txt"])),
        ("[" + LINES.replace("\n\n", ",").replace("\t", " ") + "]", (["第二行"], ["file.txt:1"])),
    ],
    ids=["lines", "post", "array"],
)
def test_what_nobody_thought_of_befalls_one_article(tmp_path, content, expected, when, monkeypatch):
    """A library's fault, or ours: the others are read, and the one is told."""

    def failing(real):
        def fails(value, **arguments):
            if "第一行" in str(value) or "台北" in str(value):
                raise ZeroDivisionError("x\x07y")
            return real(value, **arguments)

        return fails

    monkeypatch.setattr(detect_module.jsonl, "read_object", failing(detect_module.jsonl.read_object))
    monkeypatch.setattr(detect_module.post, "read_posts", failing(detect_module.post.read_posts))
    (tmp_path / "file.txt").write_text(content, "utf-8")
    (tmp_path / "other.txt").write_text(POST.replace("台北", "江城"), "utf-8")
    items = list(read([tmp_path], **when))
    assert titles(items) == [*expected[0], "江城下雨"]
    rejects = [item for item in items if isinstance(item, Reject)]
    assert [Path(item.path).name for item in rejects] == expected[1]
    assert {item.reason for item in rejects} == {"it could not be read: ZeroDivisionError: x y"}
