"""Who wrote a page: what its data say, else what it shows."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lxml import etree

from indexer.extraction import bylines
from indexer.extraction.lines import bare_lines
from indexer.extraction.markup import squeeze
from indexer.sources.draft import Found
from indexer.sources.jsonl import text_of

_META = ("author", "article:author", "dc.creator", "byl", "parsely-author")
_LABELLED = re.compile(
    r"(?:作\s*者|撰\s*稿|撰\s*文)\s*[:：]\s*([^\s:：|｜<>\"=][^:：|｜<>\"=]{0,40}?)(?=\s*(?:我来说|来\s*源|來\s*源|时间|時間|日期|发[布表]|發[布表]|编辑|編輯|责编|"
    r"出处|阅读|浏览|点击|字[号体]|\d{4}\s*[-年/]|[|｜（(【]?打印|$))"
)
_POSTED = (
    re.compile(r"本[帖贴]由\s*(\S{1,20}?)\s*[于於]\s*\d{4}"),
    re.compile(
        r"^\s*([^\s\[\]（）()【】]{2,20})\s*(?:[发發]表[于於]|posted (?:on|at))\s*[:：]?\s*\d{4}", re.IGNORECASE
    ),
    re.compile(r"(?:[发發][布表][时時][间間]|posted)[^\n]{0,24}?\d\s+by\s+(\S{2,20})", re.IGNORECASE),
)
_OFFICE = re.compile(r"发\s*文\s*(?:机\s*关|单\s*位)\s*[:：]\s*(\S{4,30})")
_EDITOR = re.compile(
    r"(?:责任编辑|責任編輯|[责責][编編]|[编編][辑輯])\s*[:：]\s*([\u4e00-\u9fff]{2,4})(?=\s|[）)\]】]|$)"
)
_NO_PERSON = re.compile(
    r"[网網]$|\.(?:com|cn|net|org|tw|hk)\b|[贡貢][献獻]者|公司|科技|[网網][络絡]|admin|[编編][辑輯]部|^\W*$",
    re.IGNORECASE,
)
_SHORT, _LONGEST = 5, 16  # characters of a headline at least, of a byline at most
_NEAR = 4  # lines below the headline in which a name alone is the byline


def author_of(
    root: etree._Element, meta: Mapping[str, str], linked: Mapping[str, Any], named: Sequence[str], title: str
) -> str:
    """The author, or ``""``; ``named`` are those whom the text itself names."""
    return next((found for found in _candidates(root, meta, linked, named, title) if found), Found("", ""))


def _candidates(
    root: etree._Element, meta: Mapping[str, str], linked: Mapping[str, Any], named: Sequence[str], title: str
) -> Iterator[str]:
    lines = [line.text for line in bare_lines(root)]
    yield _person(text_of(linked.get("author"), "、"), "JSON-LD")
    for element in root.iter():
        if element.tag != "meta" and "author" in (element.get("itemprop"), element.get("rel")):
            yield _person(squeeze("".join(map(str, element.itertext()))), "an element marked up as the author")
            break
    for line in lines:
        if match := _LABELLED.search(line):
            yield Found(match[1].strip(" ,，。"), "a line of the page")
            break
    yield Found(bylines.joined(named), "the text")
    for name in _META:
        yield _person(meta.get(name, ""), f"meta {name}")
    yield _below_headline(lines, title)
    for pattern in _POSTED:
        yield from (Found(match[1], "a line of the page") for line in lines if (match := pattern.search(line)))
    for pattern, where in ((_OFFICE, "the office that issued it"), (_EDITOR, "the editor, where no author is named")):
        yield from (Found(match[1], where) for line in lines if (match := pattern.search(line)))


def _person(raw: str, where: str) -> str:
    """A name out of a page's data, which often is the site's."""
    names = [name for name in bylines.names_in(raw) if not _NO_PERSON.search(name)]
    return Found(bylines.joined(names), where)


def _below_headline(lines: Sequence[str], title: str) -> str:
    """A name that stands alone below the headline."""
    start = next((n for n, line in enumerate(lines) if len(line) > _SHORT and title.startswith(line)), len(lines))
    for line in lines[start + 1 : start + 1 + _NEAR]:
        names = bylines.names_in(line, strict=True) if len(line) <= _LONGEST else ()
        if names and bylines.are_surnamed(names):
            return Found(bylines.joined(names), "the line below the headline")
    return ""
