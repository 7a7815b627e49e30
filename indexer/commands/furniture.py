"""furniture: what stands around the articles of an archive, and what of it was learned."""

from collections import Counter
from collections.abc import Sequence

import click

from indexer.commands.terminal import progress
from indexer.config import Config
from indexer.extraction import learned
from indexer.installation import Installation
from indexer.plain_text import counted, plain_line


@click.command()
@click.option("--limit", default=200, show_default=True, metavar="N", help="Lines to show; 0 shows all.")
@click.option("--source", metavar="NAME", help="Of this publisher alone.")
@click.option("--keep", multiple=True, metavar="TEXT", help="A learned line that is text all the same; repeats.")
@click.option("--undo", multiple=True, metavar="TEXT", help="Take back what --keep said; repeats.")
@click.pass_obj
def furniture(config: Config, limit: int, source: str | None, keep: Sequence[str], undo: Sequence[str]) -> None:
    """Show what stands around the articles, the most frequent first; what was learned is marked with a star.

    Rules of wording and markup know credits, datelines and the like; what recurs at the beginnings and endings of a
    publisher's articles is learned by rebuild. Lines that are to be kept stand in furniture.tsv in the data folder.
    """
    with Installation(config) as installation:
        installation.must_exist()
        if keep or undo:
            _change(installation, keep, undo)
            return
        known = {(row.source, row.line) for row in installation.knowledge().furniture.rows}
        counts: Counter[tuple[str, str]] = Counter()
        with progress(installation.articles.iterate(html=False), "Reading", installation.archive.count()) as articles:
            for article in articles:
                if article.furniture and source in (None, article.source):
                    counts.update((article.source, line) for line in set(article.furniture.split("\n")))
    for (publisher, line), count in counts.most_common(limit or None):
        star = "*" if (publisher, line) in known else " "
        click.echo(f"{count:>9,} {star} {plain_line(publisher, 30)}  {plain_line(line, 200)}")
    click.echo(f"{counted(len(counts), 'different line')} around articles, {len(known):,} of them learned")


def _change(installation: Installation, keep: Sequence[str], undo: Sequence[str]) -> None:
    vetoes, _ = learned.read_vetoes(installation.furniture_file)
    left = [line for line in dict.fromkeys([*vetoes, *keep]) if line not in undo]
    learned.save_vetoes(left, installation.furniture_file)
    kept = counted(len(left), "line is", "lines are")
    click.echo(f"{kept} kept as text; “xunwen rebuild” brings the index up to date with that")
