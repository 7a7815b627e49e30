"""Words that stand out: in what a question matched, against the rest; in the last days, against the weeks before.

Candidates are words of a sample of the articles; how often they stand in articles is then counted exactly in the
index. The measure is the log-likelihood ratio G² of two shares (Dunning 1993, "Accurate methods for the statistics of
surprise and coincidence"): it weighs how much larger a share is by how sure that is.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from math import log
from zoneinfo import ZoneInfo

from indexer.article import Article
from indexer.engine.index import SearchIndex, SearchRequest, SearchResponse
from indexer.engine.query import And, Phrase, PublishedBetween, Query
from indexer.text.analyser import Analyser
from search_app.query.dates import Days
from search_app.search.library import Library
from search_app.search.results import described

PERIODS = (7, 30, 90)
"""Days that are looked at, the shortest in which words stand out, and ``BEFORE`` times as many before them."""

BEFORE = 4

_SAMPLE = 300
_HEADLINES = 3_000
_CANDIDATES = 400
_TEXT_CHARACTERS = 800
_LEAST_ARTICLES = 3
SURE, _LIKELY = 6.63, 3.84
"""G² of one degree of freedom at the 1 % and the 5 % level; the latter will do where few articles come."""

_FEW_ARTICLES = 2
"""That hold a word which is likely talked about."""

_RISE = 1.8
"""How many times its former share a word must have to be talked about: 公司 rises surely, but by little."""

_MOST = 0.6

_PLAIN = frozenset((
    "今天", "昨天", "今日", "昨日", "明天", "今年", "去年", "明年", "本月", "上午", "下午", "晚上", "凌晨", "目前",
    "近日", "日前", "周一", "周二", "周三", "周四", "周五", "周六", "周日", "星期一", "星期二", "星期三", "星期四",
    "星期五", "星期六", "星期日", "一个", "一名", "两名", "多名", "多人", "当天", "当地时间", "表示", "报道", "记者",
    "消息", "指出", "认为", "进行", "已经", "可能", "没有", "我们", "他们", "自己", "这个", "其中", "以及", "因为",
    "由于", "通过", "新闻", "图片", "来源", "编辑", "责任编辑", "the", "and", "of", "in", "to", "for", "on", "with",
    "at", "is",
))  # fmt: skip
"""Words that any news holds: dates and the machinery of reporting."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word, in how many of the articles looked at it stands (``count``) and in how many compared ones (``other``)."""

    text: str
    count: int = field(metadata=described("Matching articles that hold it."))
    other: int = field(metadata=described("Other articles that hold it."))
    score: float = field(metadata=described("Log-likelihood ratio.", 3))


@dataclass(frozen=True, slots=True)
class TrendingTerm:
    """A word whose share rose, and the count of articles on each day of both periods."""

    term: Term
    days: Sequence[tuple[date, int]]


@dataclass(frozen=True, slots=True)
class Trends:
    """What is talked about in the last ``days`` of an archive, against the ``before`` days before them."""

    days: int
    before: int
    terms: Sequence[TrendingTerm]


@dataclass(frozen=True, slots=True)
class SignificantTerms:
    """How many articles match, and the words that stand out in them against all others, surest first."""

    total: int
    terms: Sequence[Term]


def significant_terms(library: Library, match: Query, limit: int = 20) -> SignificantTerms:
    """The words that stand out in the articles that match."""
    index = library.index
    response, candidates = words_of(library, match)
    inside = index.doc_freqs(candidates, match)
    everywhere = index.doc_freqs(candidates)
    others = [max(all_ - within, 0) for all_, within in zip(everywhere, inside, strict=True)]
    rest = max(index.info().documents - response.total, 0)
    return SignificantTerms(response.total, ranked(candidates, inside, others, response.total, rest)[:limit])


def words_of(library: Library, match: Query) -> tuple[SearchResponse, list[str]]:
    """What matches, and the words that most of a sample of it hold."""
    response = library.index.search(SearchRequest(match=match, sort="newest", limit=_SAMPLE))
    sample = library.articles.get([hit.id for hit in response.hits], html=False)
    return response, candidates_of(library.analyser, sample, whole=True)


def trends(library: Library, now: datetime, limit: int = 12) -> Trends:
    """The words whose share of the articles rose most in the last days against four times as many before.

    In an archive whose newest article is older than ``now`` the last days are those before that article; where few
    articles come, they are more.
    """
    until_now = PublishedBetween(None, int(now.timestamp()) + 1)
    newest = library.index.search(SearchRequest(match=until_now, sort="newest", limit=1)).hits
    if newest and newest[0].published is not None:
        last = datetime.fromtimestamp(newest[0].published, ZoneInfo(library.zone)).date()
        for days in PERIODS:
            if terms := _trending(library, last, days, limit, likely=days == PERIODS[-1]):
                return Trends(days, BEFORE * days, terms)
    return Trends(PERIODS[0], BEFORE * PERIODS[0], ())


def _trending(library: Library, last: date, days: int, limit: int, *, likely: bool) -> list[TrendingTerm]:
    index, zone = library.index, ZoneInfo(library.zone)
    middle = last - timedelta(days=days)
    first = middle - timedelta(days=BEFORE * days)
    recent = PublishedBetween(*Days(middle + timedelta(days=1), last).utc(zone))
    before = PublishedBetween(*Days(first + timedelta(days=1), middle).utc(zone))
    response = index.search(SearchRequest(match=recent, sort="newest", limit=_HEADLINES))
    sample = library.articles.get([hit.id for hit in response.hits], html=False)
    candidates = candidates_of(library.analyser, sample, whole=False)
    size, rest = response.total, index.search(SearchRequest(match=before, limit=0)).total
    counts = index.doc_freqs(candidates, recent), index.doc_freqs(candidates, before)
    likelier = ranked(candidates, *counts, size, rest, *((_FEW_ARTICLES, _LIKELY) if likely else ()))
    terms = [term for term in likelier if term.count * rest >= _RISE * term.other * size]
    both = PublishedBetween(before.from_, recent.before)
    axis = [first + timedelta(days=number) for number in range(1, (1 + BEFORE) * days + 1)]
    return [
        TrendingTerm(term, [(day, counted.get(day.isoformat(), 0)) for day in axis])
        for term in _apart(terms)[:limit]
        for counted in [_timeline(index, library.analyser, term.text, both, library.zone)]
    ]


def _timeline(index: SearchIndex, analyser: Analyser, word: str, within: Query, zone: str) -> Mapping[str, int]:
    match = And((Phrase(*analyser.phrase_tokens(word)), within))
    return index.search(SearchRequest(match=match, limit=0, zone=zone)).timeline


def candidates_of(analyser: Analyser, articles: Iterable[Article], *, whole: bool) -> list[str]:
    """The words that most of the articles hold, in their titles or as a ``whole``."""
    counts: Counter[str] = Counter()
    for article in articles:
        text = f"{article.title}\n\n{article.text[:_TEXT_CHARACTERS]}" if whole else article.title
        counts.update(set(analyser.cut(analyser.fold(text))))
    words = (word for word, _ in counts.most_common() if _is_candidate(word))
    return list(islice((word for word in words if not _is_no_name(analyser, word)), _CANDIDATES))


def _is_candidate(word: str) -> bool:
    return len(word) > 1 and word.isalpha() and word not in _PLAIN


def _is_no_name(analyser: Analyser, word: str) -> bool:
    """Whether the dictionary knows a word as something else than a noun, a verbal noun or an abbreviation.

    A topic is a name or a thing. Words that the dictionary doesn't know are most likely names.
    """
    [(_, tag), *others] = analyser.tagged(word)
    return not others and not tag.startswith(("n", "vn", "j", "l", "eng", "x"))


def ranked(
    words: Sequence[str],
    inside: Sequence[int],
    outside: Sequence[int],
    size: int,
    rest: int,
    least: int = _LEAST_ARTICLES,
    sure: float = SURE,
) -> list[Term]:
    """Those with a surely larger share inside than outside, surest first."""
    least = least_of(size, least)
    terms = [
        Term(word, a, b, score)
        for word, a, b in zip(words, inside, outside, strict=True)
        if a >= least and (score := log_likelihood_ratio(a, size, b, rest)) > sure
    ]
    return sorted(terms, key=lambda term: (-term.score, term.text))


def least_of(size: int, least: int = _LEAST_ARTICLES) -> int:
    """How many of so many must hold a word for it to stand out in them: ``least``, fewer of few."""
    return min(least, max(size // 4, 2))


def log_likelihood_ratio(inside: int, size: int, outside: int, rest: int) -> float:
    """G² of ``inside`` of ``size`` against ``outside`` of ``rest``; 0 when the share inside is not the larger one."""
    if not size or not rest or inside * rest <= outside * size:
        return 0.0
    share = (inside + outside) / (size + rest)
    expected = [
        *((inside, size * share), (size - inside, size * (1 - share))),
        *((outside, rest * share), (rest - outside, rest * (1 - share))),
    ]
    return 2 * sum(seen * log(seen / mean) for seen, mean in expected if seen > 0 and mean > 0)


def _apart(terms: Sequence[Term]) -> list[Term]:
    """Without words that hold each other: the longer stays when it is most of what the shorter stands for."""
    kept: list[Term] = []
    for term in terms:
        place = next((i for i, other in enumerate(kept) if term.text in other.text or other.text in term.text), None)
        if place is None:
            kept.append(term)
        elif len(term.text) > len(kept[place].text) and term.count >= _MOST * kept[place].count:
            kept[place] = term
    return kept
