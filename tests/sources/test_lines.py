"""The lines of documents, also where most are blank."""

import io
from datetime import UTC, datetime

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import SourceError
from indexer.sources import Reject, lines, read, reading
from indexer.sources.lines import numbered_lines

NOW = datetime(2026, 11, 22, tzinfo=UTC)
LINE = b'{"title": "\xe6\x96\xb0\xe9\x97\xbb"}\n'


def numbered(data, longest=1000, buffer=16):
    return list(numbered_lines(io.BufferedReader(io.BytesIO(data), buffer), longest))


PIECES = st.sampled_from([b"a", b"\n", b"\r\n", b" ", b"\t", b"\n\n\n", b"b c"])


@given(st.lists(PIECES).map(b"".join), st.integers(1, 40))
def test_each_line_that_is_not_blank_comes_with_its_number(data, buffer):
    found = io.BytesIO(data).readlines()
    expected = [(number, line) for number, line in enumerate(found, 1) if line.strip()]
    assert [(number, line.strip()) for number, line in numbered(data, buffer=buffer)] == [
        (number, line.strip()) for number, line in expected
    ]


def test_a_byte_order_mark_alone_is_blank():
    assert numbered(b"\xef\xbb\xbf\n\n" + LINE) == [(3, LINE)]


def test_a_line_may_be_so_long_and_no_longer():
    assert numbered(b"\n" + b"x" * 999 + b"\n") == [(2, b"x" * 999 + b"\n")]
    with pytest.raises(SourceError, match="line 2 is longer than"):
        numbered(b"\n" + b"x" * 1001)


@pytest.mark.parametrize("blank", [b"\n", b"\r\n", b" \t\n", b" " * 500 + b"\n"])
def test_blank_lines_have_an_end(monkeypatch, blank):
    monkeypatch.setattr(lines, "MOST_BLANK", 100_000)
    assert len(numbered(LINE + blank * (90_000 // len(blank)) + LINE)) == 2
    with pytest.raises(SourceError, match="blank lines"):
        numbered(LINE + blank * (200_000 // len(blank)) + LINE)


def packed(line, times):
    """A Zstandard frame that unpacks to ``line`` and a great many times the second."""
    packer = zstandard.ZstdCompressor(level=3)
    with io.BytesIO() as target:
        with packer.stream_writer(target, closefd=False) as writer:
            for piece in line, *[times[0] * (1 << 20)] * times[1]:
                writer.write(piece)
        return target.getvalue()


def test_a_few_kilobytes_of_blank_lines_are_read_at_once(tmp_path):
    path = tmp_path / "blank.jsonl.zst"
    path.write_bytes(packed(LINE, (b"\n", 200)))
    assert path.stat().st_size < 50_000
    article, reject = read([path], zone=UTC, now=NOW)
    assert article.title == "新闻"
    assert "blank lines" in reject.reason


def test_lines_that_are_no_articles_have_an_end(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MOST_WRONG", 100)
    path = tmp_path / "wrong.jsonl"
    path.write_bytes(LINE + b"x\n" * 99 + LINE + b"x\n" * 500 + LINE)
    found = list(read([path], zone=UTC, now=NOW))
    rejects = [item for item in found if isinstance(item, Reject)]
    assert len(found) - len(rejects) == 2
    assert len(rejects) == 99 + 100 + 1
    assert "the last 100 lines are no articles" in rejects[-1].reason
