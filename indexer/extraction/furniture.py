"""What stands in an article's text without being it: the lines, and the edges of lines, that rules of wording take."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from indexer.extraction.edge_rules import EDGE_RULES
from indexer.extraction.line_rules import LINE_RULES
from indexer.extraction.lines import Line, is_sentence
from indexer.extraction.wording import EDITOR, MAKER, PICTURE, SEPARATOR, WRITER, Rule, Where

RULES = (*LINE_RULES, *EDGE_RULES)

LONGEST = 400
"""Characters of a line that is furniture as a whole, at most."""
_EDGE = 160
"""Characters at the edge of a line that are looked at."""

_PLACES = {rule.where for rule in RULES}
_AT = {where: tuple(rule for rule in RULES if rule.where == where) for where in _PLACES}
_PRINTED = tuple(rule for rule in RULES if rule.name == "print edition")
_ENDINGS = (*_AT[Where.LINE_END], *_AT[Where.CLOSING])
_LAST_CHARACTERS = frozenset("）)】]#＃■")
_SENTENCE_ENDS = frozenset("。！？”」")
# All begin with a character of one set, to which the search skips.
_MAY_HOLD = re.compile(
    r"[编編校审審源记記查更转轉声聲必追参參投p](?:(?<=[编編校审審源])|(?<=[记記])者|(?<=查)看更多|(?<=更)多(?:人|精彩)|"
    r"(?<=[转轉])[载載]|(?<=[声聲])明|(?<=[必追])究|(?<=[参參])考|(?<=投)[资資]建|(?<=p)ic\.twitter)"
)


@cache
def _any_at(where: str) -> re.Pattern[str]:
    """All rules of a place as one: most lines match none of them, which one look tells."""
    expressions = (f"(?:{rule.expression})" for rule in _AT[where])
    return re.compile("|".join(expressions).replace("(?P<who>", "(?:"), re.IGNORECASE)


def whole_line(text: str, *wheres: str) -> Iterator[tuple[Rule, re.Match[str]]]:
    """The rules for such places that take a whole line, each with its match."""
    if len(text) > LONGEST and Where.REST not in wheres:
        return
    for where in wheres:
        if _any_at(where).fullmatch(text):
            for rule in _AT[where]:
                if match := rule.pattern.fullmatch(text):
                    yield rule, match


def is_print_edition(text: str) -> bool:
    """Whether a line says in which printed edition an article stands: what is above it are its headlines."""
    return len(text) <= LONGEST and any(rule.pattern.fullmatch(text) for rule in _PRINTED)


def opening(text: str, *, first: bool) -> tuple[Rule, re.Match[str]] | None:
    """The first rule that takes the beginning of a line, and its match; ``first``: it is the first one."""
    bracketed = _AT[Where.LINE_START] if text[0] in "（(" else ()
    if not (first or bracketed):
        return None
    start = text[:_EDGE]
    for rule in (*_AT[Where.OPENING], *bracketed) if first else bracketed:
        if match := rule.pattern.match(start):
            return rule, match
    return None


def closing(text: str, *, last: bool) -> Iterator[tuple[Rule, re.Match[str]]]:
    """The rules that take the end of a line, each with its match there; ``last``: it is the last one."""
    start = max(0, len(text) - _EDGE)
    if not (_may_end(text) or _may_hold(text, start, last=last)):
        return
    for rule in _ENDINGS:
        if (last or rule.where == Where.LINE_END) and (match := rule.ending.search(text, start)):
            yield rule, match


def _may_end(text: str) -> bool:
    return text[-1:] in _LAST_CHARACTERS or text[-1:].isdecimal() or text.endswith(("全文", "原文"))


def _may_hold(text: str, start: int, *, last: bool) -> bool:
    """Whether a line has from ``start`` on what furniture at its end has; behind a sentence that is credits."""
    if last or text[-1:] not in _SENTENCE_ENDS:
        return _MAY_HOLD.search(text, start) is not None
    # Three searches for words take less than half the time of one for a pattern.
    return text.find("编", start) >= 0 or text.find("編", start) >= 0 or text.find("pic.twitter", start) >= 0


_RELATED = re.compile(
    r"[【\[（(]?(?:延伸[阅閱][读讀]|相[关關](?:[报報][道導]|新[闻聞]|[阅閱][读讀]|[文]章|[内內]容|[链連][接結])|推[荐薦][阅閱][读讀]|"
    r"更多(?:相[关關])?(?:[报報][道導]|新[闻聞]|[阅閱][读讀]|[文]章)|同一主[题題]|猜你喜[欢歡]|[热熱][门門](?:文章|新[闻聞]|[阅閱][读讀])|"
    r"related(?: (?:articles?|stories|news|posts|topics))?|read more|see also|more on this story)[】\]）)]?[:：]?",
    re.IGNORECASE,
)


_LONGEST_HEADING = 20  # characters
_MORE = re.compile(r"(?=.{0,18}(?:更多|相[关關]|延伸|推[荐薦]|[阅閱][读讀])).{2,20}[:：]")
_ADDRESS = re.compile(r"(?:[\w-]{1,40}\.){1,5}[a-z]{2,8}/\S{1,100}", re.IGNORECASE)


def is_headline_list(lines: Sequence[Line]) -> list[bool]:
    """Of each line, whether it belongs to a list of other stories.

    These are runs of two or more linked lines, linked ones below a "related articles", bare addresses, and headlines
    that stand alone between the paragraphs of prose. An article that is such a list has none.
    """
    marks = [False] * len(lines)
    run: list[int] = []
    below_heading = False
    for number, line in enumerate([*lines, Line("")]):
        heading = len(line.text) <= _LONGEST_HEADING and _RELATED.fullmatch(line.text) is not None
        if line.linked and not heading:
            run.append(number)
            continue
        if len(run) > 1 or below_heading or (run and _ADDRESS.fullmatch(lines[run[0]].text)):
            for each in run:
                marks[each] = True
            if run and run[0] and _MORE.fullmatch(lines[run[0] - 1].text):
                marks[run[0] - 1] = True
        run.clear()
        below_heading = heading
        if heading:
            marks[number] = True
    for number in _lone_headlines(lines, marks):
        marks[number] = True
    kept = sum(len(line.text) for line, marked in zip(lines, marks, strict=True) if not marked)
    return marks if kept * 4 >= sum(len(line.text) for line in lines) else [False] * len(lines)


def _lone_headlines(lines: Sequence[Line], marks: Sequence[bool]) -> list[int]:
    """The linked headlines between the paragraphs of prose that lead to other stories; none in a digest of many."""
    alone = [number for number, line in enumerate(lines) if line.linked and not marks[number]]
    if not alone:
        return []
    prose = sum(is_sentence(line.text) and not line.linked for line in lines)
    if len(alone) * 4 > prose:
        return []
    return [
        n
        for n in alone
        if not lines[n].heading and _LONE_HEADLINE.match(lines[n].text) and not is_sentence(lines[n].text)
    ]


_LONE_HEADLINE = re.compile(r"(?![—《“「*\d])(?=(?:[^\u4e00-\u9fff]*[\u4e00-\u9fff]){6}).{10,60}$")

_LABEL = re.compile(rf"({EDITOR}|{WRITER}|{PICTURE}|{MAKER})({SEPARATOR}|\s+)", re.IGNORECASE)
_EDITS = re.compile(EDITOR)
_MAKES = re.compile(rf"{PICTURE}|{MAKER}")
# The last characters of the labels of editors and makers, of which a line of credits has one.
_MAY_CREDIT = re.compile(
    r"[辑輯编編核稿校对對译譯者制製筹籌划劃理版影音摄攝面图圖源频頻像画畫计計术術工播持人][\s:：丨│｜|/／]"
)
_WRITES = re.compile(WRITER)
_CREDITED = re.compile(r"[^，。！？!?：:；;]{1,40}")
_ENDS_BEFORE = re.compile(r"\w[。！？]")
_AROUND = " \t（()）【】[]；;，,、/／|｜#＃。■"


def credits_in(text: str) -> str | None:
    """Of a line that is nothing but credits (``记者：甲 责编：乙``) what names the authors, else ``None``."""
    if len(text) > 160 or not _MAY_CREDIT.search(text):
        return None
    before, *pieces = _LABEL.split(text.lstrip(_AROUND))
    labels, signs, names = pieces[::3], pieces[1::3], pieces[2::3]
    if any(map(_EDITS.fullmatch, labels)):
        if len(labels) == 1 and not signs[0].strip() and not _WRITES.search(before):
            return None
    elif len(labels) < 2 or before or not all(map(str.strip, signs)) or not any(map(_MAKES.fullmatch, labels)):
        return None
    if _ENDS_BEFORE.search(before):
        return None  # a sentence of the article, and credits behind it
    before = before.strip(_AROUND)
    if len(before) > 30 or "，" in before or (before and not _WRITES.search(before) and len(before) > 8):
        return None
    if any("。" in each for each in names[:-1]) or not all(_CREDITED.fullmatch(each.strip(_AROUND)) for each in names):
        return None
    wrote = [
        f"{label}：{each.strip(_AROUND)}" for label, each in zip(labels, names, strict=True) if _WRITES.fullmatch(label)
    ]
    return "、".join(wrote) or (before if _WRITES.search(before) else "")
