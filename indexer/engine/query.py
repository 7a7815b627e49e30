"""The Query tree: the one contract between asking and engines.

A tree of frozen nodes says *which* articles match; a tuple of features says *in which order*. Both hold tokens that
were analysed already, so an engine knows nothing of Chinese, of spelling variants or of what a user typed.
"""

from dataclasses import dataclass, field
from typing import Literal as OneOf

TextField = OneOf["text", "title", "captions", "anywhere"]
"""``text`` is title and body together, ``title`` the title alone; ``anywhere`` is the text or the captions.

Features know no ``anywhere``: what stands in captions alone is no text.
"""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Articles in whose gram stream these tokens stand at consecutive positions.

    With ``prefix`` the last token stands for every token that begins with it. Grams are made by
    ``indexer.text.grams``; one Han character alone is ``Phrase(("中",), prefix=True)``. Never empty.
    """

    grams: tuple[str, ...]
    prefix: bool = False
    field: TextField = "text"


@dataclass(frozen=True, slots=True)
class Word:
    """Articles in which segmentation sees this word, folded: 德士 in 「德士司机」, not in 「华德士」."""

    token: str


Scope = OneOf["text", "title", "lead"]
"""All of title and body, the title alone, or the title and the first ``LEAD`` positions of the body."""

LEAD = 100
"""Positions."""


@dataclass(frozen=True, slots=True)
class Run:
    """A phrase of the text and how many positions it covers.

    A position is a unit of ``indexer.text.units``. The last gram of a phrase may be of two Han characters; the second
    has a position of its own, so that the width is one more than the number of grams then. With ``prefix`` the last
    gram is one Han character.
    """

    phrase: Phrase
    width: int


@dataclass(frozen=True, slots=True)
class Stands:
    """Articles in which the runs stand, whole, in at least so many places of ``scope``.

    Of places that lie in one another the innermost counts.
    """

    runs: tuple[Run, ...]
    scope: Scope = "text"
    at_least: int = 1


@dataclass(frozen=True, slots=True)
class Near:
    """Articles in which one of ``first`` and one of ``second`` stand, whole, ``together`` and apart from each other.

    ``together`` is how many positions lie between them at most, or within what both stand; the title is a sentence and
    a paragraph of its own, and no distance reaches from it into the body. ``ordered``: the first comes first.
    """

    first: tuple[Run, ...]
    second: tuple[Run, ...]
    together: int | OneOf["sentence", "paragraph"]
    ordered: bool = False
    scope: Scope = "text"


@dataclass(frozen=True, slots=True)
class And:
    """Articles that match all parts. ``And(())`` is every article."""

    parts: "tuple[Query, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """Articles that match at least ``minimum_should_match`` of the parts. ``Or(())`` is no article."""

    parts: "tuple[Query, ...]"
    minimum_should_match: int = 1


@dataclass(frozen=True, slots=True)
class Not:
    """Articles that do not match ``part``; alone it is all others."""

    part: "Query"


@dataclass(frozen=True, slots=True)
class MatchAll:
    """Every article."""


@dataclass(frozen=True, slots=True)
class PublishedBetween:
    """Articles published in the half-open range ``[from_, before)``, in UTC epoch seconds; ``None`` is open.

    An article whose date is unknown is in no range.
    """

    from_: int | None
    before: int | None


@dataclass(frozen=True, slots=True)
class DiscoveredBetween:
    """Articles that came into the archive in the half-open range ``[from_, before)``, in UTC epoch seconds."""

    from_: int | None
    before: int | None


@dataclass(frozen=True, slots=True)
class Length:
    """Articles whose body has from ``least`` to ``most`` positions; ``None`` is open."""

    least: int | None
    most: int | None


@dataclass(frozen=True, slots=True)
class Source:
    """Articles of one publisher, compared exactly (``联合早报``)."""

    name: str


@dataclass(frozen=True, slots=True)
class Author:
    """Articles of a person, alone or with others, compared exactly (``吳家豪``)."""

    name: str


@dataclass(frozen=True, slots=True)
class Site:
    """Articles whose URL's host is ``host`` or below it (``zaobao.com`` matches ``www.zaobao.com``)."""

    host: str


@dataclass(frozen=True, slots=True)
class Language:
    """Articles in a language: an exact BCP 47 tag, or its prefix (``zh`` matches ``zh-Hant``)."""

    tag: str


@dataclass(frozen=True, slots=True)
class IdIn:
    """The articles with these ids."""

    ids: tuple[str, ...]


Restriction = PublishedBetween | DiscoveredBetween | Length | Source | Author | Site | Language
"""What is asked of an article beside its words."""

Query = Phrase | Word | Stands | Near | And | Or | Not | MatchAll | IdIn | Restriction


@dataclass(frozen=True, slots=True)
class TermScore:
    """BM25 of one token, times ``weight``.

    ``words``: jieba words, title words repeated (that is BM25F with one length normalisation: Robertson, Zaragoza and
    Taylor 2004, "Simple BM25 extension to multiple weighted fields"). ``early``: the grams of title and body, where an
    article counts by how early a gram first stands in it, ``bm25.earliness``, and neither by how often nor by length.
    """

    field: OneOf["words", "early"]
    token: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class PhraseScore:
    """BM25 of a phrase as if it were one term, times ``weight``.

    tf is the number of positions at which it stands in its field, idf the sum of its grams' idf in the text (as Lucene
    scores phrases).
    """

    phrase: Phrase
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class CountedPhrase:
    """A phrase that counts in articles that match ``within``, and there as ``share`` of what it would alone."""

    phrase: Phrase
    share: float = 1.0
    within: "Query" = field(default_factory=MatchAll)


@dataclass(frozen=True, slots=True)
class SpellingsScore:
    """Several spellings of one name as one term: ``weight * idf * bm25.brevity(length of the body)`` times the best of
    ``share * count / (count + 1)``.

    idf is of the articles in which any of them counts in title or body, whichever field they are looked for in.
    """

    spellings: tuple[CountedPhrase, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class ProximityScore:
    """Two phrases close together: ``weight`` for each of the ``windows`` in which they stand anywhere in the article.

    They stand in a window of ``n`` when at most ``n`` positions lie between the end of one and the start of the other,
    in either order. Neither idf nor the length of the article matters: see ``docs/relevance.md``.
    """

    first: Phrase
    second: Phrase
    windows: tuple[int, ...] = (8,)
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Recency:
    """``weight * 2 ** -(age / half_life)``; age and half-life in seconds, age of an unknown date is infinite."""

    now: int
    half_life: float
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class ConstantScore:
    """``weight`` for each article that matches a query."""

    query: "Query"
    weight: float = 1.0


Feature = TermScore | PhraseScore | SpellingsScore | ProximityScore | Recency | ConstantScore
