"""What a reader found of an article, to the ``Article``: the steps that all readers have in common."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Self

from indexer import dates
from indexer.article import Article
from indexer.extraction import bylines, markup, parting
from indexer.extraction.publishers import headline
from indexer.sources.encoding import storable
from indexer.text.language_identification import identify
from indexer.urls import fold, fragment_of

LONGEST_TITLE, LONGEST_NAME = 500, 200
"""Characters of a title, and of a source or an author; headlines of flashes reach 300."""

_NOTHING = frozenset(("n/a", "na", "null", "none", "nil", "undefined", "nan", "-", "[object object]"))
"""What programs write for a title or a guid that they have not."""


class Found(str):
    """A raw value, and ``where`` its reader found it, for whoever wonders why."""

    where: str

    def __new__(cls, value: str, where: str) -> Self:
        found = super().__new__(cls, value)
        found.where = where
        return found


@dataclass(frozen=True, slots=True)
class Draft:
    """An article's parts as they stand in its source.

    ``title`` is one line. ``html`` is markup, or any text; ``text``, where the reader knows it, comes before what would
    be made of that. ``dates`` are raw strings, the best first; ``language`` is a tag that came with the article.
    Any of these strings may be ``Found``.
    """

    title: str = ""
    html: str = ""
    text: str = ""
    url: str = ""
    guid: str = ""
    author: str = ""
    source: str = ""
    dates: tuple[str, ...] = ()
    language: str = ""


def finish(draft: Draft, *, zone: tzinfo, now: datetime) -> Article | None:
    """The article, or ``None`` when it has neither a title nor a text.

    Dates without a zone are read in ``zone``; ``now`` becomes ``discovered``.
    """
    title = headline(draft.title, site=draft.source)
    title = "" if title.lower() in _NOTHING else title
    parted = parting.part_text(draft.text, title=title) if draft.text else parting.part_any(draft.html, title=title)
    text = parted.text
    title = title or markup.headline_from(text)
    if not title:
        return None
    title, text = fitting(title, text)
    published, day = next(((moment, raw) for raw in draft.dates if (moment := dates.parse(raw, zone=zone))), (None, ""))
    source, author = bylines.credited(
        name_of(markup.to_title(storable(draft.source))),
        name_of(markup.to_title(storable(draft.author))),
        parted.authors,
    )
    return Article(
        url=draft.url,
        title=title,
        text=text,
        html=draft.html.strip(),
        source=source,
        published=published,
        discovered=now,
        language=identify(f"{title}\n{text}", hint=draft.language),
        guid="" if draft.guid.strip().lower() in _NOTHING else draft.guid,
        author=author,
        captions=parted.captions,
        furniture=parted.furniture,
        origin=_origin(published=day, source=draft.source, author=draft.author),
    )


def _origin(**members: str) -> str:
    """Where the members were found, one a line."""
    lines = []
    for name, raw in members.items():
        if value := markup.squeeze(storable(raw))[:LONGEST_NAME]:
            lines.append(f"{name}: {raw.where}, {value}" if isinstance(raw, Found) else f"{name}: {value}")
    return "\n".join(lines)


def told_apart(items: Sequence[Article], *, site: str = "") -> list[Article]:
    """The items of one document, in order; those that share their address have the ``part`` that tells them apart.

    An address is shared by items that say different things and have different guids; without guids, different
    fragments; without these, different titles and texts. The feed's own address, ``site``, is never that of one item. A
    guid that stands beside several addresses tells nothing and is taken away.
    """
    places: dict[str, set[str]] = {}
    for item in items:
        if item.guid:
            places.setdefault(item.guid, set()).add(fold(item.url))
    items = [replace(item, guid="") if len(places.get(item.guid, ())) > 1 else item for item in items]
    groups: dict[str, set[tuple[str, ...]]] = {}
    for item in items:
        groups.setdefault(fold(item.url), set()).add((_tells(item), item.title, item.text))
    shared = {address for address, said in groups.items() if address and _are_several(said)}
    if home := fold(site):
        shared.add(home)
    return [replace(item, part=_tells(item) or item.title) if fold(item.url) in shared else item for item in items]


def _tells(item: Article) -> str:
    """What tells an item from others at its address: its guid, unless that is the address, else its fragment.

    Some publishers count revisions in the guid: ``https://…/article#4``.
    """
    is_address = fold(item.guid) == fold(item.url)
    return fragment_of(item.url) if not item.guid or is_address else item.guid


def _are_several(said: set[tuple[str, ...]]) -> bool:
    marks = {mark for mark, _, _ in said}
    if len(marks) > 1:
        return len({words[1:] for words in said}) > 1
    return marks == {""} and len({title for _, title, _ in said}) > 1 and len({text for _, _, text in said}) > 1


def fitting(title: str, text: str) -> tuple[str, str]:
    """Title and text; of a title that is too long the beginning stays, and the whole is the first line of the text."""
    if len(title) <= LONGEST_TITLE:
        return title, text
    return title[: LONGEST_TITLE - 1] + "…", text if text.startswith(title) else f"{title}\n{text}".rstrip()


def name_of(raw: str) -> str:
    """A publisher's or an author's name on one line, no longer than one may be."""
    name = markup.squeeze(raw).replace("\u3000", " ")
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
