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
def test_a_story_has_its_first_articles_name_and_holds_what_is_alike(
    moments: dict[str, int], pairs: dict[tuple[str, str], str], random: object
) -> None:
    alike = {(*pair, kind) for pair, kind in pairs.items() if set(pair) <= moments.keys()}
    stories = group(moments, alike)
    assert stories.keys() == moments.keys()
    for id, first in stories.items():
        assert stories[first] == first
        assert (moments[first], first) <= (moments[id], id)
        together = {other for other in moments if stories[other] == first} - {id}
        assert not together or any({id, other} == set(pair[:2]) for pair in alike for other in together)
    shuffled = list(alike)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert group(dict(reversed(moments.items())), [(b, a, kind) for a, b, kind in shuffled]) == stories


@given(MOMENTS, PAIRS)
def test_copies_are_copies_of_the_first(moments: dict[str, int], pairs: dict[tuple[str, str], str]) -> None:
    copies = {pair for pair in pairs if set(pair) <= moments.keys()}
    for id, first in group(moments, [(*pair, "copy") for pair in copies]).items():
        assert id == first or tuple(sorted((id, first))) in copies


@given(MOMENTS, PAIRS)
def test_a_report_is_like_most_of_what_its_story_held_before_it(
    moments: dict[str, int], pairs: dict[tuple[str, str], str]
) -> None:
    reports = {pair for pair in pairs if set(pair) <= moments.keys()}
    stories = group(moments, [(*pair, "report") for pair in reports])
    for id, first in stories.items():
        before = [other for other in moments if stories[other] == first and (moments[other], other) < (moments[id], id)]
        near = [other for other in before if tuple(sorted((id, other))) in reports]
        assert not before or 2 * len(near) > len(before)


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


def test_a_copy_goes_with_its_text_whatever_else_it_resembles() -> None:
    moments = {"a": 1, "b": 2, "c": 3, "d": 4}
    # b and c are one text, and b reports what a does: so does c then. d reports what c does, but not what a does.
    alike = [("a", "b", "report"), ("b", "c", "copy"), ("c", "d", "report")]
    assert group(moments, alike) == {"a": "a", "b": "a", "c": "a", "d": "d"}


def test_one_copy_of_many_does_not_speak_for_all() -> None:
    moments = {"a": 1, "b": 2, "c": 3, "d": 4}
    copies = [("b", "c", "copy"), ("b", "d", "copy"), ("c", "d", "copy")]
    assert group(moments, [("a", "b", "report"), *copies]) == {"a": "a", "b": "b", "c": "b", "d": "b"}
    assert set(group(moments, [("a", "b", "report"), ("a", "c", "report"), *copies]).values()) == {"a"}


def test_a_report_goes_where_most_are_like_it() -> None:
    moments = {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}
    alike = [("b", "c", "report"), ("a", "e", "report"), ("b", "e", "report"), ("c", "e", "report")]
    # e is like the whole of a's story and of b's: of equal shares the earlier one.
    assert group(moments, alike)["e"] == "a"
    assert group(moments, [*alike, ("a", "d", "report")])["e"] == "b"


def test_a_late_original_takes_the_story_over() -> None:
    assert group({"b": 2, "c": 3}, [("b", "c", "copy")]) == {"b": "b", "c": "b"}
    alike = [("b", "c", "copy"), ("a", "b", "copy"), ("a", "c", "copy")]
    assert group({"a": 1, "b": 2, "c": 3}, alike) == {"a": "a", "b": "a", "c": "a"}
