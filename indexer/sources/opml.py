"""Subscription lists in OPML (http://opml.org/spec2.opml), in and out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from indexer.errors import SourceError
from indexer.sources.encoding import declared_encoding, decode
from indexer.urls import web_address

_OPML = re.compile(r"\s*(?:<\?xml[^>]{0,300}\?>)?\s*(?>(?:<!--.*?-->\s*)*)<opml[\s>]", re.DOTALL | re.IGNORECASE)
_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,300}\?>")


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed of a list: its address, and its title or ``""``."""

    url: str
    title: str


def looks_like_opml(text: str) -> bool:
    return _OPML.match(text[:20_000]) is not None


def read_opml(data: bytes) -> list[Outline]:
    """The feeds of a list, folders flattened, each address once, in order. Raises ``SourceError``."""
    text = decode(data, declared=declared_encoding(data))
    if not looks_like_opml(text):
        raise SourceError("not an OPML list of subscriptions")
    # recover: attributes with a bare "&" are common in hand-made lists.
    parser = etree.XMLParser(encoding="utf-8", recover=True, resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(_DECLARATION.sub("", text, count=1).encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise SourceError(f"the OPML list cannot be parsed ({error})") from error
    if root is None:
        raise SourceError("the OPML list cannot be parsed")
    feeds: dict[str, Outline] = {}
    for element in root.iter("{*}outline"):
        attributes = {str(name).lower(): str(value) for name, value in element.attrib.items()}
        url = web_address(attributes.get("xmlurl", ""))
        if url:
            title = " ".join((attributes.get("title") or attributes.get("text") or "").split())
            feeds.setdefault(url, Outline(url, title))
    return list(feeds.values())


def write_opml(feeds: Iterable[Outline], *, title: str = "Xunwen") -> str:
    """An OPML 2.0 document of ``feeds``."""
    outlines = "".join(
        f'    <outline type="rss" text={quoteattr(feed.title or feed.url)} xmlUrl={quoteattr(feed.url)}/>\n'
        for feed in feeds
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n'
        f"  <head><title>{escape(title)}</title></head>\n  <body>\n{outlines}  </body>\n</opml>\n"
    )
