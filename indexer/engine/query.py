"""The Query tree: the one contract between asking and engines.

A tree of frozen nodes says *which* articles match; a tuple of features says *in which order*. Both hold tokens that
were analysed already, so an engine knows nothing of Chinese, of spelling variants or of what a user typed.
"""

from dataclasses import dataclass
from typing import Literal as OneOf

TextField = OneOf["text", "title"]
"""``text`` is title and body together, ``title`` the title alone."""


@dataclass(frozen=True, slots=True)
class Literal:
    """Articles in whose gram stream these tokens stand at consecutive positions.

    With ``prefix`` the last token stands for every token that begins with it. Grams are made by
    ``indexer.text.grams``; one Han character alone is ``Literal(("中",), prefix=True)``. Never empty.
    """

    grams: tuple[str, ...]
    prefix: bool = False
    field: TextField = "text"


@dataclass(frozen=True, slots=True)
class And:
    """Articles that match all parts. ``And(())`` is every article."""

    parts: "tuple[Query, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """Articles that match at least ``at_least`` of the parts. ``Or(())`` is no article."""

    parts: "tuple[Query, ...]"
    at_least: int = 1


@dataclass(frozen=True, slots=True)
class Not:
    """Articles that do not match ``part``; alone it is all others."""

    part: "Query"


@dataclass(frozen=True, slots=True)
class Every:
    """Every article."""


@dataclass(frozen=True, slots=True)
class Published:
    """Articles published in the half-open range ``[lo, hi)``, in UTC epoch seconds; ``None`` is open.

    An article whose date is unknown is in no range.
    """

    lo: int | None
    hi: int | None


@dataclass(frozen=True, slots=True)
class Source:
    """Articles of one publisher, compared exactly (``联合早报``)."""

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
class Ids:
    """The articles with these ids."""

    ids: tuple[str, ...]


Query = Literal | And | Or | Not | Every | Published | Source | Site | Language | Ids


@dataclass(frozen=True, slots=True)
class Bag:
    """BM25 of one token, times ``weight``.

    ``words``: jieba words, title words repeated (that is BM25F with one length normalisation: Robertson, Zaragoza and
    Taylor 2004, "Simple BM25 extension to multiple weighted fields"). ``grams``: the gram stream of title and body.
    """

    field: OneOf["words", "grams"]
    token: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Run:
    """BM25 of a literal as if it were one term, times ``weight``.

    tf is the number of positions at which it stands, idf the sum of its grams' idf (as Lucene scores phrases).
    """

    literal: Literal
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Near:
    """Two literals close together: ``weight * c / (c + 1)`` with ``c = sum(1 / (1 + gap))`` over their pairs.

    ``gap`` is the number of positions between the end of one and the start of the other, in either order; pairs with a
    gap over ``window`` don't count. Neither idf nor the length of the article matters: see ``docs/relevance.md``. This
    is also how Lucene scores intervals.
    """

    first: Literal
    second: Literal
    window: int = 8
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Recency:
    """``weight * 2 ** -(age / half_life)``; age and half-life in seconds, age of an unknown date is infinite."""

    now: int
    half_life: float
    weight: float = 1.0


Feature = Bag | Run | Near | Recency
