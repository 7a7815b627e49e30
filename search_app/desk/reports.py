"""What is delivered: the stories that a watch found, as a letter and as JSON."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from indexer.archive import Delivery, Finding, Watch
from indexer.article import Article
from indexer.plain_text import plain_line
from indexer.urls import web_address
from search_app.search.library import Library
from search_app.search.results import timestamp

MOST_STORIES = 100
"""Stories that one delivery tells of, the newest; how many there are is told too."""

_LONGEST_TITLE = 200
_MESSAGE = 1_800
"""Bytes of a message: the strictest of the services, 企业微信, takes 2,048."""


@dataclass(frozen=True, slots=True)
class Item:
    """A story, and the article that tells of it."""

    story: str
    article: Article


@dataclass(frozen=True, slots=True)
class Report:
    """``id`` is that of the delivery, the same at every try. ``count`` stories were found, ``items`` are the newest."""

    id: str
    watch: Watch
    count: int
    items: Sequence[Item]


def report_of(library: Library, watch: Watch, delivery: Delivery) -> Report:
    """What a delivery has to tell; articles that are no longer kept are left out."""
    found = library.archive.watches.findings(watch.id, first=delivery.first, last=delivery.last, limit=10_000)
    return Report(delivery.id, watch, len(found), items_of(library, found[:MOST_STORIES]))


def items_of(library: Library, findings: Sequence[Finding]) -> list[Item]:
    """The stories of findings, in their order; those whose article is no longer kept are left out."""
    articles = {each.id: each for each in library.articles.get([each.article for each in findings], html=False)}
    return [Item(each.story, articles[each.article]) for each in findings if each.article in articles]


def letter(report: Report, sender: str, now: datetime, zone: ZoneInfo) -> EmailMessage:
    """A letter of plain text. Its Message-ID is made from the report's id: a repeat can be told by it."""
    message = EmailMessage(policy=SMTP)
    message["From"] = f"Xunwen <{sender}>"
    message["To"] = report.watch.email
    message["Subject"] = f"{plain_line(report.watch.name)} ({report.count})"
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{report.id}.xunwen@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    lines = []
    for item in report.items:
        article = item.article
        lines.append(plain_line(article.title, _LONGEST_TITLE) or "—")
        when = "" if article.published is None else f"{article.published.astimezone(zone):%Y-%m-%d %H:%M}"
        lines.append("  ".join(filter(None, (plain_line(article.source), when))))
        lines += [web_address(article.url), ""]
    if report.count > len(report.items):
        lines.append(f"… {report.count - len(report.items):,}")
    # Base64: no line is too long for a server, whatever a title holds.
    message.set_content("\n".join(lines), cte="base64")
    return message


def message(report: Report) -> tuple[str, str]:
    """The title and the text of a message: as many of the stories as there is room for, the newest first."""
    lines: list[str] = []
    room, told = _MESSAGE, 0
    for item in report.items:
        article = item.article
        title = " · ".join(filter(None, (plain_line(article.title, 80) or "—", plain_line(article.source, 40))))
        entry = [title, *filter(None, [web_address(article.url)])]
        size = len("\n".join(entry).encode("utf-8", "replace")) + 1
        if size > room:
            break
        lines += entry
        room, told = room - size, told + 1
    if report.count > told:
        lines.append(f"… {report.count - told:,}")
    return f"{plain_line(report.watch.name)} ({report.count})", "\n".join(lines)


def payload(report: Report) -> bytes:
    """The JSON that is posted, in UTF-8."""
    watch = report.watch
    stories = [
        {
            "story": item.story,
            "article": item.article.id,
            "title": item.article.title,
            "url": web_address(item.article.url),
            "source": item.article.source,
            "published": timestamp(item.article.published) if item.article.published else None,
        }
        for item in report.items
    ]
    told = {
        "id": report.id,
        "watch": {"id": watch.id, "name": watch.name, "query": watch.query},
        "count": report.count,
        "stories": stories,
    }
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
