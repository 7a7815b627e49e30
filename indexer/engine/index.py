"""The ``SearchIndex`` protocol: what every engine can do, and the shapes that go in and come out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal as OneOf
from typing import NamedTuple, Protocol, Self

from indexer.engine.document import Batch
from indexer.engine.query import Feature, MatchAll, Query

Sort = OneOf["relevance", "newest", "oldest"]
Facet = OneOf["source", "author", "language"]
Unit = OneOf["articles", "stories"]


@dataclass(frozen=True, slots=True)
class Stamp:
    """How an index was made. Two stamps that differ mean: rebuild.

    ``schema`` is the engine's file or mapping format, ``analyser`` the version of ``indexer.text``'s rules,
    ``dictionary`` a hash of the words that segmentation knows.
    """

    schema: int
    analyser: int
    dictionary: str


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """What stands in the live index.

    ``sequence`` is the last archive change that it holds. ``generation`` counts rebuilds from 1. ``updated`` is the UTC
    epoch second of the last commit. ``size`` is bytes, as the engine counts them. ``warnings`` are what an operator
    should mend although questions are answered, a line each.
    """

    stamp: Stamp
    sequence: int
    generation: int
    documents: int
    updated: int
    size: int
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchAfter:
    """Where the last page ended. ``snapshot`` names the state of the index that the first page saw.

    ``key`` is the score (relevance) or the published second (``None`` if unknown) of the last hit. An engine that still
    has that snapshot continues on it; otherwise it continues after ``(key, id)`` on the newest state. ``shown`` is how
    many hits the pages before had, where each stands for a story: an engine may continue after so many instead.
    """

    key: float | None
    id: str
    snapshot: str
    shown: int = 0


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One question.

    ``match``, ``sources``, ``authors`` and ``languages`` decide which articles are hits (the last three are what a
    reader selected: each facet is counted without its own). ``features`` order them under ``sort="relevance"``:
    score is the sum of the features, ties go to the newer article, then to the smaller id. ``newest`` and
    ``oldest`` put unknown dates last.
    With ``facets_of="stories"`` a value's count is how many stories have a hit with it: ``stories`` of the answer that
    selecting it has.
    ``zone`` is an IANA zone; with it the response holds the count of hits of each day there, or with
    ``timeline_of="stories"`` how many stories began on each: one counts on the day of its first hit and on no other.
    With ``explain`` each hit says what each feature added. With ``collapse`` each story has one hit, its
    first in the order.
    """

    match: Query = field(default_factory=MatchAll)
    features: tuple[Feature, ...] = ()
    sort: Sort = "relevance"
    limit: int = 10
    after: SearchAfter | None = None
    sources: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    facets: tuple[Facet, ...] = ()
    facets_of: Unit = "articles"
    zone: str | None = None
    timeline_of: Unit = "articles"
    explain: bool = False
    collapse: bool = False


class Hit(NamedTuple):
    """One article found. ``explanation`` has one number per feature of the request, in its order.

    ``story`` is the id of the article that its story began with; ``others`` counts the other articles of the story that
    match the question too, and is 0 unless the request collapses stories.
    """

    id: str
    score: float
    published: int | None
    explanation: tuple[float, ...] = ()
    story: str = ""
    others: int = 0


@dataclass(frozen=True, slots=True)
class SearchResponse:
    """The answer. ``total`` is exact. Facet counts and timeline cover all that matches, not the page alone.

    ``stories`` counts the stories that they belong to.

    ``facets`` maps a facet to its values and counts, largest first, then by value. ``timeline`` maps an ISO date
    (``2020-09-15``) to a count, in order, days without hits left out; unknown dates are in no day.
    ``next`` continues after the last hit, ``None`` when there is no further hit.
    """

    hits: Sequence[Hit]
    total: int
    stories: int
    facets: Mapping[Facet, Sequence[tuple[str, int]]] = field(default_factory=dict)
    timeline: Mapping[str, int] = field(default_factory=dict)
    next: SearchAfter | None = None


class Writer(Protocol):
    """One change to an index, all or nothing. Used as a context manager: leaving it normally commits, an exception
    discards everything.

    ``put`` replaces articles by id, ``delete`` forgets ids that exist and ignores others. When the same id comes
    several times, the last call counts. ``sequence`` is what the index holds after the commit. Memory stays bounded
    however much is put.
    """

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...
    def put(self, batch: Batch) -> None: ...
    def delete(self, ids: Sequence[str]) -> None: ...


class SearchIndex(Protocol):
    """An index of one archive. Instances may be used from many threads.

    Raises ``IndexMissing`` before the first generation exists, ``StampMismatch`` when the stamp differs from the
    program's, ``IndexCorrupt``, ``IndexLocked`` and ``EngineUnavailable`` as their names say.
    """

    @property
    def name(self) -> str:
        """The engine's, as the setting ``engine`` has it."""
        ...

    def info(self) -> IndexInfo:
        """What the live generation holds. Cheap: callers ask on every request."""
        ...

    def write(self, sequence: int) -> Writer:
        """Change the live generation; after the commit it holds all archive changes up to ``sequence``.

        Searches see the change as a whole. A crash before the commit leaves the index as it was.
        """
        ...

    def rebuild(self) -> "Rebuild":
        """Begin a new generation beside the live one (which may be missing, corrupt or of another stamp)."""
        ...

    def search(self, request: SearchRequest) -> SearchResponse:
        """Answer one question from a consistent state of the live generation."""
        ...

    def doc_freqs(self, words: Sequence[str], within: Query | None = None) -> Sequence[int]:
        """In how many articles (that match ``within``) each token of the ``words`` field stands."""
        ...

    def verify(self) -> None:
        """Read all that the engine leaves to this program to check, and raise ``IndexCorrupt`` where it is damaged."""
        ...

    def close(self) -> None:
        """Give back files and connections. Further calls fail."""
        ...


class Rebuild(Protocol):
    """A generation that nobody sees yet. A context manager: leaving it without ``activate`` discards the generation."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...

    def write(self, sequence: int) -> Writer:
        """As ``SearchIndex.write``, on this generation. May be called again, to catch up."""
        ...

    def activate(self) -> None:
        """Make this the live generation in one step; searches under way finish on the old one."""
        ...
