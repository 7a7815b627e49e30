"""Articles that were kept before their parts were told apart, read again from what was kept of them."""

from dataclasses import replace

from indexer.article import Article
from indexer.extraction import bylines, parting, publishers
from indexer.extraction.parting import Parted


def reread(article: Article) -> Article:
    """The article as it would be read today, as far as its markup and its text tell; nothing of them is lost."""
    title = publishers.headline(article.title)
    parted = parting.part_any(article.html, title=title) if article.html else Parted()
    if not _holds(parted, article.text):
        parted = parting.part_text(article.text, title=title)
    source, author = bylines.credited(article.source, article.author, parted.authors)
    return replace(
        article,
        title=title,
        text=parted.text,
        captions=parted.captions,
        furniture=parted.furniture,
        source=source,
        author=author,
    )


def _holds(parted: Parted, text: str) -> bool:
    """Whether every line of a text is in the parts, whatever they are: then these are of the same reading."""
    whole = _packed("".join(part.text for part in parted.parts))
    return bool(parted.parts) and all(_packed(line) in whole for line in text.split("\n"))


def _packed(text: str) -> str:
    return "".join(text.split())
