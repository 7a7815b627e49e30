"""The evaluation on judged questions: what it reads, what it measures, what it writes down."""

import json
from pathlib import Path

import pytest

from benchmarks import relevance
from benchmarks.judged import BadSet, read

DOCUMENTS = [
    {"_id": "a", "title": "台风", "text": "昨天傍晚，台风在海岸登陆，风力十二级。"},
    {"_id": "b", "title": "", "text": "2019年的粮食总产量是六亿吨。"},
    {"_id": "c", "title": "", "text": "2021年的粮食总产量是七亿吨。"},
    {"_id": "d", "title": "棋赛", "text": "少年棋手赢得冠军。"},
]
QUESTIONS = [
    {"_id": "1", "text": "台風在哪里登陸？"},
    {"_id": "2", "text": "2021年粮食总产量是多少"},
    {"_id": "3", "text": "谁说 nosuchfield:x"},
    {"_id": "4", "text": "没有人判断过的问题"},
]
GRADES = "query-id\tcorpus-id\tscore\n1\ta\t1\n2\tc\t2\n2\tb\t0\n3\td\t1\n4\ta\t0\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    judged = tmp_path / "weather"
    judged.mkdir()
    _write(judged / "corpus.jsonl", DOCUMENTS)
    _write(judged / "queries.jsonl", QUESTIONS)
    (judged / "qrels.tsv").write_text(GRADES, "utf-8")
    return judged


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def test_a_set_is_measured_through_the_real_pipeline(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    results = folder / "results.jsonl"
    assert relevance.main([str(folder), "--engine", "whoosh", "--results", str(results)]) == 0
    [entry] = [json.loads(line) for line in results.read_text("utf-8").splitlines()]
    assert (entry["set"], entry["engine"], entry["documents"], entry["questions"]) == ("weather", "whoosh", 4, 3)
    # Two questions have the right document first, the third is refused and counts 0.
    assert entry["metrics"] == {"nDCG@10": 0.6667, "RR@10": 0.6667, "R@100": 0.6667}
    assert entry["refused"] == 1
    assert 0 < entry["ms"]["p50"] <= entry["ms"]["p95"]
    assert entry["settings"]["word"] == 1.0
    printed = capsys.readouterr().out
    assert "weather: 4 documents, 3 questions, whoosh" in printed
    assert "nDCG@10   0.6667" in printed
    assert "1 questions are not of the query language" in printed


def test_a_second_run_tells_what_changed(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = [str(folder), "--engine", "whoosh", "--results", str(folder / "results.jsonl")]
    relevance.main(arguments)
    capsys.readouterr()
    monkeypatch.setattr("search_app.query.ranking.EARLY", 0.25)
    relevance.main(arguments)
    printed = capsys.readouterr().out
    assert "nDCG@10   0.6667  +0.0000" in printed
    assert "early: 0.22 before, 0.25 now" in printed
    assert len((folder / "results.jsonl").read_text("utf-8").splitlines()) == 2


def test_judgements_may_stand_where_beir_has_them(folder: Path) -> None:
    (folder / "qrels").mkdir()
    (folder / "qrels.tsv").rename(folder / "qrels" / "test.tsv")
    judged = read(folder)
    assert judged.grades == {"1": {"a": 1}, "2": {"c": 2, "b": 0}, "3": {"d": 1}}
    assert list(judged.questions) == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("corpus.jsonl", "{", "corpus.jsonl, line 1: not JSON"),
        ("corpus.jsonl", "[]", "corpus.jsonl, line 1: not a JSON object"),
        ("corpus.jsonl", '{"title": "a"}', "line 1: “_id” is missing"),
        ("corpus.jsonl", '{"_id": "a", "text": 3}', "line 1: “text” should be text"),
        ("corpus.jsonl", '{"_id": "a"}\n{"_id": "a"}', "an _id occurs twice"),
        ("queries.jsonl", '{"_id": "1", "text": "a"}', "the judged question 2 is missing"),
        ("qrels.tsv", "heading\n1 a 1\n", "qrels.tsv, line 2: expected query-id, corpus-id and a whole number"),
        ("qrels.tsv", "heading\n1\ta\t0\n", "no question has a relevant document"),
    ],
)
def test_a_broken_set_is_refused_with_the_place(folder: Path, name: str, content: str, message: str) -> None:
    (folder / name).write_text(content, "utf-8")
    with pytest.raises(BadSet) as caught:
        read(folder)
    assert message in str(caught.value)


def test_a_missing_set_and_an_unknown_engine_are_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert relevance.main([str(folder / "none")]) == 1
    assert relevance.main([str(folder), "--engine", "grep"]) == 1
    printed = capsys.readouterr().err
    assert "cannot be read" in printed
    assert "allowed: whoosh, opensearch" in printed
