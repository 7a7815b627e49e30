"""Words that stand out."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from indexer import build
from indexer.article import Article
from indexer.config import Config
from indexer.installation import Installation
from search_app.presentation.chart import sparkline
from search_app.search.aggregations.significant_terms import log_likelihood_ratio, trends
from search_app.search.library import Library

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
sizes = st.integers(0, 500)


@given(sizes, sizes, sizes, sizes)
def test_surprise_is_never_negative_and_zero_unless_the_share_is_larger(inside, more, outside, others):
    size, rest = inside + more, outside + others
    found = log_likelihood_ratio(inside, size, outside, rest)
    assert found >= 0 or abs(found) < 1e-9
    if not size or not rest or inside * rest <= outside * size:
        assert found == 0


def test_a_topic_of_the_last_days_is_talked_about_and_what_is_always_there_is_not(tmp_path):
    config = Config(data=tmp_path)
    articles = [
        Article(
            url=f"https://a.example/{day}/{number}",
            title="量子计算机问世" if day < 7 and number < 3 else "股市行情播报",
            text=f"股市行情的内容，第{day}天第{number}篇。",
            source="a",
            published=NOW - timedelta(days=day),
            language="zh-Hans",
        )
        for day in range(35)
        for number in range(5)
    ]
    with Installation(config) as installation:
        installation.archive.put(articles)
        build.update(installation.archive, installation.index, installation.analyser)
        found = trends(Library(installation), NOW + timedelta(days=90))
    assert (found.days, found.before) == (7, 28)
    words = {trend.term.text for trend in found.terms}
    assert any("量子" in word for word in words)
    assert not any("股市" in word for word in words)
    [trend, *_] = found.terms
    assert len(trend.days) == 35
    assert trend.days[-1] == (date(2026, 11, 20), 3)
    assert sum(count for _, count in trend.days) == trend.term.count == 21


def test_where_few_articles_come_the_last_days_are_more(library):
    with Installation(library) as installation:
        found = trends(Library(installation), NOW)
    assert found.terms
    assert (found.days, found.before) == (90, 360)
    assert all(len(trend.days) == 450 and trend.term.count > 1 for trend in found.terms)


def test_a_sparkline_has_a_point_a_day():
    days = [(date(2026, 11, 1) + timedelta(days=i), i) for i in range(5)]
    assert len(sparkline(days).split()) == 5
    assert sparkline([(day, 0) for day, _ in days])
