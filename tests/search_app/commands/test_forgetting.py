"""``xunwen forget``: what it takes out, what it asks before, and what answers where an article was."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.archive import Archive
from indexer.config import Config
from indexer.installation import Installation
from search_app import create_app
from search_app.cli import main
from tests.search_app.corpus import analyser

CHINESE, ENGLISH = {"Accept-Language": "zh-Hans"}, {"Accept-Language": "en"}
TITLES = ["疫苗接种开始", "疫苗到货", "熊猫归来", "大桥通车"]
REASON = ("--reason", "律师来函")


def address(number: int) -> str:
    return f"https://news.example.com/{number}"


@pytest.fixture(autouse=True)
def one_analyser(monkeypatch: pytest.MonkeyPatch) -> None:
    """All commands of a test run share the one that has its dictionary loaded."""
    monkeypatch.setattr(Installation, "analyser", analyser())


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with four articles, indexed."""
    lines = [
        {
            "url": address(number),
            "title": title,
            "text": f"{title}，详情如下。第{number}段。",
            "published": "2020-09-15",
        }
        for number, title in enumerate(TITLES)
    ]
    (tmp_path / "articles.jsonl").write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    for command in (["import", str(tmp_path / "articles.jsonl")], ["index"]):
        assert run(tmp_path / "data", *command).exit_code == 0
    return tmp_path / "data"


def run(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--data", str(data), *arguments])


def ids(data: Path) -> dict[str, str]:
    """The articles that are kept, by title."""
    with Archive(Config(data=data).archive_location) as archive:
        return {each.title: each.id for each in archive.iterate()}


def test_an_article_is_forgotten_by_its_id_and_comes_back_by_nothing(data: Path) -> None:
    id = ids(data)["疫苗到货"]
    export = run(data, "export").stdout
    (data / "before.jsonl").write_text(export, "utf-8")
    said = run(data, "forget", id, *REASON)
    assert said.exit_code == 0 and said.output.startswith("1 article forgotten")
    assert "疫苗到货" not in ids(data)
    for path in (data / "before.jsonl", data.parent / "articles.jsonl"):
        assert run(data, "import", str(path)).output == (
            "read 4: 0 new, 0 updated, 3 unchanged, 1 forgotten; rejected 0\n"
        )
    assert "took out 1" in run(data, "index").output
    assert "疫苗到货" not in run(data, "search", "疫苗").output
    (data / "after.jsonl").write_text(run(data, "export").stdout, "utf-8")
    other = data.parent / "other"
    assert run(other, "import", str(data / "after.jsonl")).exit_code == 0
    assert ids(other) == ids(data)
    assert "1 forgotten" in run(other, "import", str(data.parent / "articles.jsonl")).output
    assert run(other, "forget", "--list").output == run(data, "forget", "--list").output


def test_addresses_name_articles_in_any_spelling(data: Path) -> None:
    said = run(data, "forget", "--yes", "http://news.example.com/1?utm_source=x", address(2), *REASON)
    assert said.exit_code == 0 and "2 articles forgotten" in said.output
    assert sorted(ids(data)) == sorted(["疫苗接种开始", "大桥通车"])
    again = run(data, "forget", address(1), *REASON)
    assert again.exit_code == 0 and "was forgotten already, on 20" in again.output


def test_a_question_shows_what_it_finds_and_asks(data: Path) -> None:
    said = run(data, "forget", "疫苗", *REASON)
    assert said.exit_code == 1 and "say --yes" in said.output
    assert "疫苗到货" in said.output and "疫苗接种开始" in said.output and "熊猫" not in said.output
    assert len(ids(data)) == 4
    assert "2 articles forgotten" in run(data, "forget", "疫苗", "--yes", *REASON).output
    assert sorted(ids(data)) == sorted(["熊猫归来", "大桥通车"])
    # The index still holds them.
    assert run(data, "forget", "疫苗", "--yes", *REASON).exit_code == 0
    assert len(ids(data)) == 2


@pytest.mark.parametrize("query", ["疫苗 熊猫 火星", "？！", "-疫苗", "没有这回事", "-疫苗 -熊猫"])
def test_what_meets_only_a_part_of_a_question_is_never_forgotten(data: Path, query: str) -> None:
    said = run(data, "forget", "--yes", *REASON, "--", query)
    assert said.exit_code == 0 and said.stdout == "nothing was forgotten\n"
    assert len(ids(data)) == 4


def test_an_archive_of_which_all_was_forgotten_is_carried_over(data: Path) -> None:
    run(data, "forget", "--yes", *ids(data).values(), *REASON)
    (data / "after.jsonl").write_text(run(data, "export").stdout, "utf-8")
    other = data.parent / "other"
    assert run(other, "import", str(data / "after.jsonl")).exit_code == 0
    assert run(other, "import", str(data.parent / "articles.jsonl")).output.startswith(
        "read 4: 0 new, 0 updated, 0 unchanged, 4 forgotten"
    )


def test_a_question_that_cannot_be_answered_says_why(data: Path) -> None:
    said = run(data, "forget", "--yes", "date:soon", *REASON)
    assert said.exit_code == 1 and "soon" in said.output and len(ids(data)) == 4


def test_undo_and_list(data: Path) -> None:
    assert run(data, "forget", "--list").output == "nothing was forgotten\n"
    id = ids(data)["熊猫归来"]
    run(data, "forget", id, "--reason", "私人\x1b[2J 信息\n二")
    assert re.fullmatch(rf"{id}  \d{{4}}-\d\d-\d\d  私人 \[2J 信息 二\n", run(data, "forget", "--list").output)
    assert run(data, "forget", "--undo", address(2)).output == "1 article may come again\n"
    assert "1 new" in run(data, "import", str(data.parent / "articles.jsonl")).output
    assert ids(data)["熊猫归来"] == id
    assert "no article with the id" in run(data, "forget", "--undo", id).output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["疫苗"], "--reason"),
        (["疫苗", "--reason", " \n"], "--reason"),
        (["疫苗", "--reason", "长" * 301], "at most 300"),
        ([*REASON], "Missing argument"),
        ([" ", *REASON], "Missing argument"),
        (["--list", "x"], "no argument"),
        (["--list", "--undo"], "two commands"),
        (["--undo", "x", *REASON], "forgetting alone"),
        (["--undo", "疫苗"], "neither an id nor an address"),
        (["0" * 16, *REASON], "no article with the id 0000000000000000 is kept"),
        (["--undo", "0" * 16], "was forgotten"),
        (["https://me:SECRET@nowhere.example/x", *REASON], "no article at https://***@nowhere.example/x is kept"),
    ],
)
def test_bad_input_is_told_and_nothing_forgotten(data: Path, arguments: list[str], says: str) -> None:
    said = run(data, "forget", *arguments)
    assert said.exit_code in (1, 2) and says in said.output and "Traceback" not in said.output
    assert len(ids(data)) == 4


def test_its_address_answers_that_it_is_gone_and_not_what_it_said(data: Path) -> None:
    id = ids(data)["疫苗到货"]
    run(data, "forget", id, "--reason", "<b>来函</b>")
    client = create_app(Config(data=data), "127.0.0.1").test_client()
    for indexed in (False, True):
        if indexed:
            run(data, "index")
        for path in (f"/article/{id}", f"/article/{id}/changes", f"/story/{id}"):
            page = client.get(path, headers=ENGLISH)
            assert page.status_code == 410 and page.headers["Cache-Control"] == "no-store"
            assert "was forgotten on 20" in page.text and "&lt;b&gt;来函&lt;/b&gt;" in page.text
            assert "疫苗到货" not in page.text
        for path in (f"/api/v1/articles/{id}", f"/api/v1/related/{id}", f"/api/v1/stories/{id}"):
            told = client.get(path, headers=CHINESE)
            assert told.status_code == 410 and told.json["error"]["code"] == "gone"
            assert "遗忘" in told.json["error"]["message"] and "疫苗到货" not in told.text
        for path in ("/feed.atom?q=疫苗", "/feed.json?q=疫苗", "/api/v1/search?q=疫苗"):
            found = client.get(path)
            assert found.status_code == 200 and address(0) in found.text
            assert id not in found.text and address(1) not in found.text
    assert client.get("/article/" + "0" * 16).status_code == 404
    run(data, "forget", "--undo", id)
    assert client.get(f"/article/{id}").status_code == 404


def test_strangers_learn_the_day_and_not_the_reason(data: Path) -> None:
    id = ids(data)["疫苗到货"]
    run(data, "forget", id, *REASON)
    with Archive(Config(data=data).archive_location) as archive:
        key = archive.accounts.add_key("robot")
    client = create_app(Config(data=data), "0.0.0.0").test_client()
    for headers, knows in (
        ({}, False),
        ({"Authorization": "Bearer x"}, False),
        ({"Authorization": f"Bearer {key}"}, True),
    ):
        told = client.get(f"/api/v1/articles/{id}", headers=ENGLISH | headers)
        assert told.status_code == 410 and "was forgotten on 20" in told.text
        assert ("律师来函" in told.json["error"]["message"]) == knows
