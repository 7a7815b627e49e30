"""Articles like one article: rather none than one that only mentions the same things."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from indexer import build
from indexer.article import Article
from indexer.config import Config
from indexer.installation import Installation
from indexer.stories.update import update
from search_app.search.library import Library
from search_app.search.related import CANDIDATES, related_articles

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)

PANEL = (
    "北岭州成立专家小组审查疫苗。北岭州州长宣布，由流行病学家组成的小组将独立审查新疫苗的安全数据，"
    "审查通过以前不会分发疫苗。专家小组由六名免疫学家领导，疫苗的分发名单由护士协会拟定。"
)
FOLLOWING = (
    "疫苗审查专家小组发表首份报告。北岭州的流行病学家和免疫学家说，新疫苗的安全数据足够，可以分发；"
    "州长宣布独立审查通过，护士协会拟定的名单即日生效。"
)
ARTICLES = {
    "panel": PANEL,
    "follow": FOLLOWING,
    "copy": FOLLOWING + "本台消息。",
    "fires": "北岭州山火蔓延。消防局说，三座酒庄被焚毁，居民连夜撤离，州长宣布派遣直升机灭火，专家拟定失踪者的名单。",
    "winery": "酒庄主人谈重建。三座酒庄将在春天重新种植葡萄，消防局说灭火的直升机已经返回。",
    "orchestra": "交响乐团在河岸音乐厅演出新作，指挥说排练用了四个月。",
    "ferry": "渡轮公司调整航班，乘客需要提前两小时到达码头。",
    **{game: f"{game}联赛第三轮，主队以一分之差获胜。" for game in ("篮球", "排球", "手球", "冰球", "水球", "橄榄球")},
}


def put(installation: Installation, texts: Mapping[str, str]) -> None:
    """Keep and index a text of each source; its first sentence is the title."""
    installation.archive.put(
        Article(
            url=f"https://example.com/{name}",
            title=text.partition("。")[0],
            text=text.partition("。")[2],
            source=name,
            # What follows much later is another story.
            published=NOW + timedelta(days=60 if text is not PANEL else 0),
            language="zh-Hans",
        )
        for name, text in texts.items()
    )
    update(installation.archive, installation.analyser)
    build.update(installation.archive, installation.index, installation.analyser)


@pytest.fixture
def library(tmp_path: Path):
    with Installation(Config(data=tmp_path)) as installation:
        put(installation, ARTICLES)
        yield Library(installation)


def related_to(library: Library, name: str) -> list[str]:
    [article] = [each for each in library.archive.iterate() if each.source == name]
    return [each.source for each in related_articles(library, article)]


def test_what_reports_on_the_same_is_related_once_and_what_shares_a_place_is_not(library: Library) -> None:
    found = related_to(library, "panel")
    assert len(found) == 1
    assert found[0] in ("follow", "copy")


def test_what_has_nothing_like_it_has_no_related_articles(library: Library) -> None:
    assert related_to(library, "orchestra") == []
    assert related_to(library, "ferry") == []


def test_many_versions_of_the_own_story_leave_room_for_others(tmp_path: Path) -> None:
    copies = {f"copy{number}": PANEL for number in range(2 * CANDIDATES)}
    # What a third of an archive says tells nothing.
    copies |= {
        f"other{number}": "".join(chr(0x5000 + 40 * number + place) for place in range(40)) for number in range(200)
    }
    with Installation(Config(data=tmp_path)) as installation:
        put(installation, {**copies, **{name: text for name, text in ARTICLES.items() if name != "panel"}})
        library = Library(installation)
        article = next(each for each in library.archive.iterate() if each.source == "copy0")
        others = related_articles(library, article, own_story=False)
        assert [each.source for each in others] in (["follow"], ["copy"])
        found = related_articles(library, article, limit=CANDIDATES)
        assert {each.source for each in found} <= copies.keys() and all(each.same_story for each in found)
        assert len(found) == CANDIDATES


def test_an_article_that_is_not_indexed_yet_has_none(library: Library) -> None:
    library.archive.put([Article(url="https://example.com/new", title="北岭州", text=PANEL, source="new")])
    assert related_to(library, "new") == []


def test_other_versions_of_the_own_story_come_first(library: Library) -> None:
    assert related_to(library, "follow")[0] == "copy"
