"""The fields of the index, and where each part of the contract stands in them."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.columns import NumericColumn
from whoosh.fields import COLUMN, TEXT, Schema
from whoosh.fields import ID as KEY

from indexer.engine.document import Batch
from indexer.engine.query import TextField
from indexer.tokens import Tokens

SCHEMA_VERSION: Final = 6
"""Changes with every change of the fields or of the file format: an index of another version must be rebuilt."""

GRAMS: Final[dict[TextField, str]] = {"text": "grams", "title": "title_grams", "captions": "caption_grams"}
"""The field that holds the gram stream of each text field."""

WORDS: Final = "words"
BOUNDARIES: Final = "boundaries"
"""Where sentences and paragraphs begin: positions in the space of ``GRAMS["text"]``."""
ID: Final = "id"
SOURCE: Final = "source"
AUTHOR: Final = "author"
SITE: Final = "site"
LANGUAGE: Final = "language"
PUBLISHED: Final = "published"
DISCOVERED: Final = "discovered"
STORY: Final = "story"


def schema() -> Schema:
    """The schema for Whoosh. Text comes analysed; where Whoosh itself reads a text field, spaces part its tokens."""
    tokens = SpaceSeparatedTokenizer()
    return Schema(
        **{
            WORDS: TEXT(tokens, phrase=False),
            GRAMS["text"]: TEXT(tokens),
            GRAMS["title"]: TEXT(tokens),
            GRAMS["captions"]: TEXT(tokens),
            BOUNDARIES: TEXT(tokens),
            ID: KEY(unique=True, sortable=True),
            SOURCE: KEY(sortable=True),
            AUTHOR: KEY(sortable=True),
            SITE: KEY(sortable=True),
            LANGUAGE: KEY(sortable=True),
            PUBLISHED: COLUMN(NumericColumn("q")),
            DISCOVERED: COLUMN(NumericColumn("q")),
            STORY: COLUMN(NumericColumn("q")),
        }
    )


def fields(batch: Batch) -> dict[str, Tokens]:
    """The tokens of each indexed field of a batch."""
    return {
        WORDS: batch.words,
        GRAMS["text"]: batch.grams,
        GRAMS["title"]: batch.title_grams,
        GRAMS["captions"]: batch.caption_grams,
        BOUNDARIES: batch.boundaries,
        ID: _keys(batch.ids),
        SOURCE: _keys(batch.sources),
        AUTHOR: _keys(list(map(joined, batch.authors))),
        SITE: _keys(batch.sites),
        LANGUAGE: _keys(batch.languages),
    }


def columns(batch: Batch) -> dict[str, Sequence[Any]]:
    """The values of each column of a batch."""
    return {
        ID: [value.encode() for value in batch.ids],
        SOURCE: [value.encode() for value in batch.sources],
        AUTHOR: [joined(names).encode() for names in batch.authors],
        SITE: [value.encode() for value in batch.sites],
        LANGUAGE: [value.encode() for value in batch.languages],
        PUBLISHED: batch.published,
        DISCOVERED: batch.discovered,
        STORY: [number_of(story) for story in batch.stories],
    }


def joined(names: Sequence[str]) -> str:
    """Several names as the one value of a column."""
    return _BETWEEN.join(names)


def several(value: str) -> list[str]:
    """The reverse of ``joined``."""
    return value.split(_BETWEEN) if value else []


_BETWEEN: Final = "\n"


def number_of(story: str) -> int:
    """A story's id as a signed number of 64 bits."""
    return int(story, 16) - _HALF


def story_of(number: int) -> str:
    """The reverse of ``number_of``."""
    return f"{number + _HALF:016x}"


_HALF = 1 << 63


def _keys(values: Sequence[str]) -> Tokens:
    """One token a document, the whole value; none where it is empty."""
    known: dict[str, int] = {}
    ids = [known.setdefault(value, len(known)) for value in values if value]
    offsets = np.cumsum([0, *(bool(value) for value in values)], dtype=np.int64)
    return Tokens(list(known), np.array(ids, np.uint32), offsets)
