"""What people and programs write before a date, a source or an author: names of members, keys of front matter, labels.

A label stands before a colon, several of them in one line with blanks or bars between (``发布时间：… 来源：…``). A name
(``pub_time``) says which of an article's dates its value is: see ``DateKind``.
"""

import re
from datetime import tzinfo
from enum import IntEnum
from functools import lru_cache

from indexer import dates
from indexer.urls import web_address


class DateKind(IntEnum):
    """What a date is of; the smaller comes first where there are several. ``NONE`` is no date of the article's."""

    PUBLISHED = 0
    DAY = 1
    CREATED = 2
    UPDATED = 3
    NONE = 4


_OF_ANOTHER = re.compile(
    r"crawl|fetch|spider|scrap|expir|discover|retriev|access|index|insert|import|download|saved?(?:at|on|time|date)|clip|visit|"
    r"remind|due|start|end(?:at|date|time)|birth|抓取|采集|採集|爬取|收录|入库|下载|保存|导入|转载|截止|过期|剪藏|收藏"
)
_KINDS = (
    (DateKind.NONE, _OF_ANOTHER),
    (DateKind.UPDATED, re.compile(r"updat|modif|lastmod|mtime|edited|revis|更新|修改|编辑|編輯|修订")),
    (DateKind.CREATED, re.compile(r"creat|^ctime$|^added|^insert|创建|創建|建立|新建|录入")),
    (
        DateKind.PUBLISHED,
        re.compile(
            r"publi[sc]|^pub(?:$|_?date|_?time|at|on)|posted|^ptime$|post_?(?:date|time|at)|releas|issue|broadcast|^aired|"
            r"[发發][布佈表稿刊文]|刊[登发發载]|出版|播出|首[发發]|上线"
        ),
    ),
    (
        DateKind.DAY,
        re.compile(
            r"^(?:the|news|article|display|show|item|entry|story|data)?(?:date(?:time|str|string)?|time(?:stamp|str)?)(?:str|iso|utc|local)?$|"
            r"^[dpt]s?(?:ate|time)$|^ts$|^when$|日期|[时時][间間]"
        ),
    ),
)


@lru_cache(maxsize=4096)
def date_kind(name: str) -> DateKind:
    """What the date of a member or key is of; ``name`` without case, ``_`` and ``-``."""
    return next((kind for kind, pattern in _KINDS if pattern.search(name)), DateKind.NONE)


def is_date_of_another(name: str) -> bool:
    """Whether a name is that of a date which is not the article's: when it was fetched, when something is due."""
    return _OF_ANOTHER.search(name) is not None


def _spaced(words: str) -> str:
    """A pattern for words between bars, two Han characters of one also set apart (作　者)."""
    return re.sub(r"(?<![^|])([\u4e00-\u9fff])([\u4e00-\u9fff])(?![^|])", r"\1[ \\u3000]{0,4}\2", words)


_LABELS = {
    "date": "|".join((
        r"(?:首次|首)?[发發](?:[布佈表稿刊文]|行)(?:[时時][间間]|日期|[于於])?",
        r"(?:刊[登发發载]|出版|播出|撰写|写作|新闻|文章)(?:[时時][间間]|日期|[于於])",
        _spaced("时间|時間|日期"),
        r"date|time|pub(?:lish(?:ed)?)?(?:[ -]?(?:date|time|on|at))?|posted(?: (?:on|at))?",
    )),
    "updated": r"(?:最[后後近新]|最新)?(?:更新|修改|修订|编辑)(?:[时時][间間]|日期|[于於])|"
    r"(?:last )?(?:updated|modified)(?: (?:on|at))?",
    "none": r"(?:抓取|采集|採集|收录|入库|下载|保存|转载|截止|剪藏|创建)(?:[时時][间間]|日期)",
    "source": "|".join((
        r"(?:文章|信息|稿件|新闻|消息|本文)?(?:来源|來源)(?:[于於]|网站|媒体)?",
        _spaced("来源|來源"),
        r"稿源|出处|出處|转自|轉自|媒体|source",
    )),
    "author": "|".join((
        r"(?:文章|本文)?作者", _spaced("作者|记者|記者|撰文|撰稿"), r"文字记者|通[讯訊][员員]|author|by|文(?=[:：])"
    )),
    "url": "|".join((
        r"(?:原文|文章|本文|原始)?(?:链接|鏈接|連結|地址|網址|网址)", r"原文(?:链接|鏈接|地址|連結)?|url|link"
    )),
    "title": r"(?:文章|新闻)?(?:标题|標題|题目|題目)|" + _spaced("标题|標題|题目") + "|title",
    "other": "|".join((
        r"责任?编辑?|責任?編輯?|(?:网络|文字|本文|版面|图片|视频|美术)?(?:编辑|編輯)|责任编辑|責任編輯|[网網美主]编|校[对對]",
        r"[初复终]?审[核校]|监制|審核|翻?[译譯](?:者)?|[摄攝]影|供图|图|排版|发布[者人]|發布者|[发發]布(?:单位|机构|部门)",
        r"浏览(?:次数|量)?|瀏覽|(?:阅读|点击)(?:次数|量|数|率)?|閱讀|點擊|访问量|人气|评论(?:数)?|字[号体號数數]|标签|標籤",
        r"栏目|欄目|分[类類]|关键[词字]|關鍵[詞字]|编号|索引号|文号|版[权權次]|views?|tags?|category|editor|comments?|id",
    )),
}  # fmt: skip
_LABEL = re.compile(
    rf"(?:{'|'.join(f'(?P<{name}>{labels})' for name, labels in _LABELS.items())})[*_]*[ \t\u3000]*[:：][*_]*",
    re.IGNORECASE,
)
_BAR_FOR_COLON = re.compile(r"(?:^|(?<=[\s\u3000]))(文|撰文|作者|记者|来源)[ \u3000]*[|｜丨][ \u3000]*(?=\w)")
_DATE_WITHOUT_COLON = re.compile(r"(?:[发發][布佈表]|更新|刊[登发發])[于於]\s*(?=\d)")
_TELLING = re.compile(r"[:：|｜丨]|[于於]\s*\d")
_DATE_BEGINS = re.compile(r"\d|[一二民令平昭大]|(?:mon|tue|wed|thu|fri|sat|sun|[jfmasond][a-z]{2,8} \d)", re.IGNORECASE)
_BEFORE = re.compile(r"[\s|｜丨/／,，;；·•、\]】)）>&]|\d|日|\A")
_EDGES = " \t\u3000|｜丨/／,，;；·•*_>[【]】"
_PARTS = re.compile(r"[ \u3000]*[|｜丨][ \u3000]*|\s{2,}")
_PADDED = re.compile(
    r"\A([\u4e00-\u9fff])[ \u3000]{1,4}([\u4e00-\u9fff])\Z"
)  # a name of two characters, as wide as three
_SENTENCE = re.compile(r"[。！？!?；]\S")
_LONGEST_LINE, _LONGEST_VALUE = 500, 100  # characters
_LONGEST_URL = 400


def read_line(line: str, *, zone: tzinfo) -> dict[str, str]:
    """What a line of nothing but labels and their values says: ``date``, ``updated``, ``source``, ``author``, ``url``,
    ``title``.

    Before the first label a date may stand (``2023-05-01 10:00 来源：新华网``). ``{}`` for any other line.
    """
    line = line.strip()
    if len(line) > _LONGEST_LINE or not _TELLING.search(line):
        return {}
    marked = _BAR_FOR_COLON.sub(r"\1：", _DATE_WITHOUT_COLON.sub(lambda match: match[0].rstrip() + "：", line))
    begin = marked.lstrip(_EDGES + "#")
    if not (_DATE_BEGINS.match(begin) or _LABEL.match(begin)):
        return {}
    labels = [
        match for match in _LABEL.finditer(marked) if _BEFORE.match(marked[max(0, match.start() - 1) : match.start()])
    ]
    if not labels:
        return {}
    found: dict[str, str] = {}
    start = marked[: labels[0].start()].strip(_EDGES + "#")
    if start:
        if not dates.parse(start, zone=zone):
            return {}
        found["date"] = start
    for match, following in zip(labels, [*labels[1:], None], strict=True):
        value = marked[match.end() : following.start() if following else len(marked)].strip(_EDGES)
        name = str(match.lastgroup)
        if not _fits(name, value, zone):
            return {}
        if name != "url":
            value, *others = _PARTS.split(value)
            first, *behind = value.split("\u3000")
            if dated := [other for other in (*others, *behind) if dates.parse(other, zone=zone)]:
                found.setdefault("date", dated[0])
                value = first if dated[0] in behind else value
            value = _PADDED.sub(r"\1\2", value)
        if value:
            found.setdefault(name, value.strip("<>") if name == "url" else value)
    told = {name: value for name, value in found.items() if name not in ("other", "none")}
    return told if told or "none" in found or len(labels) > 1 else {}


def _fits(name: str, value: str, zone: tzinfo) -> bool:
    """Whether a value may be one of what its label says."""
    if name in ("date", "updated", "none"):
        return not value or dates.parse(value, zone=zone) is not None
    if name == "url":
        return len(value) <= _LONGEST_URL and bool(web_address(value.strip("<>")))
    return len(value) <= _LONGEST_VALUE and not _SENTENCE.search(value)


_NEAR = 600  # characters behind the title in which a page says where it comes from
_SHOWN_SOURCE = re.compile(
    r"(?:来源|來源|稿源)(?:[于於])?[ \u3000]*[:：][ \u3000]*([\w·•“”\"《》-]{2,20}?)"
    r"(?=[^\w·•“”\"《》-]|作者|责编|責編|编辑|記者|记者|[发發]布|[发發]表|查看|点击|浏览|阅读|评论|字[体号]|第\d|\d{4}|\Z)"
)
_NO_SOURCE = re.compile(
    r"转载.*|轉載.*|网络.*|網[路絡].*|互联网|本站|原创|未知|不详|其他|[a-z]{1,10}=.*", re.IGNORECASE
)
_SHOWN_UPDATE = re.compile(
    r"(?:最[后後近新]|最新)?(?:更新|修改)(?:[时時][间間]|日期|[于於])?[ \u3000]*[:：]?[ \u3000]*[\d年月日./: -]{8,22}"
)
_SHOWN_PUBLICATION = re.compile(
    r"(?:[发發][布佈表]|刊[登发發])(?:[时時][间間]|日期|[于於])?[ \u3000]*[:：]?[ \u3000]*\d"
)


def shown_source(shown: str, title: str) -> str:
    """The source that a page, all on one line, names near its title (``来源：新华网 作者：…``), or ``""``."""
    begin = max(0, shown.find(title[:20])) if title else 0
    match = _SHOWN_SOURCE.search(shown, begin, begin + _NEAR)
    return match[1] if match and not _NO_SOURCE.fullmatch(match[1]) else ""


def without_updates(shown: str) -> str:
    """What a page shows without the time of its last update, where it says when it was published too."""
    return _SHOWN_UPDATE.sub(" ", shown) if _SHOWN_PUBLICATION.search(shown) else shown
