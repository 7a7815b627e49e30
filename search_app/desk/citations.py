"""How an article is cited: one reference, written in the forms that people and their programs take.

- ``gbt7714``: GB/T 7714-2015, ``[EB/OL]`` for what stands at an address of the web and ``[N]`` for what does not;
- ``bibtex``: an entry for BibTeX and biblatex;
- ``ris``: a record as reference managers read it, lines ended by CR LF;
- ``markdown``: one item of a list.

Whatever an article says is one plain line in all of them: no line of it becomes a tag, no brace of it ends a field.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from indexer.article import Article
from indexer.extraction import bylines
from indexer.plain_text import plain_line
from indexer.urls import LONGEST_ADDRESS, web_address

LONGEST = 500
"""Characters of a title, author or source that a citation has: what the archive keeps of a title."""

_NAMED = 3
"""Authors that GB/T 7714 names before it says “and others”."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What is cited, each text in one plain line, ``""`` for what is not known.

    ``published`` is a day in the reader's zone, ``read`` the day there on which this archive read the article: what
    was seen that day is what is cited. ``url`` is an address of the web.
    """

    id: str
    title: str
    authors: tuple[str, ...]
    source: str
    url: str
    language: str
    published: date | None
    read: date | None

    @classmethod
    def of(cls, article: Article, zone: ZoneInfo) -> Self:
        """The reference of an article of the archive, with days as they are in ``zone``."""
        return cls(
            id=article.id,
            title=plain_line(article.title, LONGEST),
            authors=tuple(filter(None, (plain_line(name, LONGEST) for name in bylines.parted(article.author)))),
            source=plain_line(article.source, LONGEST),
            url=_in_one_word(web_address(article.url)) if len(article.url) <= LONGEST_ADDRESS else "",
            language="" if article.language == "und" else plain_line(article.language, LONGEST),
            published=_day(article.published, zone),
            read=_day(article.discovered, zone),
        )


def gbt7714(reference: Reference) -> str:
    """``王芳. 江城大桥限行[EB/OL]. 江城日报, (2026-11-10)[2026-11-11]. https://…``, in one line.

    Where no author is known the publisher is the one who is responsible.
    """
    others = "等" if reference.language.startswith("zh") or not reference.language else "et al"
    named = [*reference.authors[:_NAMED], *([others] if len(reference.authors) > _NAMED else [])]
    responsible = ", ".join(named) or reference.source
    published = reference.published.isoformat() if reference.published else ""
    source = reference.source if named else ""
    if reference.url:
        days = (f"({published})" if published else "") + (f"[{reference.read}]" if reference.read else "")
        where = [", ".join(filter(None, (source, days))), reference.url]
        return ". ".join(filter(None, (responsible, f"{reference.title}[EB/OL]", *where)))
    where = [", ".join(filter(None, (source, published)))]
    return ". ".join(filter(None, (responsible, f"{reference.title}[N]", *where))) + "."


def bibtex(reference: Reference) -> str:
    """An entry whose key is made of the article's id. Names are whole, whatever words and commas are in them."""
    published, read = reference.published, reference.read
    fields = {
        "title": f"{{{_tex(reference.title)}}}",
        "author": " and ".join(f"{{{_tex(name)}}}" for name in reference.authors),
        "journal": _tex(reference.source),
        "date": published.isoformat() if published else "",
        "year": f"{published.year:04}" if published else "",
        "month": str(published.month) if published else "",
        "url": _TEX_ADDRESS.sub(_percent, reference.url),
        "urldate": read.isoformat() if read and reference.url else "",
        "language": _tex(reference.language),
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
    return f"@{'article' if reference.source else 'misc'}{{xunwen-{reference.id},\n{''.join(lines)}}}\n"


def ris(reference: Reference) -> str:
    """A record of a newspaper's article."""
    published, read = reference.published, reference.read
    lines = [
        ("TY", "NEWS"),
        ("ID", reference.id),
        ("TI", reference.title),
        *(("AU", name) for name in reference.authors),
        ("T2", reference.source),
        ("PY", f"{published.year:04}" if published else ""),
        ("DA", published.isoformat().replace("-", "/") if published else ""),
        ("UR", reference.url),
        ("Y2", read.isoformat().replace("-", "/") if read and reference.url else ""),
        ("LA", reference.language),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in lines if value) + "ER  - \r\n"


def markdown(reference: Reference) -> str:
    """``- [title](<address>), source, authors, day``."""
    title = _markdown(reference.title or reference.id)
    link = f"[{title}](<{_markdown_address(reference.url)}>)" if reference.url else title
    day = reference.published.isoformat() if reference.published else ""
    rest = filter(None, (_markdown(reference.source), _markdown("、".join(reference.authors)), day))
    return f"- {', '.join((link, *rest))}\n"


@dataclass(frozen=True, slots=True)
class Form:
    """A form of citations: how it is called, what writes it, and the media type and suffix of its files."""

    label: str
    write: Callable[[Reference], str]
    media: str
    suffix: str


FORMS: Mapping[str, Form] = {
    "gbt7714": Form("GB/T 7714", gbt7714, "text/plain", "txt"),
    "bibtex": Form("BibTeX", bibtex, "application/x-bibtex", "bib"),
    "ris": Form("RIS", ris, "application/x-research-info-systems", "ris"),
    "markdown": Form("Markdown", markdown, "text/markdown", "md"),
}


def news_article(reference: Reference) -> dict[str, Any]:
    """The reference in the words of schema.org, for JSON-LD."""
    members: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": reference.title,
        "author": [{"@type": "Person", "name": name} for name in reference.authors],
        "publisher": {"@type": "Organization", "name": reference.source} if reference.source else None,
        "datePublished": reference.published.isoformat() if reference.published else None,
        "inLanguage": reference.language,
        "url": reference.url,
    }
    return {name: value for name, value in members.items() if value}


def _day(moment: datetime | None, zone: ZoneInfo) -> date | None:
    return moment.astimezone(zone).date() if moment else None


_NO_ADDRESS = re.compile(r"[\s\x00-\x20\x7f-\xa0\u2028\u2029\ud800-\udfff]")
_TEX_ADDRESS = re.compile(r"[{}\\]")
_MARKDOWN_ADDRESS = re.compile(r"[<>\\]")


def _percent(character: re.Match[str]) -> str:
    return f"%{ord(character[0]):02X}"


def _in_one_word(url: str) -> str:
    """An address without what would end its line or its word."""
    return _NO_ADDRESS.sub(lambda each: "".join(f"%{byte:02X}" for byte in each[0].encode("utf-8", "replace")), url)


# BibTeX counts braces before TeX sees them, escaped or not: in a field they must be paired, so words stand for them.
_TEX: Mapping[str, str] = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{each: f"\\{each}" for each in "%&#$_"},
}
_TEX_TABLE = str.maketrans(dict(_TEX))


def _tex(text: str) -> str:
    return text.translate(_TEX_TABLE)


# Also what makes an address of a word in the dialects that link bare ones.
_MARKDOWN = re.compile(r"[\\`*_{}\[\]()<>#!|~&@:^$]|(?<=www)\.", re.IGNORECASE)


def _markdown(text: str) -> str:
    return _MARKDOWN.sub(r"\\\g<0>", text)


def _markdown_address(url: str) -> str:
    """An address between ``<`` and ``>``, where Markdown reads ``&copy=`` as an entity."""
    return _MARKDOWN_ADDRESS.sub(_percent, url).replace("&", "&amp;")
