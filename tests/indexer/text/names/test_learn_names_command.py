"""``xunwen learn-names``, and what a rebuild learns."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer import learning
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
    assert shown.endswith("learned 1 name, 1 of them with several spellings\n")


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


@pytest.mark.parametrize(
    ("command", "part", "failure"),
    [
        ("index", "learn", MemoryError()),
        ("rebuild", "learn", KeyError()),
        ("index", "build_lexicon", OSError(28, "No space left on device")),
        ("rebuild", "build_lexicon", ValueError("two\nlines")),
    ],
    ids=repr,
)
def test_learning_that_fails_is_one_line_and_the_index_answers(
    data: Path, monkeypatch: pytest.MonkeyPatch, command: str, part: str, failure: Exception
) -> None:
    before = b"# learned before\n"
    (data / LEARNED_FILE).write_bytes(before)

    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr(learning, part, fail)
    result = CliRunner().invoke(program, ["--data", str(data), command], catch_exceptions=False)
    assert result.exit_code == 0
    assert result.stdout == "indexed 4 articles, took out 0; the index holds 4 (generation 1)\n"
    assert result.stderr.startswith("Names and words were not learned: ")
    assert result.stderr.count("\n") == 1
    if part == "learn":
        assert (data / LEARNED_FILE).read_bytes() == before
    assert "伯尔津斯" in run(data, "search", "伯尔津斯")


def test_a_folder_in_the_place_of_a_learned_file_stops_nothing(data: Path) -> None:
    (data / LEARNED_FILE).mkdir()
    (data / lexicon.FILE).mkdir()
    run(data, "index")
    assert "贝尔津什" in run(data, "search", "贝尔津什")


def test_random_bytes_in_every_file_stop_nothing_and_are_named_by_the_doctor(data: Path) -> None:
    synonyms = data / "synonyms"
    files = (data / USER_FILE, data / LEARNED_FILE, data / lexicon.FILE, synonyms)
    run(data, "index")
    for path in files:
        path.write_bytes(bytes(range(256)) * 9)
    assert "贝尔津什" in run(data, "--synonyms", str(synonyms), "search", "贝尔津什")
    result = CliRunner().invoke(program, ["--data", str(data), "--synonyms", str(synonyms), "doctor"])
    assert result.exit_code == 1
    wrong = [line for line in result.stdout.splitlines() if line.startswith("WRONG")]
    assert len(wrong) == len(files)
    assert all(str(path) in "".join(wrong) for path in files)
    run(data, "--synonyms", str(synonyms), "rebuild")
    assert Variants.load(data).problems[0].path == data / USER_FILE
    assert len(Variants.load(data).problems) == 1
    assert Lexicon.load(data / lexicon.FILE).problems == ()


def test_an_index_without_words_learns_them_again(data: Path) -> None:
    run(data, "index")
    (data / lexicon.FILE).write_text("")
    run(data, "index")
    assert "里加" in Lexicon.load(data / lexicon.FILE).counts


def test_the_lexicon_knows_the_names_of_the_synonyms(data: Path) -> None:
    synonyms = data / "synonyms"
    synonyms.write_text("里加新桥,道加瓦河新桥\n", "utf-8")
    run(data, "--synonyms", str(synonyms), "rebuild")
    assert "里加新桥" in Lexicon.load(data / lexicon.FILE).counts


@pytest.mark.parametrize("count", [0, 1])
def test_an_archive_of_hardly_anything_learns_hardly_anything(tmp_path: Path, count: int) -> None:
    with Archive(tmp_path / "archive.sqlite3") as archive:
        archive.put(Article(url=f"https://example.com/{n}", title="桥", text=TEXTS[n]) for n in range(count))
    run(tmp_path, "rebuild")
    assert Variants.load(tmp_path).problems == ()
