"""HTML as tokens, in one pass over it: tags and text, in time linear in the length whatever it holds.

The tokenisation of browsers (html.spec.whatwg.org, 13.2.5) as far as articles need it. Parsers that build a tree as
browsers do need quadratic time for tags that nest by the thousand, and ``html.parser`` for comments that never end.
"""

import re
from collections.abc import Container, Iterator
from html import unescape
from typing import NamedTuple

RAW = frozenset(("noembed", "noframes", "noscript", "script", "style", "textarea", "title"))
"""Elements that hold text and no markup; none of it is shown. (An iframe holds what is shown where there is none.)"""


class Text(NamedTuple):
    """Characters, references resolved."""

    text: str


class Start(NamedTuple):
    """A start tag; ``rest`` is what stands behind its name, see ``attributes``."""

    name: str
    rest: str


class End(NamedTuple):
    """An end tag."""

    name: str


Token = Text | Start | End

_BLANK = r" \t\n\f\r"
_NAME = rf"(?:=[^{_BLANK}/>=]*+|[^{_BLANK}/>=]++)"
_VALUE = rf"""(?:"[^"]*+"|'[^']*+'|[^{_BLANK}>]*+)"""
_TAG = re.compile(
    rf"<(/?)([a-zA-Z][^{_BLANK}/>]*+)((?:[{_BLANK}/]++|{_NAME}(?:[{_BLANK}]*+=[{_BLANK}]*+{_VALUE})?+)*+)>"
)
_ATTRIBUTE = re.compile(rf"({_NAME})(?:[{_BLANK}]*+=[{_BLANK}]*+({_VALUE}))?+")
_COMMENT_END = re.compile("--!?>")
_RAW_END = {name: re.compile(rf"</{name}(?=[{_BLANK}/>])", re.IGNORECASE) for name in RAW}
_LONG_NUMBER = re.compile(r"&#(?:0*+[0-9]{8,}|[xX]0*+[0-9a-fA-F]{7,});?")


def tokens(html: str) -> Iterator[Token]:
    """The tags and texts of ``html``. What is inside ``RAW`` elements is left out, and so are comments.

    A tag or comment that never ends takes all that is left with it, as in browsers.
    """
    done = 0
    while (start := html.find("<", done)) >= 0:
        following = html[start + 1 : start + 3]
        if not following[:1].isascii() or not (following[:1].isalpha() or following[:1] in ("/", "!", "?")):
            yield from _text(html[done : start + 1])
            done = start + 1
            continue
        yield from _text(html[done:start])
        if following[:1].isalpha() or (following[0] == "/" and following[1:].isascii() and following[1:].isalpha()):
            match = _TAG.match(html, start)
            if not match:
                return
            slash, name, rest = match.groups()
            name, done = name.lower(), match.end()
            yield End(name) if slash else Start(name, rest)
            if not slash and name in RAW:
                end = _RAW_END[name].search(html, done)
                if not end:
                    return
                done = end.start()
        elif html.startswith("<!--", start):
            end = _COMMENT_END.search(html, start + 2)
            if not end:
                return
            done = end.end()
        else:
            done = html.find(">", start) + 1
            if not done:
                return
    yield from _text(html[done:])


def _text(text: str) -> Iterator[Text]:
    if text:
        yield Text(resolved(text))


def resolved(text: str) -> str:
    """The text with its character references resolved. Numbers that no character has are replaced before: Python
    refuses to read thousands of digits."""
    return unescape(_LONG_NUMBER.sub("\ufffd", text)) if "&" in text else text


def attributes(rest: str, wanted: Container[str], longest: int) -> dict[str, str]:
    """The attributes of a start tag that are ``wanted``, the first of each name; values that are longer are empty."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(rest):
        name, value = match[1].lower(), match[2] or ""
        if name in wanted and name not in found:
            found[name] = "" if len(value) > longest else resolved(value[1:-1] if value[:1] in ("'", '"') else value)
    return found
