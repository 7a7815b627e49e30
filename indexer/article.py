"""One published item, as every reader yields it and the archive keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Article:
    """One article.

    ``id`` is the archive's: 16 lower-case hex digits, the same for the same item whenever it is read; see
    ``indexer.archive.identity``. Readers leave it empty, but for an export's. ``part`` is what tells an item from
    others at its address (its guid, else its fragment), and empty where the address alone does. ``text`` is the body
    alone, what a reader would call the article, paragraphs separated by ``"\n"``; ``captions`` are those of its
    pictures, and ``furniture`` is what else stands around it (credits, datelines, notes, lists of other stories),
    both a piece a line. ``html`` is the original markup, not sanitised. ``source`` is the publisher's name
    (``联合早报``), ``author`` who wrote it, several persons parted by ``、``; ``language`` a BCP 47 tag (``zh-Hans``,
    ``zh-Hant``, ``en``, ``und``). Times are aware and in UTC; ``published`` is ``None`` when it is not known,
    ``discovered`` is when this archive first saw the article. ``origin`` tells where a reader found the date, the
    source and the author, one a line.
    """

    url: str
    title: str
    text: str
    html: str = ""
    source: str = ""
    published: datetime | None = None
    discovered: datetime | None = None
    language: str = "und"
    guid: str = ""
    author: str = ""
    part: str = ""
    captions: str = ""
    furniture: str = ""
    origin: str = ""
    id: str = ""
