"""What an engine stores: analysed articles, in batches."""

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Batch:
    """Analysed articles; entry ``i`` of every member belongs to the same one, ids are unique within the batch.

    ``words``: jieba words, the title's repeated (see ``Bag``). ``grams``: title, a break, body. ``title_grams``:
    the title alone, ``caption_grams`` the captions. ``boundaries``: ``tokens.SENTENCE`` and ``tokens.PARAGRAPH`` at the
    positions of ``grams`` where one begins, so that every article has both at its first. ``authors``: the names of
    each. ``published``: UTC epoch seconds or ``None``; ``discovered``: UTC epoch seconds. ``sites``: lower-case hosts,
    ``""`` if there is none. ``languages``: BCP 47 tags. ``stories``: the id of the article that each one's story began
    with, which is its own where no other belongs to it; 16 hex digits.
    """

    ids: Sequence[str]
    words: Tokens
    grams: Tokens
    title_grams: Tokens
    caption_grams: Tokens
    boundaries: Tokens
    sources: Sequence[str]
    authors: Sequence[Sequence[str]]
    sites: Sequence[str]
    languages: Sequence[str]
    published: Sequence[int | None]
    discovered: Sequence[int]
    stories: Sequence[str]

    def __len__(self) -> int:
        return len(self.ids)
