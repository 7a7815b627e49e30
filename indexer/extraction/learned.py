"""Furniture learned from the archive: lines that recur at the beginnings and endings of one publisher's articles.

What the rules of wording can't know, an archive shows: a host's farewell, a list of channels, a note on the series. A
line is learned where it stands first or last in many articles of one publisher, on many days and beside many different
neighbours; one further in where all lines outside of it were learned. So copies of one text teach nothing, nor does a
story of a week; and a line that tells something, which is a long one, is the article's however often it stands there.

The file is made again at will, and a person may veto any of it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Literal as OneOf

from indexer import files
from indexer.article import Article
from indexer.errors import ArchiveError
from indexer.files import LONGEST_LINE, MOST_LINES, Problem

LEARNED_FILE = "learned_furniture.tsv"
"""In the data folder: what was learned."""

USER_FILE = "furniture.tsv"
"""In the data folder: what a person vetoed, a line each."""

Edge = OneOf["first", "last"]
EDGES: tuple[Edge, ...] = ("first", "last")

DEPTH = 6
"""Lines at each edge that may be furniture, at most."""

LONGEST = 80
"""Characters of a line that can be learned: what is longer tells something."""

_CONTEXTS, _DAYS, _SHARE = 10, 5, 0.005
"""Different neighbours and days that a line must have, and the share of its publisher's articles."""

_HEADER = "# Lines that recur around articles: publisher, first or last, articles, line. Rewritten by every rebuild.\n"
_ENDS = re.compile(r"[。！？!?…”」』.）)]$")
_COUNTED = 4_000  # neighbours of a line that are counted, at most


@dataclass(frozen=True, slots=True)
class Recurring:
    """A line that recurs, and in how many articles of a publisher it stands at an edge."""

    source: str
    edge: Edge
    articles: int
    line: str


class LearnedFurniture:
    """What was learned, without what a person vetoed. Immutable. ``problems``: what had to be left out of the files."""

    def __init__(self, rows: Iterable[Recurring] = (), vetoes: Iterable[str] = (), problems: Iterable[Problem] = ()):
        banned = frozenset(vetoes)
        self.rows = tuple(row for row in rows if row.line not in banned)
        self.problems = tuple(problems)
        self._lines: Mapping[tuple[str, Edge], set[str]] = defaultdict(set)
        for row in self.rows:
            self._lines[row.source, row.edge].add(row.line)

    @classmethod
    def load(cls, folder: Path) -> "LearnedFurniture":
        """What the files of a data folder hold, as far as they can be read."""
        rows, problems = _rows(folder / LEARNED_FILE)
        vetoes, wrong = read_vetoes(folder / USER_FILE)
        return cls(rows, vetoes, files.shortened([*problems, *wrong]))

    def part(self, article: Article) -> Article:
        """The article with these lines among its furniture; one that would have no text left stays as it is."""
        if not any((article.source, edge) in self._lines for edge in EDGES):
            return article
        body = article.text.split("\n")
        first = self._count(article.source, "first", body)
        last = self._count(article.source, "last", body[::-1])
        if not first + last or first + last >= len(body) or _is_list(body):
            return article
        moved = [*body[:first], *body[len(body) - last :]]
        return replace(
            article,
            text="\n".join(body[first : len(body) - last]),
            furniture="\n".join(filter(None, (article.furniture, *moved))),
        )

    def _count(self, source: str, edge: Edge, body: Sequence[str]) -> int:
        """How many lines from the beginning of ``body`` are furniture."""
        known = self._lines.get((source, edge), ())
        count = 0
        while count < min(DEPTH, len(body)) and body[count] in known:
            count += 1
        return count


def learn(read: Callable[[], Iterable[Article]]) -> list[Recurring]:
    """The lines that recur, the most frequent first. ``read`` gives all articles, and is called twice.

    The first time tells what recurs near an edge; the second counts what recurs from the edge on without a gap.
    """
    near = _Seen()
    for article in read():
        near.add(article)
    candidates = {(row.source, row.edge, row.line) for row in near.recurring()}
    seen = _Seen(candidates)
    for article in read():
        seen.add(article)
    return sorted(seen.recurring(), key=lambda row: (-row.articles, row.source, row.edge, row.line))


class _Seen:
    """What stood at the edges of the articles so far; with ``candidates`` only these, up to the first other line."""

    def __init__(self, candidates: Collection[tuple[str, Edge, str]] | None = None) -> None:
        self._candidates = candidates
        self._articles: Counter[str] = Counter()
        self._counts: dict[tuple[str, Edge, str], int] = Counter()
        self._contexts: dict[tuple[str, Edge, str], set[int]] = defaultdict(set)
        self._days: dict[tuple[str, Edge, str], set[int]] = defaultdict(set)

    def add(self, article: Article) -> None:
        body = article.text.split("\n")
        self._articles[article.source] += 1
        if len(body) < 2 or _is_list(body):
            return
        moment = article.published or article.discovered
        day = moment.toordinal() if moment else 0
        sides: tuple[tuple[Edge, list[str]], ...] = (("first", body), ("last", body[::-1]))
        for edge, lines in sides:
            # A line's neighbour further in: lines that recur together have the same until the article begins.
            inner = _hashed(lines[min(DEPTH, len(lines) - 1)])
            for line in lines[:DEPTH]:
                place = (article.source, edge, line)
                if not 0 < len(line) <= LONGEST or (self._candidates is not None and place not in self._candidates):
                    break
                self._counts[place] += 1
                if len(self._contexts[place]) < _COUNTED:
                    self._contexts[place].add(inner)
                self._days[place].add(day)

    def recurring(self) -> Iterator[Recurring]:
        for (source, edge, line), count in self._counts.items():
            place = source, edge, line
            least = max(_CONTEXTS, _SHARE * self._articles[source])
            if len(self._contexts[place]) >= least and len(self._days[place]) >= _DAYS and _fits(source, line):
                yield Recurring(source, edge, count, line)


def _is_list(body: Sequence[str]) -> bool:
    """Whether a text is a list rather than prose: its headings are its words."""
    return 2 * sum(len(line) for line in body if _ENDS.search(line)) < sum(map(len, body))


def _hashed(line: str) -> int:
    return int.from_bytes(blake2b(line.encode("utf-8", "replace"), digest_size=8).digest(), "big")


# -- files ------------------------------------------------------------------------------------------------------------


def save(rows: Sequence[Recurring], path: Path) -> None:
    """Replace the file of what was learned in one step; ``ArchiveError`` when it cannot be written."""
    lines = [f"{row.source}\t{row.edge}\t{row.articles}\t{row.line}\n" for row in rows[: MOST_LINES - 2]]
    _replace(path, _HEADER + "".join(lines))


def read_vetoes(path: Path) -> tuple[list[str], list[Problem]]:
    """The lines that a person wants kept: what stands in the file, but for comments (``#``) behind its beginning."""
    lines, problems = files.read_lines(path, optional=True)
    return [line.removeprefix("!") for _, line in lines if line.strip() and not line.startswith("#")], problems


def save_vetoes(vetoes: Iterable[str], path: Path) -> None:
    """Replace the file of vetoes in one step; ``ArchiveError`` when it cannot be written."""
    header = "# Lines around articles that are text all the same, one a line behind “!”: see “xunwen furniture”.\n"
    _replace(path, header + "".join(f"!{line}\n" for line in dict.fromkeys(vetoes) if _fits("", line)))


def _replace(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        files.replace_file(path, text.encode())
    except OSError as error:
        raise ArchiveError(f"cannot write {path.name}: {error}") from error


def _rows(path: Path) -> tuple[list[Recurring], list[Problem]]:
    lines, problems = files.read_lines(path, optional=True)
    rows: list[Recurring] = []
    for number, line in lines:
        if not line or line.startswith("#"):
            continue
        try:
            rows.append(_row(line))
        except ValueError:
            problems.append(Problem(path, number, "is not “publisher, first or last, articles, line” between tabs"))
    return rows, problems


def _row(line: str) -> Recurring:
    source, name, articles, text = line.split("\t")
    edge = next((edge for edge in EDGES if edge == name), None)
    if edge is None or not text:
        raise ValueError
    return Recurring(source, edge, int(articles), text)


def _fits(source: str, line: str) -> bool:
    """Whether a line of the file can hold these."""
    together = f"{source}\t{line}"
    return (
        not source.startswith("#")
        and bool(line)
        and not re.search(r"[\t\r\n\0]", source + line)
        and len(together.encode("utf-8", "replace")) < LONGEST_LINE // 2
    )
