"""What all readers have in common: titles that fit, and items that are told apart."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from indexer.article import Article
from indexer.sources.draft import LONGEST_NAME, LONGEST_TITLE, Draft, finish, told_apart

SHOW = "https://radio.example/shows/morning"


def item(title, **changes):
    return replace(Article(url=SHOW, title=title, text=f"{title}的正文"), **changes)


def parts(items, **site):
    return [each.part for each in told_apart(items, **site)]


def test_a_title_without_end_is_cut_and_nothing_of_it_is_lost(when):
    article = finish(Draft(title="标" * 3_000, html="<p>正文。</p>", source="源" * 999, author="人" * 999), **when)
    assert (len(article.title), len(article.source), len(article.author)) == (LONGEST_TITLE, LONGEST_NAME, LONGEST_NAME)
    assert article.text == "标" * 3_000 + "\n正文。"


def test_names_have_neither_tags_nor_breaks(when):
    article = finish(Draft(title="雨", source="<b>江湾</b>\n日报 &amp; 晚报", author="\x1b[2J王"), **when)
    assert (article.source, article.author) == ("江湾日报 & 晚报", "[2J王")


@pytest.mark.parametrize("guid", ["N/A", "null", "none", "-", " NA "])
def test_what_stands_for_no_guid_is_none(guid, when):
    assert finish(Draft(title="雨", guid=guid), **when).guid == ""


def test_items_with_guids_of_their_own_share_a_link():
    assert parts([item("甲", guid="1"), item("乙", guid="2")]) == ["1", "2"]
    assert parts([item("早间新闻", guid="1"), item("早间新闻", text="别的", guid="2")]) == ["1", "2"]


def test_items_with_fragments_of_their_own_share_a_page():
    assert parts([item("甲", url=SHOW + "#a"), item("乙", url=SHOW + "#b"), item("丙", url=SHOW)]) == ["a", "b", "丙"]
    same = [item("甲", url=SHOW + fragment, guid=SHOW + fragment) for fragment in ("#a", "#b")]
    assert parts([same[0], replace(same[1], title="乙")]) == ["a", "b"]


def test_items_with_neither_are_told_by_their_titles():
    assert parts([item("甲"), item("乙")]) == ["甲", "乙"]
    assert parts([item("甲"), item("甲（更新）", text="甲的正文")]) == ["", ""]


def test_the_same_article_twice_in_a_feed_is_one():
    assert parts([item("甲", guid="1"), item("甲", guid="1")]) == ["", ""]
    assert parts([item("甲", guid="1"), item("甲", guid="2")]) == ["", ""]
    versions = [item("甲", text=f"第{n}版", guid=f"{SHOW}#{n}") for n in range(3)]
    assert parts(versions) == ["", "", ""]
    assert parts([item("甲", url=SHOW + "#rd"), item("甲", url=SHOW + "#wechat_redirect")]) == ["", ""]


def test_the_link_of_the_feed_is_that_of_no_item():
    assert parts([item("甲", guid="1")], site=SHOW) == ["1"]
    assert parts([item("甲", guid="1")], site="https://radio.example/") == [""]


def test_articles_with_addresses_of_their_own_have_no_part():
    assert parts([item(title, url=f"{SHOW}/{title}", guid=title) for title in "甲乙"]) == ["", ""]


def test_a_guid_that_several_addresses_have_is_none():
    items = told_apart([item(title, url=f"{SHOW}/{title}", guid="0") for title in "甲乙"])
    assert [each.guid for each in items] == ["", ""]


def test_times_are_those_of_the_best_date_that_can_be_read(when):
    article = finish(Draft(title="雨", dates=("昨天", "", "2024-01-05 08:00", "2020-01-01")), **when)
    assert article.published == datetime(2024, 1, 5, tzinfo=UTC)
