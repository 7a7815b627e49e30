"""How articles lie in OpenSearch: mapping, settings, and the document of one article.

Words and grams are analysed by ``indexer.text`` and sent as tokens between spaces, so that every engine segments
alike; the cluster only splits at the spaces. Nothing but tokens and columns is kept (no ``_source``): text comes from
the archive.
"""

import uuid
from collections.abc import Iterator
from dataclasses import asdict
from itertools import pairwise
from operator import sub
from typing import Any

import numpy as np

from indexer.engine import bm25
from indexer.engine.document import Batch
from indexer.engine.index import IndexInfo, Stamp
from indexer.engine.opensearch.client import Cluster
from indexer.engine.query import LEAD
from indexer.tokens import PARAGRAPH, SENTENCE, Tokens

SCHEMA = 4
"""Raise it when the mapping changes: indexes made earlier must then be rebuilt."""

_TITLE_END = "¶"
"""Stands for the token that is white space; punctuation is never a token, so it cannot be mistaken."""

LONGEST_RUN_EXPANSION = 100_000
"""How many tokens a prefix at the end of a phrase may stand for; more than a language has characters."""

_BEGINNINGS = {"min_chars": 1, "max_chars": 1}
"""First characters of the tokens of titles and captions are terms too: a single Han character is asked for as the
beginning of any token, and that would else be every bigram of the index that begins so, often thousands. Those of title
and body are a field of their own, ``firsts``, at the positions of their tokens, which intervals can read too.
"""


def index_body(cluster: Cluster, info: IndexInfo) -> dict[str, Any]:
    """What creates a generation."""
    grams = {"type": "text", "analyzer": "whitespace", "similarity": "grams"}
    structure = {"type": "text", "analyzer": "whitespace", "norms": False}
    return {
        "aliases": {writing_alias(cluster.prefix, info.generation): {}},
        "settings": {
            "number_of_shards": cluster.shards,
            "number_of_replicas": cluster.replicas,
            # A commit becomes visible when the writer says so, not by itself.
            "refresh_interval": "-1",
            # How long a deletion is remembered: a writer that slept longer could bring an article back to life.
            "gc_deletes": "15m",
            "similarity": {
                "early": {"type": "BM25", "k1": bm25.EARLY.k1, "b": bm25.EARLY.b},
                "words": {"type": "BM25", "k1": bm25.WORDS.k1, "b": bm25.WORDS.b},
                "grams": {"type": "BM25", "k1": bm25.GRAMS.k1, "b": bm25.GRAMS.b},
            },
        },
        "mappings": {
            "dynamic": "strict",
            "_source": {"enabled": False},
            "_meta": meta_of(info),
            "properties": {
                "id": {"type": "keyword"},
                "words": {"type": "text", "analyzer": "whitespace", "similarity": "words", "index_options": "freqs"},
                "early": {"type": "text", "analyzer": "whitespace", "similarity": "early", "index_options": "freqs"},
                "grams": grams,
                "firsts": grams,
                "title_grams": grams | {"index_prefixes": _BEGINNINGS},
                "caption_grams": grams | {"index_prefixes": _BEGINNINGS},
                "sentences": structure,
                "paragraphs": structure,
                "zones": structure,
                "length": {"type": "integer"},
                "source": {"type": "keyword"},
                "author": {"type": "keyword"},
                "sites": {"type": "keyword", "doc_values": False},
                "language": {"type": "keyword"},
                "languages": {"type": "keyword", "doc_values": False},
                "published": {"type": "date", "format": "epoch_second"},
                "discovered": {"type": "date", "format": "epoch_second"},
                "story": {"type": "keyword"},
            },
        },
    }


def writing_alias(prefix: str, generation: int) -> str:
    """What a generation is written through: a name that goes with it, so that no write creates an index."""
    return f"{prefix}-write-{generation}"


def meta_of(info: IndexInfo) -> dict[str, Any]:
    """The index's own account of itself, for the mapping's ``_meta``; ``commit`` differs after every commit."""
    account = asdict(info)
    del account["warnings"]
    return {"info": account, "commit": uuid.uuid4().hex}


def info_of(meta: dict[str, Any]) -> IndexInfo:
    """The reverse of ``meta_of``."""
    return IndexInfo(**{**meta["info"], "stamp": Stamp(**meta["info"]["stamp"])})


def documents(batch: Batch) -> Iterator[dict[str, Any]]:
    """The documents of a batch, in order."""
    fields = zip(
        batch.words.lists(),
        batch.grams.lists(),
        batch.title_grams.lists(),
        batch.caption_grams.lists(),
        strict=True,
    )
    sentences, paragraphs = (_beginnings(batch.boundaries, token) for token in (SENTENCE, PARAGRAPH))
    for i, (words, grams, title_grams, caption_grams) in enumerate(fields):
        yield {
            "id": batch.ids[i],
            "words": sent(words),
            "early": sent(_early(grams)),
            "grams": sent(grams),
            "firsts": sent([gram[0] for gram in grams]),
            "title_grams": sent(title_grams),
            "caption_grams": sent(caption_grams),
            "sentences": _edges(sentences[i], len(grams)),
            "paragraphs": _edges(paragraphs[i], len(grams)),
            "zones": _zones(len(title_grams), len(grams)),
            "length": len(grams) - len(title_grams) - 1,
            "source": batch.sources[i],
            "author": list(batch.authors[i]),
            "sites": _with_parents(batch.sites[i], "."),
            "language": batch.languages[i],
            "languages": _tag_prefixes(batch.languages[i]),
            "discovered": batch.discovered[i],
            "story": batch.stories[i],
            **({} if batch.published[i] is None else {"published": batch.published[i]}),
        }


def sent(tokens: list[str] | tuple[str, ...]) -> str:
    """Tokens as the cluster's analyser reads them."""
    return " ".join(_TITLE_END if token.isspace() else token for token in tokens)


FIRST, INNER, LAST = "fil"
"""Where in a sentence or a paragraph a position stands; one that is all of it is ``INNER``, so that both ends of one
never fall on one position.
"""

TITLE, END, START, REST = "tzlb"
"""Zones: the title, the token at its end, the first ``LEAD`` positions of the body, what follows."""


def _beginnings(boundaries: Tokens, token: str) -> list[list[int]]:
    """The positions at which this token stands in each document."""
    assert boundaries.places is not None
    wanted = [i for i, each in enumerate(boundaries.vocabulary) if each == token]
    positions, ids, offsets = boundaries.places.positions, boundaries.ids, boundaries.offsets
    return [positions[a:b][np.isin(ids[a:b], wanted)].tolist() for a, b in pairwise(offsets.tolist())]


def _edges(beginnings: list[int], length: int) -> str:
    """A token for each of so many positions."""
    sizes = map(sub, [*beginnings[1:], length], beginnings)
    return " ".join(" ".join(FIRST + INNER * (size - 2) + LAST if size > 1 else INNER) for size in sizes)


def _zones(title: int, length: int) -> str:
    """A token for each of so many positions, of which ``title`` are the title's."""
    start = min(LEAD, length - title - 1)
    return " ".join(TITLE * title + END + START * start + REST * (length - title - 1 - start))


def _early(grams: list[str]) -> list[str]:
    """Each gram once, repeated as often as it counts for how early it stands."""
    firsts: dict[str, int] = {}
    for position, gram in enumerate(grams):
        firsts.setdefault(gram, position)
    return [gram for gram, first in firsts.items() for _ in range(bm25.earliness(first, len(grams)))]


def _with_parents(host: str, separator: str) -> list[str]:
    """``a.b.c`` -> itself, ``b.c``, ``c``."""
    parts = host.split(separator)
    return [separator.join(parts[i:]) for i in range(len(parts))] if host else []


def _tag_prefixes(tag: str) -> list[str]:
    """``zh-Hant-TW`` -> ``zh``, ``zh-Hant``, itself."""
    parts = tag.split("-")
    return ["-".join(parts[: i + 1]) for i in range(len(parts))]


def empty(stamp: Stamp, generation: int) -> IndexInfo:
    """What a new generation says of itself."""
    return IndexInfo(stamp=stamp, sequence=0, generation=generation, documents=0, updated=0, size=0)
