"""What people type, and what is read from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import QueryError
from search_app.query.syntax import MAX_LEAVES, MAX_LENGTH, parse
from search_app.query.tree import (
    CHINESE_FIELDS,
    FIELDS,
    AllOf,
    AnyOf,
    Clause,
    Close,
    Node,
    NoneOf,
    Often,
)

A, B, C = Clause("a"), Clause("b"), Clause("c")


def codes(text: str) -> list[str]:
    return [note.code for note in parse(text).notes]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", None),
        ("  \u3000 ", None),
        ("疫苗", Clause("疫苗")),
        ("特朗普 疫苗", AllOf((Clause("特朗普"), Clause("疫苗")))),
        ("特朗普\u3000疫苗", AllOf((Clause("特朗普"), Clause("疫苗")))),
        ("a AND b", AllOf((Clause("a"), Clause("b")))),
        ("a OR b c", AnyOf((Clause("a"), AllOf((Clause("b"), Clause("c")))))),
        ("a|b｜c || d", AnyOf((Clause("a"), Clause("b"), Clause("c"), Clause("d")))),
        ("(a OR b) c", AllOf((AnyOf((Clause("a"), Clause("b"))), Clause("c")))),
        ("（a | b）c", AllOf((AnyOf((Clause("a"), Clause("b"))), Clause("c")))),
        ("疫苗 -接种", AllOf((Clause("疫苗"), NoneOf(Clause("接种"))))),
        ("疫苗 －接种", AllOf((Clause("疫苗"), NoneOf(Clause("接种"))))),
        ("NOT a", NoneOf(Clause("a"))),
        ("NOT -a", Clause("a")),
        ("-(a b)", NoneOf(AllOf((Clause("a"), Clause("b"))))),
        ('"视频 会议"', Clause("视频 会议", "exact")),
        ("“视频会议”", Clause("视频会议", "exact")),
        ("「视频会议」『a』", AllOf((Clause("视频会议", "exact"), Clause("a", "exact")))),
        ("vacc*", Clause("vacc", "prefix")),
        ("title:疫苗", Clause("疫苗", field="title")),
        ("TITLE：疫苗", Clause("疫苗", field="title")),
        ("title: 疫苗", Clause("疫苗", field="title")),
        ("title:vacc*", Clause("vacc", "prefix", "title")),
        ("title:(a OR b)", AnyOf((Clause("a", field="title"), Clause("b", field="title")))),
        ('-source:"BBC 中文"', NoneOf(Clause("BBC 中文", "exact", "source"))),
        ("date:2020-09..2020-10", Clause("2020-09..2020-10", field="date")),
        ("标题:疫苗", Clause("疫苗", field="title")),
        ("來源：聯合報", Clause("聯合報", field="source")),
        ("字数:>500", Clause(">500", field="words")),
        ("a NEAR/5 b", Close(A, B, 5)),
        ("a NEAR／5 b", Close(A, B, 5)),
        ("a W/0 b", Close(A, B, 0, ordered=True)),
        ("a S/ b", Close(A, B, "sentence")),
        ("a 同句 b", Close(A, B, "sentence")),
        ("a P/ b", Close(A, B, "paragraph")),
        ("a 同段 b", Close(A, B, "paragraph")),
        ("c a NEAR/5 b", AllOf((C, Close(A, B, 5)))),
        ("c OR a NEAR/5 b", AnyOf((C, Close(A, B, 5)))),
        ("a NEAR/5 b W/3 c", AllOf((Close(A, B, 5), Close(B, C, 3, ordered=True)))),
        ("(a OR b) NEAR/5 c", Close(AnyOf((A, B)), C, 5)),
        ("-(a NEAR/5 b)", NoneOf(Close(A, B, 5))),
        ("title:(a NEAR/5 b)", Close(Clause("a", field="title"), Clause("b", field="title"), 5)),
        ("ATLEAST/3 a", Often(A, 3)),
        ("-ATLEAST/3 (a OR b)", NoneOf(Often(AnyOf((A, B)), 3))),
        ("LEAD:a", Clause("a", field="lead")),
        ("同句", Clause("同句")),
        ("a 同段", AllOf((A, Clause("同段")))),
        ("同句 a", AllOf((Clause("同句"), A))),
    ],
)
def test_operators_are_understood_in_half_and_full_width(text: str, tree: Node | None) -> None:
    assert parse(text).tree == tree
    assert not parse(text).notes


@pytest.mark.parametrize(
    "text",
    ["http://www.a.com/x?y=1", "https://a.com", "12:30", "比分3:2", "C:\\x", "C#", "it's", "TikTok：美国", "Re:",
     "👍🏽", "a-b", "COVID-19", "5*3", "or", "not", "AT&T", "#话题", "a::b", "50%",
     "NEAR", "near/5", "NEAR/", "w/5", "W/x", "S", "AT/3", "标题党", "题:a"],
)  # fmt: skip
def test_what_only_resembles_an_operator_is_text(text: str) -> None:
    assert parse(text).tree == Clause(text)
    assert not parse(text).notes


@pytest.mark.parametrize(
    "text", ["foo:bar", "疫苗 befor:2020", "-foo:bar", "(foo:bar)", "title:foo:bar", "localhost:8000"]
)
def test_an_unknown_field_is_an_error_that_names_the_fields(text: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert caught.value.code == "unknown_field"
    assert caught.value.allowed == FIELDS


@pytest.mark.parametrize(
    ("text", "tree", "code"),
    [
        ('"视频会议', Clause("视频会议", "exact"), "unbalanced_quote"),
        ("「视频", Clause("视频", "exact"), "unbalanced_quote"),
        ("((a", Clause("a"), "unbalanced_parenthesis"),
        ("a)) b", AllOf((Clause("a"), Clause("b"))), "unbalanced_parenthesis"),
        ("a OR", Clause("a"), "dangling_operator"),
        ("OR a", Clause("a"), "dangling_operator"),
        ("a NOT", Clause("a"), "dangling_operator"),
        ("a NEAR/5", A, "dangling_operator"),
        ("NEAR/5 a", A, "dangling_operator"),
        ("a S/ OR b", AnyOf((A, B)), "dangling_operator"),
        ("ATLEAST/2", None, "dangling_operator"),
        ("a OR OR b", AnyOf((Clause("a"), Clause("b"))), "dangling_operator"),
    ],
)
def test_what_makes_no_sense_is_ignored_and_said(text: str, tree: Node | None, code: str) -> None:
    assert parse(text).tree == tree
    assert codes(text) == [code]


@pytest.mark.parametrize("text", ["a NEAR/1001 b", "a W/99999999999999999999 b", "ATLEAST/0 a", "ATLEAST/101 a"])
def test_an_operator_that_goes_too_far_is_an_error_that_says_how_far_it_may(text: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert caught.value.code == "bad_operator"
    assert caught.value.given in text
    assert len(caught.value.allowed) == 2


def test_every_field_but_the_one_with_english_values_has_a_chinese_name() -> None:
    assert set(CHINESE_FIELDS.values()) == set(FIELDS) - {"is"}


def test_dashes_between_words_are_no_operators() -> None:
    assert parse("a - b -- c -").tree == AllOf((Clause("a"), Clause("b"), Clause("c")))


def test_a_long_question_is_cut_and_says_so() -> None:
    text = "疫" * 100_000
    assert parse(text).tree == Clause("疫" * MAX_LENGTH)
    assert codes(text) == ["too_long"]


def test_too_many_words_are_ignored_and_said() -> None:
    tree = parse(" ".join(map(str, range(MAX_LEAVES + 10)))).tree
    assert isinstance(tree, AllOf)
    assert len(tree.parts) == MAX_LEAVES
    assert codes(" ".join(map(str, range(MAX_LEAVES + 10)))) == ["too_many_terms"]


PIECES = st.sampled_from(
    ['"', "“", "”", "「", "」", "(", ")", "（", "）", "|", "-", "－", " ", "\u3000", "OR", "AND", "NOT", "*", ":", "：",
     "title:", "source:", "date:", "lang:", "site:", "http://", "疫苗", "a", "C#", "it's", "\x00", "\ud800",
     "👨‍👩‍👧", "é", "12:30", "NEAR/3", "W/9999", "同句", "P/", "ATLEAST/2", "来源："]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=5), max_size=60).map("".join))
def test_no_input_fails_other_than_by_a_query_error(text: str) -> None:
    try:
        parsed = parse(text)
    except QueryError as error:
        assert error.code in ("unknown_field", "bad_operator")
        return
    assert _leaves(parsed.tree) <= MAX_LEAVES


@pytest.mark.parametrize(
    "piece",
    ["(", "-(", "NOT ", '"', "a ", "a OR ", "title:(", "-", "|", "((a) ", "「", "\ud83d", "a NEAR/3 ", "ATLEAST/2 "],
)
def test_a_hundred_thousand_characters_of_anything_are_read(piece: str) -> None:
    parse(piece * (100_000 // len(piece)))


@pytest.mark.parametrize("piece", ["a NEAR/3 ", "ATLEAST/2 ", "同句 ", "-ATLEAST/2 (a S/ "])
def test_a_hundred_thousand_operators_are_read(piece: str) -> None:
    parse(piece * (100_000 // len(piece)))


def _leaves(node: Node | None) -> int:
    match node:
        case None:
            return 0
        case Clause():
            return 1
        case NoneOf(part) | Often(part):
            return _leaves(part)
        case Close(_, second):
            return _leaves(second)  # the first may be the second of the pair before
        case AllOf(parts) | AnyOf(parts):
            assert len(parts) > 1
            return sum(map(_leaves, parts))
