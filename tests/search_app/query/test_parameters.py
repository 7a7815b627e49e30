"""Questions as request parameters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_app.query.parameters import HIT_FIELDS, NOTHING_ASKED, SearchParameters, given_by, half_life, language_tag


def test_nothing_asked_is_the_default_question() -> None:
    assert SearchParameters.parse({}) == NOTHING_ASKED
    assert (
        SearchParameters.parse({"q": [""], "from": [" "], "sort": [""], "limit": [""], "utm_source": ["x"]})
        == NOTHING_ASKED
    )
    assert NOTHING_ASKED.pairs() == []


def test_every_parameter_is_read() -> None:
    parameters = given_by(
        [("q", "疫苗"), ("from", "昨天"), ("to", "今天"), ("source", "早报"), ("source", "晚报"), ("source", "早报"),
         ("lang", "ZH_tw"), ("sort", "oldest"), ("tz", "Asia/Taipei"), ("variants", "0"), ("cursor", "abc"),
         ("limit", "20"), ("recency", "30D"), ("explain", "1"), ("fields", "title, id")]
    )  # fmt: skip
    question = SearchParameters.parse(parameters)
    assert question == SearchParameters(
        text="疫苗",
        from_="昨天",
        to="今天",
        sources=("早报", "晚报"),
        languages=("zh-Hant",),
        sort="oldest",
        zone="Asia/Taipei",
        variants=False,
        cursor="abc",
        limit=20,
        recency="30d",
        explain=True,
        fields=("id", "title"),
    )


QUESTIONS = st.builds(
    SearchParameters,
    text=st.text(max_size=8),
    from_=st.sampled_from(["", "2020", "昨天"]),
    sources=st.lists(st.sampled_from(["早报", "晚报", "BBC 中文"]), unique=True).map(tuple),
    languages=st.lists(st.sampled_from(["zh", "zh-Hant", "en"]), unique=True).map(tuple),
    sort=st.sampled_from(["relevance", "newest"]),
    zone=st.sampled_from(["", "UTC"]),
    variants=st.booleans(),
    cursor=st.sampled_from(["", "abc"]),
    limit=st.integers(1, 100),
    recency=st.sampled_from(["", "12h"]),
    explain=st.booleans(),
    fields=st.sampled_from([HIT_FIELDS, ("id",), ("title", "snippet")]),
)


@given(QUESTIONS)
def test_a_question_survives_its_own_link(question: SearchParameters) -> None:
    assert SearchParameters.parse(given_by(question.pairs())) == question


def test_a_changed_question_begins_at_its_first_page() -> None:
    question = SearchParameters(text="疫苗", cursor="abc")
    assert question.pairs() == [("q", "疫苗"), ("cursor", "abc")]
    assert question.pairs(sort="newest") == [("q", "疫苗"), ("sort", "newest")]
    assert question.pairs(cursor="next") == [("q", "疫苗"), ("cursor", "next")]


@pytest.mark.parametrize(
    ("written", "tag"),
    [("ZH", "zh"), ("zh-cn", "zh-Hans"), ("zh_TW", "zh-Hant"), ("zh-hant-hk", "zh-Hant"), ("zh-hans", "zh-Hans"),
     ("en-us", "en-US"), ("und", "und")],
)  # fmt: skip
def test_languages_are_written_as_the_archive_writes_them(written: str, tag: str) -> None:
    assert language_tag(written) == tag


def test_half_lives_are_in_seconds() -> None:
    assert (half_life(""), half_life("12h"), half_life("30d"), half_life("4w")) == (None, 43_200, 2_592_000, 2_419_200)
