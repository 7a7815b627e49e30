"""Everything that matches, as CSV and JSON lines."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from search_app.api.export import csv_lines, json_lines
from search_app.cli import main
from search_app.presentation.json_encoding import encode
from search_app.search.results import ResultHit, Snippet

MOMENT = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
words = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=20)


def hit(title, text):
    return ResultHit("0" * 16, "https://a.example/", title, "来源", "", None, MOMENT, 1.5, (), Snippet(text))


def rows(*hits):
    return [encode(each, str) for each in hits]


def titles_in_csv(title):
    """The rows of a table of one title."""
    written = "".join(csv_lines(rows(hit(title, "")), ["title", "source"])).removeprefix("\ufeff")
    return [row[:1] for row in csv.reader(io.StringIO(written, newline=""))][1:]


@given(st.lists(st.tuples(words, words), max_size=5))
def test_csv_gives_back_every_text_except_that_formulas_are_quoted(texts):
    written = "".join(csv_lines(rows(*(hit(*pair) for pair in texts)), ("id", "title", "title_highlights", "snippet")))
    assert written.startswith("\ufeff")
    header, *cells = csv.reader(io.StringIO(written.removeprefix("\ufeff"), newline=""))
    assert header == ["id", "title", "snippet"]
    for (title, text), (_, shown_title, shown_text) in zip(texts, cells, strict=True):
        for original, shown in ((title, shown_title), (text, shown_text)):
            assert not shown.startswith(("=", "+", "-", "@", "\t"))
            assert shown in (original, "'" + original)


@pytest.mark.parametrize("text", ["=1+1", "＝1+1", "＋1", "－1", "＠A1", " =1", "\n=1", "\u200b=1", "\ufeff＝1", "\t1"])
def test_no_cell_can_be_a_formula(text):
    [_, row] = csv.reader(
        io.StringIO("".join(csv_lines(rows(hit(text, "")), ["title"])).removeprefix("\ufeff"), newline="")
    )
    assert row == ["'" + text]


@pytest.mark.parametrize("text", ["疫苗", "", " 疫苗", "1=1", "\u200b疫苗"])
def test_other_cells_stay_as_they_are(text):
    [_, *cells] = csv.reader(
        io.StringIO("".join(csv_lines(rows(hit(text, "")), ["title"])).removeprefix("\ufeff"), newline="")
    )
    assert cells == [[text]]


@given(st.lists(st.tuples(words, words), max_size=5))
def test_json_lines_give_back_every_text(texts):
    lines = list(json_lines(rows(*(hit(*pair) for pair in texts))))
    assert all(line.endswith("\n") and "\n" not in line[:-1] for line in lines)
    assert [(found["title"], found["snippet"]["text"]) for found in map(json.loads, lines)] == texts


def test_the_terminal_exports_what_the_api_does(client, library):
    arguments = ["--data", str(library.data), "search", "关税", "--export", "jsonl"]
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    assert result.output == client.get("/api/v1/search?q=关税&format=jsonl").get_data(as_text=True)
