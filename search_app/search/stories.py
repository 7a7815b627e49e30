"""A story: its first article, and which others are copies of that or report the same event."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal as OneOf

from indexer.archive import Archive
from indexer.article import Article
from search_app.search.results import HIDDEN, described

MOST = 200
"""Articles of a story that are shown; no story of two months of news had more than thirty."""

Part = OneOf["first", "copy", "report"]


@dataclass(frozen=True, slots=True)
class StoryArticle:
    """One article of a story, and what it is to the first: a copy, or another report."""

    id: str
    url: str
    title: str
    source: str
    published: datetime | None
    part: Part
    language: str = field(default="", metadata=HIDDEN)


@dataclass(frozen=True, slots=True)
class Story:
    """Its articles in the order of their times. ``id`` is the first one's."""

    id: str
    total: int = field(metadata=described("How many articles it has; the latest are left out where they are many."))
    articles: tuple[StoryArticle, ...]


def story_of(archive: Archive, article_id: str) -> Story | None:
    """The story that an article belongs to, which may be it alone; ``None`` if there is no such article."""
    first = archive.stories.of([article_id]).get(article_id, article_id)
    ids = archive.stories.members([first]).get(first, [first])
    articles = archive.get(ids[:MOST], html=False, text=False)
    if not articles:
        return None
    kinds = archive.stories.alike(first)
    return Story(first, len(ids), tuple(_part(article, first, kinds) for article in articles))


def others_of(archive: Archive, articles: Mapping[str, str], most: int) -> dict[str, tuple[StoryArticle, ...]]:
    """The other articles of some articles' stories, at most so many each. ``articles``: ids with their stories."""
    members = archive.stories.members(articles.values())
    wanted = {id: [other for other in members.get(story, ()) if other != id][:most] for id, story in articles.items()}
    read = {
        each.id: each for each in archive.get({id for ids in wanted.values() for id in ids}, html=False, text=False)
    }
    return {
        id: tuple(_part(read[other], articles[id], {}) for other in ids if other in read) for id, ids in wanted.items()
    }


def sources_of(articles: Collection[StoryArticle]) -> list[str]:
    """The publishers, each once, in the order of their articles."""
    return list(dict.fromkeys(article.source for article in articles if article.source))


def _part(article: Article, first: str, kinds: Mapping[str, str]) -> StoryArticle:
    part: Part = "first" if article.id == first else "copy" if kinds.get(article.id) == "copy" else "report"
    return StoryArticle(
        id=article.id,
        url=article.url,
        title=article.title,
        source=article.source,
        published=article.published,
        part=part,
        language=article.language,
    )
