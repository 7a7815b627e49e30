"""show: one article in the terminal, and why it has the text, date, source and author that it has."""

from collections.abc import Iterator

import click

from indexer.article import Article
from indexer.config import Config
from indexer.errors import ArchiveError
from indexer.extraction import parting
from indexer.extraction.publishers import known_publisher
from indexer.installation import Installation
from indexer.plain_text import plain_line

_LONGEST = 1_000  # characters of a line


@click.command()
@click.argument("id")
@click.option("--why", is_flag=True, help="Why it has this text, date, source and author.")
@click.pass_obj
def show(config: Config, id: str, why: bool) -> None:
    """Show one article: its members, its body, and what stands around it.

    ID is the archive's, as it stands in the address of the article's page.
    """
    with Installation(config) as installation:
        installation.must_exist()
        found = installation.archive.get([id])
        if not found:
            raise ArchiveError(f"no article has the id {plain_line(id, 40)}")
        kept = found[0]
        article = installation.articles.get([id])[0]
        learned = {(row.source, row.line): row for row in installation.knowledge().furniture.rows}
    published = article.published and article.published.astimezone(config.timezone).isoformat(" ", "minutes")
    members = {
        "title": article.title,
        "address": article.url,
        "source": article.source,
        "author": article.author,
        "published": published or "unknown",
        "language": article.language,
    }
    for name, value in members.items():
        _tell(name, value)
    for line in article.text.split("\n"):
        _tell("", line)
    for name in ("captions", "furniture"):
        for line in filter(None, getattr(article, name).split("\n")):
            _tell(name.removesuffix("s"), line)
    if not why:
        return
    click.echo("\nwhy")
    for name, reason in _reasons(kept, article):
        _tell(name, reason)
    rules = {part.text: part.rule for part in _parted(kept).parts if part.kind != "body"}
    for line in filter(None, (*article.captions.split("\n"), *article.furniture.split("\n"))):
        if row := learned.get((article.source, line)):
            rule = f"learned: {row.edge} in {row.articles:,} articles of {row.source}"
        else:
            rule = f"rule “{rules[line]}”" if line in rules else "told apart when it was read"
        _tell(rule, line)


def _parted(article: Article) -> parting.Parted:
    return parting.part_any(article.html or article.text, title=article.title)


def _reasons(kept: Article, article: Article) -> Iterator[tuple[str, str]]:
    """Where each member came from: as its reader said, else as its text and its address tell."""
    origins = dict(line.partition(": ")[::2] for line in kept.origin.split("\n") if line)
    unknown = "nothing that could be read" if kept.published is None else "not recorded when it was read"
    yield "published", origins.get("published", unknown)
    if article.source != kept.source:
        yield "source", f"publishers.tsv calls {kept.source or 'its host'} so"
    elif known_publisher(kept.url) == kept.source:
        yield "source", "the table of publishers, by the host of the address"
    else:
        yield "source", origins.get("source", "given with the article")
    if kept.author:
        named = [part.text for part in _parted(kept).parts if part.rule in ("byline", "dateline", "credits")]
        byline = next((text for text in named if kept.author.split("、")[0] in text), "")
        yield "author", origins.get("author", f"its byline: {byline}" if byline else "given with the article")
    whole = "its markup" if kept.html else "plain text"
    yield "text", f"{len(article.text):,} characters of {origins.get('text', whole)}"


def _tell(label: str, text: str) -> None:
    click.echo(f"{label:<10}  {plain_line(text, _LONGEST)}" if label else f"    {plain_line(text, _LONGEST)}")
