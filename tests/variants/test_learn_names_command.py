"""``xunwen learn-names``, and what a rebuild learns."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer.archive import Archive
from indexer.article import Article
from indexer.text import lexicon
from indexer.text.lexicon import Lexicon
from indexer.text.variants import LEARNED_FILE, USER_FILE, Variants
from search_app.cli import main as program

TEXTS = [
    "里加市长贝尔津什（Janis Berzins）周一说，预算够用。贝尔津什还说，桥会修好。",
    "市长贝尔津什（Janis Berzins）回到办公室。市议会欢迎贝尔津什。",
    "拉脱维亚首都里加市长伯尔津斯（Jānis Bērziņš）说，桥今年修好。伯尔津斯去年上任。",
    "記者會上，市長伯爾津斯（Janis Berzins）没有露面。伯爾津斯的发言人说他病了。",
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    with Archive(folder / "archive.sqlite3") as archive:
        archive.put(
            Article(
                url=f"https://example.com/{n}", title="里加新桥", text=text, published=datetime(2024, 5, n, tzinfo=UTC)
            )
            for n, text in enumerate(TEXTS, 1)
        )
    return folder


def run(data: Path, *arguments: str) -> str:
    result = CliRunner().invoke(program, ["--data", str(data), *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_it_shows_names_with_counts_and_examples(data: Path) -> None:
    shown = run(data, "learn-names")
    assert "janis berzins: 伯尔津斯 2, 贝尔津什 2\n" in shown
    assert "（J" in shown
    assert shown.endswith("learned 1 names, 1 of them with several spellings\n")


def test_it_shows_as_many_as_asked(data: Path) -> None:
    assert "伯尔津斯" in run(data, "learn-names", "--limit", "0")
    assert run(data, "learn-names", "--limit", "1").count("berzins:") == 1


def test_what_it_learned_is_searched_at_once(data: Path) -> None:
    run(data, "learn-names")
    assert set(Variants.load(data).of("贝尔津什")) == {"贝尔津什", "伯尔津斯"}


def test_a_rebuild_learns_names_and_what_to_complete(data: Path) -> None:
    run(data, "rebuild")
    assert (data / LEARNED_FILE).exists()
    assert "里加" in Lexicon.load(data / lexicon.FILE).counts


def test_the_first_index_learns_and_later_ones_leave_it(data: Path) -> None:
    run(data, "index")
    (data / LEARNED_FILE).unlink()
    run(data, "index")
    assert not (data / LEARNED_FILE).exists()


def test_a_veto_survives_learning_anew(data: Path) -> None:
    (data / USER_FILE).write_text("!贝尔津什,伯尔津斯\n", "utf-8")
    run(data, "learn-names")
    assert Variants.load(data).of("贝尔津什") == ("贝尔津什",)
