"""All spellings of one name are one entity, and two people are not."""

from hypothesis import given
from hypothesis import strategies as st

from indexer.entities.identity import Identities, folded_names
from indexer.entities.known import Kind
from indexer.text.groups import Group
from indexer.text.names.built_in import name_groups
from indexer.text.names.places import place_groups

LEARNED = Group(("裴洛西", "佩洛希尼"), ("nancy pelosi",), (), "learned")
BROTHER = Group(("特朗普",), ("robert trump",), (), "learned")
GROUPS = [*name_groups(), LEARNED, BROTHER, *place_groups()]

ARTICLES: dict[tuple[Kind, str], int] = {
    ("person", "特朗普"): 9,
    ("person", "川普"): 4,
    ("person", "唐纳德·特朗普"): 7,
    ("person", "唐纳·川普"): 2,
    ("person", "梅拉尼娅·特朗普"): 2,
    ("person", "约翰·科曼"): 1,
    ("person", "玛丽·科曼"): 1,
    ("person", "科曼"): 3,
    ("place", "武汉"): 3,
    ("place", "武汉市"): 2,
    ("place", "纽约"): 2,
    ("place", "纽约州"): 1,
    ("place", "华盛顿"): 2,
    ("place", "华盛顿州"): 1,
    ("place", "孤山市"): 1,
}


def keys(kind: Kind, *names: str) -> set[str]:
    identities = Identities(GROUPS, ARTICLES)
    return {identities.key(kind, name)[1] for name in folded_names(names)}


def test_every_script_and_region_is_one() -> None:
    assert len(keys("person", "特朗普", "川普", "Trump", "Donald Trump", "唐纳德‧特朗普", "唐納·川普")) == 1
    assert len(keys("place", "寮國", "老挝", "Laos")) == 1
    assert len(keys("organisation", "世衛組織", "世界卫生组织", "WHO")) == 1
    assert len(keys("person", "裴洛西", "佩洛西", "佩洛希尼")) == 1


def test_two_people_of_a_family_are_two() -> None:
    assert len(keys("person", "特朗普", "梅拉尼娅·特朗普")) == 2
    assert len(keys("person", "特朗普", "Robert Trump")) == 2
    assert len(keys("person", "科曼", "约翰·科曼", "玛丽·科曼")) == 3


def test_what_may_be_left_out_of_a_places_name() -> None:
    assert len(keys("place", "武汉", "武汉市", "武漢市")) == 1
    assert len(keys("place", "纽约", "纽约州")) == 2
    assert len(keys("place", "华盛顿", "华盛顿州")) == 2
    assert keys("place", "孤山市") == {"孤山市"}


@given(st.lists(st.text(max_size=6).filter(lambda text: "\n" not in text), max_size=8))
def test_each_name_has_one_form(names: list[str]) -> None:
    assert len(folded_names(names)) == len(names)
    assert folded_names(folded_names(names)) == folded_names(names)
