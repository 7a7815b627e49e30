"""A search within results finds what is in both, whatever was typed in either."""

from functools import cache
from itertools import product

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from indexer.errors import QueryError
from search_app.query.syntax import MAX_LEAVES, MAX_LENGTH, parse
from search_app.query.writing import narrowed, written
from tests.search_app.corpus import Corpus, article

WORDS = ("疫苗", "熊猫", "大桥", "春天")
SIGNS = (
    '"',
    "“",
    "”",
    "「",
    "(",
    ")",
    "OR",
    "|",
    "NOT",
    "-",
    "AND",
    "*",
    "title:",
    "S/",
    "同句",
    "NEAR/3",
    "ATLEAST/2",
)
TYPED = st.lists(st.sampled_from([*WORDS, *SIGNS]), max_size=8).map(" ".join).filter(lambda text: is_question(text))


@cache
def corpus() -> Corpus:
    """An article for each set of the words."""
    return Corpus(
        article(number, "新闻", "。".join(word for word, held in zip(WORDS, holds, strict=True) if held))
        for number, holds in enumerate(product((False, True), repeat=len(WORDS)), 1)
    )


def found(text: str) -> set[int]:
    return corpus().found(text, partial="0", collapse="0")


def is_question(text: str) -> bool:
    """Whether it is no error: what stands beside NEAR has no field, for one."""
    try:
        found(text)
    except QueryError:
        return False
    return True


@pytest.mark.parametrize(
    ("text", "more", "asked"),
    [
        ("疫苗", "接种", "疫苗 接种"),
        ("疫苗 OR 口罩", "接种", "(疫苗 OR 口罩) 接种"),
        ("疫苗", "接种 | 生产", "疫苗 (接种 | 生产)"),
        ("", "接种", "接种"),
        ("疫苗", " ", "疫苗"),
        ('"疫苗', "接种", '"疫苗" 接种'),
        ("疫苗 OR", "接种", "疫苗 接种"),
        ("疫苗", '"接种', '疫苗 "接种"'),
        ("疫苗", "-(牛津", "疫苗 -牛津"),
        ("疫苗", 'title:"牛津', '疫苗 title:"牛津"'),
        ("疫苗) OR (口罩", "接种", "疫苗 口罩 接种"),
        ("疫苗 同句", "接种", '疫苗 "同句" 接种'),
        ("疫苗 title:", "接种", '疫苗 "title:" 接种'),
    ],
)
def test_both_are_asked_for(text: str, more: str, asked: str) -> None:
    assert narrowed(text, more) == asked


@given(TYPED)
@example("疫苗 同句 大桥 -title:熊猫")
@example("疫苗 OR ATLEAST/2 熊猫 (大桥 | 熊猫) NEAR/3 春天 同句")
def test_what_was_read_is_written_so_that_the_same_is_found(text: str) -> None:
    tree = parse(text).tree
    assume(tree is not None and found(text))
    assert not parse(written(tree)).notes
    assert found(written(tree)) == found(text)


WORD = st.sampled_from(WORDS)
SOUND = st.recursive(
    WORD | WORD.map('"{}"'.format) | WORD.map("-{}".format),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(" ".join),
        st.tuples(inner, inner).map(" OR ".join),
        st.tuples(inner, inner).map("({0[0]} | {0[1]})".format),
    ),
    max_leaves=4,
)


@given(TYPED | SOUND, SOUND)
@example('"疫苗', "熊猫")
@example("疫苗 OR", "熊猫")
@example("(疫苗", "熊猫 OR 大桥")
def test_what_is_found_is_in_both(text: str, more: str) -> None:
    assume(found(text))  # what holds nothing to search finds nothing alone
    assert found(narrowed(text, more)) == found(text) & found(more)


@given(TYPED, TYPED)
def test_nothing_else_is_found_however_odd(text: str, more: str) -> None:
    assume(found(text))  # what holds nothing to search finds nothing alone
    assert found(narrowed(text, more)) <= found(text)


@pytest.mark.parametrize("many", ["疫苗 " * MAX_LEAVES, " OR ".join(["疫苗"] * MAX_LEAVES), "疫苗" * MAX_LENGTH])
def test_what_is_too_much_never_takes_the_place_of_what_was_there(many: str) -> None:
    """Of a question that is too long the end is left out, which is what was asked last."""
    assert found(narrowed("熊猫", many)) <= found("熊猫")
    assert found(narrowed(many, "熊猫")) <= found(many)
    assert {"too_long", "too_many_terms"} & {note.code for note in parse(narrowed("熊猫", many + " 大桥")).notes}


def test_wrong_operators_are_told() -> None:
    with pytest.raises(QueryError):
        narrowed("疫苗", "nofield:x")
