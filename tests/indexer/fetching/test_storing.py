"""What was fetched, into the archive."""

import errno
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from indexer.archive import Archive, Subscription
from indexer.article import Article
from indexer.errors import ArchiveError
from indexer.fetching.fetcher import Fetched, Outcome
from indexer.fetching.storing import store

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
URLS = ["https://a.example/", "https://b.example/", "https://c.example/", "https://d.example/"]


@pytest.fixture
def archive(tmp_path):
    with Archive(tmp_path / "archive.sqlite3") as archive:
        archive.subscriptions.add(map(Subscription, URLS))
        yield archive


def fetched(url):
    article = Article(url=url + "1", title="新闻 " + url, text="正文", discovered=NOW, language="zh-Hans")
    kept = Subscription(url, title="名字", last_fetched=NOW, next_fetch=NOW + timedelta(minutes=15))
    return Fetched(Outcome.FETCHED, Subscription(url), kept, (article,))


def broken(method, failures):
    """``method``, which raises the next of ``failures`` instead wherever that is no ``None``."""
    waiting = iter(failures)

    def call(*arguments):
        if failure := next(waiting, None):
            raise failure
        return method(*arguments)

    return call


def test_articles_and_states_are_kept(archive):
    results = list(store(archive, map(fetched, URLS), NOW))
    assert [(result.outcome, counts.new) for result, counts in results] == [(Outcome.FETCHED, 1)] * 4
    assert archive.count() == 4
    assert {feed.title for feed in archive.subscriptions.all()} == {"名字"}


@pytest.mark.parametrize(
    "failure",
    [
        ArchiveError("The archive x cannot be used: database is locked"),
        OSError(errno.ENOSPC, "No space left on device"),
        sqlite3.OperationalError("disk I/O error"),
        UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"),
        OverflowError("Python int too large"),
        MemoryError(),
        ZeroDivisionError(),
    ],
)
def test_a_feed_that_cannot_be_kept_is_a_failed_one_and_the_next_is_kept(archive, monkeypatch, failure):
    monkeypatch.setattr(archive, "put", broken(archive.put, [None, failure]))
    results = {result.before.url: result.outcome for result, _ in store(archive, map(fetched, URLS), NOW)}
    assert results == dict.fromkeys(URLS, Outcome.FETCHED) | {URLS[1]: Outcome.FAILED}
    assert archive.count() == 3
    states = {feed.url: feed for feed in archive.subscriptions.all()}
    assert [url for url in URLS if states[url].failures] == [URLS[1]]
    assert states[URLS[1]].last_error
    assert NOW < states[URLS[1]].next_fetch <= NOW + timedelta(days=1)


def test_a_state_that_cannot_be_kept_costs_nobody_elses(archive, monkeypatch):
    locked = ArchiveError("locked")
    monkeypatch.setattr(archive.subscriptions, "update", broken(archive.subscriptions.update, [locked, locked]))
    results = [result.outcome for result, _ in store(archive, map(fetched, URLS), NOW)]
    assert results == [Outcome.FAILED, Outcome.FETCHED, Outcome.FETCHED, Outcome.FETCHED]
    assert archive.count() == 4
    assert sorted(bool(feed.last_fetched) for feed in archive.subscriptions.all()) == [False, True, True, True]


def test_an_archive_that_keeps_nothing_any_more_ends_the_run(archive, monkeypatch):
    full = ArchiveError("The archive x cannot be used: database or disk is full")
    monkeypatch.setattr(archive, "put", broken(archive.put, [full] * 99))
    monkeypatch.setattr(archive.subscriptions, "update", broken(archive.subscriptions.update, [full] * 99))
    told = []
    with pytest.raises(ArchiveError, match="disk is full"):
        told.extend(store(archive, map(fetched, URLS), NOW))
    assert len(told) < 3


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_what_ends_a_program_ends_the_run(archive, monkeypatch, error):
    monkeypatch.setattr(archive, "put", broken(archive.put, [None, error()]))
    with pytest.raises(error):
        list(store(archive, map(fetched, URLS), NOW))
    assert archive.count() == 1
