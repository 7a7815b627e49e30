"""A naive index of documents as dicts, and an index read back document by document, to compare it with."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from whoosh import analysis, fields

from indexer.engine.whoosh import columnar

SCHEMA = fields.Schema(
    id=fields.ID(stored=True, unique=True),
    body=fields.TEXT(analyzer=analysis.SpaceSeparatedTokenizer(), phrase=True),
    tags=fields.TEXT(analyzer=analysis.SpaceSeparatedTokenizer(), phrase=False, stored=True),
    rank=fields.NUMERIC(int, sortable=True, signed=True),
    source=fields.ID(sortable=True),
)


@dataclass(frozen=True)
class Doc:
    id: str
    body: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    rank: int | None = None
    source: str | None = None


@dataclass
class Seen:
    """What an index tells of one document."""

    positions: dict[str, list[int]] = field(default_factory=dict)
    tags: dict[str, int] = field(default_factory=dict)
    lengths: tuple[int, int] = (0, 0)
    stored: dict[str, Any] = field(default_factory=dict)
    rank: int | None = None
    source: bytes | None = None


def expected(doc: Doc) -> Seen:
    positions: dict[str, list[int]] = defaultdict(list)
    for position, word in enumerate(doc.body):
        positions[word].append(position)
    stored: dict[str, Any] = {"id": doc.id}
    if doc.tags:
        stored["tags"] = " ".join(doc.tags)
    return Seen(
        dict(positions),
        {tag: doc.tags.count(tag) for tag in doc.tags},
        (len(doc.body), len(doc.tags)),
        stored,
        doc.rank,
        None if doc.source is None else doc.source.encode(),
    )


def read_back(index: columnar.ColumnarIndex) -> list[Seen]:
    """All undeleted documents in their order, from the arrays of the segments."""
    out: list[Seen] = []
    reader = index.reader()
    for leaf, _ in reader.leaf_readers():
        arrays = columnar.segment_arrays(leaf)
        if arrays is None:  # An empty index has an EmptyReader.
            continue
        seen = [Seen(stored=leaf.stored_fields(doc)) for doc in range(arrays.doc_count_all)]
        if (body := arrays.field("body")) is not None:
            terms = body.terms(0, body.term_count)
            assert terms == sorted(set(terms))
            docs = body.docs(0, body.term_count).tolist()
            offsets, positions = body.positions(0, body.term_count)
            owners = np.repeat(np.arange(len(terms)), body.dfs(0, body.term_count)).tolist()
            for k, (owner, doc) in enumerate(zip(owners, docs, strict=True)):
                found = positions[offsets[k] : offsets[k + 1]].tolist()
                assert terms[owner].decode() not in seen[doc].positions
                seen[doc].positions[terms[owner].decode()] = found
        if (tags := arrays.field("tags")) is not None:
            for i, term in enumerate(tags.terms(0, tags.term_count)):
                assert tags.find(term) == i
                found = tags.docs(i, i + 1)
                assert len(found) == tags.df(i)
                for doc, freq in zip(found.tolist(), tags.freqs(i, i + 1).tolist(), strict=True):
                    seen[doc].tags[term.decode()] = freq
        rank, source = arrays.column("rank"), arrays.column("source")
        for doc, one in enumerate(seen):
            one.lengths = (leaf.doc_field_length(doc, "body"), leaf.doc_field_length(doc, "tags"))
            if isinstance(rank, columnar.NumberColumn) and (rank.present is None or rank.present[doc]):
                one.rank = SCHEMA["rank"].from_column_value(int(rank.values[doc]))
            if isinstance(source, columnar.BytesColumn) and (source.present is None or source.present[doc]):
                one.source = source.values[int(source.codes[doc])]
        deleted = arrays.deleted
        out.extend(one for doc, one in enumerate(seen) if deleted is None or not deleted[doc])
    reader.close()
    return out


def tokens(texts: list[tuple[str, ...]]) -> columnar.Tokens:
    words = list(dict.fromkeys(word for text in texts for word in text))
    numbers = {word: number for number, word in enumerate(words)}
    ids = np.array([numbers[word] for text in texts for word in text], np.uint32)
    offsets = np.cumsum([0, *(len(text) for text in texts)], dtype=np.int64)
    return columnar.Tokens(words, ids, offsets)


def add_batch(writer: columnar.ColumnarWriter, docs: list[Doc]) -> None:
    writer.add_batch(
        {
            "id": [doc.id for doc in docs],
            "body": tokens([doc.body for doc in docs]),
            "tags": tokens([doc.tags for doc in docs]),
            "source": tokens([() if doc.source is None else (doc.source,) for doc in docs]),
        },
        {
            "rank": [None if doc.rank is None else SCHEMA["rank"].to_column_value(doc.rank) for doc in docs],
            "source": [None if doc.source is None else doc.source.encode() for doc in docs],
        },
        [expected(doc).stored for doc in docs],
    )


def whoosh_fields(doc: Doc) -> dict[str, Any]:
    """The document as ``add_document`` takes it."""
    given: dict[str, Any] = {"id": doc.id, "rank": doc.rank, "source": doc.source}
    if doc.body:
        given["body"] = " ".join(doc.body)
    if doc.tags:
        given["tags"] = " ".join(doc.tags)
    return {name: value for name, value in given.items() if value is not None}


class Spaced(analysis.Analyzer):  # type: ignore[misc]
    """Words parted by spaces, ``gap`` positions from each other."""

    def __init__(self, gap: int) -> None:
        self.gap = gap

    def __call__(self, value: str, **options: Any) -> Iterator[analysis.Token]:
        for index, word in enumerate(value.split()):
            token = analysis.Token(positions=True)
            token.text, token.pos, token.boost, token.stopped = word, index * self.gap, 1.0, False
            yield token
