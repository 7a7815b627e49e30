"""What an engine stores: analysed articles, in batches of arrays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one field of a batch of documents.

    Document ``i`` holds ``vocabulary[t] for t in ids[offsets[i]:offsets[i + 1]]``; a token's position is its index
    within the document. ``ids`` is uint32, ``offsets`` int64 with one entry more than documents. The vocabulary has no
    duplicates, in any order, and may hold tokens that no document uses.
    """

    vocabulary: Sequence[str]
    ids: npt.NDArray[np.uint32]
    offsets: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def lists(self) -> Iterator[list[str]]:
        """Each document's tokens as strings, for engines that take text."""
        vocabulary = self.vocabulary
        for start, end in zip(self.offsets[:-1].tolist(), self.offsets[1:].tolist(), strict=True):
            yield [vocabulary[i] for i in self.ids[start:end].tolist()]

    @classmethod
    def from_lists(cls, documents: Sequence[Sequence[str]]) -> Tokens:
        """The same from plain lists: for tests, and for small inputs."""
        known: dict[str, int] = {}
        ids = [known.setdefault(token, len(known)) for document in documents for token in document]
        lengths = np.fromiter(map(len, documents), np.int64, len(documents))
        return cls(list(known), np.array(ids, np.uint32), np.concatenate(([0], np.cumsum(lengths))).astype(np.int64))


@dataclass(frozen=True, slots=True)
class Batch:
    """Analysed articles; entry ``i`` of every member belongs to the same one, ids are unique within the batch.

    ``words``: jieba words, the title's repeated (see ``Bag``). ``grams``: title, a break, body. ``title_grams``: the
    title alone. ``published``: UTC epoch seconds or ``None``; ``discovered``: UTC epoch seconds. ``sites``: lower-case
    hosts, ``""`` if there is none. ``languages``: BCP 47 tags.
    """

    ids: Sequence[str]
    words: Tokens
    grams: Tokens
    title_grams: Tokens
    sources: Sequence[str]
    sites: Sequence[str]
    languages: Sequence[str]
    published: Sequence[int | None]
    discovered: Sequence[int]

    def __len__(self) -> int:
        return len(self.ids)
