"""How much one client may ask: a budget each for requests, for work, for exports and for passwords that are tried.

A budget is a token bucket (RFC 2697's idea): it holds so many tokens at most and fills at a rate. Work is counted in
seconds of computing as they were used, so that no costly question needs to be known beforehand; those whose work an
engine elsewhere may do count for something at least. Programs on this machine ask as much as they like.
"""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_network
from typing import cast

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import TooManyRequests

from search_app.access.proxy import client_address, is_from_this_machine
from search_app.access.site import read_address

EXTENSION = "xunwen_budgets"

MOST_CLIENTS = 10_000
"""Clients that each budget remembers; the one that was away for longest is forgotten first, and has all again."""

LEAST_WORK: Mapping[str, float] = {
    "api.terms": 0.25,
    "api.related": 0.25,
    "api.timeline": 0.25,
    "timeline.page": 0.25,
    "terms.page": 0.25,
    "terms.figures": 0.25,
}
"""Seconds that these endpoints count for at least, whoever computes their answers."""


class Budget:
    """Up to ``most`` tokens for each key, ``rate`` more each second. May be used from many threads.

    ``clock`` gives seconds that never go back.
    """

    def __init__(self, most: float, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._rate = rate
        self._clock = clock
        self._lock = threading.Lock()
        self._held: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._held)

    def spend(self, key: Hashable, tokens: float) -> None:
        """Take tokens, also those that are not there: what was used is used, and must fill up first."""
        with self._lock:
            self._put(key, self._left(key) - tokens)

    def take(self, key: Hashable) -> int:
        """Take one token: 0, or, when there is none, after how many whole seconds there will be one."""
        with self._lock:
            left = self._left(key)
            if left >= 1:
                self._put(key, left - 1)
                return 0
            return self._seconds_until(1, left)

    def wait(self, key: Hashable) -> int:
        """0 while anything is left, else after how many whole seconds there will be."""
        with self._lock:
            left = self._left(key)
            return 0 if left > 0 else self._seconds_until(0, left)

    def _left(self, key: Hashable) -> float:
        left, then = self._held.get(key, (self._most, 0.0))
        return min(self._most, left + (self._clock() - then) * self._rate)

    def _put(self, key: Hashable, left: float) -> None:
        self._held[key] = left, self._clock()
        self._held.move_to_end(key)
        while len(self._held) > MOST_CLIENTS:
            self._held.popitem(last=False)

    def _seconds_until(self, wanted: float, left: float) -> int:
        return max(1, math.ceil((wanted - left) / self._rate))


@dataclass(frozen=True, slots=True)
class Budgets:
    """What each client of one application may ask."""

    requests: Budget = field(default_factory=lambda: Budget(120, 10))
    work: Budget = field(default_factory=lambda: Budget(10, 0.5))
    """Seconds of computing."""
    exports: Budget = field(default_factory=lambda: Budget(10, 1 / 60))
    passwords: Budget = field(default_factory=lambda: Budget(10, 1 / 60))
    """By client."""
    passwords_of_name: Budget = field(default_factory=lambda: Budget(30, 1 / 60))
    """By the name that is tried, whoever tries."""


def init_budgets(app: Flask) -> None:
    """Refuse what is beyond a client's budget, before anything is done about it."""
    app.extensions[EXTENSION] = budgets = Budgets()

    @app.before_request
    def refuse_too_much() -> None:
        if not _is_counted():
            return
        client = client_key()
        _refuse_for(budgets.requests.take(client))
        _refuse_for(budgets.work.wait(client))
        g.computing = time.thread_time()

    @app.after_request
    def count_work(response: Response) -> Response:
        began = g.pop("computing", None)
        if began is not None:
            used = time.thread_time() - began
            budgets.work.spend(client_key(), max(used, LEAST_WORK.get(request.endpoint or "", 0)))
        return response


def take_export() -> None:
    """Count one export of this client. Raises ``TooManyRequests``."""
    if _is_counted():
        _refuse_for(_current().exports.take(client_key()))


def take_password(name: str) -> None:
    """Count one password that is tried for a name. Raises ``TooManyRequests``.

    Also on this machine: whoever can use its loopback address is not yet everybody who may sign in.
    """
    _refuse_for(_current().passwords.take(client_key()))
    _refuse_for(_current().passwords_of_name.take(name))


def client_key() -> Hashable:
    """Whose budget it is: an address, or of IPv6 the network of 64 bits that one customer has to itself."""
    address = client_address()
    found = read_address(address)
    return str(ip_network((int(found) >> 64 << 64, 64))) if isinstance(found, IPv6Address) else address


def _is_counted() -> bool:
    """Whether this client has a budget: not this machine's programs, nor those behind a socket that has no address."""
    return bool(client_address()) and not is_from_this_machine()


def _current() -> Budgets:
    return cast(Budgets, current_app.extensions[EXTENSION])


def _refuse_for(seconds: int) -> None:
    if seconds:
        raise TooManyRequests(retry_after=seconds)
