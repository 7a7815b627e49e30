"""The lexicon's file: what is written reads back, and no content of it is an error."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.text.lexicon import FILE, MOST_ENTRIES, Lexicon, build_lexicon

WRONG = ["甲乙", "甲乙\t三", "甲乙\t3\t4", "甲 乙\t3", "a" * 99 + "\t3", "\x1b甲\t3", "甲乙\t" + "9" * 99]
FOREIGN = [b"", b"\xff\x00\xfe\n" * 9, b"xunwen lexicon 0\n", bytes(range(256)) * 40]
ARTICLES = st.lists(st.tuples(st.text(max_size=30), st.text(max_size=60)), max_size=5)


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_line_is_left_out_and_named(tmp_path: Path, line: str) -> None:
    (tmp_path / FILE).write_text(f"xunwen lexicon 1\n丙丁\t5\n{line}\n戊己\t4\n", "utf-8")
    lexicon = Lexicon.load(tmp_path / FILE)
    assert lexicon.counts == {"丙丁": 5, "戊己": 4}
    assert [str(problem) for problem in lexicon.problems] == [
        "lexicon.tsv, line 3: expected a word, a tab and a number"
    ]


@pytest.mark.parametrize("content", FOREIGN)
def test_what_is_no_lexicon_is_an_empty_one_and_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    lexicon = Lexicon.load(tmp_path / FILE)
    assert len(lexicon) == 0
    assert len(lexicon.problems) == 1


def test_a_lexicon_of_too_many_entries_is_cut(tmp_path: Path) -> None:
    entries = "".join(f"{chr(0x4E00 + n // 20_000)}{chr(0x4E00 + n % 20_000)}\t3\n" for n in range(MOST_ENTRIES + 9))
    (tmp_path / FILE).write_text("xunwen lexicon 1\n" + entries, "utf-8")
    lexicon = Lexicon.load(tmp_path / FILE)
    assert len(lexicon) == MOST_ENTRIES
    assert len(lexicon.problems) == 1


@given(ARTICLES, st.lists(st.text(min_size=1), max_size=5))
def test_whatever_is_counted_reads_back_equal(articles: list[tuple[str, str]], names: list[str]) -> None:
    lexicon = build_lexicon(articles * 3, 1, dict.fromkeys(names, 3))
    with TemporaryDirectory() as folder:
        lexicon.save(Path(folder) / FILE)
        read = Lexicon.load(Path(folder) / FILE)
    assert list(read.counts.items()) == list(lexicon.counts.items())
    assert read.problems == ()


def test_text_that_no_archive_should_hold_is_counted_all_the_same() -> None:
    lexicon = build_lexicon([("\ud800电车", "电车\udfff" * 9)] * 5, 5, {})
    assert lexicon.counts["电车"] == 5
