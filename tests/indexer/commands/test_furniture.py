"""furniture and show: what stands around articles, and why an article is as it is."""

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from indexer.archive import Archive, article_id
from indexer.article import Article
from search_app.cli import main

FAREWELL = "我们下次再会。"
DAY = datetime(2026, 9, 1, tzinfo=UTC)


def article(number):
    return Article(
        url=f"https://www.dw.com/{number}",
        title=f"新闻{number}",
        text=f"第{number}条新闻说，桥修好了。\n居民第{number}次过桥。\n{FAREWELL}",
        html=f"<p>（德国之声中文网）第{number}条新闻说，桥修好了。</p><p>居民第{number}次过桥。</p><p>{FAREWELL}</p>",
        source="德国之声",
        author="李小鱼",
        published=DAY + timedelta(days=number),
        furniture="（德国之声中文网）",
        origin="published: the time above the title, 1599400614000\nauthor: given, 李小鱼",
        language="zh-Hans",
    )


@pytest.fixture
def data(tmp_path):
    with Archive(tmp_path / "archive.sqlite3") as archive:
        archive.put(article(number) for number in range(20))
    return tmp_path


@pytest.fixture
def run(data):
    def call(*arguments):
        result = CliRunner().invoke(main, ["--data", str(data), *arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return call


def test_index_learns_what_recurs_and_furniture_lists_it_most_frequent_first(run):
    assert run("index").exit_code == 0
    lines = run("furniture").output.splitlines()
    assert sorted(line.split() for line in lines[:2]) == [
        ["20", "*", "德国之声", FAREWELL],
        ["20", "德国之声", "（德国之声中文网）"],
    ]
    assert lines[-1] == "2 different lines around articles, 1 of them learned"
    assert FAREWELL not in run("furniture", "--source", "中央社").output
    assert run("search", f'"{FAREWELL}"').output.startswith("0 articles")


def test_a_person_vetoes_a_line_and_takes_it_back(run, data):
    run("index")
    assert "1 line is kept" in run("furniture", "--keep", FAREWELL).output
    assert FAREWELL not in run("furniture").output
    run("rebuild")
    assert run("search", f'"{FAREWELL}"').output.startswith("20 articles")
    run("furniture", "--undo", FAREWELL)
    assert FAREWELL in run("furniture").output


def test_a_damaged_file_of_what_was_learned_is_told_and_stops_nothing(run, data):
    run("index")
    (data / "learned_furniture.tsv").write_bytes(b"\0\xff nonsense")
    result = run("search", "桥修好了")
    assert result.output.startswith("20 articles")
    assert "learned_furniture.tsv" in run("doctor").output
    assert run("rebuild").exit_code == 0
    assert "learned_furniture.tsv" not in run("doctor").output


def test_what_cannot_be_learned_is_told_and_the_index_is_built(run, data):
    (data / "learned_furniture.tsv").mkdir()
    result = run("rebuild")
    assert result.exit_code == 0
    assert "Furniture was not learned" in result.output
    assert run("search", "桥修好了").output.startswith("20 articles")


def test_show_tells_the_parts_and_why(run):
    run("index")
    shown = run("show", article_id(article(3))).output
    assert "    第3条新闻说，桥修好了。" in shown
    assert "（德国之声中文网）" in shown
    assert "why" not in shown
    why = run("show", article_id(article(3)), "--why").output.partition("\nwhy\n")[2]
    assert "published   the time above the title, 1599400614000" in why
    assert "the table of publishers, by the host of the address" in why
    assert "author      given, 李小鱼" in why
    assert "rule “dateline”" in why
    assert "learned: last in 20 articles of 德国之声" in why


def test_an_article_that_is_not_there_is_a_plain_error(run):
    result = run("show", "0000000000000000")
    assert result.exit_code == 1
    assert "no article has the id" in result.output


def test_a_table_of_ones_own_gives_publishers_one_name(run, data):
    (data / "publishers.tsv").write_text("# mine\n我的德声\t德国之声\twww.dw.com\n只有一栏\n", encoding="utf-8")
    run("rebuild")
    assert run("search", "source:我的德声").output.startswith("20 articles")
    assert "publishers.tsv, line 3" in run("doctor").output
    why = run("show", article_id(article(3)), "--why").output
    assert "publishers.tsv calls 德国之声 so" in why


def test_groups_of_ones_own_filter_and_what_is_wrong_with_their_file_is_told(run, data):
    (data / "publisher_groups.tsv").write_text("电台|broadcasters\t德国之声\n只有一栏\n", encoding="utf-8")
    run("index")
    assert run("search", "publisher:Broadcasters").output.startswith("20 articles")
    assert run("search", "NOT publisher:外媒").output.startswith("0 articles")
    unknown = run("search", "publisher:火星")
    assert unknown.exit_code == 1
    assert "火星" in unknown.output and "外媒" in unknown.output and "电台" in unknown.output
    assert "publisher_groups.tsv, line 2" in run("doctor").output
    assert run("backup", str(data / "kept")).exit_code == 0
    assert list((data / "kept").rglob("publisher_groups.tsv"))
