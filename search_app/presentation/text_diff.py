"""What changed between two versions of an article: paragraphs first, then characters within those that changed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal as OneOf

_UNIT = re.compile(r"[A-Za-z0-9]+|.", re.DOTALL)
_MAX_PAIRS = 4_000_000
"""Above this many pairs of units (two paragraphs of 2,000 characters) a paragraph counts as replaced as a whole."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that stayed, was taken out or was put in."""

    kind: OneOf["same", "deleted", "inserted"]
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the comparison; ``changed`` ones hold pieces that were deleted or inserted."""

    pieces: Sequence[Piece]

    @property
    def changed(self) -> bool:
        return any(piece.kind != "same" for piece in self.pieces)


def differences(old: str, new: str) -> list[Paragraph]:
    """Both versions in one, paragraph by paragraph (lines of the text, empty ones left out)."""
    before, after = ([line.strip() for line in text.split("\n") if line.strip()] for text in (old, new))
    paragraphs: list[Paragraph] = []
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            paragraphs += [Paragraph((Piece("same", line),)) for line in before[i:j]]
            continue
        gone, come = before[i:j], after[k:m]
        pairs = min(len(gone), len(come))
        paragraphs += [Paragraph(tuple(_within(a, b))) for a, b in zip(gone[:pairs], come[:pairs], strict=True)]
        paragraphs += [Paragraph((Piece("deleted", line),)) for line in gone[pairs:]]
        paragraphs += [Paragraph((Piece("inserted", line),)) for line in come[pairs:]]
    return paragraphs


def _within(old: str, new: str) -> Iterator[Piece]:
    before, after = _UNIT.findall(old), _UNIT.findall(new)
    if len(before) * len(after) > _MAX_PAIRS:
        yield Piece("deleted", old)
        yield Piece("inserted", new)
        return
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(before[i:j]))
            continue
        if j > i:
            yield Piece("deleted", "".join(before[i:j]))
        if m > k:
            yield Piece("inserted", "".join(after[k:m]))
