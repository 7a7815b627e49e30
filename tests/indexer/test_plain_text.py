"""Foreign text on one plain line."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import FetchError
from indexer.plain_text import error_line, plain_line, plain_lines


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("一条新闻", "一条新闻"),
        ("  two\r\n lines\t", "two lines"),
        ("\x1b[2J\x1b]0;pwn\x07", "[2J ]0;pwn"),
        ("\x9b31mred\x85next", "31mred next"),
        ("\u202egnp.exe\u2066 \u200bx\ufeff", "gnp.exe x"),
        ("a\ud800b", "a\ufffdb"),
        ("👩\u200d👩", "👩\u200d👩"),
        ("\x00\x1b\u202e", ""),
    ],
)
def test_what_a_terminal_would_obey_is_not_in_it(text, line):
    assert plain_line(text) == line


def test_a_long_text_is_cut_and_says_so():
    assert plain_line("长" * 301) == "长" * 299 + "…"
    assert plain_line("长" * 300) == "长" * 300
    assert plain_line("x" * 50_000_000, 10) == "x" * 9 + "…"
    assert plain_line("\u200b" * 5000 + "x") == "…"


@given(st.text(st.characters()), st.integers(1, 50))
def test_any_text_becomes_a_line_that_can_be_printed(text, longest):
    line = plain_line(text, longest)
    assert len(line) <= longest
    assert plain_line(line, longest) == line
    line.encode()
    assert not {unicodedata.category(character) for character in line} & {"Cc", "Cs", "Zl", "Zp"}
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c") & set(line)


@given(st.text(st.characters()))
def test_a_message_of_several_lines_keeps_them(text):
    assert plain_lines(text).count("\n") == text.count("\n")
    assert plain_lines("two:\n  a\x1b[2J\n  b") == "two:\n  a [2J\n  b"


class Speechless(Exception):
    def __str__(self) -> str:
        raise ValueError("no words")


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (FetchError("HTTP 404"), "HTTP 404"),
        (FetchError(""), "FetchError"),
        (ValueError("a\nb"), "ValueError: a b"),
        (MemoryError(), "MemoryError"),
        (Speechless(), "Speechless"),
        (OSError("http://me:secret@example.org/"), "OSError: http://***@example.org/"),
        (ExceptionGroup("two", [ValueError()]), "ExceptionGroup: two (1 sub-exception)"),
    ],
)
def test_every_error_can_be_told_in_a_line(error, line):
    assert error_line(error) == line


def test_an_error_of_any_length_can_be_told():
    assert len(error_line(ValueError("x" * 10_000_000))) <= 300
