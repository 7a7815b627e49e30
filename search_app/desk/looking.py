"""Watches look at what is new: at the changes of the archive since they last looked, and at nothing else.

What changed is indexed by itself in a small index that is thrown away, and every watch's question is put to that. It is
the analyser, the interpreter and the engine of a search, so a watch finds what a search for the same shows, among the
changed articles; only the looser answers that a search gives when nothing meets all of a question are no finding.

News is an article that came since the watch last looked, or one whose words changed so that it matches now and did not
then: for that, what it said then is put into the same index, under another id.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from indexer.archive import Change, Finding, Match, Watch
from indexer.article import Article
from indexer.build import analyse
from indexer.engine.index import SearchIndex, SearchRequest, Stamp
from indexer.engine.whoosh.index import WhooshIndex
from indexer.engine.whoosh.schema import SCHEMA_VERSION
from indexer.errors import QueryError
from search_app.desk import hours
from search_app.desk.watches import parameters_of
from search_app.search.library import Library

WINDOW = 1_000
"""Changes that are looked at together: what a crash makes the next look repeat."""

_BEFORE = "<"
"""Stands before the id of what an article said when it was last looked at."""


def look(library: Library) -> list[Finding]:
    """Let all watches that are not paused look at what they have not, as far as it is indexed. What is new.

    Each window of changes is kept in one transaction with what is to be delivered for it: a crash makes the next look
    begin at the same change, and nothing is reported twice or left out.
    """
    archive = library.archive
    until = library.index.info().sequence
    found: list[Finding] = []
    while True:
        waiting = [watch for watch in archive.watches.all() if not watch.paused and watch.sequence < until]
        if not waiting:
            return found
        start = min(watch.sequence for watch in waiting)
        group = [watch for watch in waiting if watch.sequence == start]
        further = min((watch.sequence for watch in waiting if watch.sequence > start), default=until)
        found += _look_at_window(library, group, start, further)


def _look_at_window(library: Library, watches: Sequence[Watch], start: int, further: int) -> list[Finding]:
    """Let watches that stand at the same change look at the next ones, at most up to the change ``further``."""
    began = library.clock()
    archive, zone = library.archive, library.installation.config.timezone
    changes = [change for change in archive.changes(start, WINDOW) if change.sequence <= further]
    # What changed again is numbered later, so a window may be empty.
    sequence = changes[-1].sequence if len(changes) == WINDOW else further
    since = min(watch.looked for watch in watches)
    matches, problems = news(library, watches, [change for change in changes if not change.deleted], start, since)
    return archive.watches.record(
        watches, matches, problems, sequence, began, lambda watch: hours.due(watch, library.clock(), zone)
    )


def news(
    library: Library, watches: Sequence[Watch], changes: Sequence[Change], start: int, since: datetime
) -> tuple[list[Match], dict[str, str]]:
    """What of these changes is news to each watch, the oldest article first; and why some watches could not look.

    The watches have looked at all changes up to ``start``, at ``since``.
    """
    articles = {article.id: article for article in library.articles.get([each.id for each in changes], html=False)}
    known = [each.id for each in changes if each.came <= start]
    before = [old for id in known if id in articles and (old := _said_before(library, id, since))]
    new = [articles[each.id] for each in changes if each.came > start and each.id in articles]
    compared = [articles[old.id] for old in before]
    if not new and not compared:
        return [], {watch.id: watch.problem for watch in watches}  # nothing was asked
    earlier = [replace(each, id=_BEFORE + each.id) for each in before]
    stories = library.archive.stories.of([each.id for each in (*new, *compared)])
    shown = sorted((*new, *compared), key=_moment)
    problems: dict[str, str] = {}
    asking: dict[str, list[str]] = {}
    for watch in watches:
        asking.setdefault(watch.query, []).append(watch.id)
    matches = []
    with _index_of((*shown, *earlier), library) as index:
        for query, same in asking.items():
            try:
                match = library.meant(parameters_of(query))
            except QueryError as error:
                problems |= dict.fromkeys(same, str(error))
                continue
            found = index.search(SearchRequest(match=match, sort="oldest", limit=2 * WINDOW))
            ids = {hit.id for hit in found.hits}
            fresh = [id for each in shown if (id := each.id) in ids and _BEFORE + id not in ids] if ids else []
            matches += [Match(watch, stories.get(id, id), id) for watch in same for id in fresh]
    return matches, problems


def _said_before(library: Library, id: str, since: datetime) -> Article | None:
    """What a known article said at ``since``, if its words have changed."""
    revisions = library.archive.revisions(id, html=False)
    later = [revision for revision in revisions if revision.replaced.timestamp() >= int(since.timestamp())]
    if not later:
        return None
    known = library.installation.knowledge()
    return known.furniture.part(known.publishers.name(later[-1].article))


def _moment(article: Article) -> tuple[float, str]:
    when = article.published or article.discovered
    return (when.timestamp() if when else 0.0), article.id


@contextmanager
def _index_of(articles: Sequence[Article], library: Library) -> Iterator[SearchIndex]:
    """An index of these articles alone."""
    analyser = library.analyser
    stamp = Stamp(SCHEMA_VERSION, 0, analyser.dictionary_hash)
    with TemporaryDirectory(prefix="xunwen-watch-") as folder:
        index = WhooshIndex(Path(folder), stamp, lambda: datetime.now(UTC).timestamp())
        try:
            with index.rebuild() as generation:
                with generation.write(0) as writer:
                    stories = {each.id: each.id.removeprefix(_BEFORE) for each in articles}
                    writer.put(analyse(articles, analyser, stories))
                generation.activate()
            yield index
        finally:
            index.close()
