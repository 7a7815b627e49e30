"""Readers of the served archive."""

from __future__ import annotations

import json
import random
import re
import time
from http import HTTPStatus

import httpx

from benchmarks.soak.record import WORDS, Record

MOST_REQUESTS = 100_000
ALLOWED = (200, 429, 503)


class Reader:
    """Asks what a person or a program asks, and looks at every answer."""

    def __init__(self, address: str, record: Record, seed: int) -> None:
        self._client = httpx.Client(base_url=address, timeout=60)
        self._record = record
        self._dice = random.Random(seed)

    def work(self) -> None:
        with self._client:
            while not self._record.over and self._record.counts["requests"] < MOST_REQUESTS:
                try:
                    self._dice.choice(
                        (self._search, self._number, self._pages, self._export, self._article, self._page)
                    )()
                except httpx.HTTPError as error:
                    if not self._record.over:
                        self._record.fault(f"the server gave no answer: {type(error).__name__}")
                time.sleep(self._dice.uniform(0, 0.3))

    def _get(self, path: str, **parameters: str) -> httpx.Response | None:
        """The answer, ``None`` for one that puts us off."""
        response = self._client.get(path, params=parameters)
        self._record.count("requests")
        self._record.count(f"answers {response.status_code}")
        if response.status_code not in ALLOWED:
            self._record.fault(f"{path}: error {_spelled(response.status_code)}")
        elif response.status_code != 200 and "Retry-After" not in response.headers:
            self._record.fault(f"{path}: {_spelled(response.status_code)} without Retry-After")
        return response if response.status_code == 200 else None

    def _check(self, right: bool, what: str) -> None:
        if not right:
            self._record.fault(f"wrong answer: {what}")

    def _search(self) -> None:
        word = self._dice.choice(WORDS)
        if response := self._get("/api/v1/search", q=word, limit="20"):
            answer = response.json()
            self._check(len(answer["hits"]) == min(20, answer["total"]), "hits do not add up to the total")
            for hit in answer["hits"]:
                self._check(word in hit["title"] + hit["snippet"]["text"], "a hit without what was asked for")

    def _number(self) -> None:
        number = self._dice.randint(1, max(self._record.made, 1))
        if response := self._get("/api/v1/search", q=f'"第{number}号"'):
            hits = response.json()["hits"]
            self._check(
                all(hit["title"].startswith(f"第{number}号") for hit in hits), "a number that was not asked for"
            )
            self._check(len(hits) <= 1, "one article stands twice in the index")

    def _pages(self) -> None:
        cursor, seen = "", set[str]()
        for _ in range(5):
            response = self._get("/api/v1/search", q="", sort="oldest", limit="50", cursor=cursor)
            if not response:
                return
            ids = [hit["id"] for hit in response.json()["hits"]]
            self._check(not seen & set(ids), "paging shows an article twice")
            seen |= set(ids)
            cursor = response.json()["next"] or ""
            if not cursor:
                return

    def _export(self) -> None:
        if response := self._get("/api/v1/search", q=self._dice.choice(WORDS), format="jsonl"):
            lines = [json.loads(line) for line in response.text.splitlines()]
            self._check(len(lines) == int(response.headers["X-Total-Count"]), "an export is not complete")

    def _article(self) -> None:
        if (response := self._get("/api/v1/search", q=self._dice.choice(WORDS), limit="5")) and response.json()["hits"]:
            hit = self._dice.choice(response.json()["hits"])
            if page := self._get(f"/article/{hit['id']}", q="疫苗"):
                self._check(hit["title"] in re.sub("</?mark>", "", page.text), "an article's page without its title")

    def _page(self) -> None:
        path = self._dice.choice(("/", "/timeline", "/status", "/feed.atom", "/healthz", "/subscriptions", "/metrics"))
        self._get(path, **({"q": self._dice.choice(WORDS)} if path in ("/", "/timeline", "/feed.atom") else {}))


def _spelled(status: int) -> str:
    """A status that keeps its figures where faults of a kind are counted together."""
    return HTTPStatus(status).phrase
