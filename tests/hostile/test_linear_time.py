"""What an article costs grows with its length, whatever it holds: measured by doubling, in the time of this process.

No figure is absolute but the one below which nothing is of interest. Each size is measured twice and the shorter time
counts, so that a busy machine only makes the test slower. Linear work of eight times the size takes about eight times
as long, quadratic work sixty-four times.
"""

import gc
import random
import time
from collections.abc import Callable

import pytest

from indexer.extraction.parting import part_markup
from search_app.presentation.html.article_html import Shown, article_html
from search_app.presentation.html.marking import paragraphs
from search_app.presentation.text_diff import differences
from tests.search_app.search.test_snippets import highlighter

pytestmark = pytest.mark.hostile

SIZES = (400, 800, 3_200)
DOUBLINGS = 3
RATIO = 24
"""Three times what linear work takes, a third of what quadratic work takes."""

LEAST = 0.002
"""Seconds of CPU below which an algorithm is of no interest."""

CLOCK = 0.05
"""Seconds of CPU that are measured together: some systems count them in steps of 4 ms."""


def once(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def shortest(work: Callable[[], object]) -> float:
    def several() -> float:
        times, start = 0, time.process_time()
        while (spent := time.process_time() - start) < CLOCK:
            work()
            times += 1
        return spent / times

    return min(several() for _ in range(2))


def assert_linear(work: Callable[[int], Callable[[], object]]) -> None:
    """``work(size)`` prepares what is measured. Measured again, and larger, before it counts as more than linear."""
    gc.collect()
    gc.freeze()  # neither what is measured nor the next call need go through all that is there already
    for size in SIZES:
        if once(work(size << DOUBLINGS)) <= RATIO * LEAST:
            return  # whatever the small one takes
        small, large = shortest(work(size)), shortest(work(size << DOUBLINGS))
        if large <= RATIO * max(small, LEAST):
            return
    raise AssertionError(f"{size}: {small:.4f} s, {size << DOUBLINGS}: {large:.4f} s")


def lines(mark: str, count: int) -> list[str]:
    return [f"{mark}第{number}段不同的文字" for number in range(count)]


def in_paragraphs(texts: list[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


MARKUP: dict[str, Callable[[int], str]] = {
    "empty elements in each other": lambda n: "<div>" * n + "</div>" * n,
    "empty elements of all kinds in each other": lambda n: "<p><b><ul><li>" * n,
    "blocks that are not closed": lambda n: "<blockquote>文" * n,
    "inline elements that are not closed": lambda n: "<b>" * n + "文",
    "inline elements that reach over paragraphs": lambda n: "<b><p>文" * n,
    "different inline elements, then paragraphs": lambda n: "".join(f"<b lang=x{i}>" for i in range(n)) + "<p>文" * n,
    "a long link over many paragraphs": lambda n: f"<a href=/{'x' * 1_900}>" + "<p>文" * n,
    "tables in tables": lambda n: "<table><tr><td>" * n,
    "text in a table but in no cell": lambda n: "<table>" + "文<b>字</b>" * n,
    "rows without cells": lambda n: "<table><tr>" + "文<tr>" * n,
    "lists in lists": lambda n: "<ul><li>文" * n,
    "terms that are not closed": lambda n: "<dl>" + "<dd><div>文" * n,
    "end tags of nothing": lambda n: "<div>" * 60 + "</span></p></td></h2>" * n,
    "dropped elements in each other": lambda n: "<aside>" * n + "</aside>" * n,
    "scripts that are not closed": lambda n: "<script>" * n,
    "drawings that are not closed": lambda n: "<svg><p>" * n,
    "comments that are not closed": lambda n: "<!--" * n,
    "declarations that are not closed": lambda n: "<!x" * n,
    "tags that are not closed": lambda n: "<a " * n,
    "quotes that are not closed": lambda n: "<a b='" * n,
    "less-than signs": lambda n: "<" * n,
    "attributes": lambda n: "<a " + " ".join(f"a{i}='1'" for i in range(n)) + " href=/x>文</a>",
    "attributes without names": lambda n: "<a " + "=" * n + ">文",
    "blanks in a tag": lambda n: "<a b" + " " * n,
    "character references": lambda n: "&amp;" * 4 * n,
    "ampersands": lambda n: "&" * 4 * n,
    "a number of thousands of digits": lambda n: f"&#{'9' * 100 * n};",
    "a picture in its own address": lambda n: f"<img src='data:image/png;base64,{'A' * 100 * n}'>",
    "pictures": lambda n: "".join(f"<img src=/{i}.jpg>" for i in range(n)),
    "links": lambda n: "<a href=/x>文</a>" * n,
    "readings": lambda n: "<ruby>漢<rt>" * n,
    "paragraphs": lambda n: in_paragraphs(lines("", n)),
    "paragraphs of blanks": lambda n: "<p>&nbsp;</p>" * n,
    "one line": lambda n: "文" * 100 * n,
    "matches across tags": lambda n: "<p>疫<b>苗</b></p>" * n,
}


@pytest.mark.parametrize("kind", MARKUP)
def test_cleaning_markup_takes_linear_time(kind: str) -> None:
    highlight = highlighter("疫苗").title

    def work(size: int) -> Callable[[], object]:
        markup = MARKUP[kind](size)
        return lambda: article_html(markup, "https://news.example/1", "Picture", highlight)

    assert_linear(work)


@pytest.mark.parametrize("kind", MARKUP)
def test_parting_markup_takes_linear_time(kind: str) -> None:
    def work(size: int) -> Callable[[], object]:
        markup = MARKUP[kind](size)
        return lambda: part_markup(markup, title="文")

    assert_linear(work)


TEXTS: dict[str, Callable[[int], str]] = {
    "the same lines": lambda n: "\n".join(lines("", n)),
    "other lines": lambda n: "\n".join(lines("别的", n)),
    "all in one line": lambda n: "".join(lines("", n)),
    "all in one line, backwards": lambda n: "".join(lines("", n)[::-1]),
    "only their beginning": lambda n: "\n".join(lines("", n // 2)),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_leaving_out_what_is_not_the_article_takes_linear_time(kind: str) -> None:
    def work(size: int) -> Callable[[], object]:
        markup, text = in_paragraphs(lines("", size)), TEXTS[kind](size)
        return lambda: article_html(markup, "", "Picture", shown=Shown(text))

    assert_linear(work)


def test_marking_plain_text_takes_linear_time() -> None:
    def work(size: int) -> Callable[[], object]:
        text = "疫苗\n" * size
        spans = [(start, start + 2) for start in range(0, len(text), 3)]
        return lambda: paragraphs(text, lambda _: spans)

    assert_linear(work)


def shuffled(texts: list[str]) -> list[str]:
    return random.Random(1).sample(texts, len(texts))


def noise(letters: str, length: int, seed: int) -> str:
    return "".join(random.Random(seed).choices(letters, k=length))


VERSIONS: dict[str, Callable[[int], tuple[str, str]]] = {
    "other paragraphs": lambda n: ("\n".join(lines("甲", n)), "\n".join(lines("乙", n))),
    "paragraphs in another order": lambda n: ("\n".join(lines("", n)), "\n".join(shuffled(lines("", n)))),
    "few paragraphs again and again": lambda n: (
        "\n".join(noise("甲乙丙", 6 * n, 1)),
        "\n".join(noise("甲乙丙", 6 * n, 2)),
    ),
    "one paragraph of few letters": lambda n: (noise("甲乙", 20 * n, 1), noise("甲乙", 20 * n, 2)),
    "paragraphs of the greatest length that is compared": lambda n: (
        "\n".join(noise("甲乙丙", 1_900, i) for i in range(n // 250)),
        "\n".join(noise("甲乙丙", 1_900, -i) for i in range(n // 250)),
    ),
    "one letter": lambda n: ("的" * 20 * n, "的" * 20 * n + "一"),
}


@pytest.mark.parametrize("kind", VERSIONS)
def test_comparing_versions_takes_linear_time(kind: str) -> None:
    def work(size: int) -> Callable[[], object]:
        old, new = VERSIONS[kind](size)
        return lambda: differences(old, new)

    assert_linear(work)


LONG: dict[str, Callable[[int], str]] = {
    "matches": lambda n: "疫苗，" * 10 * n,
    "no match": lambda n: "今天有人说，" * 10 * n,
    "half matches": lambda n: "疫" * 20 * n,
    "characters that grow": lambda n: "㍿" * 4 * n,
    "one mark again and again": lambda n: "e" + "\u0301" * 10 * n,
    "marks in the wrong order": lambda n: "e" + "\u0301\u0323" * 5 * n,
    "joiners": lambda n: "👨\u200d" * 4 * n,
}


@pytest.mark.parametrize("kind", LONG)
def test_highlights_and_snippets_take_linear_time(kind: str) -> None:
    lighter = highlighter("疫苗 总统 e 👨 " + " ".join(chr(0x4E00 + 31 * i) + chr(0x4E00 + 17 * i) for i in range(60)))

    def work(size: int) -> Callable[[], object]:
        text = LONG[kind](size)
        return lambda: (lighter.title(text), lighter.snippet(text))

    assert_linear(work)
