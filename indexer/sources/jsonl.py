"""Articles as JSON lines, in and out, with the field names of ``Article``.

Times are ISO 8601; on the way in every date that ``indexer.dates`` reads will do, numbers too. Of ``html`` and
``text`` one is enough. Fields that an ``Article`` has not are ignored.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import datetime, tzinfo

from indexer import dates, language
from indexer.article import Article
from indexer.errors import SourceError
from indexer.sources import markup
from indexer.sources.encoding import storable
from indexer.sources.publishers import known_publisher
from indexer.urls import site_of, web_address

_FIELDS = tuple(field.name for field in fields(Article))


def write_line(article: Article) -> str:
    """``article`` as one line of JSON with its newline; empty and unknown fields are left out."""
    values = {name: getattr(article, name) for name in _FIELDS}
    return (
        json.dumps(
            {
                name: value.isoformat() if isinstance(value, datetime) else value
                for name, value in values.items()
                if value not in ("", None)
            },
            ensure_ascii=False,
        )
        + "\n"
    )


def write(articles: Iterable[Article]) -> Iterator[str]:
    """The lines of an export."""
    return map(write_line, articles)


def read_object(value: object, *, zone: tzinfo, now: datetime) -> Article:
    """The article of one decoded line. Dates without a zone are read in ``zone``; ``now`` is ``discovered``'s default.

    Raises ``SourceError`` when it is no article or a field is not of its type.
    """
    if not isinstance(value, dict):
        raise SourceError("the line is not a JSON object")
    strings = {name: _string(value, name) for name in _FIELDS}
    title, html = markup.squeeze(strings["title"]), strings["html"]
    text = strings["text"].replace("\r\n", "\n").strip() or markup.to_text(html, title=title)
    title = title or markup.headline_from(text)
    if not title:
        raise SourceError("the article has neither a title nor a text")
    url = web_address(strings["url"])
    tag = strings["language"]
    return Article(
        url=url,
        title=title,
        text=text,
        html=html,
        source=strings["source"] or known_publisher(url) or site_of(url),
        published=dates.parse(strings["published"], zone=zone),
        discovered=dates.parse(strings["discovered"], zone=zone) or now,
        language=tag if tag not in ("", "und") else language.detect(f"{title}\n{text}"),
        guid=strings["guid"],
        author=strings["author"],
    )


def _string(value: dict[str, object], name: str) -> str:
    """A field as text; numbers are allowed for the sake of epoch times and numeric guids."""
    found = value.get(name)
    if found is None:
        return ""
    if isinstance(found, str):
        return storable(found)
    if isinstance(found, int | float) and not isinstance(found, bool):
        return str(found)
    raise SourceError(f"the field {name!r} must be a string")
