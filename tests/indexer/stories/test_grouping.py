"""Stories of made-up likenesses: they depend on nothing but these, and never grow by chaining."""

from hypothesis import given
from hypothesis import strategies as st

from indexer.stories.grouping import group

IDS = "abcdefgh"
MOMENTS = st.dictionaries(st.sampled_from(IDS), st.integers(0, 3), min_size=1)
PAIRS = st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)).filter(lambda pair: pair[0] != pair[1]))


@given(MOMENTS, PAIRS, st.randoms())
def test_a_story_is_its_first_article_and_what_is_like_that(
    moments: dict[str, int], pairs: list[tuple[str, str]], random: object
) -> None:
    alike = {pair for pair in pairs if set(pair) <= moments.keys()}
    stories = group(moments, alike)
    assert stories.keys() == moments.keys()
    for id, first in stories.items():
        assert stories[first] == first
        assert id == first or (id, first) in alike or (first, id) in alike
        assert (moments[first], first) <= (moments[id], id)
        # Whoever is like an earlier beginning of a story belongs to one.
        earlier = [
            other for other in moments if stories[other] == other and (moments[other], other) < (moments[id], id)
        ]
        if any({(id, other), (other, id)} & alike for other in earlier):
            assert first != id
    shuffled = list(alike)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert group(dict(reversed(moments.items())), [(b, a) for a, b in shuffled]) == stories


def test_no_chain() -> None:
    moments = {"a": 1, "b": 2, "c": 3}
    assert group(moments, [("a", "b"), ("b", "c")]) == {"a": "a", "b": "a", "c": "c"}


def test_a_late_original_takes_the_story_over() -> None:
    assert group({"b": 2, "c": 3}, [("b", "c")]) == {"b": "b", "c": "b"}
    assert group({"a": 1, "b": 2, "c": 3}, [("b", "c"), ("a", "b"), ("a", "c")]) == {"a": "a", "b": "a", "c": "a"}
