"""Small documents that an engine can be filled with, and strategies that make them up."""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from hypothesis import strategies as st

from indexer.engine.document import Batch
from indexer.engine.index import SearchIndex, SearchRequest, Stamp
from indexer.engine.query import (
    LEAD,
    And,
    Author,
    ConstantScore,
    CountedPhrase,
    DiscoveredBetween,
    IdIn,
    Language,
    Length,
    MatchAll,
    Near,
    Not,
    Or,
    Phrase,
    PhraseScore,
    ProximityScore,
    PublishedBetween,
    Query,
    Recency,
    Run,
    Site,
    Source,
    SpellingsScore,
    Stands,
    TermScore,
    Word,
)
from indexer.text.grams import TITLE_END, grams, phrase_tokens
from indexer.text.units import units
from indexer.tokens import PARAGRAPH, SENTENCE, Places, Tokens

STAMP = Stamp(schema=1, analyser=1, dictionary="test")
SPRING = 1_711_846_800
"""2024-03-31 01:00 UTC, when clocks in Europe go forward."""


@dataclass(frozen=True, slots=True)
class Doc:
    """One article as an engine knows it. Words are split at spaces and every second character, whatever they mean."""

    id: str
    title: str = ""
    body: str = ""
    source: str = "甲报"
    site: str = "www.example.com"
    language: str = "zh-Hans"
    published: int | None = SPRING
    discovered: int = SPRING
    captions: str = ""
    authors: tuple[str, ...] = ()
    story: str = ""


def words(doc: Doc) -> list[str]:
    parts = [part for text in (doc.title, doc.title, doc.body) for part in text.split()]
    return [part[i : i + 2] for part in parts for i in range(0, len(part), 2)]


def beginnings(doc: Doc) -> list[tuple[int, str]]:
    """Where its sentences and paragraphs begin: character by character, as ``indexer.text.grams`` says."""
    found: dict[tuple[int, str], None] = {}
    position = 0
    for text in (doc.title, None, doc.body):
        new = [SENTENCE, PARAGRAPH]
        spans = {start: (start, end) for _, start, end in units(text)} if text is not None else {0: (0, 1)}
        for offset, character in enumerate(text if text is not None else "-"):
            if offset in spans:
                found |= dict.fromkeys((position, token) for token in new)
                new, position = [], position + 1
            elif character == "\n":
                new = [SENTENCE, PARAGRAPH]
            elif character in "。!?" and not new:
                new = [SENTENCE]
    return list(found)


def boundaries(docs: Sequence[Doc]) -> Tokens:
    found = [beginnings(doc) for doc in docs]
    tokens = Tokens.from_lists([[token for _, token in each] for each in found])
    positions = np.array([position for each in found for position, _ in each], np.uint32)
    spans = np.array([len(grams(doc.title)) + 1 + len(grams(doc.body)) for doc in docs], np.int64)
    return Tokens(tokens.vocabulary, tokens.ids, tokens.offsets, Places(positions, spans))


def run(text: str) -> Run:
    """As what is asked for is looked for."""
    tokens, prefix = phrase_tokens(text)
    return Run(Phrase(tokens, prefix), len(units(text)))


def story_of(doc: Doc) -> str:
    """16 hex digits, which made-up ids need not be."""
    return doc.story or f"{crc32(doc.id.encode()):016x}"


def batch(docs: Sequence[Doc]) -> Batch:
    return Batch(
        ids=[doc.id for doc in docs],
        words=Tokens.from_lists([words(doc) for doc in docs]),
        grams=Tokens.from_lists([[*grams(doc.title), TITLE_END, *grams(doc.body)] for doc in docs]),
        title_grams=Tokens.from_lists([grams(doc.title) for doc in docs]),
        caption_grams=Tokens.from_lists([grams(doc.captions) for doc in docs]),
        boundaries=boundaries(docs),
        sources=[doc.source for doc in docs],
        authors=[doc.authors for doc in docs],
        sites=[doc.site for doc in docs],
        languages=[doc.language for doc in docs],
        published=[doc.published for doc in docs],
        discovered=[doc.discovered for doc in docs],
        stories=[story_of(doc) for doc in docs],
    )


def put(index: SearchIndex, docs: Sequence[Doc], sequence: int = 1, deleted: Sequence[str] = ()) -> None:
    """One commit."""
    with index.write(sequence) as writer:
        writer.put(batch(docs))
        writer.delete(deleted)


def build(index: SearchIndex, docs: Sequence[Doc], sequence: int = 1) -> None:
    """A new live generation of these."""
    with index.rebuild() as generation:
        with generation.write(sequence) as writer:
            writer.put(batch(docs))
        generation.activate()


def found(index: SearchIndex, match: Query = MatchAll(), **changes: object) -> list[str]:  # noqa: B008
    """The ids of all hits, in the order given."""
    return [hit.id for hit in index.search(SearchRequest(match, limit=1000, **changes)).hits]  # type: ignore[arg-type]


# Made-up documents and questions: few characters and few values, so that they meet often.

IDS = [f"{number:016x}" for number in range(10)]
TEXTS = st.text("中美国关a1。 \n?", max_size=12)
SOURCES = st.sampled_from(["甲报", "乙报", "甲", ""])
AUTHORS = st.lists(st.sampled_from(["张三", "李四", "张"]), max_size=2, unique=True).map(tuple)
SITES = st.sampled_from(["www.a.com", "a.com", "ba.com", "news.www.a.com", ""])
LANGUAGES = st.sampled_from(["zh-Hans", "zh-Hant", "zh", "en", "und"])
ZONES = st.sampled_from(
    # Half hours and quarters, summer time of an hour and of half an hour, and a day that never was (2011-12-30, Apia).
    ["UTC", "Asia/Shanghai", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"]
)
SECONDS = st.one_of(
    st.sampled_from([SPRING + offset for offset in (-1, 0, 1)]),
    st.integers(SPRING - 300_000, SPRING + 300_000),
    st.integers(1_325_100_000, 1_325_400_000),
    st.integers(-1_000_000_000, 2_000_000_000),
)
DOCS = st.builds(
    Doc,
    id=st.sampled_from(IDS),
    title=TEXTS,
    body=TEXTS | TEXTS.map(lambda text: "国" * (LEAD - 3) + text),
    captions=TEXTS,
    source=SOURCES,
    authors=AUTHORS,
    site=SITES,
    language=LANGUAGES,
    published=st.none() | SECONDS,
    discovered=SECONDS,
    story=st.sampled_from(["", *IDS[:4]]),
)
LITERALS = st.builds(
    Phrase,
    grams=st.lists(st.sampled_from(["中美", "美国", "国关", "中", "美", "a", "1"]), min_size=1, max_size=3).map(tuple),
    prefix=st.booleans(),
    field=st.sampled_from(["text", "title", "captions", "anywhere"]),
)
RUNS = st.lists(st.text("中美国a1", min_size=1, max_size=3).map(run), min_size=1, max_size=3).map(tuple)
SCOPES = st.sampled_from(["text", "title", "lead"])
BOUNDS = st.none() | SECONDS
LENGTHS = st.none() | st.integers(0, 12)
LEAVES = st.one_of(
    LITERALS,
    st.builds(Word, st.sampled_from(["中美", "国", "a1", "没有"])),
    st.just(MatchAll()),
    st.builds(Stands, RUNS, SCOPES, st.integers(1, 4)),
    st.builds(Near, RUNS, RUNS, st.integers(0, 5) | st.sampled_from(["sentence", "paragraph"]), st.booleans(), SCOPES),
    st.builds(PublishedBetween, BOUNDS, BOUNDS),
    st.builds(DiscoveredBetween, BOUNDS, BOUNDS),
    st.builds(Length, LENGTHS, LENGTHS),
    st.builds(Source, SOURCES),
    st.builds(Author, st.sampled_from(["张三", "李四", "张", ""])),
    st.builds(Site, st.sampled_from(["a.com", "www.a.com", "com", "A.com"])),
    st.builds(Language, st.sampled_from(["zh", "zh-Hans", "z", "en"])),
    st.builds(IdIn, st.lists(st.sampled_from([*IDS, "unknown"]), max_size=3).map(tuple)),
)


def _branches(parts: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    several = st.lists(parts, max_size=3).map(tuple)
    return st.builds(And, several) | st.builds(Or, several, st.integers(1, 3)) | st.builds(Not, parts)


QUERIES: st.SearchStrategy[Query] = st.recursive(LEAVES, _branches, max_leaves=6)
WEIGHTS = st.floats(0.1, 5)
PLAIN_LITERALS = LITERALS.map(lambda phrase: Phrase(phrase.grams, phrase.prefix))
WINDOWS = st.lists(st.integers(0, 10), min_size=1, max_size=2, unique=True).map(tuple)
SPELLINGS = st.builds(
    SpellingsScore,
    st.lists(
        st.builds(
            CountedPhrase,
            LITERALS.filter(lambda phrase: phrase.field in ("text", "title")).map(
                lambda phrase: Phrase(phrase.grams, phrase.prefix and phrase.field == "text", phrase.field)
            ),
            st.sampled_from([1.0, 0.5]),
            st.just(MatchAll()) | st.builds(Word, st.sampled_from(["中美", "国", "a1"])),
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
    WEIGHTS,
)
FEATURES = st.one_of(
    st.builds(TermScore, st.just("words"), st.sampled_from(["中美", "国", "a1", "没有"]), WEIGHTS),
    st.builds(TermScore, st.just("early"), st.sampled_from(["中美", "国关", "国", "a"]), WEIGHTS),
    st.builds(PhraseScore, LITERALS.filter(lambda phrase: phrase.field != "anywhere"), WEIGHTS),
    st.builds(ProximityScore, PLAIN_LITERALS, PLAIN_LITERALS, WINDOWS, WEIGHTS),
    SPELLINGS,
    st.builds(Recency, st.just(SPRING), st.floats(3600, 10**8), WEIGHTS),
    st.builds(ConstantScore, QUERIES, WEIGHTS),
)
REQUESTS = st.builds(
    SearchRequest,
    match=QUERIES,
    features=st.lists(FEATURES, max_size=3).map(tuple),
    sort=st.sampled_from(["relevance", "newest", "oldest"]),
    limit=st.sampled_from([0, 1, 3, 100]),
    sources=st.lists(SOURCES, max_size=2, unique=True).map(tuple),
    authors=st.lists(st.sampled_from(["张三", "张"]), max_size=2, unique=True).map(tuple),
    languages=st.lists(st.sampled_from(["zh", "zh-Hans", "en"]), max_size=2, unique=True).map(tuple),
    facets=st.sampled_from([(), ("source",), ("language",), ("author",), ("source", "author", "language")]),
    facets_of=st.sampled_from(["articles", "stories"]),
    zone=st.none() | ZONES,
    explain=st.booleans(),
    collapse=st.booleans(),
)
