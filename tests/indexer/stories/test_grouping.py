"""Stories of made-up likenesses: they depend on nothing but these, and never grow by chaining."""

from hypothesis import given
from hypothesis import strategies as st

from indexer.stories.grouping import group

IDS = "abcdefgh"
MOMENTS = st.dictionaries(st.sampled_from(IDS), st.integers(0, 3), min_size=1)
PAIRS = st.dictionaries(
    st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)).filter(lambda pair: pair[0] < pair[1]),
    st.sampled_from(["copy", "report"]),
)


@given(MOMENTS, PAIRS, st.randoms())
def test_a_story_is_a_text_with_its_copies_and_other_reports_with_theirs(
    moments: dict[str, int], pairs: dict[tuple[str, str], str], random: object
) -> None:
    alike = {(*pair, kind) for pair, kind in pairs.items() if set(pair) <= moments.keys()}
    stories = group(moments, alike)
    assert stories.keys() == moments.keys()

    def is_alike(one: str, other: str, kind: str) -> bool:
        return bool({(one, other, kind), (other, one, kind)} & alike)

    for id, first in stories.items():
        assert stories[first] == first
        assert (moments[first], first) <= (moments[id], id)
        # A copy and a report lie between it and the first of its story, at most.
        texts = [id, *(each for each in moments if stories[each] == first and is_alike(id, each, "copy"))]
        assert any(text == first or is_alike(text, first, "report") for text in texts)
    shuffled = list(alike)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert group(dict(reversed(moments.items())), [(b, a, kind) for a, b, kind in shuffled]) == stories


@given(MOMENTS, PAIRS)
def test_two_that_are_alike_and_like_nothing_else_are_one_story(
    moments: dict[str, int], pairs: dict[tuple[str, str], str]
) -> None:
    alike = [(*pair, kind) for pair, kind in pairs.items() if set(pair) <= moments.keys()]
    stories = group(moments, alike)
    for one, other, _ in alike:
        if sum(not {one, other}.isdisjoint(each[:2]) for each in alike) == 1:
            assert stories[one] == stories[other]
        if not any(one in each[:2] for each in alike):
            assert stories[one] == one


def test_no_chain() -> None:
    moments = {"a": 1, "b": 2, "c": 3}
    for kind in ("copy", "report"):
        alike = [("a", "b", kind), ("b", "c", kind)]
        assert group(moments, alike) == {"a": "a", "b": "a", "c": "c"}
    assert group(moments, [("a", "b", "copy"), ("b", "c", "report")]) == {"a": "a", "b": "a", "c": "c"}


def test_a_copy_goes_with_its_text_whatever_else_it_resembles() -> None:
    moments = {"a": 1, "b": 2, "c": 3, "d": 4}
    # b and c are one text, and b reports what a does: so does c then. d reports what c does, which is no beginning.
    alike = [("a", "b", "report"), ("b", "c", "copy"), ("c", "d", "report")]
    assert group(moments, alike) == {"a": "a", "b": "a", "c": "a", "d": "d"}
    # c is a report of a's event by its words, but b's text: its text decides.
    assert group(moments, [("a", "c", "report"), ("b", "c", "copy")]) == {"a": "a", "b": "b", "c": "b", "d": "d"}


def test_a_late_original_takes_the_story_over() -> None:
    assert group({"b": 2, "c": 3}, [("b", "c", "copy")]) == {"b": "b", "c": "b"}
    alike = [("b", "c", "copy"), ("a", "b", "copy"), ("a", "c", "copy")]
    assert group({"a": 1, "b": 2, "c": 3}, alike) == {"a": "a", "b": "a", "c": "a"}
