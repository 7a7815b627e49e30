"""Watches as people write them: what is allowed, and what a watch asks."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from indexer.archive import Draft, Watch
from indexer.config import is_mailbox
from indexer.errors import QueryError
from indexer.plain_text import plain_line
from indexer.urls import web_address
from search_app.desk.channels import channel_address, concealed
from search_app.query.parameters import (
    DEFAULT_LIMIT,
    HIT_FIELDS,
    SEARCH_PARAMETERS,
    Parameter,
    SearchParameters,
    given_by,
)
from search_app.search.library import Library

MOST_NAME = 100
MOST_WATCHES = 10_000
_MOST_QUERY = 4_000
_MOST_ADDRESS = 2_000


WISHES = (
    Parameter("query", "The question as it stands in an address: q=疫苗&source=联合早报.", "q=疫苗", "query"),
    Parameter("name", "What it is called; by default what it asks.", "疫苗"),
    Parameter("folder", "The folder that it stands in.", "健康"),
    Parameter("paused", "1 while it does not look.", "", "choice", choices=("1", "0")),
    Parameter("email", "Where its findings are mailed.", "reader@example.org"),
    Parameter("webhook", "Where its findings are posted as JSON.", "https://example.org/hook"),
    Parameter("notify", "The address of Apprise by which a messaging service tells them.", "ntfys://ntfy.sh/topic"),
    Parameter("digest", "The hour, 0 to 23, at which a day's findings are sent together.", "8"),
    Parameter("quiet", "Hours in which nothing is sent: 22-7.", "22-7"),
)
"""The members of a watch that people write: in forms, in the API and, with ``--`` before them, as options."""


def question_of(parameters: SearchParameters) -> str:
    """A question as a watch keeps it: which articles are meant, and nothing about how they are shown."""
    shown = {"cursor": "", "limit": DEFAULT_LIMIT, "sort": "relevance", "collapse": "", "partial": True}
    shown |= {"facets_of": "articles", "recency": "", "explain": False, "hidden": False, "fields": HIT_FIELDS}
    return urlencode(parameters.pairs(**shown))


def parameters_of(query: str) -> SearchParameters:
    """The question of an address. Raises ``QueryError`` where it is none."""
    if len(query) > _MOST_QUERY:
        raise QueryError("watch_too_long", field="query", given=query[:40], allowed=(str(_MOST_QUERY),))
    try:
        pairs = parse_qsl(query.removeprefix("?"), max_num_fields=200)
    except ValueError as error:
        raise QueryError("watch_too_long", field="query", given=query[:40], allowed=("200",)) from error
    return SearchParameters.parse(given_by(pairs))


def draft_of(given: Mapping[str, str], library: Library, title: str) -> Draft:
    """A watch as somebody wrote it; ``given`` has texts by the names of ``WISHES``, ``""`` for nothing.

    ``title`` is its name when it is given none. Raises ``QueryError``: those of a search, ``watch_asks_nothing``,
    ``watch_too_long``, ``bad_hour``, ``bad_hours``, ``bad_email``, ``bad_webhook``, ``bad_choice``,
    and those of ``channel_address``.
    """
    asked = parameters_of(given.get("query", ""))
    query = question_of(asked)
    if not query:
        raise QueryError("watch_asks_nothing", field="query", allowed=("q=疫苗", "source=联合早报"))
    library.ask(asked)
    quiet = _quiet(given.get("quiet", "").strip())
    return Draft(
        name=_line("name", given.get("name", "")) or plain_line(title, MOST_NAME),
        query=query,
        folder=_line("folder", given.get("folder", "")),
        paused=_switch(given.get("paused", "")),
        email=_email(given.get("email", "").strip()),
        webhook=_webhook(given.get("webhook", "").strip()),
        notify=_notify(given.get("notify", "").strip()),
        digest=_digest(given.get("digest", "").strip()),
        quiet_from=quiet[0] if quiet else None,
        quiet_to=quiet[1] if quiet else None,
    )


def add_watch(given: Mapping[str, str], library: Library, title: str) -> Watch:
    """Keep a new watch. Raises ``QueryError``: those of ``draft_of``, ``too_many_watches``."""
    draft = draft_of(given, library, title)
    if library.archive.watches.count() >= MOST_WATCHES:
        raise QueryError("too_many_watches", field="query", allowed=(str(MOST_WATCHES),))
    [added] = library.archive.watches.add([draft])
    return added


def wishes_of(draft: Draft) -> dict[str, str]:
    """What ``draft_of`` makes this of."""
    quiet = "" if draft.quiet_from is None else f"{draft.quiet_from}-{draft.quiet_to}"
    return {
        "query": draft.query,
        "name": draft.name,
        "folder": draft.folder,
        "paused": "1" if draft.paused else "",
        "email": draft.email,
        "webhook": draft.webhook,
        "notify": draft.notify,
        "digest": "" if draft.digest is None else str(draft.digest),
        "quiet": quiet,
    }


def _line(field: str, text: str) -> str:
    """A name on one line, whatever was in it."""
    if len(text) > MOST_NAME:
        raise QueryError("watch_too_long", field=field, given=text[:40], allowed=(str(MOST_NAME),))
    return plain_line(text, MOST_NAME)


def _switch(text: str) -> bool:
    if text not in ("", "0", "1"):
        raise QueryError("bad_choice", field="paused", given=text[:40], allowed=("1", "0"))
    return text == "1"


def _hour(text: str) -> int | None:
    return int(text) if re.fullmatch("[0-9]{1,2}", text) and int(text) < 24 else None


def _digest(text: str) -> int | None:
    if not text:
        return None
    hour = _hour(text)
    if hour is None:
        raise QueryError("bad_hour", field="digest", given=text[:40], allowed=("0–23",))
    return hour


def _quiet(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    start, _, end = text.replace("–", "-").partition("-")
    hours = _hour(start.strip()), _hour(end.strip())
    if hours[0] is None or hours[1] is None or hours[0] == hours[1]:
        raise QueryError("bad_hours", field="quiet", given=text[:40], allowed=("22-7",))
    return hours[0], hours[1]


def _email(text: str) -> str:
    if text and not is_mailbox(text):
        raise QueryError("bad_email", field="email", given=text[:40], allowed=("reader@example.org",))
    return text


def _webhook(text: str) -> str:
    if not text:
        return ""
    address = web_address(text) if len(text) <= _MOST_ADDRESS else ""
    if not address:
        raise QueryError("bad_webhook", field="webhook", given=text[:40], allowed=("https://example.org/hook",))
    return address


def _notify(text: str) -> str:
    return channel_address(text) if text else ""


def shown(wishes: Mapping[str, str]) -> dict[str, str]:
    """What people wish of a watch as its form shows it: nothing that is secret."""
    return {**wishes, "notify": concealed(wishes["notify"])}


def with_kept(given: Mapping[str, str], watch: Watch) -> dict[str, str]:
    """What came back from the form of a watch, with the secret that was not shown where it was left as it stood."""
    kept = given["notify"].strip() == concealed(watch.notify)
    return {**given, "notify": watch.notify} if kept else dict(given)


def as_address(typed: str) -> str:
    """What somebody typed for a question as it stands in an address: the whole of one, its end, or words alone."""
    _, mark, query = typed.partition("?")
    if mark and web_address(typed):
        return query
    names = {parameter.name for parameter in SEARCH_PARAMETERS}
    first = typed.removeprefix("?").partition("=")
    return typed.removeprefix("?") if first[1] and first[0] in names else urlencode([("q", typed)])
