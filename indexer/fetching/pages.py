"""Addresses that a person names, each fetched once and read like a file, whatever it holds.

Hosts are asked as a ``Visitor`` asks them. Every step happens in a worker within limits.
"""

from collections.abc import Callable, Generator, Iterable
from datetime import datetime, tzinfo
from functools import partial
from time import sleep

from indexer.errors import XunwenError
from indexer.fetching import download
from indexer.fetching.download import Answer
from indexer.fetching.fetcher import CONCURRENCY, READING
from indexer.fetching.visitor import Visitor
from indexer.fetching.worker import Caller, each
from indexer.plain_text import error_line
from indexer.redaction import without_secrets
from indexer.sources.detect import Found, read_document
from indexer.sources.files import Reject
from indexer.urls import host_of

LONGEST_REST = 120.0
"""Seconds that a busy host is waited for, as a person who named its pages would."""


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
    visitor = Visitor(now=now, private=private, longest_rest=LONGEST_REST, pause=pause)
    for found in each(hosts.values(), partial(_of_host, visitor, zone=zone, now=now), workers=CONCURRENCY):
        yield from found


def _of_host(visitor: Visitor, caller: Caller, urls: Iterable[str], *, zone: tzinfo, now: datetime) -> list[Found]:
    found: list[Found] = []
    for url in urls:
        try:
            found += caller.call(READING, read_answer, visitor.get(caller, url), zone, now)
        except Exception as error:  # whatever it is: the addresses after this one must not pay for it
            reason = error_line(error) if isinstance(error, XunwenError) else download.reason_for(error)
            found.append(Reject(without_secrets(url), reason))
    return found


def read_answer(answer: Answer, zone: tzinfo, now: datetime) -> list[Found]:
    """What an answer holds; runs in a worker."""
    return read_document(answer.body, url=answer.url, encoding=answer.encoding or "", zone=zone, now=now)
