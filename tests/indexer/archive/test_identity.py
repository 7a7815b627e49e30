from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from indexer.archive import article_id
from indexer.article import Article


@given(st.builds(Article, url=st.text(), title=st.text(), text=st.text(), guid=st.text(), source=st.text()))
def test_ids_are_sixteen_hex_digits(article: Article) -> None:
    assert re.fullmatch("[0-9a-f]{16}", article_id(article))


def test_the_same_article_has_the_same_id_whatever_it_says_now() -> None:
    first = Article(url="http://example.com/1", title="旧标题", text="旧文", guid="a")
    later = Article(url="https://EXAMPLE.com/1#top", title="新标题", text="新文", guid="b")
    assert article_id(first) == article_id(later)


def test_a_guid_counts_within_its_source_when_there_is_no_address() -> None:
    one = Article(url="", title="甲", text="", guid="17", source="联合早报")
    assert article_id(one) == article_id(Article(url="", title="乙", text="", guid="17", source="联合早报"))
    assert article_id(one) != article_id(Article(url="", title="甲", text="", guid="17", source="中央社"))


def test_without_address_and_guid_the_words_are_the_identity() -> None:
    one = Article(url="", title="标题", text="正文")
    assert article_id(one) == article_id(Article(url="https://example.com/", title="标题", text="正文"))
    assert article_id(one) != article_id(Article(url="", title="标题", text="正文。"))
    assert article_id(one) != article_id(Article(url="", title="标", text="题正文"))
