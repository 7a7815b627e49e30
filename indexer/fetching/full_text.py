"""The whole articles of feeds that give less: their pages are fetched, and become what the articles say.

Which pages wait stands in the archive (``indexer.archive.pages``), so that a run may be as short as it likes. Hosts are
asked as a ``Visitor`` asks them; a page that fails is tried again ``MOST_TRIES`` times in all, later each time. What a
feed said becomes a revision of the same article. A page that holds no more than that, or something else (a consent
form, an error, a notice that one must pay), never takes its place.
"""

import re
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from enum import Enum
from functools import partial
from time import sleep

from indexer import zones
from indexer.archive import Archive, Page
from indexer.article import Article
from indexer.errors import FetchError, SourceError
from indexer.extraction import lines, markup
from indexer.fetching import schedule
from indexer.fetching.download import Answer, reason_for
from indexer.fetching.fetcher import CONCURRENCY, READING
from indexer.fetching.visitor import LeftAlone, Visitor
from indexer.fetching.worker import Caller, each
from indexer.plain_text import plain_line
from indexer.sources.detect import read_document
from indexer.sources.encoding import decode
from indexer.sources.files import Reject
from indexer.urls import fold, host_of

A_RUN, A_HOST = 200, 30
"""Pages of one run, and of one host in it; the others are due at once for the next."""
MOST_TRIES = 4
"""Of one page, until it is given up."""
LEAST_SHARED, LEAST_SHARED_UNDER_ITS_TITLE = 0.6, 0.25
"""Of the pairs of neighbouring characters of what a feed says, as many are on the article's page at least; fewer where
the page has the article's title, since editors write summaries in other words."""

_CONCLUSIVE = 40  # characters of a feed's text that tell whether a page holds it; of less its title must be there
_BEGINNING, _END = 300, 400  # characters of a page's text in which it says that it is none
_TEASER = 600  # characters of an article, below which what stands around it may say that this is not all
_COMPARED = 20_000
_ASKS = "the page asks to pay, to sign in or to agree instead of showing the article"
_NOT_FREE = re.compile(
    rb'"isAccessibleForFree"\s*:\s*"?false\b|["\']article:content_tier["\']\s+content\s*=\s*["\']?locked', re.IGNORECASE
)
_WALL = re.compile(
    r"(?:[订訂][阅閱]|登[录錄入]|[购購][买買]|付[费費]|注[册冊]|[会會][员員])[^。！？\n]{0,8}"
    r"(?:[后後]|即可|才能|才可|以便|[继繼][续續])[^。！？\n]{0,8}"
    r"(?:[阅閱][读讀览覽]|查看|[浏瀏][览覽]|全文|解[锁鎖]|[继繼][续續])|"
    r"(?:[会會][员員]|付[费費]|[订訂](?:[阅閱]|[户戶]))[^。！？\n]{0,4}(?:[专專][享属屬]|文章|[内內]容|可[读讀见見])|"
    r"[剩其][余餘]?(?:[内內]容|[全正]文)[^。！？\n]{0,10}(?:付[费費]|[订訂][阅閱]|登[录錄]|[会會][员員])|"
    r"subscribe (?:now )?to (?:continue|read|unlock)|(?:subscribers|members)[ -]only|for subscribers|"
    r"(?:log|sign) in to (?:continue|read)|create (?:a free|an) account to|already a subscriber",
    re.IGNORECASE,
)
# In an article's furniture, as below many an article, these mean nothing.
_NOTICE = re.compile(
    r"(?:accept|agree to|consent to|we use|we and our)[^.\n]{0,40}(?:cookies?|terms|partners)|value your privacy|"
    r"(?:接受|同意|使用)[^。！？\n]{0,20}(?:cookies?\b|[隐隱]私)|"
    r"(?:verify|confirm)[^.\n]{0,20}(?:human|not a robot)|(?:安全|人机|人機)[验驗][证證]|[验驗][证證][码碼]",
    re.IGNORECASE,
)


class Outcome(Enum):
    """What a page did for its article: it gave more, or no more, than the feed; or it failed, or must wait."""

    TAKEN = "taken"
    NO_MORE = "no more"
    FAILED = "failed"
    PUT_OFF = "put off"


@dataclass(frozen=True, slots=True)
class Completed:
    """What came of one page, in its new state."""

    outcome: Outcome
    page: Page
    article: Article


def complete(
    archive: Archive, *, zone: tzinfo, now: datetime, private: bool = False, pause: Callable[[float], None] = sleep
) -> Generator[Completed, None, None]:
    """Fetch the pages that are due, and keep what they give. To be closed by who stops in between.

    ``zone`` is for dates without one where the feed has no ``zone`` of its own.
    """
    waiting = archive.pages.due(now, A_RUN)
    kept = {article.id: article for article in archive.get(page.id for page in waiting)}
    if gone := [page.id for page in waiting if page.id not in kept]:
        archive.pages.remove(gone)
    feeds = {feed.url: feed.zone for feed in archive.subscriptions.all()}
    hosts: dict[str, list[Completed]] = {}
    for page in waiting:
        if (article := kept.get(page.id)) and len(of_host := hosts.setdefault(host_of(article.url), [])) < A_HOST:
            of_host.append(Completed(Outcome.PUT_OFF, page, article))
    visitor = Visitor(now=now, private=private, pause=pause)
    work = partial(_of_host, visitor, zones_of=_zones(feeds, zone), zone=zone, now=now)
    for results in each(hosts.values(), work, workers=CONCURRENCY):
        for result in results:
            if result.outcome is Outcome.TAKEN:
                archive.put([result.article])
            # Only now: an article that a crash kept out must be fetched again.
            archive.pages.keep(result.page)
            yield result


def _zones(feeds: Mapping[str, str], zone: tzinfo) -> dict[str, tzinfo]:
    known: dict[str, tzinfo] = {}
    for feed, name in feeds.items():
        try:
            known[feed] = zones.zone_named(name) if name else zone
        except ValueError:  # the feed itself tells that, whenever it is fetched
            known[feed] = zone
    return known


def _of_host(
    visitor: Visitor,
    caller: Caller,
    waiting: Sequence[Completed],
    *,
    zones_of: Mapping[str, tzinfo],
    zone: tzinfo,
    now: datetime,
) -> list[Completed]:
    results = []
    for asked in waiting:
        page, article = asked.page, asked.article
        try:
            answer = visitor.get(caller, article.url)
            whole = caller.call(READING, read_whole, answer, article, zones_of.get(page.feed, zone), now)
        except Exception as error:  # whatever it is: the pages after this one must not pay for it
            results.append(_failed(page, article, error, now))
            continue
        done = replace(page, due=None, tries=0, error="", taken=page.taken or whole is not None)
        outcome = Outcome.NO_MORE if whole is None else Outcome.TAKEN
        results.append(Completed(outcome, done, whole or article))
    return results


def _failed(page: Page, article: Article, error: Exception, now: datetime) -> Completed:
    asked = error.retry_after if isinstance(error, FetchError) else None
    is_put_off = isinstance(error, LeftAlone)
    tries = page.tries + (not is_put_off)
    wait = schedule.wait_after_failure(max(tries, 1), None if asked is None else timedelta(seconds=asked))
    kept = replace(
        page, tries=tries, due=now + wait if tries < MOST_TRIES else None, error=plain_line(reason_for(error))
    )
    return Completed(Outcome.PUT_OFF if is_put_off else Outcome.FAILED, kept, article)


def read_whole(answer: Answer, article: Article, zone: tzinfo, now: datetime) -> Article | None:
    """The article as its page has it, ``None`` where that has no more; runs in a worker.

    Raises ``SourceError`` where the page is not the article's.
    """
    if not fold(answer.url):
        raise SourceError("the address leads to the front page of a site")
    if _NOT_FREE.search(answer.body):
        raise SourceError("the page says that it is not free to read")
    found = read_document(answer.body, url=answer.url, encoding=answer.encoding or "", zone=zone, now=now)
    rejected = next((item.reason for item in found if isinstance(item, Reject)), "")
    read = [item for item in found if isinstance(item, Article)]
    if len(read) != 1 or not read[0].html:
        raise SourceError(rejected or "the address leads to something else than a page with an article")
    if len(read[0].text) < _TEASER and _WALL.search(_shown(answer)):
        raise SourceError(_ASKS)
    return merged(article, read[0])


def _shown(answer: Answer) -> str:
    """All that a page shows, also what stands around its article."""
    root = markup.parse(markup.without_endless_tags(decode(answer.body, declared=answer.encoding)))
    return "" if root is None else lines.shown(root)


def merged(article: Article, page: Article) -> Article | None:
    """An article with the text of its page, ``None`` where that has no more. What tells it from others stays.

    Raises ``SourceError`` where the page holds another text, or a notice instead of one.
    """
    edges = f"{page.text[:_BEGINNING]}\n{page.text[-_END:]}"
    if _WALL.search(f"{edges}\n{page.furniture}") or _NOTICE.search(edges):
        raise SourceError(_ASKS)
    if not _is_its(article, page):
        raise SourceError("the page does not hold what the feed says of the article")
    if len(page.text) <= len(article.text):
        return None
    return replace(
        article,
        text=page.text,
        html=page.html,
        captions=page.captions,
        furniture=page.furniture,
        author=article.author or page.author,
        published=article.published or page.published,
        language=page.language if article.language == "und" else article.language,
        origin=_origin(article, page),
    )


def _is_its(article: Article, page: Article) -> bool:
    """Whether a page is about what the feed says: it holds that, or some of that under the same title."""
    if len(article.text) >= _CONCLUSIVE:
        least = LEAST_SHARED_UNDER_ITS_TITLE if page.title == article.title else LEAST_SHARED
        return _shared(page.title + page.text, article.text) >= least
    return _shared(page.title + page.text[:_BEGINNING], article.title or article.text) >= LEAST_SHARED


def _shared(page: str, said: str) -> float:
    pairs = _pairs(said)
    return len(pairs & _pairs(page)) / len(pairs)


def _origin(article: Article, page: Article) -> str:
    """Where each member of the whole article was found."""
    members = dict(line.partition(": ")[::2] for line in article.origin.split("\n") if line)
    of_page = dict(line.partition(": ")[::2] for line in page.origin.split("\n") if line)
    for name in ("published", "author"):
        if not getattr(article, name) and name in of_page:
            members[name] = of_page[name]
    return "\n".join(f"{name}: {where}" for name, where in (members | {"text": "the article's page"}).items())


def _pairs(text: str) -> set[str]:
    joined = "".join(text[:_COMPARED].split())
    return {joined[start : start + 2] for start in range(max(1, len(joined) - 1))}
