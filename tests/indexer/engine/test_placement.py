"""Where runs stand: in what part of an article, how often, how near to each other."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.engine.index import SearchIndex
from indexer.engine.query import LEAD, DiscoveredBetween, Length, Near, Query, Stands
from tests.conftest import Opener
from tests.indexer.engine.documents import RUNS, SCOPES, SPRING, STAMP, Doc, build, found, run
from tests.indexer.engine.oracle import MemoryIndex

DOCS = [
    Doc("1", "中美谈判", "白宫说，疫苗有效。专家不同意！\n第二段谈疫苗接种", discovered=SPRING),
    Doc("2", "疫苗", "专家说，有效", discovered=SPRING + 1),
    Doc("3", "", "哈哈哈哈哈", discovered=SPRING + 2),
    Doc("4", "the vaccine works", "an expert said: it works well. really well", discovered=SPRING + 3),
    Doc("5", "", "国" * (LEAD - 1) + "疫苗", discovered=SPRING + 4),
    Doc("6", "", "国" * (LEAD - 2) + "疫苗", discovered=SPRING + 5),
    Doc("7", "", "疫苗美美美疫苗", discovered=SPRING + 6),
]


@pytest.fixture
def index(index: SearchIndex) -> SearchIndex:
    build(index, DOCS)
    return index


def near(first: str, second: str, together: object, *, ordered: bool = False, scope: str = "text") -> Query:
    return Near((run(first),), (run(second),), together, ordered, scope)  # type: ignore[arg-type]


def stands(text: str, scope: str = "text", at_least: int = 1) -> Query:
    return Stands((run(text),), scope, at_least)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("match", "ids"),
    [
        (near("疫苗", "有效", 0), "1"),
        (near("有效", "疫苗", 0), "1"),
        (near("有效", "疫苗", 0, ordered=True), ""),
        (near("白宫", "有效", 2), ""),
        (near("白宫", "有效", 3), "1"),  # 说疫苗; punctuation counts for nothing
        (near("疫苗", "专家", 9), "1"),  # in 2 the title ends between them
        (near("疫苗", "苗有", 9), ""),  # 疫苗有: they share a character
        (near("疫苗", "接", 0), "1"),
        (near("疫", "苗", 0), "12567"),
        (near("疫苗", "疫苗", 3), "7"),
        (near("疫苗", "疫苗", 3, ordered=True), "7"),
        (near("疫苗", "疫苗", 2), ""),
        (near("疫苗", "疫苗", "sentence"), "7"),
        (near("expert", "works", 2), "4"),
        (near("expert", "works", 1), ""),
        (near("works", "works", 9), ""),  # once in the title, once in the body
        (near("白宫", "有效", "sentence"), "1"),
        (near("有效", "专家", "sentence"), "2"),
        (near("有效", "专家", "sentence", ordered=True), ""),
        (near("有效", "专家", "paragraph", ordered=True), "1"),
        (near("专家", "接种", "paragraph"), ""),
        (near("said", "really", "sentence"), "4"),  # a full stop may be an abbreviation's
        (near("中美", "谈判", 3, scope="title"), "1"),
        (near("白宫", "疫苗", 3, scope="title"), ""),
        (near("白宫", "疫苗", 3, scope="lead"), "1"),
        (stands("哈哈", at_least=4), "3"),
        (stands("哈哈", at_least=5), ""),
        (Stands((run("疫苗"), run("疫苗接")), at_least=3), ""),  # 疫苗接 is no other place than 疫苗 in it
        (stands("疫苗", at_least=2), "17"),
        (stands("well", at_least=2), "4"),
        (stands("疫苗", "title"), "2"),
        (stands("疫苗", "lead"), "1267"),
        (stands("国", "lead", LEAD - 1), "5"),
        (Length(5, 5), "23"),
        (Length(None, 10), "2347"),
        (Length(LEAD, None), "56"),
        (DiscoveredBetween(SPRING + 1, SPRING + 3), "23"),
        (DiscoveredBetween(None, SPRING + 1), "1"),
        (DiscoveredBetween(None, None), "1234567"),
    ],
)
def test_what_stands_where(index: SearchIndex, match: Query, ids: str) -> None:
    assert sorted(found(index, match)) == list(ids)


CROWDED = st.text("中美国a1。\n", max_size=40)
SELF = st.builds(lambda runs, **how: Near(runs, runs, **how), RUNS, together=st.integers(0, 12), ordered=st.booleans())
PLACED = st.one_of(
    SELF,
    st.builds(Stands, RUNS, SCOPES, st.integers(1, 8)),
    st.builds(Near, RUNS, RUNS, st.integers(0, 12) | st.sampled_from(["sentence", "paragraph"]), st.booleans(), SCOPES),
)


def test_every_engine_sees_what_stands_where_as_the_oracle(engine: Callable[[], Opener], share: float) -> None:
    index = engine()()

    @settings(max_examples=round(40 * share))
    @given(
        docs=st.lists(st.builds(Doc, st.just(""), title=CROWDED, body=CROWDED), min_size=10, max_size=30),
        deleted=st.sets(st.integers(0, 9)),
        queries=st.lists(PLACED, min_size=20, max_size=20),
    )
    def check(docs: list[Doc], deleted: set[int], queries: list[Query]) -> None:
        oracle = MemoryIndex(STAMP)
        numbered = [Doc(str(number), doc.title, doc.body) for number, doc in enumerate(docs)]
        for each in (index, oracle):
            build(each, numbered)
            with each.write(2) as writer:
                writer.delete([str(number) for number in deleted])
        for query in queries:
            assert sorted(found(index, query)) == sorted(found(oracle, query))

    check()
    index.close()
