"""Words: jieba's for Han, and names and numbers of other scripts whole and in parts."""

from pathlib import Path

import jieba
import pytest
import rjieba
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import ConfigError
from indexer.text import dictionary, folded_words
from indexer.text.analyser import TITLE_WEIGHT, Analyser
from indexer.text.fold import fold

ANALYSER = Analyser()
PLAIN = rjieba.Jieba()

NEWS = (
    "国务院总理在北京人民大会堂会见来访的乌克兰外交部长，双方就中美关系、新冠疫苗与粮食安全交换意见。",
    "臺北市政府週四舉行視訊會議，討論颱風過後的災區重建與學校復課時間。",
    "特郎普访问冠病病房后乘坐地铁返回酒店，现场记者研究生命起源。",
    "小明硕士毕业于中国科学院计算所，后在日本京都大学深造；他来到了网易杭研大厦。",
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("G7", ["g", "g7", "7"]),
        ("COVID-19", ["covid", "covid-19", "19"]),
        ("5G", ["5", "5g", "g"]),
        ("C#", ["c", "c#"]),
        ("3.5%", ["3", "3.5%", "5"]),
        ("iPhone15", ["iphone", "iphone15", "15"]),
        ("it's", ["it", "it's", "s"]),
        ("。😀，", []),
        ("关系", ["关系"]),
        ("中华人民共和国", ["中华", "华人", "人民", "共和", "共和国", "中华人民共和国"]),
    ],
)
def test_words_of_a_question(text: str, words: list[str]) -> None:
    assert ANALYSER.words(text) == words


@given(st.lists(st.sampled_from((*NEWS, "G7 3.5%", "", "a\nb", "乾隆名著")), max_size=5))
def test_words_of_many_articles_are_those_of_each(texts: list[str]) -> None:
    analysis = ANALYSER.analyse([""] * len(texts), texts)
    assert list(analysis.words.lists()) == [ANALYSER.words(text) for text in texts]


@given(st.lists(st.text(st.sampled_from("特朗普抵达北京美國中著名"), min_size=1, max_size=8), max_size=4))
def test_the_words_of_a_question_of_han_alone_are_those_of_any_other(lines: list[str]) -> None:
    # The blank at the end makes it a question that is read by columns.
    text = "\n".join(lines)
    assert ANALYSER.words(text) == ANALYSER.words(text + " ")


def test_title_words_count_more_than_those_of_the_body() -> None:
    [words] = ANALYSER.analyse(["关系"], ["关系"]).words.lists()
    assert words == ["关系"] * (TITLE_WEIGHT + 1)


@given(st.text(st.sampled_from("".join(sorted(set("".join(NEWS)) - set("，。；、")))), min_size=1, max_size=30))
def test_rjieba_segments_han_runs_exactly_as_jieba(run: str) -> None:
    jieba.setLogLevel(30)
    assert PLAIN.cut_for_search(run) == list(jieba.cut_for_search(run))
    assert PLAIN.cut(run) == list(jieba.cut(run))


def test_the_folded_words_are_those_of_the_dictionary_and_the_fold() -> None:
    """``python -m indexer.text.folded_words`` writes them anew."""
    assert folded_words.folded_words() == folded_words.made()


def test_folded_words_of_another_dictionary_are_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dictionary, "VERSION", "0.43")
    monkeypatch.setattr(folded_words, "made", lambda: [("新词", 3)])
    assert folded_words.folded_words() == [("新词", 3)]


@pytest.mark.parametrize("word", ["乾隆", "名著", "土著", "中國"])
def test_a_dictionary_word_is_known_in_its_folded_spelling(word: str) -> None:
    assert ANALYSER.cut(fold(word)) == [fold(word)]


@pytest.mark.parametrize("word", ["著名", "著作", "显著", "瞭望", "着名", "覆蓋", "颠覆", "著作权", "充滿著"])
def test_a_folded_word_is_as_frequent_as_its_most_frequent_spelling(word: str) -> None:
    folded = fold(word)
    assert ANALYSER.cut(folded) == [folded]
    assert folded in ANALYSER.words(folded)


def test_no_dictionary_word_is_cut_by_folding() -> None:
    words = [word for word in dictionary.read().words if len(word) > 1 and len(PLAIN.cut(word)) == 1]
    assert len(words) > 300_000
    assert [word for word in words if len(ANALYSER.cut(fold(word))) > 1] == []


def test_the_dictionary_is_read_whole() -> None:
    words, frequencies, tags = dictionary.read()
    assert len(words) == len(frequencies) == len(tags) > 340_000
    known = dict(zip(words, tags, strict=True))
    assert (known["著名"], known["关系"]) == ("a", "n")


def test_a_user_dictionary_adds_words_and_changes_the_stamp(tmp_path: Path) -> None:
    dictionary = tmp_path / "words.txt"
    dictionary.write_text("# 人名\n特郎谱 5 nr\n臺積電先進封裝\n", "utf-8")
    analyser = Analyser(dictionary)
    assert "特郎谱" in analyser.cut("访问特郎谱之后")
    assert analyser.cut("台积电先进封装") == ["台积电先进封装"]
    assert analyser.dictionary_hash != ANALYSER.dictionary_hash
    assert Analyser().dictionary_hash == ANALYSER.dictionary_hash


def test_a_bad_user_dictionary_is_named_with_its_line(tmp_path: Path) -> None:
    dictionary = tmp_path / "words.txt"
    dictionary.write_text("好\n词 多少 次 x\n", "utf-8")
    with pytest.raises(ConfigError, match="line 2"):
        Analyser(dictionary).cut("好")
    with pytest.raises(ConfigError, match="cannot read"):
        Analyser(tmp_path / "missing.txt")
