"""A text cut into tagged words, and what is claimed of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from indexer.entities.known import Kind
from indexer.text.characters import HAN_CLASS

_HAN = re.compile(f"[{HAN_CLASS}]+")


class Tokens:
    """The words of a text, their tags in jieba's letters (empty for words that were added), and where each starts."""

    def __init__(self, text: str, tagged: Sequence[tuple[str, str]]) -> None:
        self.text = text
        self.words: list[str] = [word for word, _ in tagged]
        self.tags: list[str] = [tag for _, tag in tagged]
        self.starts = list(accumulate(map(len, self.words), initial=0))

    def slice(self, first: int, behind: int) -> str:
        """The text from a token to the one before ``behind``."""
        return self.text[self.starts[first] : self.starts[behind]]

    def word(self, place: int) -> str:
        """The word of a token; empty beyond the ends."""
        return self.words[place] if 0 <= place < len(self.words) else ""

    def is_han(self, place: int) -> bool:
        """Whether a token is of Han characters."""
        return _HAN.fullmatch(self.word(place)) is not None


class Claim(NamedTuple):
    """A name from a token to the one before ``behind``; one of no ``kind`` is passed over.

    One that is not ``sure`` counts where the text has the same name for sure.
    """

    first: int
    behind: int
    kind: Kind | None
    sure: bool = True
