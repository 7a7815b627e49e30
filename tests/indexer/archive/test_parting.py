"""An archive whose articles were kept before their parts were told apart."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from indexer.archive import Archive, Counts
from indexer.article import Article
from indexer.extraction.rereading import reread
from indexer.sources.post import read_post
from tests.indexer.archive.older import make_older

NOW = datetime(2026, 11, 22, tzinfo=UTC)
POST = (
    "<!--1599400614000-->\n[河湾大桥通车 | 路透](https://www.dw.com/1)\n------\n"
    "<div><i>李小鱼<br>2020-09-07T05:11:59.319Z</i></div><img src=a.jpg><div><small>大桥北端</small></div>"
    "<p>（德国之声中文网）大桥今晨通车，两岸居民排队步行过桥。</p><p>市长说，这座桥等了二十年。</p><p>（编辑：甲）</p>"
)
WHOLE = "大桥北端\n（德国之声中文网）大桥今晨通车，两岸居民排队步行过桥。\n市长说，这座桥等了二十年。\n（编辑：甲）"


def test_old_articles_are_parted_once_and_the_same_file_is_no_change(location: str | Path) -> None:
    today = read_post(POST, zone=ZoneInfo("Asia/Shanghai"), now=NOW)
    old = replace(today, title="河湾大桥通车 | 路透", text=WHOLE, author="", captions="", furniture="")
    changed = replace(old, text=WHOLE.replace("二十年", "三十年"), html=old.html.replace("二十年", "三十年"))
    with Archive(location) as archive:
        archive.put([changed])
        archive.put([old])
        (kept,) = archive.iterate()
        sequence = archive.last_sequence()
    make_older(location, 4)
    with Archive(location) as archive:
        (again,) = archive.iterate()
        assert (again.id, archive.last_sequence()) == (kept.id, sequence)
        assert (again.title, again.author) == ("河湾大桥通车", "李小鱼")
        assert again.text == "大桥今晨通车，两岸居民排队步行过桥。\n市长说，这座桥等了二十年。"
        assert again.captions == "大桥北端"
        assert "（德国之声中文网）" in again.furniture.split("\n")
        (before,) = archive.revisions(again.id)
        assert before.article.text == again.text.replace("二十年", "三十年")
        assert archive.put([today]) == Counts(unchanged=1)


def test_what_the_markup_does_not_hold_is_parted_by_its_words() -> None:
    article = Article(url="", title="桥", text="另一篇的正文。\n责任编辑：甲", html="<p>只有标题</p>")
    assert (reread(article).text, reread(article).furniture) == ("另一篇的正文。", "责任编辑：甲")
