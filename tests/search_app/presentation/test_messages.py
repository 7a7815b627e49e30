"""Every error and note has words in every language, and every code is documented."""

import ast
import re
from pathlib import Path
from typing import get_args

import pytest
from flask_babel import gettext
from werkzeug.exceptions import ImATeapot

from indexer.errors import QueryError
from search_app.presentation.errors import _STATUS, problem_of
from search_app.presentation.messages import (
    ERRORS,
    NOTES,
    error_text,
    note_text,
    query_error_line,
    quoted,
    terminal_gettext,
)
from search_app.query.notes import Note, NoteCode

ROOT = Path(__file__).parents[3]
DOCUMENTED = re.findall(r"`([a-z_]+)`", (ROOT / "docs/api.md").read_text("utf-8").partition("## Errors")[2])
TRANSLATED = [{"LANG": "zh_CN.UTF-8"}, {"LC_ALL": "zh_TW.UTF-8", "LANG": "en_US"}, {"LC_MESSAGES": "zh_HK"}]


def raised_codes() -> set[str]:
    """The code of every ``QueryError`` that is made anywhere."""
    found = set()
    for path in (ROOT / "search_app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "QueryError":
                assert isinstance(node.args[0], ast.Constant)
                found.add(node.args[0].value)
    return found


def test_every_code_has_words_and_is_documented() -> None:
    codes = raised_codes() | {code for _, code in _STATUS.values()}
    assert len(codes) > 15
    assert codes <= ERRORS.keys()
    assert codes <= set(DOCUMENTED)
    assert ERRORS.keys() <= set(DOCUMENTED)


def test_every_note_has_words() -> None:
    assert NOTES.keys() == set(get_args(NoteCode))


@pytest.mark.parametrize("environment", TRANSLATED, ids=str)
def test_every_text_is_in_the_language_of_the_terminal(environment: dict[str, str]) -> None:
    gettext = terminal_gettext(environment)
    for code in ERRORS:
        text = error_text(code, "abc", gettext)
        assert text != error_text(code, "abc", str)
        assert re.search("[一-鿿]", text)
    for code in NOTES:
        assert re.search("[一-鿿]", note_text(Note(code, ("x",), 1, 2), gettext))


@pytest.mark.parametrize(
    "environment", [{}, {"LANG": "C.UTF-8"}, {"LC_ALL": "de_DE"}, {"LC_ALL": "C", "LANG": "zh_CN"}]
)
def test_other_terminals_are_spoken_to_in_english(environment: dict[str, str]) -> None:
    assert error_text("bad_date", "x", terminal_gettext(environment)) == (
        "This is not a date that can be understood: “x”"
    )


def test_a_mistake_is_one_line_that_names_what_is_allowed() -> None:
    error = QueryError("bad_choice", field="sort", given="best", allowed=("relevance", "newest"))
    assert query_error_line(error, str) == "This value is not allowed here: “best” (sort: relevance, newest)"


def test_what_was_typed_is_repeated_up_to_a_length() -> None:
    assert len(quoted("长" * 10_000, str)) < 50
    assert "%(given)s" in error_text("bad_date", "%(given)s", str)  # what was typed is no pattern


@pytest.mark.parametrize("language", ["en", "zh-CN", "zh-TW"])
@pytest.mark.parametrize(
    "address", ["/?q=x&lang=!!", "/?q=x&recency=zz", "/?q=site:[", "/?q=x&from=soon", "/?q=x&limit=0"]
)
def test_a_page_speaks_of_mistakes_in_one_language(client, language, address) -> None:
    answers = {
        "page": client.get(address, headers={"Accept-Language": language}).get_data(as_text=True),
        "api": client.get("/api/v1/search" + address[1:], headers={"Accept-Language": language}).get_json(),
    }
    message = answers["api"]["error"]["message"]
    assert message in answers["page"].replace("&#34;", '"')
    assert bool(re.search("[一-鿿]", message)) == (language != "en")


def test_an_error_without_words_of_its_own_has_those_of_its_kind(client) -> None:
    with client.application.test_request_context():
        assert problem_of(ImATeapot()).text == error_text("bad_request", "", gettext)
