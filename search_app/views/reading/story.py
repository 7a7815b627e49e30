"""``/story/<id>``: who reported a story first, who followed, and what each version says otherwise."""

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue

from indexer.article import Article
from search_app.access.absence import raise_absent
from search_app.presentation.page import Context, current_library, given, render
from search_app.presentation.text_diff import LONGEST, Paragraph, differences
from search_app.query.parameters import Parameter
from search_app.search.stories import Story, StoryArticle, sources_of, story_of

blueprint = Blueprint("story", __name__)

_VERSION = Parameter("version", "Which article of the story to compare with the first.", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A later article beside the first: ``body`` are the paragraphs that differ, ``cut`` as in ``changes``."""

    article: StoryArticle
    body: list[Paragraph]
    cut: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryContext(Context):
    """The story and its first article; ``compared`` when another was chosen."""

    story: Story
    first: StoryArticle
    sources: list[str]
    compared: Compared | None


@blueprint.get("/story/<article_id>")
def page(article_id: str) -> ResponseReturnValue:
    """One story, under the id of any of its articles; ``version`` compares one with the first."""
    library = current_library()
    story = story_of(library.archive, article_id)
    if story is None:
        raise_absent(article_id)
    if story.id != article_id:
        return redirect(url_for("story.page", article_id=story.id), 302)
    first, *others = story.articles
    version = _VERSION.value(given())
    chosen = next((each for each in others if each.id == version), None)
    if version and chosen is None:
        abort(404)
    return render(
        "story.html",
        StoryContext(
            carried=[],
            zone=library.zone,
            story=story,
            first=first,
            sources=sources_of(story.articles),
            compared=_compared(chosen, *library.articles.get([first.id, chosen.id], html=False)) if chosen else None,
        ),
    )


def _compared(chosen: StoryArticle, first: Article, other: Article) -> Compared:
    return Compared(
        article=chosen,
        body=[each for each in differences(first.text[:LONGEST], other.text[:LONGEST]) if each.changed],
        cut=LONGEST if max(len(first.text), len(other.text)) > LONGEST else None,
    )
