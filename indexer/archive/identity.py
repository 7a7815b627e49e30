"""When are two items the same article? Pure rules, no storage."""

from __future__ import annotations

import re
from hashlib import blake2b
from string import ascii_letters, digits
from urllib.parse import quote, urlsplit

from indexer.article import Article

_UNRESERVED = frozenset(ascii_letters + digits + "-._~")
_ASCII_IN_URLS = "!$%&'()*+,/:;=?@[]~"
_DEFAULT_PORTS = {"http": 80, "https": 443}

# Parameters that tell where a reader came from, never which article is meant.
_TRACKING = re.compile(
    r"utm_\w*|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|igshid|mc_[ce]id|_ga|_gl|spm|ncid|cmpid|ref_src",
    re.IGNORECASE,
)


def article_id(article: Article) -> str:
    """16 lower-case hex digits that are the same whenever the same article is read again.

    From the normalised URL; without one from the source and the feed's guid; without that from title and text.
    """
    key: tuple[str, ...]
    if url := normalise_url(article.url):
        key = ("url", url)
    elif article.guid:
        key = ("guid", article.source, article.guid)
    else:
        key = ("text", article.title, article.text)
    return blake2b("\0".join(key).encode("utf-8", "replace"), digest_size=8).hexdigest()


def fingerprint(article: Article) -> str:
    """32 hex digits of everything that is searched or shown as the article's own words.

    The URL and the guid are left out because the id speaks for them, and so is the markup: pages carry counters and
    advertisements that differ at every reading, and a change there alone is no change of the article.
    """
    published = "" if article.published is None else str(int(article.published.timestamp()))
    parts = (article.title, article.text, article.source, article.author, article.language, published)
    return blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()


def normalise_url(url: str) -> str:
    """The address that identifies an article, or ``""`` for one that identifies nothing.

    RFC 3986, section 6.2: lower-case scheme and host, no default port, percent-encoding only where it is needed and in
    upper case. Beyond the RFC: ``http`` is read as ``https``, tracking parameters are dropped, the others keep their
    order, and so are fragments, except those by which some sites address pages (``#!/news/1``). A site's front page
    identifies nothing: feeds without addresses of their own give it to every item.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return url
    if not host:
        return url
    if ":" in host:
        host = f"[{host}]"
    scheme = "https" if parts.scheme in ("http", "") else parts.scheme
    if port is not None and port != _DEFAULT_PORTS.get(parts.scheme):
        host = f"{host}:{port}"
    if parts.username is not None:
        host = f"{parts.netloc.rpartition('@')[0]}@{host}"
    query = "&".join(
        _normalise_escapes(pair)
        for pair in parts.query.split("&")
        if pair and not _TRACKING.fullmatch(pair.partition("=")[0])
    )
    path = _normalise_escapes(parts.path) or "/"
    fragment = _normalise_escapes(parts.fragment) if parts.fragment.startswith(("!", "/")) else ""
    if path == "/" and not query and not fragment:
        return ""
    return f"{scheme}://{host}{path}{query and '?' + query}{fragment and '#' + fragment}"


def _normalise_escapes(part: str) -> str:
    part = re.sub("%(?![0-9A-Fa-f]{2})", "%25", part)
    part = re.sub("%([0-9A-Fa-f]{2})", _normalise_escape, part)
    return quote(part, safe=_ASCII_IN_URLS, errors="replace")


def _normalise_escape(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if character in _UNRESERVED else escape[0].upper()
