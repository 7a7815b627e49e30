"""Questions as request parameters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from search_app.query.parameters import Question, half_life, language_tag
from search_app.search.results import HIT_FIELDS


def test_nothing_asked_is_the_default_question() -> None:
    assert Question.parse(MultiDict()) == Question()
    assert Question.parse(MultiDict({"q": "", "from": " ", "sort": "", "limit": "", "utm_source": "x"})) == Question()
    assert Question().parameters() == []


def test_every_parameter_is_read() -> None:
    parameters = MultiDict(
        [("q", "疫苗"), ("from", "昨天"), ("to", "今天"), ("source", "早报"), ("source", "晚报"), ("source", "早报"),
         ("lang", "ZH_tw"), ("sort", "oldest"), ("tz", "Asia/Taipei"), ("variants", "0"), ("cursor", "abc"),
         ("limit", "20"), ("recency", "30D"), ("explain", "1"), ("fields", "title, id")]
    )  # fmt: skip
    question = Question.parse(parameters)
    assert question == Question(
        text="疫苗",
        first="昨天",
        last="今天",
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
    Question,
    text=st.text(max_size=8),
    first=st.sampled_from(["", "2020", "昨天"]),
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
def test_a_question_survives_its_own_link(question: Question) -> None:
    assert Question.parse(MultiDict(question.parameters())) == question


def test_a_changed_question_begins_at_its_first_page() -> None:
    question = Question(text="疫苗", cursor="abc")
    assert question.parameters() == [("q", "疫苗"), ("cursor", "abc")]
    assert question.parameters(sort="newest") == [("q", "疫苗"), ("sort", "newest")]
    assert question.parameters(cursor="next") == [("q", "疫苗"), ("cursor", "next")]


@pytest.mark.parametrize(
    ("written", "tag"),
    [("ZH", "zh"), ("zh-cn", "zh-Hans"), ("zh_TW", "zh-Hant"), ("zh-hant-hk", "zh-Hant"), ("zh-hans", "zh-Hans"),
     ("en-us", "en-US"), ("und", "und")],
)  # fmt: skip
def test_languages_are_written_as_the_archive_writes_them(written: str, tag: str) -> None:
    assert language_tag(written, "lang") == tag


def test_half_lives_are_in_seconds() -> None:
    assert (half_life(""), half_life("12h"), half_life("30d"), half_life("4w")) == (None, 43_200, 2_592_000, 2_419_200)
