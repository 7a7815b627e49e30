"""Token columns: what analysis hands to an engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, overload

import numpy as np
import numpy.typing as npt

from indexer.arrays import offsets_of, slices


@dataclass(frozen=True, slots=True, eq=False)
class Spellings(Sequence[str]):
    """Strings as code points laid end to end, string ``i`` at ``points[offsets[i]:offsets[i + 1]]``.

    A batch has a hundred thousand different grams: an engine that works on numbers needs no object for each.
    """

    points: npt.NDArray[np.uint32]
    offsets: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return list(self)[index]
        start, end = self.offsets[:-1][index], self.offsets[1:][index]
        return self.points[start:end].tobytes().decode("utf-32-le")

    def __iter__(self) -> Iterator[str]:
        text = self.points.tobytes().decode("utf-32-le")
        return (text[start:end] for start, end in pairwise(self.offsets.tolist()))


SENTENCE, PARAGRAPH = "s", "p"
"""Tokens that stand where a sentence or a paragraph begins, in positions of another field."""


class Places(NamedTuple):
    """Where tokens stand that do not follow one another.

    ``positions`` has the shape of ``Tokens.ids``, ascending within each document; ``spans`` has one number a document,
    above all its positions.
    """

    positions: npt.NDArray[np.uint32]
    spans: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one field of a batch of documents.

    Document ``i`` holds ``vocabulary[t] for t in ids[offsets[i]:offsets[i + 1]]``; a token's position is its index
    within the document unless ``places`` says otherwise. ``ids`` is uint32, ``offsets`` int64 with one entry more than
    documents. The vocabulary has no duplicates, in any order, and may hold tokens that no document uses.
    """

    vocabulary: Sequence[str]
    ids: npt.NDArray[np.uint32]
    offsets: npt.NDArray[np.int64]
    places: Places | None = None

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def spans(self) -> npt.NDArray[np.int64]:
        """How many positions each document takes."""
        return np.diff(self.offsets) if self.places is None else self.places.spans

    def part(self, documents: slice) -> Tokens:
        """Some documents, from ``start`` to before ``stop``."""
        places = None if self.places is None else Places(self.places.positions, self.places.spans[documents])
        return Tokens(self.vocabulary, self.ids, self.offsets[documents.start : documents.stop + 1], places)

    def lists(self) -> Iterator[list[str]]:
        """Each document's tokens as strings, for engines that take text."""
        vocabulary = list(self.vocabulary)
        for start, end in zip(self.offsets[:-1].tolist(), self.offsets[1:].tolist(), strict=True):
            yield [vocabulary[i] for i in self.ids[start:end].tolist()]

    def regrouped(self, rows: npt.NDArray[np.int64]) -> Tokens:
        """New documents made of these: document ``i`` is documents ``rows[i, 0], rows[i, 1], …`` one after another."""
        starts, ends = self.offsets[rows], self.offsets[rows + 1]
        lengths = ends - starts
        return Tokens(
            self.vocabulary, self.ids[slices(starts.ravel(), lengths.ravel())], offsets_of(lengths.sum(axis=1))
        )

    @classmethod
    def from_lists(cls, documents: Sequence[Sequence[str]]) -> Tokens:
        """The same from plain lists: for tests, and for small inputs."""
        known: dict[str, int] = {}
        ids = [known.setdefault(token, len(known)) for document in documents for token in document]
        return cls(list(known), np.array(ids, np.uint32), offsets_of([len(document) for document in documents]))
