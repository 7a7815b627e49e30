"""What changed between two versions."""

from hypothesis import given
from hypothesis import strategies as st

from search_app.presentation.text_diff import Piece, differences

texts = st.text(alphabet="甲乙丙丁 ab1\n", max_size=60)


def side(paragraphs, hidden):
    return [
        line
        for paragraph in paragraphs
        if (line := "".join(piece.text for piece in paragraph.pieces if piece.kind != hidden))
    ]


@given(texts, texts)
def test_both_versions_can_be_read_out_of_the_comparison(old, new):
    found = differences(old, new)
    assert side(found, "inserted") == [line.strip() for line in old.split("\n") if line.strip()]
    assert side(found, "deleted") == [line.strip() for line in new.split("\n") if line.strip()]


@given(texts)
def test_nothing_changed_shows_no_change(text):
    assert not any(paragraph.changed for paragraph in differences(text, text))


def test_a_changed_word_is_shown_within_its_paragraph():
    [same, changed] = differences("第一段\n死亡3人", "第一段\n死亡5人")
    assert not same.changed
    assert list(changed.pieces) == [
        Piece("same", "死亡"),
        Piece("deleted", "3"),
        Piece("inserted", "5"),
        Piece("same", "人"),
    ]


def test_a_change_within_a_very_long_paragraph_is_found():
    [paragraph] = differences("甲" * 9000 + "三" + "乙" * 9000, "甲" * 9000 + "五" + "乙" * 9000)
    assert [piece.text for piece in paragraph.pieces if piece.kind != "same"] == ["三", "五"]


def test_a_rewritten_sentence_is_not_shown_as_a_salad_of_characters():
    [paragraph] = differences("中方对此表示坚决反对", "他在会上说此事未定")
    assert [piece.kind for piece in paragraph.pieces] == ["deleted", "inserted"]


def test_a_paragraph_that_was_put_in_leaves_the_others_alone():
    found = differences("一。\n二。\n三。", "一。\n新。\n二。\n三。")
    assert [[(piece.kind, piece.text) for piece in each.pieces] for each in found if each.changed] == [
        [("inserted", "新。")]
    ]


def test_very_long_paragraphs_count_as_replaced():
    [paragraph] = differences("甲" * 3000, "乙" * 3000)
    assert [piece.kind for piece in paragraph.pieces] == ["deleted", "inserted"]
