"""``xunwen run``: what is done beside serving, when, and what comes of what fails."""

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.archive import Archive, Subscription
from indexer.archive.backup import back_up
from indexer.article import Article
from indexer.config import Config
from indexer.installation import Installation
from search_app import schedule as schedules
from search_app.app import build_app
from search_app.cli import main
from search_app.schedule import NIGHT, Schedule
from search_app.search.library import Library
from tests.indexer.fetching.servers import serving as serving_feeds
from tests.search_app.served import PATIENCE, eventually, get, port_of, process

FEED = (
    "<rss version='2.0'><channel><title>江城日报</title><item><title>河湾大桥通车</title>"
    "<link>https://example.com/1</link><description>市民排队过桥。</description></item></channel></rss>"
)


class Clock:
    def __init__(self, now: datetime):
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.setattr(schedules, "LOOK_SECONDS", 0.05)
    monkeypatch.setenv("XUNWEN_FETCH_PRIVATE", "true")
    return Config(data=tmp_path / "index_data", fetch_private=True)


@contextmanager
def scheduled(config: Config, kind=Schedule, clock=lambda: datetime.now(UTC)):
    """A schedule that runs, over an archive of one article."""
    with Installation(config) as installation:
        installation.archive.put([Article(url="https://example.com/0", title="第0号", text="桥。")])
        schedule = kind(installation, [f"--data={config.data}"], clock)
        schedule.start()
        try:
            yield schedule
        finally:
            schedule.stop()


def test_feeds_are_fetched_and_articles_indexed(config: Config) -> None:
    with serving_feeds() as server, scheduled(config) as schedule:
        feed = server.page("/feed.xml", 200, FEED.encode())
        installation = schedule._installation
        installation.archive.subscriptions.add([Subscription(feed)])

        def is_found() -> bool:
            states = schedule.states
            done = states["fetch"].ended and states["index"].ended
            return bool(done) and installation.index.info().documents == 2

        assert eventually(is_found)
        assert schedule.states["fetch"].said.startswith("1 of 1 feed due, 0 failed")
        assert eventually(lambda: schedule.states["index"].said.startswith("indexed"))
        assert schedule.warnings == []
        assert schedule.next_time("index") is None
        assert schedule.next_time("fetch") > datetime.now(UTC)


class Failing(Schedule):
    """Every task ends with an error, after lines of other kinds."""

    def command(self, task):
        program = "print('working'); print('Error: the disk\\x07 is full'); print('more'); raise SystemExit(1)"
        return [sys.executable, "-c", program]


def test_what_fails_is_told_and_rests_longer_each_time(config: Config) -> None:
    clock, told = Clock(datetime(2020, 9, 15, 12, tzinfo=UTC)), []
    with scheduled(config, Failing, clock) as schedule:
        schedule.tell = lambda task, line: told.append((task, line))
        waited = []
        for failures in range(1, 9):
            assert eventually(lambda failures=failures: schedule.states["index"].failures == failures)
            wait = schedule.next_time("index") - clock.now
            waited.append(wait)
            clock.now += wait
        minutes = [wait / timedelta(minutes=1) for wait in waited]
        assert minutes == [1, 2, 4, 8, 16, 32, 60, 60]
        assert schedule.warnings == ["index failed: the disk is full"]
        app = build_app(Library(schedule._installation), "127.0.0.1", schedule)
        page = app.test_client().get("/status", headers={"Accept-Language": "en"}).text
        assert "the disk is full" in page
        assert "failures in a row" in page
    assert told[0] == ("index", "the disk is full")


def test_a_failure_is_a_warning_of_a_service_that_is_well(config: Config) -> None:
    with scheduled(config) as schedule:
        assert eventually(lambda: schedule.next_time("index") is None)
        client = build_app(Library(schedule._installation), "127.0.0.1", schedule).test_client()
        assert client.get("/healthz").json["warnings"] == []
        schedule.command = Failing.command.__get__(schedule)
        schedule.ask("index")
        assert eventually(lambda: client.get("/healthz").json["warnings"] == ["index failed: the disk is full"])
        assert client.get("/healthz").status_code == 200
        del schedule.command
        schedule.ask("index")
        assert eventually(lambda: client.get("/healthz").json["warnings"] == [])


class Stumbling(Schedule):
    """What nobody thought of befalls it when it first looks what is due."""

    stumbled = 0

    def next_time(self, task):
        self.stumbled += 1
        if self.stumbled == 1:
            raise RuntimeError("unforeseen")
        return super().next_time(task)


def test_what_nobody_thought_of_does_not_end_the_schedule(config: Config, caplog: pytest.LogCaptureFixture) -> None:
    with scheduled(config, Stumbling) as schedule:
        assert eventually(lambda: schedule.states["index"].ended is not None)
    assert "the schedule goes on after RuntimeError: unforeseen" in caplog.text


class Endless(Schedule):
    def command(self, task):
        return [sys.executable, "-c", "import time; print('begun', flush=True); time.sleep(3600)"]


def test_a_schedule_that_stops_ends_what_it_runs(config: Config) -> None:
    with scheduled(config, Endless) as schedule:
        assert eventually(lambda: schedule._child is not None)
        child = schedule._child
        assert schedule.states["index"].is_running
    assert child.poll() is not None
    assert not schedule._thread.is_alive()


def test_a_task_ends_with_the_process_that_started_it(config: Config) -> None:
    command = [sys.executable, "-m", "search_app.child", f"--data={config.data}", "serve", "--port", "0"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert get(port_of(child))[0] in (200, 503)
        child.stdin.close()
        assert child.wait(PATIENCE) == 1


ZONE = Config().timezone


@settings(max_examples=20)
@given(
    minutes=st.integers(0, 60 * 24 * 365),
    wait=st.timedeltas(timedelta(), timedelta(days=5)),
)
def test_a_backup_is_made_each_night(tmp_path_factory: pytest.TempPathFactory, minutes: int, wait: timedelta) -> None:
    folder = tmp_path_factory.mktemp("night")
    config = Config(data=folder / "index_data", backup=folder / "backups")
    last = datetime(2020, 1, 1, tzinfo=ZONE) + timedelta(minutes=minutes)
    clock = Clock(last)
    with Installation(config) as installation:
        schedule = Schedule(installation, [], clock)
        assert schedule.next_time("backup") is None  # nothing is kept yet
        installation.archive.put([Article(url="https://example.com/0", title="第0号", text="桥。")])
        assert schedule.next_time("backup") == last  # there is none yet
        back_up(config.archive_location, {}, config.backup, last)
        clock.now = last + wait
        found = schedule.next_time("backup").astimezone(ZONE)
        night = last.replace(hour=NIGHT, minute=0, second=0)
        first_night = night if night > last else night + timedelta(days=1)
        assert found == max(first_night, clock.now)


def test_without_a_folder_there_are_no_backups(config: Config) -> None:
    with scheduled(config) as schedule:
        assert not schedule.can("backup")
        assert schedule.next_time("backup") is None


def test_the_backup_of_a_night_is_made(config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = replace(config, backup=tmp_path / "backups")
    with scheduled(config) as schedule:
        assert eventually(lambda: schedule.states["backup"].ended is not None)
        assert schedule.states["backup"].said.startswith("backed up 1 article")
        assert schedule.next_time("backup") > datetime.now(UTC)


def test_everything_by_one_command(config: Config, tmp_path: Path) -> None:
    with Archive(config.archive_location) as archive:
        archive.put([Article(url="https://example.com/0", title="河湾大桥", text="桥。")])
    with process(config.data, name="run") as running:
        port = port_of(running)

        def answers() -> bool:
            status, body = get(port, "/api/v1/search?q=%E6%B2%B3%E6%B9%BE")
            return status == 200 and json.loads(body)["total"] == 1

        assert eventually(answers)
        page = get(port, "/status")[1].decode()
        assert 'id="schedule"' in page
        second = CliRunner().invoke(main, ["--data", str(config.data), "run", "--port", "0"])
        assert second.exit_code == 1
        assert second.output.startswith("Error: another “xunwen run” looks after")
        assert next(line for line in running.stdout if line.startswith("index: ")).startswith(
            "index: indexed 1 article"
        )
        running.send_signal(signal.SIGTERM)
        assert running.wait(PATIENCE) == 0


def test_readers_see_the_schedule_and_those_who_may_let_a_task_run(config: Config) -> None:
    with scheduled(config) as schedule:
        assert eventually(lambda: schedule.next_time("index") is None)
        app = build_app(Library(schedule._installation), "127.0.0.1", schedule)
        client = app.test_client()
        page = client.get("/status", headers={"Accept-Language": "zh-Hans"}).text
        assert "定时任务" in page
        before = schedule.states["fetch"].ended
        token = page.split('name="token" value="')[1].split('"')[0]
        assert client.post("/status/run", data={"task": "fetch"}).status_code == 403
        assert client.post("/status/run", data={"task": "backup", "token": token}).status_code == 404
        assert client.post("/status/run", data={"task": "../x", "token": token}).status_code == 404
        assert client.post("/status/run", data={"task": "fetch", "token": token}).status_code == 303
        assert eventually(lambda: schedule.states["fetch"].ended not in (None, before))
        world = build_app(Library(schedule._installation), "0.0.0.0", schedule).test_client()
        assert "定时任务" in world.get("/status", headers={"Accept-Language": "zh-Hans"}).text
        assert 'action="/status/run"' not in world.get("/status").text
        assert world.post("/status/run", data={"task": "fetch", "token": token}).status_code == 401


def test_pages_that_are_served_alone_have_no_schedule(config: Config) -> None:
    with Installation(config) as installation:
        installation.archive.put([Article(url="https://example.com/0", title="第0号", text="桥。")])
        client = build_app(Library(installation), "127.0.0.1").test_client()
        assert 'id="schedule"' not in client.get("/status").text
        key = {"Authorization": f"Bearer {installation.archive.accounts.add_key('script')}"}
        assert client.post("/status/run", data={"task": "fetch"}, headers=key).status_code == 404


def test_a_killed_run_leaves_no_task_behind(config: Config) -> None:
    with Archive(config.archive_location) as archive:
        archive.put([Article(url="https://example.com/0", title="第0号", text="桥。")])
    with process(config.data, name="run") as running:
        port_of(running)
        running.kill()
        running.wait(PATIENCE)
    # Nobody holds the lock, and the next one does what was left.
    with process(config.data, name="run") as again:
        port = port_of(again)
        assert eventually(lambda: json.loads(get(port)[1]).get("behind") == 0)
        os.kill(again.pid, signal.SIGINT)
        assert again.wait(PATIENCE) == 0
