"""Articles like one article, by its characteristic words: those with the highest tf-idf, tf damped as in BM25."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil, log

from indexer.article import Article
from indexer.engine.index import SearchIndex, SearchRequest
from indexer.engine.query import And, IdIn, Not, Or, Phrase, Query, TermScore
from indexer.text.analyser import Analyser
from search_app.search.library import Library
from search_app.search.results import HIDDEN, described

LIMIT = 8
_LIKENESS = 0.42
"""Share of the article's own score below which another only mentions the same things."""

_SHARED = 0.4
"""Share of its characteristic words that another must hold.

Both are measured: of 335 articles in 50 lists, judged by reading, 73 % were truly related without them, 94 % of those
that are left by them; 36 of the lists are not empty then.
"""

_WORDS = 16
_CANDIDATE_WORDS = 80
CANDIDATES = 24
_CHARACTERS = 4_000
"""How much of a text is read: the beginning of a report tells what it is about."""


@dataclass(frozen=True, slots=True)
class RelatedArticle:
    """An article near another; ``same_story`` as ``indexer.stories`` found out."""

    id: str
    url: str
    title: str
    source: str
    published: datetime | None
    score: float = field(metadata=described("", 6))
    same_story: bool
    language: str = field(default="", metadata=HIDDEN)


def related_articles(
    library: Library, article: Article, limit: int = LIMIT, *, own_story: bool = True
) -> list[RelatedArticle]:
    """Up to ``limit`` articles: those of the same story first, if they are wanted, then one of each other story, by
    likeness. None before the article is indexed, since nothing tells then how much is near."""
    weights = characteristic_words(library.index, library.analyser, article)
    if not weights:
        return []
    phrases = tuple(Phrase(*library.analyser.phrase_tokens(word)) for word in weights)
    # One rare name is no likeness; a short text has few words to share.
    at_least = max(2, ceil(_SHARED * len(phrases))) if len(phrases) > 2 else 1
    features = tuple(TermScore("words", word, weight) for word, weight in weights.items())
    itself = library.index.search(SearchRequest(match=IdIn((article.id,)), features=features, limit=1)).hits
    if not itself:
        return []
    own = library.archive.stories.of([article.id]).get(article.id, article.id)
    mates = tuple(set(library.archive.stories.members([own]).get(own, ())) - {article.id})

    def scored(match: Query) -> dict[str, float]:
        found = library.index.search(SearchRequest(match=match, features=features, limit=CANDIDATES))
        return {hit.id: hit.score for hit in found.hits}

    near = Or(phrases, minimum_should_match=at_least)
    same = scored(And((near, IdIn(mates)))) if own_story and mates else {}
    others = scored(And((near, Not(IdIn((article.id, *mates))))))
    others = {id: score for id, score in others.items() if score >= _LIKENESS * itself[0].score}
    stories = library.archive.stories.of(others)
    found = [
        _related(each, (same | others)[each.id], is_same=each.id in same)
        for each in library.articles.get([*same, *others], html=False)
    ]
    found.sort(key=lambda each: (not each.same_story, -each.score, each.id))
    firsts: dict[str, RelatedArticle] = {}
    for each in found:
        firsts.setdefault(each.id if each.same_story else stories.get(each.id, each.id), each)
    return list(firsts.values())[:limit]


def _related(article: Article, score: float, *, is_same: bool) -> RelatedArticle:
    return RelatedArticle(
        id=article.id,
        url=article.url,
        title=article.title,
        source=article.source,
        published=article.published,
        score=score,
        same_story=is_same,
        language=article.language,
    )


def characteristic_words(index: SearchIndex, analyser: Analyser, article: Article) -> dict[str, float]:
    """The words that tell this article from others, with their weights, heaviest first."""
    counts = Counter(analyser.words(article.title[:_CHARACTERS]) * 2 + analyser.words(article.text[:_CHARACTERS]))
    common = [word for word, _ in counts.most_common() if is_topical(word)][:_CANDIDATE_WORDS]
    documents = index.info().documents
    weights = {
        word: counts[word] / (counts[word] + 1.2) * log(1 + (documents - frequency + 0.5) / (frequency + 0.5))
        # A word that no other article holds leads nowhere; one that a third of them hold tells nothing.
        for word, frequency in zip(common, index.doc_freqs(common), strict=True)
        if 1 < frequency <= max(documents // 3, 2)
    }
    return dict(sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))[:_WORDS])


def is_topical(word: str) -> bool:
    """Whether a word may stand for a topic: not a single character, not a figure."""
    return len(word) > 1 and not any(character.isdigit() for character in word)
