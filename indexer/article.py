"""One published item, as every reader yields it and the archive keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Article:
    """One article.

    ``id`` is the archive's: 16 lower-case hex digits, the same for the same item whenever it is read; see
    ``indexer.archive.identity``. Readers leave it empty, but for an export's. ``part`` is what tells an item from
    others at its address (its guid, else its fragment), and empty where the address alone does. ``text`` is what a
    reader would call the article, paragraphs separated by ``"\\n"``; ``html`` is the original markup, not
    sanitised. ``source`` is the publisher's name (``联合早报``), ``language`` a BCP 47 tag (``zh-Hans``, ``zh-Hant``,
    ``en``, ``und``). Times are aware and in UTC; ``published`` is ``None`` when it is not known, ``discovered`` is
    when this archive first saw the article.
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
    id: str = ""
