"""What a question means: from the tree that was typed to Query nodes, and to the words that ranking goes by.

An unspaced run of Chinese is cut into segments, and an article that holds all of them matches. Every segment is a part
of the run, so an article that holds the run letter for letter always matches too; ranking puts it first. Segments are

1. names with other spellings (longest first), each standing for any of its spellings;
2. runs of letters, digits and symbols as they are (``COVID-19``);
3. jieba's words of the rest. Words of one character say little alone: neighbours are one segment (冠病, 特郎普), a
   single one joins the word beside it. Function words (的, 对, 什么) are left out unless nothing else is left.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, takewhile
from typing import Protocol
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from indexer.engine.query import And, Every, Language, Literal, Not, Or, Published, Query, Site, Source, TextField
from indexer.errors import QueryError
from indexer.text.grams import grams
from indexer.text.variants import Found
from search_app.query.dates import Days, parse_days, parse_range
from search_app.query.parameters import language_tag
from search_app.query.syntax import All, Any, Excluded, Leaf, Node, parse
from search_app.search.results import Filter, Included, Note

MAX_SEGMENTS = 64
"""Segments of a whole question; further ones are not required to be in an article."""

_NAME_WORDS = 4
"""Words of the longest name that is written with spaces."""

_FUNCTION_WORDS = """
的 了 着 过 吗 呢 吧 啊 呀 嘛 之 其 者 所 是 有 也 还 都 就 才 又 而 而且 并 并且 但 但是 因为 所以 如果
为 在 对 对于 于 从 自 向 往 到 把 将 被 给 让 使 由 以 与 和 及 以及 跟 同 或 或者 关于
我 你 他 她 它 我们 你们 他们 她们 它们 这 那 这个 那个 这些 那些
谁 什么 什么样 怎么 怎样 怎么样 如何 为什么 为何 何时 何地 何年 何处 何人 何种 时候 分别
哪 哪个 哪些 哪里 哪儿 哪年 哪位 哪一个 哪一位 哪一年 一个 一种 一位 一年
几 多少 多久 多大 多长 多高 多远 是否 是不是 有没有 请问
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
"""Words that carry grammar or ask, folded. Left out of an unspaced run when asking; the index holds them."""


class Analysing(Protocol):
    """What is needed of ``indexer.text.analyser.Analyser``."""

    def fold(self, text: str) -> str: ...
    def literal(self, text: str) -> tuple[tuple[str, ...], bool]: ...
    def cut(self, text: str) -> list[str]: ...
    def words(self, text: str) -> list[str]: ...


class Spellings(Protocol):
    """What is needed of ``indexer.text.variants.Variants``."""

    def find(self, text: str) -> list[Found]: ...


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write something: folded text, and how to find it."""

    text: str
    literal: Literal


@dataclass(frozen=True, slots=True)
class Segment:
    """Something an article must hold in one of its ``spellings``; the first is the one that was typed.

    ``core`` is the word in it that single characters joined (鸟击 in 鸟击指), ``None`` if none did.
    """

    spellings: tuple[Spelling, ...]
    core: Literal | None = None

    @property
    def query(self) -> Query:
        if len(self.spellings) == 1:
            return self.spellings[0].literal
        return Or(tuple(spelling.literal for spelling in self.spellings))


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of text that was typed without operators: the whole as a literal, and its segments.

    For ranking, ``stretches`` are the texts of the segments that have one spelling, those that touch in the run as one;
    ``words`` are the words of these.
    """

    whole: Spelling
    segments: tuple[Segment, ...]
    stretches: tuple[str, ...]
    words: tuple[str, ...]
    field: TextField = "text"

    @property
    def query(self) -> Query:
        return _and([segment.query for segment in self.segments])


@dataclass(frozen=True, slots=True)
class Understood:
    """``match`` is what an article must meet, ``filters`` all of it but the text (for partial matches).

    ``chunks`` are the texts to look for, without excluded ones, in the order typed.
    """

    match: Query
    filters: Query
    chunks: tuple[Chunk, ...] = ()
    included: tuple[Included, ...] = ()
    chips: tuple[Filter, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Each segment once."""
        return tuple(dict.fromkeys(segment for chunk in self.chunks for segment in chunk.segments))

    def partial(self, at_least: int) -> Query:
        """Articles that hold at least so many of the segments, or their cores, within the filters."""
        return And((self.filters, Or(tuple(segment.core or segment.query for segment in self.segments), at_least)))

    @property
    def loose(self) -> Query:
        """Articles that hold any segment or gram of the question, within the filters."""
        tokens = dict.fromkeys(gram for chunk in self.chunks for text in chunk.stretches for gram in grams(text))
        any_of = [Literal((token,)) for token in tokens] + [segment.query for segment in self.segments]
        return And((self.filters, Or(tuple(any_of))))


def understand(text: str, analyser: Analysing, variants: Spellings | None, now: datetime, zone: ZoneInfo) -> Understood:
    """Read a question; ``variants`` is ``None`` for exactly the spellings typed.

    Raises ``QueryError``: ``unknown_field``, ``bad_date``, ``bad_site``, ``bad_language``.
    """
    parsed = parse(text)
    reader = _Reader(analyser, variants, now, zone)
    match: Query | None = None
    filters: Query = Every()
    if parsed.tree is not None:
        tree = _with_names(parsed.tree, analyser.fold, variants) if variants else parsed.tree
        match, filters = reader.read(tree)
    notes = [*parsed.notes, *reader.notes()]
    if match is None:
        if text.strip():
            notes.append(Note("nothing_to_search", "没有可以搜索的文字"))
        match = Or(()) if text.strip() else Every()
    elif not reader.positive:
        notes.append(Note("excluding_only", "只有排除条件：其余文章都在结果里"))
    return Understood(
        match,
        filters,
        tuple(dict.fromkeys(reader.chunks)),
        tuple(dict.fromkeys(reader.included)),
        tuple(dict.fromkeys(reader.chips)),
        tuple(notes),
    )


class _Reader:
    """Turns a tree into queries; collects on the way what the asker wants to know."""

    def __init__(self, analyser: Analysing, variants: Spellings | None, now: datetime, zone: ZoneInfo) -> None:
        self._analyser = analyser
        self._variants = variants
        self._today = now.astimezone(zone).date()
        self._zone = zone
        self._left = MAX_SEGMENTS
        self._dropped: list[str] = []
        self._too_many = False
        self.positive = False
        self.chunks: list[Chunk] = []
        self.included: list[Included] = []
        self.chips: list[Filter] = []

    def notes(self) -> Iterator[Note]:
        if self.included:
            also = tuple(dict.fromkeys(spelling for each in self.included for spelling in each.spellings))
            yield Note("variants", "也搜索了：" + "、".join(also), also)
        if self._dropped:
            dropped = tuple(dict.fromkeys(self._dropped))
            yield Note("dropped_words", "略去了常用字：" + "、".join(dropped), dropped)
        if self._too_many:
            yield Note("too_many_terms", f"文字太多，只要求前 {MAX_SEGMENTS} 个词")

    def read(self, node: Node, excluded: bool = False) -> tuple[Query | None, Query]:
        """The query of a node, ``None`` if it holds nothing to search, and the same with its text left out."""
        match node:
            case Leaf():
                return self._leaf(node, excluded)
            case All(parts):
                read = [self.read(part, excluded) for part in parts]
                matches = [part for part, _ in read if part is not None]
                return (_and(matches) if matches else None), _and([rest for _, rest in read])
            case Any(parts):
                read = [self.read(part, excluded) for part in parts]
                matches = [part for part, _ in read if part is not None]
                rests = [rest for part, rest in read if part is not None]
                return (_or(matches) if matches else None), (_or(rests) if rests else Every())
            case Excluded(part):
                match_, _ = self.read(part, not excluded)
                return (None, Every()) if match_ is None else (Not(match_), Not(match_))

    def _leaf(self, leaf: Leaf, excluded: bool) -> tuple[Query | None, Query]:
        self.positive = self.positive or not excluded
        if leaf.field not in ("", "title"):
            query, value = self._restriction(leaf)
            self.chips.append(Filter(leaf.field, value, excluded))
            return query, query
        chunk = self._chunk(leaf, excluded)
        if chunk is None:
            return None, Every()
        if leaf.field:
            self.chips.append(Filter(leaf.field, leaf.text, excluded))
        if not excluded:
            self.chunks.append(chunk)
        return chunk.query, Every()

    def _restriction(self, leaf: Leaf) -> tuple[Query, str]:
        value = leaf.text.strip()
        match leaf.field:
            case "source":
                return Source(value), value
            case "site":
                host = site_host(value)
                return Site(host), host
            case "lang":
                tag = language_tag(value, "lang")
                return Language(tag), tag
            case "before":
                days = Days(None, parse_days(value, self._today, "before").last)
            case "after":
                days = Days(parse_days(value, self._today, "after").first, None)
            case _:
                days = parse_range(value, self._today, "date")
        return Published(*days.utc(self._zone)), str(days)

    def _chunk(self, leaf: Leaf, excluded: bool) -> Chunk | None:
        field: TextField = "title" if leaf.field == "title" else "text"
        folded = self._analyser.fold(leaf.text)
        whole = self._spelling(folded, field, open_end=leaf.kind == "prefix")
        if whole is None:
            return None
        segments: list[Segment] = []
        if leaf.kind == "words":
            segments = self._segments(folded, field, excluded)
        if len(segments) > self._left:
            self._too_many = True
            del segments[self._left :]
        self._left = max(0, self._left - (len(segments) or 1))
        segments = segments or [Segment((whole,))]
        stretches = tuple(dict.fromkeys(_stretches(folded, segments)))
        words = tuple(dict.fromkeys(self._analyser.words("\n".join(stretches))))
        return Chunk(whole, tuple(dict.fromkeys(segments)), stretches, words, field)

    def _segments(self, folded: str, field: TextField, excluded: bool) -> list[Segment]:
        """The segments of an unspaced run; none when it is all one."""
        pieces: list[str | Found] = []
        position = 0
        for name in self._variants.find(folded) if self._variants else ():
            pieces += folded[position : name.start], name
            position = name.end
        pieces.append(folded[position:])
        if excluded and any(isinstance(piece, str) and self._analyser.literal(piece)[0] for piece in pieces):
            return []  # who excludes a run means the whole of it
        segments: list[Segment] = []
        names = any(isinstance(piece, Found) for piece in pieces)
        for piece in pieces:
            if isinstance(piece, str):
                texts, dropped = self._words(piece, others=names)
                self._dropped += dropped
                for text, core in texts:
                    if found := self._spelling(text, field):
                        inner = self._spelling(core, field) if core != text else None
                        segments.append(Segment((found,), inner.literal if inner else None))
            else:
                spellings = tuple(found for text in piece.spellings if (found := self._spelling(text, field)))
                segments.append(Segment(spellings))
                if not excluded:
                    self.included.append(Included(piece.spellings[0], piece.spellings[1:]))
        return segments

    def _words(self, piece: str, *, others: bool) -> tuple[list[tuple[str, str]], list[str]]:
        """A run's segments as in ``segment_words``, and the function words left out.

        ``others``: the run is not all of the chunk.
        """
        words: list[str] = []
        for run in _RUNS.findall(piece):
            if _HAN_RUN.match(run):
                words += self._analyser.cut(run)
            else:
                words.append(run if self._analyser.literal(run)[0] else "")
        kept = segment_words(words)
        if not kept and not others:
            return [(piece, piece)], []
        return kept, [word for word in words if word in FUNCTION_WORDS]

    def _spelling(self, folded: str, field: TextField, *, open_end: bool = False) -> Spelling | None:
        """How to find a folded text, ``None`` if nothing of it can be. ``open_end``: the last word may go on."""
        tokens, prefix = self._analyser.literal(folded)
        if not tokens:
            return None
        return Spelling(folded, Literal(tokens, prefix or (open_end and not _HAN_RUN.match(tokens[-1])), field))


_HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN_RUN = re.compile(f"[{_HAN}]+")
_RUNS = re.compile(f"[{_HAN}]+|[^{_HAN}]+")


def _with_names(node: Node, fold: Callable[[str], str], variants: Spellings) -> Node:
    """The tree, where words in a row may also be one name in another spelling (Donald Trump)."""
    match node:
        case Leaf():
            return node
        case Excluded(part):
            return Excluded(_with_names(part, fold, variants))
        case Any(parts):
            return Any(tuple(_with_names(part, fold, variants) for part in parts))
        case All(parts):
            widened: list[Node] = []
            start = 0
            while start < len(parts):
                leaves = list(takewhile(_is_plain, parts[start : start + _NAME_WORDS]))
                length = next(
                    (n for n in range(len(leaves), 1, -1) if _is_name(fold(_spaced(leaves[:n])), variants)), 1
                )
                if length > 1:
                    widened.append(Any((All(tuple(leaves[:length])), Leaf(_spaced(leaves[:length])))))
                else:
                    widened.append(_with_names(parts[start], fold, variants))
                start += length
            return widened[0] if len(widened) == 1 else All(tuple(widened))


def _spaced(leaves: Iterable[Node]) -> str:
    return " ".join(leaf.text for leaf in leaves if isinstance(leaf, Leaf))


def _is_name(folded: str, variants: Spellings) -> bool:
    return any((found.start, found.end) == (0, len(folded)) for found in variants.find(folded))


def _is_plain(node: Node) -> bool:
    return isinstance(node, Leaf) and node.kind == "words" and not node.field


def segment_words(words: Iterable[str]) -> list[tuple[str, str]]:
    """The segments of the words of a run, and the core of each: function words dropped, single characters joined.

    An empty word stands for a break that nothing is joined across.
    """
    segments: list[tuple[str, str]] = []
    stretch: list[str] = []
    for word in [*words, ""]:
        if word and word not in FUNCTION_WORDS:
            stretch.append(word)
        elif stretch:
            segments += _joined(stretch)
            stretch = []
    return segments


def _joined(words: Sequence[str]) -> list[tuple[str, str]]:
    """Words that touch each other, without any of one character as far as possible; each also without what joined."""
    texts: list[str] = []
    for single, group in groupby(words, key=lambda word: len(word) == 1):
        touching = list(group)
        texts += ["".join(touching)] if single else touching
    segments = [(texts[0], texts[0])]
    for text in texts[1:]:
        before, core = segments[-1]
        if len(text) == 1:
            segments[-1] = before + text, core
        elif len(before) == 1:  # only the first can be
            segments[-1] = before + text, text
        else:
            segments.append((text, text))
    return segments


def _stretches(folded: str, segments: Iterable[Segment]) -> list[str]:
    """See ``Chunk``."""
    stretches: list[str] = []
    end = touching = -1
    for segment in segments:
        typed = segment.spellings[0].text
        start = folded.find(typed, max(end, 0))
        end = max(start, end) + len(typed)
        if len(segment.spellings) > 1:
            continue
        if start == touching:
            stretches[-1] += typed
        else:
            stretches.append(typed)
        touching = end
    return stretches


def site_host(value: str) -> str:
    """The host of what may be a host or an address, in lower case. Raises ``QueryError`` ``bad_site``."""
    host = value.strip().lower().removeprefix("*.")
    try:
        host = urlsplit(host if "//" in host else "//" + host).hostname or ""
    except ValueError:  # brackets that hold no address
        host = ""
    if not re.fullmatch(r"[\w-]+(\.[\w-]+)*|[0-9a-f:.]+", host):
        raise QueryError("bad_site", f"不是网站：“{value[:40]}”", field="site", allowed="主机名，例如 zaobao.com")
    return host


def _and(parts: Iterable[Query]) -> Query:
    kept = tuple(dict.fromkeys(part for part in parts if part != Every()))
    return Every() if not kept else kept[0] if len(kept) == 1 else And(kept)


def _or(parts: Sequence[Query]) -> Query:
    return parts[0] if len(parts) == 1 else Or(tuple(parts))
