"""What reading a document costs grows with its length, whatever it holds; measured as in ``test_linear_time``."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from indexer.sources.detect import read_document
from indexer.sources.labels import read_line, shown_source, without_updates
from indexer.sources.readers import board, mail, org, table
from tests.hostile.test_linear_time import assert_linear

pytestmark = pytest.mark.hostile

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PAGE = "<html><head><title>题</title></head><body>"
RSS = "<rss version='2.0'><channel><title>早报</title><item><title>甲</title><description>"
END = "</description></item></channel></rss>"

DOCUMENTS: dict[str, Callable[[int], str]] = {
    "CDATA that is not closed": lambda n: RSS + "<![CDATA[文" * n + END,
    "CDATA sections": lambda n: RSS + "<![CDATA[文]]>" * n + END,
    "bare ampersands": lambda n: RSS + "AT&T & " * n + END,
    "comments behind a feed": lambda n: RSS + END + "<!-- -->" * n + "x",
    "comments behind a feed that are not closed": lambda n: RSS + END + "<!--" * n,
    "elements of a feed that breaks off": lambda n: RSS + "<b>文" * n,
    "tags of a feed that breaks off": lambda n: RSS + "<" * n,
    "footnotes": lambda n: "# 题\n\n" + "".join(f"甲[^{i}]\n\n[^{i}]: 乙\n\n" for i in range(n // 4)),
    "footnotes of nothing": lambda n: "# 题\n\n" + "".join(f"[^{i}]: 乙\n" for i in range(n)),
    "footnotes that are not closed": lambda n: "# 题\n\n" + "[^" * n,
    "pictures": lambda n: "# 题\n\n" + "![说明文字](a.png) " * n,
    "front matter that is not closed": lambda n: "---\n" + "key: 值\n" * n,
    "front matter in prose": lambda n: "---\ntitle: 题\n" + "文字。\n" * n,
    "keys of Logseq": lambda n: "title:: 题\n" + "key:: 值：\n" * n,
    "comments before a heading": lambda n: "<!---->" * n + "# 题\n\n文",
    "a list of JSON that breaks off": lambda n: '{"title": "源", "items": [' + '{"title": "甲", "content": "文"}, ' * n,
    "lists in lists of JSON": lambda n: '{"items": [' * n,
    "labels": lambda n: "题\n" + "来源：甲 作者：乙 " * n + "\n文。",
    "lines of labels": lambda n: "题\n" + "来源：甲 作者：乙\n" * n + "\n文。",
    "tags in a tag's name": lambda n: PAGE + "<html*9" * n,
    "attributes named by equals signs": lambda n: PAGE + "<p " + "".join(f"={i}==\n" for i in range(n)) + ">文",
    "comments in a text": lambda n: PAGE + "文<!-- -->" * n,
    "instructions in a text": lambda n: PAGE + "文<?x>" * n,
    "hidden elements in a text": lambda n: PAGE + "文<b hidden></b>" * n,
    "scripts in a text": lambda n: PAGE + "文<script></script>" * n,
    "signatures of a board": lambda n: "发信人: 甲\n标题: 题\n\n" + "--\n※ 文\n" * n,
}


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_any_document_is_read_in_linear_time(document: Callable[[int], str]) -> None:
    def work(size: int) -> Callable[[], object]:
        data = document(size).encode()
        return lambda: read_document(data, url="https://a.example/a.md", encoding="", zone=UTC, now=NOW)

    assert_linear(work)


TEXTS: dict[str, tuple[Callable[[str], object], Callable[[int], str]]] = {
    "drawers that are not closed": (org.read_org, lambda n: "#+TITLE: 题\n" + ":A:\n" * n),
    "emphasis that is not closed": (org.read_org, lambda n: "#+TITLE: 题\n" + " *甲" * n),
    "links that are not closed": (org.read_org, lambda n: "#+TITLE: 题\n" + "[[甲" * n),
    "quotes in a table": (
        lambda text: list(table.read_table(text, "a.csv", zone=UTC, now=NOW)), lambda n: "title,text\n" + '"甲,' * n
    ),
    "heads of letters": (lambda text: mail.looks_like_mail(text.encode()), lambda n: "A: b\n" * n),
    "letters of a mailbox": (lambda text: mail.letters(text.encode()), lambda n: "From a 10:00\nA: b\n\n" * n),
    "a board's head": (board.split, lambda n: "发信人: 甲\n" * n),
    "a line of labels": (lambda text: read_line(text, zone=UTC), lambda n: "来源：" * n),
    "sources on a page": (lambda text: shown_source(text, "题"), lambda n: "来源：甲乙 " * n),
    "updates on a page": (without_updates, lambda n: "更新时间：2024-01-05 发布：2 " * n),
}  # fmt: skip


@pytest.mark.parametrize(("read", "text"), TEXTS.values(), ids=TEXTS)
def test_any_text_is_taken_apart_in_linear_time(read: Callable[[str], object], text: Callable[[int], str]) -> None:
    def work(size: int) -> Callable[[], object]:
        data = text(size)
        return lambda: read(data)

    assert_linear(work)
