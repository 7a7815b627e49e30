"""The lines of a document that has any number of them, also where most are blank."""

import codecs
import io
from collections.abc import Iterator

from indexer.errors import SourceError

MOST_BLANK = 32 * 1024 * 1024
"""Bytes of blank lines in a row; a few kilobytes can unpack to any number of them."""

_BLANKS = b" \t\r\n"


def numbered_lines(stream: io.BufferedReader, longest: int) -> Iterator[tuple[int, bytes]]:
    """Each line that is not blank, with its number, from 1. Blank ones are skipped a buffer at a time.

    Raises ``SourceError`` for a line of more than ``longest`` bytes, and for more than ``MOST_BLANK`` blanks in a row.
    """
    number, blank = 1, 0
    while True:
        start = stream.peek(1)
        skipped = start.rfind(b"\n", 0, len(start) - len(start.lstrip(_BLANKS))) + 1
        if skipped:
            number += start.count(b"\n", 0, skipped)
            stream.read(skipped)
            line = b""
        else:
            line = stream.readline(longest + 1)
            if not line:
                return
            if len(line) > longest:
                raise SourceError(f"line {number} is longer than {longest // 2**20} MB")
        content = line.strip(_BLANKS + codecs.BOM_UTF8)
        if content:
            yield number, line
        number += line.endswith(b"\n")
        blank = 0 if content else blank + skipped + len(line)
        if blank > MOST_BLANK:
            raise SourceError(f"line {number} follows on more than {MOST_BLANK // 2**20} MB of blank lines")
