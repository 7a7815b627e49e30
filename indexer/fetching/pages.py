"""Addresses that a person names, each fetched once and read like a file, whatever it holds.

Polite: what a site's robots.txt forbids is left alone, a host is asked for one page at a time with a pause between, and
a host that fails three times in a row is asked for nothing more. Every step happens in a worker within limits.
"""

from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from time import sleep
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from indexer.errors import XunwenError
from indexer.fetching import download
from indexer.fetching.download import Answer
from indexer.fetching.fetcher import CONCURRENCY, READING
from indexer.fetching.transport import user_agent
from indexer.fetching.worker import Caller, each
from indexer.plain_text import error_line
from indexer.redaction import without_secrets
from indexer.sources.detect import Found, read_document
from indexer.sources.files import Reject
from indexer.urls import host_of, web_address

PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds between two pages of a host; at most so many where its robots.txt asks for more."""
PATIENCE = 3
"""Failures in a row until a host is given up."""
MOST = 10_000
"""Addresses of one list."""

_ROBOTS = 500 * 1024  # bytes of a robots.txt that are read (RFC 9309, section 2.5)


@dataclass(frozen=True, slots=True)
class List:
    """The addresses of a list, each once, and the lines that are none."""

    addresses: tuple[str, ...]
    rejects: tuple[Reject, ...]


def read_list(text: str, path: str) -> List:
    """A list of addresses, one a line; blank lines and those that begin with ``#`` are passed over."""
    addresses: dict[str, None] = {}
    rejects: list[Reject] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        url = web_address(line.strip())
        if url and len(addresses) < MOST:
            addresses[url] = None
        elif url:
            rejects.append(Reject(f"{path}:{number}", f"the list has more than {MOST:,} addresses"))
        else:
            rejects.append(Reject(f"{path}:{number}", "not an http or https address"))
    return List(tuple(addresses), tuple(rejects))


def fetch_pages(
    addresses: Iterable[str],
    *,
    zone: tzinfo,
    now: datetime,
    private: bool = False,
    pause: Callable[[float], None] = sleep,
) -> Generator[Found, None, None]:
    """What each address gives, or why it gives nothing; the hosts in the order in which they are done."""
    hosts: dict[str, list[str]] = {}
    for url in addresses:
        hosts.setdefault(host_of(url), []).append(url)
    results = each(
        hosts.values(),
        lambda worker, urls: _of_host(urls, worker, zone=zone, now=now, private=private, pause=pause),
        workers=CONCURRENCY,
    )
    for found in results:
        yield from found


def _of_host(
    urls: Iterable[str], caller: Caller, *, zone: tzinfo, now: datetime, private: bool, pause: Callable[[float], None]
) -> list[Found]:
    found: list[Found] = []
    rules: dict[str, RobotFileParser | None] = {}
    failures = 0
    for number, url in enumerate(urls):
        label = without_secrets(url)
        if failures >= PATIENCE:
            found.append(Reject(label, f"not asked for: the host failed {PATIENCE} times in a row"))
            continue
        try:
            site = "{0.scheme}://{0.netloc}".format(urlsplit(url))
            if site not in rules:
                rules[site] = _rules(site, caller, now=now, private=private)
            robots = rules[site]
            if robots is not None and not robots.can_fetch(user_agent(), url):
                found.append(Reject(label, "the site's robots.txt asks programs not to fetch it"))
                continue
            if number:
                delay = robots.crawl_delay(user_agent()) if robots is not None else None
                pause(min(max(PAUSE, float(delay or 0)), LONGEST_PAUSE))
            answer = caller.call(download.LIMITS, download.download, url, headers=_HEADERS, now=now, private=private)
            found += caller.call(READING, read_answer, answer, zone, now)
            failures = 0
        except Exception as error:  # whatever it is: the addresses after this one must not pay for it
            found.append(
                Reject(label, error_line(error) if isinstance(error, XunwenError) else download.reason_for(error))
            )
            failures += 1
    return found


_HEADERS: Mapping[str, str] = {}


def read_answer(answer: Answer, zone: tzinfo, now: datetime) -> list[Found]:
    """What an answer holds; runs in a worker."""
    return read_document(answer.body, url=answer.url, encoding=answer.encoding or "", zone=zone, now=now)


def _rules(site: str, caller: Caller, *, now: datetime, private: bool) -> RobotFileParser | None:
    """The rules of a site's robots.txt; ``None`` where there is none, and nothing is allowed where the server fails."""
    rules = RobotFileParser()
    url = urljoin(site, "/robots.txt")
    try:
        answer = caller.call(download.LIMITS, download.download, url, headers=_HEADERS, now=now, private=private)
    except XunwenError as error:
        if not str(error).startswith("HTTP 5"):
            return None
        rules.parse(["User-agent: *", "Disallow: /"])
        return rules
    rules.parse(answer.body[:_ROBOTS].decode("utf-8", "replace").splitlines())
    return rules
