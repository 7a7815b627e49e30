"""Asking for pages politely, whoever wants them: a program that is not welcome gets nothing for anybody.

What a site's robots.txt forbids is left alone, also where a redirect leads there. A host is asked for one page at a
time with a pause between; one that answers 429 or 503 is left alone for as long as it asks, and one that fails three
times in a row for the rest of the run. A page that is not there (404) is no failure of its host.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from time import sleep
from urllib.parse import urlsplit

from indexer.errors import CallFailed, FetchError
from indexer.fetching import download, robots
from indexer.fetching.download import REDIRECTS, Answer, Redirected
from indexer.fetching.robots import Rules
from indexer.fetching.transport import user_agent
from indexer.fetching.worker import Caller
from indexer.urls import host_of

PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds between two pages of a host; at most so many where its robots.txt asks for more."""
PATIENCE = 3
"""Failures in a row until a host is given up."""
REST = 5.0
"""Seconds that a busy host is left alone at first where it does not say for how long; then twice as long each time."""

BUSY = (429, 503)

_HEADERS: Mapping[str, str] = {"Accept": "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.5"}


class LeftAlone(FetchError):
    """The host was not asked for this page, because of what it answered before."""


@dataclass(slots=True)
class _Host:
    """What is known of a host in this run. ``closed`` says why it is asked nothing more."""

    lock: Lock = field(default_factory=Lock)
    rules: dict[str, tuple[Rules, str]] = field(default_factory=dict)
    was_asked: bool = False
    failures: int = 0
    closed: str = ""
    retry_after: float | None = None


class Visitor:
    """One run over pages of many hosts; may be used from many threads.

    ``longest_rest`` is for how many seconds a busy host is waited for, and asked again; one that wants more is given
    up.
    """

    def __init__(
        self,
        *,
        now: datetime,
        private: bool = False,
        longest_rest: float = 0.0,
        pause: Callable[[float], None] = sleep,
    ) -> None:
        self._now, self._private = now, private
        self._longest_rest, self._pause = longest_rest, pause
        self._hosts: dict[str, _Host] = {}
        self._lock = Lock()

    def get(self, caller: Caller, url: str) -> Answer:
        """What an address answers. Raises ``LeftAlone``, any other ``FetchError`` or ``CallFailed``."""
        for _ in range(REDIRECTS + 1):
            with self._lock:
                host = self._hosts.setdefault(host_of(url), _Host())
            try:
                with host.lock:
                    return self._ask(host, caller, url)
            except Redirected as moved:
                url = moved.target
        raise FetchError(f"more than {REDIRECTS} redirects")

    def _ask(self, host: _Host, caller: Caller, url: str) -> Answer:
        if host.closed:
            raise LeftAlone(f"not asked for: {host.closed}", retry_after=host.retry_after)
        rules = self._rules(host, caller, url)
        rest = REST
        while True:
            if host.was_asked:
                self._pause(min(max(PAUSE, rules.delay), LONGEST_PAUSE))
            host.was_asked = True
            try:
                answer = self._download(caller, url)
            except (FetchError, CallFailed) as error:
                wait = self._wait(host, error, rest)
                if wait is None:
                    raise
                self._pause(wait)
                rest *= 2
            else:
                host.failures = 0
                return answer

    def _wait(self, host: _Host, error: FetchError | CallFailed, rest: float) -> float | None:
        """For how many seconds a host is waited for after an error; ``None`` where it is not asked for this again."""
        status = error.status if isinstance(error, FetchError) else 0
        if isinstance(error, Redirected) or (400 <= status < 500 and status not in BUSY):
            host.failures = 0
            return None
        if isinstance(error, FetchError) and status in BUSY:
            wait = max(error.retry_after or 0.0, rest)
            if wait <= self._longest_rest:
                return wait
            host.closed, host.retry_after = f"the host is busy (HTTP {status})", error.retry_after
            return None
        host.failures += 1
        if host.failures == PATIENCE:
            host.closed = f"the host failed {PATIENCE} times in a row"
        return None

    def _rules(self, host: _Host, caller: Caller, url: str) -> Rules:
        """What the site allows. Raises ``FetchError`` where it does not allow ``url``."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in host.rules:
            host.rules[site] = self._robots(caller, f"{site}/robots.txt")
        rules, problem = host.rules[site]
        if problem:
            raise FetchError(f"not asked for: the site's robots.txt cannot be had ({problem})")
        if not rules.allow(url):
            raise FetchError("the site's robots.txt asks programs not to fetch it")
        return rules

    def _robots(self, caller: Caller, url: str) -> tuple[Rules, str]:
        """RFC 9309, section 2.3.1: all is allowed where there is none (4xx), nothing where it cannot be had.

        429 says nothing of what is there.
        """
        try:
            answer = caller.call(
                download.LIMITS, download.download, url, headers=_HEADERS, now=self._now, private=self._private
            )
        except FetchError as error:
            if 400 <= error.status < 500 and error.status not in BUSY:
                return Rules(), ""
            return robots.NOTHING_ALLOWED, str(error)
        except CallFailed as error:
            return robots.NOTHING_ALLOWED, str(error)
        return robots.read_rules(answer.body, user_agent()), ""

    def _download(self, caller: Caller, url: str) -> Answer:
        return caller.call(
            download.LIMITS, download.download, url,
            headers=_HEADERS, now=self._now, private=self._private, follow=False,
        )  # fmt: skip
