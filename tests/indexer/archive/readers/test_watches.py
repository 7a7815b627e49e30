"""Watches in the archive, on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from indexer.archive import Archive, Draft, Match, Watch
from indexer.article import Article

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)


def draft(name: str = "桥", **members: object) -> Draft:
    return Draft(name=name, query=f"q={name}", **members)


def record(archive: Archive, watches: list[Watch], matches: list[Match], sequence: int = 9, due: datetime = NOW):
    found = archive.watches.record(watches, matches, {}, sequence, NOW, lambda watch: due)
    return [(each.watch, each.story) for each in found]


def ids(archive: Archive, count: int) -> list[str]:
    archive.put(Article(url=f"https://example.com/{n}", title=f"第{n}号", text="桥") for n in range(count))
    return [each.id for each in archive.iterate()]


def test_a_story_is_kept_once_for_each_watch(archive: Archive) -> None:
    one, two = archive.watches.add([draft("桥", email="a@example.org", webhook="https://example.org/"), draft("路")])
    story = "a" * 16
    assert record(archive, [one, two], [Match(one.id, story, story), Match(one.id, story, "b" * 16)]) == [
        (one.id, story)
    ]
    later = archive.watches.all()
    assert [each.sequence for each in later] == [9, 9]
    assert record(archive, later, [Match(one.id, story, story), Match(two.id, story, story)], 10) == [(two.id, story)]
    assert archive.watches.counts() == {one.id: (1, 1), two.id: (1, 1)}
    assert {archive.outbox.claim(archive.watches._clock()).channel for _ in range(2)} == {"email", "webhook"}
    assert archive.outbox.claim(archive.watches._clock()) is None


def test_a_look_that_another_was_faster_than_changes_nothing(archive: Archive) -> None:
    [watch] = archive.watches.add([draft()])
    assert len(record(archive, [watch], [Match(watch.id, "a" * 16, "a" * 16)])) == 1
    assert record(archive, [watch], [Match(watch.id, "b" * 16, "b" * 16)]) == []
    current = archive.watches.get(watch.id)
    archive.watches.change(watch.id, replace(draft(), query="q=路"))
    assert record(archive, [current], [Match(watch.id, "c" * 16, "c" * 16)]) == []
    archive.watches.remove(watch.id)
    assert record(archive, [current], [Match(watch.id, "d" * 16, "d" * 16)]) == []


def test_a_story_that_is_called_otherwise_now_is_the_same(archive: Archive) -> None:
    first, second = ids(archive, 2)
    [watch] = archive.watches.add([draft()])
    assert len(record(archive, [watch], [Match(watch.id, first, first)])) == 1
    with archive._database.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO fingerprints (id, sequence, moment, story, fingerprint) "
            f"SELECT '{first}', 1, 1, '{second}', CAST('' AS {_bytes(archive)})"
        )
    [watch] = archive.watches.all()
    assert record(archive, [watch], [Match(watch.id, second, second)], 10) == []


def _bytes(archive: Archive) -> str:
    return "BYTEA" if "postgresql" in archive.where else "BLOB"


def test_articles_keep_the_change_that_they_came_with(archive: Archive) -> None:
    [one, two] = ids(archive, 2)
    archive.put([Article(url="https://example.com/0", title="第0号", text="桥改")])
    assert {change.id: change.came for change in archive.changes(0, 9)} == {one: 1, two: 2}
    archive.delete([one])
    archive.put([Article(url="https://example.com/0", title="第0号", text="桥又来")])
    assert {change.id: change.came for change in archive.changes(0, 9)} == {two: 2, one: 5}


def test_what_waits_for_its_hour_is_sent_together_and_what_was_tried_stays_as_it_is(archive: Archive) -> None:
    clock = archive.watches._clock
    [watch] = archive.watches.add([draft(email="a@example.org")])
    due = clock() + timedelta(hours=1)
    for number, story in enumerate("abc", 10):
        [watch] = archive.watches.all()
        record(archive, [watch], [Match(watch.id, story * 16, story * 16)], number, due)
        if story == "b":
            claimed = archive.outbox.claim(due)
    assert claimed is not None
    assert len(archive.watches.findings(watch.id, first=claimed.first, last=claimed.last)) == 2
    rest = archive.outbox.claim(due)
    assert rest is not None
    assert (rest.first, rest.last) == (claimed.last + 1, claimed.last + 1)
    archive.outbox.finish(rest, due)
    archive.outbox.fail(claimed, "no")
    assert [each.error for each in archive.outbox.failing()] == ["no"]


def test_watches_are_moved_within_their_folder(archive: Archive) -> None:
    drafts = [draft("一"), draft("二"), draft("三", folder="江城"), draft("四")]
    added = archive.watches.add(drafts)
    assert archive.watches.move_up(added[3].id)
    assert [each.name for each in archive.watches.all()] == ["一", "四", "二", "三"]
    assert not archive.watches.move_up(added[2].id)
    assert not archive.watches.move_up("0")


def test_many_watches_find_at_once(archive: Archive) -> None:
    watches = archive.watches.add([draft(str(n), email="a@example.org") for n in range(1_200)])
    matches = [Match(each.id, "a" * 16, "a" * 16) for each in watches]
    assert record(archive, watches, matches) == [(each.id, "a" * 16) for each in watches]
    assert not archive.watches.is_behind(9)
    assert archive.watches.is_behind(10)
