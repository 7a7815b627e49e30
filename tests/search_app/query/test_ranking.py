"""Which article comes first."""

from collections.abc import Callable
from dataclasses import astuple
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engine.query import PhraseScore, Recency
from search_app.query import ranking
from tests.conftest import Opener
from tests.search_app.corpus import NOW, Corpus, article

FILLER = "昨天的会议上，来自各地的代表谈到了天气、交通和今年的收成，大家都很满意。"


Factory = Callable[..., Corpus]


@pytest.fixture
def make_corpus(open_index: Opener) -> Factory:
    """``Corpus`` on every engine in turn: each of them ranks alike."""
    return partial(Corpus, index=open_index())


def order(corpus: Corpus, text: str, **parameters: str) -> list[int]:
    return [int(hit.id, 16) for hit in corpus.ask(text, **parameters).hits]


def test_a_literal_run_comes_before_its_parts_scattered(make_corpus: Factory) -> None:
    scattered = "熊猫很多，基地也多。熊猫熊猫，基地基地。"
    corpus = make_corpus([article(1, "", scattered), article(2, "", FILLER * 8 + "他参观了熊猫基地。" + FILLER * 8)])
    assert order(corpus, "熊猫基地") == [2, 1]


def test_neighbours_come_before_words_far_apart(make_corpus: Factory) -> None:
    corpus = make_corpus(
        [article(1, "", "熊猫" + FILLER + "竹子"), article(2, "", FILLER + "熊猫爱吃竹子"), article(3, "", "熊猫")]
    )
    assert order(corpus, "熊猫 竹子") == order(corpus, "竹子 熊猫") == [2, 1]


def test_the_title_counts_more_than_the_body(make_corpus: Factory) -> None:
    corpus = make_corpus([article(1, "会议", "熊猫。" + FILLER), article(2, "熊猫", "会议。" + FILLER)])
    assert order(corpus, "熊猫") == [2, 1]


BEARS = "泰迪熊\t玩具熊\t绒毛制成的熊型玩偶\n"


def test_among_equals_the_spelling_that_was_typed_comes_first(make_corpus: Factory) -> None:
    spellings = BEARS.strip().split("\t")
    # The rarest tells no more than the others.
    texts = [*(spelling + "很大。" + FILLER for spelling in spellings), "玩具熊很小。" + FILLER]
    corpus = make_corpus([article(number, "", text) for number, text in enumerate(texts, 1)], BEARS)
    for number, spelling in enumerate(spellings, 1):
        hits = corpus.ask(spelling).hits
        assert int(hits[0].id, 16) == number
        assert len({hit.score for hit in hits if spelling not in hit.snippet.text}) == 1


def test_an_article_about_it_in_another_spelling_comes_before_a_mention(make_corpus: Factory) -> None:
    about = "玩具熊，玩具熊，玩具熊。" + FILLER
    corpus = make_corpus([article(1, "", "泰迪熊很大。" + FILLER), article(2, "玩具熊", about)], BEARS)
    assert order(corpus, "泰迪熊") == [2, 1]


def test_function_words_score_nothing(make_corpus: Factory) -> None:
    corpus = make_corpus([article(1, "", "谁是少年棋手，谁是谁。"), article(2, "", "少年棋手")])
    hits = corpus.ask("谁是少年棋手", explain="1").hits
    assert len(hits) == 2
    for hit in hits:
        assert not {part.feature for part in hit.explanation} & {"word 谁", "word 是", "gram 谁是", "gram 是少"}


def test_the_year_that_was_asked_for_comes_first(make_corpus: Factory) -> None:
    years = [article(n, "", f"{2000 + n}年的产量公布，产量产量。" + FILLER * (n % 3)) for n in range(10, 20)]
    corpus = make_corpus([*years, article(1, "", "2015年，各地公布了收成。" + FILLER)])
    loose = corpus.understood("2015年的产量").loose_request()
    assert int(corpus.index.search(loose).hits[0].id, 16) == 15


def test_recency_is_off_unless_asked_for(make_corpus: Factory) -> None:
    old, new = NOW.replace(year=2018), NOW.replace(day=15)
    corpus = make_corpus([article(1, "熊猫", published=old), article(2, "", "熊猫。" + FILLER, published=new)])
    assert order(corpus, "熊猫") == [1, 2]
    assert order(corpus, "熊猫", recency="7d") == [2, 1]


def test_the_parts_that_are_explained_add_up(make_corpus: Factory) -> None:
    corpus = make_corpus([article(1, "熊猫基地", "熊猫爱吃竹子。"), article(2, "", "熊猫基地和竹子")])
    hits = corpus.ask("熊猫基地 竹子", explain="1", recency="7d").hits
    assert len(hits) == 2
    for hit in hits:
        assert sum(part.score for part in hit.explanation) == pytest.approx(hit.score)
        assert {"word 熊猫", "run 熊猫基地", "near 基地 竹子", "recency"} <= {part.feature for part in hit.explanation}


def test_single_characters_rank_partial_matches_alone(make_corpus: Factory) -> None:
    corpus = make_corpus([article(1, "", "竹子"), article(2, "", "竹子过世。")])
    whole = corpus.understood("竹子去世").request()
    loose = corpus.understood("竹子去世").loose_request()
    assert "世" in {ranking.spelled(f.phrase)[:-1] for f in loose.features if isinstance(f, PhraseScore)}
    assert "世" not in {ranking.spelled(f.phrase)[:-1] for f in whole.features if isinstance(f, PhraseScore)}
    assert order(corpus, "竹子去世") == [2, 1]


def test_a_word_is_found_where_a_single_character_joined_it(make_corpus: Factory) -> None:
    corpus = make_corpus([article(1, "", "鸟击是飞机与鸟相撞。"), article(2, "", "棋赛")])
    results = corpus.ask("鸟击指的是什么")
    assert [int(hit.id, 16) for hit in results.hits] == [1]
    assert results.partial
    assert results.query.notes[-1].count == results.query.notes[-1].of


@given(st.text(alphabet="熊猫基地竹子的是谁2021年a-b “”", max_size=60), st.booleans())
def test_features_are_distinct_and_positive(text: str, partial: bool) -> None:
    corpus = Corpus([])
    interpretation = corpus.understood(text).interpretation
    features = ranking.features(interpretation, ranking.Settings(0, 3600.0), partial=partial)
    assert len(set(features)) == len(features)
    assert all(feature.weight > 0 for feature in features)
    assert [feature for feature in features if isinstance(feature, Recency)] == [features[-1]]
    assert all(astuple(feature) and ranking.label(feature) for feature in features)


def test_features_stay_bounded_however_long_the_question() -> None:
    text = "".join(chr(0x4E00 + n) for n in range(5000))
    interpretation = Corpus([]).understood(text).interpretation
    assert len(ranking.features(interpretation, ranking.Settings(0), partial=True)) < 1000
