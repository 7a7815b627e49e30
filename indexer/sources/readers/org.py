"""Notes in Org mode (https://orgmode.org/worg/org-syntax.html): the words of the outline, as a reader sees them.

Title, date and author stand in lines ``#+TITLE: …``; headings become paragraphs, of links the words remain. Drawers,
settings and comments are left out.
"""

import re
from itertools import groupby

from indexer.extraction import markup
from indexer.sources.draft import Draft
from indexer.urls import site_of, web_address

_SETTING = re.compile(r"#\+([A-Za-z_]+):[ \t]*(.*)")
_START = re.compile(r"\s*(?:#\+[A-Za-z_]+:|\*+ |:PROPERTIES:|# -\*-)")
_DRAWER = re.compile(r"^[ \t]*:[A-Za-z_-]+:[ \t]*\n(?:.*\n){0,100}?[ \t]*:END:[ \t]*$\n?", re.MULTILINE | re.IGNORECASE)
_PROPERTY = re.compile(r"^[ \t]*:(CREATED|DATE|PUBLISHED|URL|SOURCE|AUTHOR):[ \t]*(.*)$", re.MULTILINE | re.IGNORECASE)
_LEFT_OUT = re.compile(r"[ \t]*(?:#(?:\s|$|\+)|(?:CLOSED|SCHEDULED|DEADLINE):)", re.IGNORECASE)
_HEADING = re.compile(
    r"\*+[ \t]+(?:(?:TODO|DONE|NEXT|WAITING)[ \t]+)?(?:\[#[A-Z]\][ \t]*)?(.*?)(?:[ \t]+:[\w@#%:]+:)?[ \t]*$"
)
_ITEM = re.compile(r"[ \t]*(?:[-+]|\d+[.)])[ \t]+(?:\[[ X-]\][ \t]+)?")
_LINK = re.compile(r"\[\[([^\[\]]*)\](?:\[([^\[\]]*)\])?\]")
_EMPHASIS = re.compile(r"(?<![\w*/_+~=])([*/_+~=])(?=\S)(.{1,200}?)(?<=\S)\1(?![\w*/_+~=])")
_STAMP = re.compile(r"[<\[](\d{4}-\d\d-\d\d)(?:[ \t]+[^\s\d>\]]+)?(?:[ \t]+(\d\d?:\d\d))?[^>\]]*[>\]]")


def looks_like_org(text: str, path: str) -> bool:
    return path.lower().endswith(".org") and _START.match(text) is not None


def read_org(text: str) -> Draft:
    """The note as one article."""
    said = {name.lower(): value.strip() for name, value in map(re.Match.groups, _SETTING.finditer(text))}
    for name, value in map(re.Match.groups, _PROPERTY.finditer(text)):
        said.setdefault(name.lower(), value.strip())
    lines = [line for line in _DRAWER.sub("", text).splitlines() if not _LEFT_OUT.match(line)]
    title = said.get("title") or next((match[1] for match in map(_HEADING.match, lines) if match), "")
    url = next(filter(None, (web_address(said.get(name, "")) for name in ("url", "source", "link"))), "")
    source = said.get("source", "")
    return Draft(
        title=_plain(title),
        html=text,
        text="\n".join(_paragraphs(lines, _plain(title))),
        url=url,
        author=said.get("author", ""),
        source=site_of(url) if web_address(source) or not source else source,
        dates=tuple(_STAMP.sub(_without_weekday, said.get(name, "")) for name in ("published", "date", "created")),
    )


def _paragraphs(lines: list[str], title: str) -> list[str]:
    found: list[str] = []
    for blank, group in groupby(lines, key=lambda line: not line.strip()):
        piece: list[str] = []
        for line in () if blank else group:
            heading = _HEADING.match(line)
            if heading or _ITEM.match(line):
                found += [_plain("\n".join(piece))] if piece else []
                piece = []
            if heading:
                found.append(_plain(heading[1]))
            else:
                piece.append(_ITEM.sub("", line))
        found += [_plain("\n".join(piece))] if piece else []
    if found and found[0] == title:
        del found[0]
    return list(filter(None, found))


def _plain(words: str) -> str:
    words = _LINK.sub(lambda match: match[2] or match[1], words)
    return markup.squeeze(_EMPHASIS.sub(r"\2", words))


def _without_weekday(match: re.Match[str]) -> str:
    return f"{match[1]} {match[2] or ''}".strip()
