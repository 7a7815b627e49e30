from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from indexer.archive import Archive, Subscription

FEED = Subscription(url="https://example.com/feed.xml", title="示例", zone="Asia/Taipei")
OTHER = Subscription(url="https://a.example/rss")
FETCHED = replace(
    FEED,
    etag='"abc"',
    last_modified="Wed, 01 May 2024 12:00:00 GMT",
    last_fetched=datetime(2024, 5, 1, 12, tzinfo=UTC),
    next_fetch=datetime(2024, 5, 1, 13, tzinfo=UTC),
    last_error="timed out",
    failures=2,
)


def test_feeds_are_followed_once(archive: Archive) -> None:
    assert archive.subscriptions.all() == []
    assert archive.subscriptions.add([FEED, OTHER, FEED]) == 2
    assert archive.subscriptions.add([replace(FEED, title="另一个名字")]) == 0
    assert archive.subscriptions.all() == [OTHER, FEED]


def test_what_a_fetch_left_behind_is_kept(location: str | Path) -> None:
    with Archive(location) as archive:
        archive.subscriptions.add([FEED])
        assert archive.subscriptions.update(FEED.url, FETCHED)
    with Archive(location) as archive:
        assert archive.subscriptions.all() == [FETCHED]


def test_a_feed_that_moved_is_followed_at_its_new_address(archive: Archive) -> None:
    archive.subscriptions.add([FEED, OTHER])
    assert archive.subscriptions.update(FEED.url, replace(FETCHED, url="https://example.com/new.xml"))
    assert [feed.url for feed in archive.subscriptions.all()] == [OTHER.url, "https://example.com/new.xml"]
    assert archive.subscriptions.update(OTHER.url, replace(OTHER, url="https://example.com/new.xml"))
    assert [feed.url for feed in archive.subscriptions.all()] == ["https://example.com/new.xml"]


def test_a_feed_that_was_given_up_during_its_fetch_stays_away(archive: Archive) -> None:
    archive.subscriptions.add([FEED])
    assert archive.subscriptions.remove([FEED.url, OTHER.url]) == 1
    assert not archive.subscriptions.update(FEED.url, FETCHED)
    assert archive.subscriptions.all() == []
