"""Entries of a feed in damaged XML, each closed for itself, so that none takes others with it.

A parser that is told nothing of entries reads on to wherever a tag, a comment or a CDATA section that was left open
happens to be closed, and the entries up to there are gone without a word.
"""

import re
from itertools import pairwise

_OPENING = re.compile(r"<((?:\w+:)?(?:item|entry))(?=[\s>])", re.IGNORECASE)
_CLOSING = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
_PLACE = re.compile(r"<(?:\w+:)?(?:item|entry)(?=[\s>])|<!\[CDATA\[|<!--", re.IGNORECASE)
_ENDS = {"<!--": "-->", "<![CDATA[": "]]>"}
_SWALLOWED = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>\s*<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)
"""Within one section or comment, that another such mark is in: it was left open in an entry."""
_LAST = re.compile(r"</(?:\w+:)?(?:channel|rss|feed|rdf)\s*>", re.IGNORECASE)
_TOKEN = re.compile(r"<!\[CDATA\[|<!--|<(/?)([a-z][\w:.-]*)(\s[^<>]*?)?(/?)>", re.IGNORECASE)
_HIDDEN = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>", re.DOTALL)
_LEAVES = frozenset(
    ("title", "link", "description", "pubdate", "guid", "id", "published", "updated", "summary", "content:encoded",
     "dc:date", "dc:creator", "comments")
)  # fmt: skip
"""Elements that hold a text and never each other."""


def mended_entries(text: str) -> tuple[str, list[int]]:
    """A feed with what was left open in an entry closed there, and the numbers, from 1, of damaged entries.

    Without damage it is the same text.
    """
    starts = _starts(text)
    if not starts:
        return text, []
    last = _LAST.search(text, starts[-1])
    end = last.start() if last else len(text)
    pieces, damaged, number = [text[: starts[0]]], [], 0
    for begin, stop in pairwise([*starts, end]):
        entry, has_start = text[begin:stop], True
        while entry:
            number += 1
            mended, rest = _mended(entry)
            if not has_start or mended + rest != entry:
                damaged.append(number)
            pieces.append(mended)
            opening = _OPENING.match(entry)
            if opening and _CLOSING.search(_HIDDEN.sub("", rest)):  # an entry without its beginning
                entry, has_start = f"<{opening[1]}>{rest}", False
            else:
                pieces.append(_without_open_mark(rest))
                break
    return "".join([*pieces, text[end:]]), damaged


def _starts(text: str) -> list[int]:
    """Where entries begin: not in a CDATA section or a comment, unless that was left open in another entry."""
    starts = []
    at = 0
    without_end: set[str] = set()
    while match := _PLACE.search(text, at):
        at, mark = match.end(), match[0]
        if mark.upper() not in _ENDS:
            starts.append(match.start())
        elif mark.upper() not in without_end:
            end = text.find(_ENDS[mark.upper()], at)
            if end < 0:
                without_end.add(mark.upper())
            elif not (mark in (held := text[at:end]) and _SWALLOWED.search(held)):
                at = end
    return starts


def _mended(entry: str) -> tuple[str, str]:
    """An entry with its CDATA sections, comments and texts closed, and itself; and what stands behind it."""
    found = _OPENING.match(entry)
    assert found
    name = found[1]
    opened: list[str] = []
    pieces: list[str] = []
    done, at = 0, found.end()
    while token := _TOKEN.search(entry, at):
        at, begin = token.end(), token.start()
        if token[2] is None:
            end = entry.find(_ENDS[token[0].upper()], at)
            if end >= 0:
                at = end + 3
                continue
            # Left open: a comment says nothing, a section ends where the element around it does.
            closing = re.compile(rf"</{re.escape(opened[-1])}\s*>", re.IGNORECASE) if opened else _CLOSING
            rest = closing.search(entry, at) or _CLOSING.search(entry, at)
            at = rest.start() if rest else len(entry)
            pieces.append(entry[done:begin] if token[0] == "<!--" else f"{entry[done:at]}]]>")
            done = at
            continue
        element = token[2].lower()
        if token[1] and element == name.lower():
            if opened:
                pieces += [entry[done:begin], *(f"</{each}>" for each in reversed(opened))]
                done = begin
            return "".join(pieces) + entry[done:at], entry[at:]
        if token[1]:
            if opened and element == opened[-1].lower():
                opened.pop()
        elif not token[4] and element in _LEAVES and "href" not in (token[3] or "").lower():
            if opened:
                pieces.append(f"{entry[done:begin]}</{opened.pop()}>")
                done = begin
            opened.append(token[2])
    rest_of_it = entry[done:]
    tag = rest_of_it.rfind("<")
    if tag >= 0 and ">" not in rest_of_it[tag:]:
        rest_of_it = rest_of_it[:tag]
    return "".join([*pieces, rest_of_it, *(f"</{each}>" for each in reversed(opened)), f"</{name}>"]), ""


def _without_open_mark(text: str) -> str:
    """What stands between entries, up to a comment or a section that nothing closes."""
    shown = _HIDDEN.sub(lambda match: " " * len(match[0]), text)
    return text[: min((place for mark in _ENDS if (place := shown.find(mark)) >= 0), default=len(text))]
