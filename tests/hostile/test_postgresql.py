"""An archive on a PostgreSQL server that goes away and comes back, and what strangers make it look for."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from indexer import build
from indexer.archive import Archive
from indexer.article import Article
from indexer.config import Config
from indexer.errors import ArchiveError
from indexer.installation import Installation
from search_app import create_app
from tests.databases import DATABASES, Server, postgresql, postgresql_server  # noqa: F401 (fixtures)

pytestmark = [
    pytest.mark.hostile,
    pytest.mark.skipif("postgresql" not in DATABASES, reason="no PostgreSQL server is installed"),
]


def article(number: int) -> Article:
    return Article(url=f"https://example.com/{number}", title=f"第{number}号文章", text="总统在会议上表示")


@pytest.fixture
def config(postgresql_server: Server, tmp_path: Path) -> Config:  # noqa: F811
    """An archive of ten articles on the server, and an index of them."""
    config = Config(data=tmp_path, archive=postgresql_server.new_database())
    with Installation(config) as installation:
        installation.archive.put(map(article, range(10)))
        build.update(installation.archive, installation.index, installation.analyser)
    return config


@pytest.fixture
def client(config: Config) -> Iterator[FlaskClient]:
    app = create_app(config, "127.0.0.1")
    yield app.test_client()
    app.extensions["xunwen"].installation.close()


@pytest.mark.parametrize("id", ["%00", "a%00b", "%ff", "%ed%a0%80", "文", "a" * 5_000, "%27%3b--"])
def test_an_address_that_no_article_has_is_not_found(client: FlaskClient, id: str) -> None:
    for path in (
        f"/article/{id}",
        f"/article/{id}/changes",
        f"/story/{id}",
        f"/api/v1/article/{id}",
        f"/api/v1/stories/{id}",
    ):
        assert client.get(path).status_code == 404, path


def test_a_question_with_nul_is_answered(client: FlaskClient) -> None:
    for name in ("q", "source", "lang", "cursor", "tz", "from"):
        for path in ("/", "/api/v1/search", "/timeline", "/feed.atom", "/api/v1/suggest"):
            assert client.get(path, query_string={name: "总统\0"}).status_code in (200, 400), (path, name)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["restart", "crash"])
def test_readers_are_put_off_until_the_server_is_back(
    client: FlaskClient,
    postgresql_server: Server,  # noqa: F811
    how: signal.Signals,
) -> None:
    paths = ("/", "/?q=总统", "/api/v1/search?q=总统", "/status", "/healthz", "/feed.atom")
    assert [client.get(path).status_code for path in paths] == [200] * len(paths)
    postgresql_server.stop(how)
    try:
        answers = [client.get(path) for path in paths]
    finally:
        postgresql_server.start()
    for path, answer in zip(paths, answers, strict=True):
        assert answer.status_code == 200 or (answer.status_code == 503 and "Retry-After" in answer.headers), path
    assert answers[4].status_code == 503
    assert [client.get(path).status_code for path in paths] == [200] * len(paths)
    assert client.get("/api/v1/search?q=总统").get_json()["total"] == 10


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["restart", "crash"])
def test_nothing_that_was_kept_is_lost_when_the_server_restarts(
    config: Config,
    postgresql_server: Server,  # noqa: F811
    how: signal.Signals,
) -> None:
    kept, failures, begun = set(range(10)), [], threading.Event()
    with Archive(config.archive_location) as archive:

        def write() -> None:
            for number in range(10, 400):
                try:
                    archive.put([article(number)])
                    kept.add(number)
                    begun.set()
                except ArchiveError as error:
                    failures.append(str(error))

        writer = threading.Thread(target=write)
        writer.start()
        begun.wait()
        postgresql_server.stop(how)
        postgresql_server.start()
        writer.join()
        assert {each.url for each in archive.iterate()} >= {article(number).url for number in kept}
        assert all("\n" not in failure and "cannot be used" in failure for failure in failures)
        archive.put(map(article, range(400)))
        with Installation(config) as installation:
            build.update(archive, installation.index, installation.analyser)
            assert installation.index.info().documents == archive.count() == 400
