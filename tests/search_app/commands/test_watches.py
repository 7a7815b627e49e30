"""``xunwen watch``, and the looks of ``xunwen run``."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.archive import Archive
from indexer.article import Article
from search_app.cli import main
from tests.indexer.fetching.servers import serving as serving_web
from tests.search_app.served import eventually, port_of, process


@pytest.fixture
def data(tmp_path: Path) -> Path:
    put(tmp_path / "index_data", 0, "河湾大桥动工")
    return tmp_path / "index_data"


def put(data: Path, number: int, title: str) -> None:
    data.mkdir(exist_ok=True)
    with Archive(data / "archive.sqlite3") as archive:
        archive.put([Article(url=f"https://example.com/{number}", title=title, text=title)])


def xunwen(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--data", str(data), *arguments])


def test_a_watch_from_its_making_to_its_end(data: Path) -> None:
    added = xunwen(data, "watch", "add", "大桥", "--folder", "江城", "--webhook", "http://127.0.0.1:1/hook")
    assert added.exit_code == 0, added.output
    id, name = added.output.split()
    assert name == "大桥"
    put(data, 1, "河湾大桥通车")
    assert xunwen(data, "index").exit_code == 0
    told = xunwen(data, "watch", "run").output.splitlines()
    assert told[0].startswith("大桥: webhook failed: 127.0.0.1 is a private address")
    assert told[-1] == "1 story is new in 1 watch; 0 deliveries arrived, 1 failed"
    assert xunwen(data, "watch", "run").output.startswith("0 stories are new in 0 watches; 0 deliveries arrived, 0")
    assert xunwen(data, "watch", "retry").output == "1 delivery will be tried again\n"
    assert xunwen(data, "watch", "list").output == f"{id}\t江城/大桥\tq=%E5%A4%A7%E6%A1%A5\t1\t1\n"
    failed = xunwen(data, "watch", "test", id)
    assert failed.exit_code == 1
    assert "“webhook_hosts”" in failed.output
    assert xunwen(data, "watch", "remove", id).exit_code == 0
    assert xunwen(data, "watch", "remove", id).output.startswith("Error: there is no watch")


@pytest.mark.parametrize(
    "arguments",
    [("",), ("桥", "--digest", "soon"), ("桥", "--email", "a@b\nBcc: c@d"), ("https://example.com/?limit=3",)],
)
def test_what_is_wrong_is_told_with_what_is_allowed(data: Path, arguments: tuple[str, ...]) -> None:
    xunwen(data, "index")
    refused = xunwen(data, "watch", "add", *arguments)
    assert refused.exit_code == 1
    assert refused.output.startswith("Error: ")
    assert "Traceback" not in refused.output


def test_words_an_address_and_its_end_are_questions_alike(data: Path) -> None:
    xunwen(data, "index")
    for query in ("大桥", "q=大桥", "?q=大桥&limit=3", "https://example.com/?q=大桥&sort=newest"):
        assert xunwen(data, "watch", "add", query).exit_code == 0
    queries = {line.split("\t")[2] for line in xunwen(data, "watch", "list").output.splitlines()}
    assert queries == {"q=%E5%A4%A7%E6%A1%A5"}


def test_the_schedule_lets_watches_look_and_delivers(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUNWEN_WEBHOOK_HOSTS", "127.0.0.1")
    xunwen(data, "index")
    with serving_web() as server:
        hook = server.page("/hook", 204)
        assert xunwen(data, "watch", "add", "大桥", "--webhook", hook).exit_code == 0
        put(data, 1, "河湾大桥通车")
        with process(data, name="run") as running:
            port_of(running)
            assert eventually(lambda: bool(server.asked))
            assert next(line for line in running.stdout if line.startswith("watch: ")).startswith(
                "watch: 1 story is new in 1 watch; 1 delivery arrived, 0 failed"
            )
        assert len(server.asked) == 1
