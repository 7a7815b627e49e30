"""What stands in an article's text without being it: the rules of wording.

Each rule has a name, which ``xunwen show --why`` tells, and says where in an article it holds. One that is bold enough
to meet a sentence of the article holds only in its first or last lines.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.extraction.lines import Line


class Where:
    """Where a rule holds. The first four match whole lines, the others the edge of one."""

    ANYWHERE = "any line"
    TOP = "one of the first lines"
    BOTTOM = "one of the last lines"
    REST = "a line, and all that follows it goes too"
    OPENING = "the beginning of the first line"
    CLOSING = "the end of the last line"
    LINE_END = "the end of any line"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. What its group ``who`` matches, where it has one, names the authors."""

    name: str
    where: str
    pattern: re.Pattern[str]


TOP_LINES, BOTTOM_LINES = 4, 8
LONGEST = 400
"""Characters of a line that is furniture as a whole, at most."""
_EDGE = 120
"""Characters at the edge of a line that are looked at."""

_EDITOR = (
    r"(?:责任编辑|責任編輯|[责責][编編]|值班[编編][辑輯]|[网網主美][编編]|[编編][辑輯]|[审審][校核稿]|校[对對]|[责責]校|核稿|"
    r"[编編翻][译譯]|[译譯]者|[监監]制|[监監]製|[统統][筹籌]|策[划劃]|文字整理|整理)"
)
_WRITER = r"(?:记者|記者|作者|通[讯訊][员員]|撰文|撰稿|采[访訪写寫]|採[訪寫]|(?:特[约約])?[评評][论論][员員]|文字?)"
_PICTURE = r"(?:[摄攝]影|[图圖](?:片?[来來]?源)?|(?:照片|[影视視][片频頻])[来來]源|供[图圖稿]|(?:[资資]料)?[来來]源)"
_MAKER = (
    r"(?:影音|[视視][频頻]|影像|剪[辑輯]|[制製][图圖]|[绘繪][图圖]|插[图圖画畫]|[设設][计計]|[后後][制製]|"
    r"美[术術工]|主播|主持人?)"
)
_SEPARATOR = r"\s*[:：丨｜|/／]\s*"
_NAMES = r"[^，。！？!?：:；;]{1,40}"
_NAME = r"[^\s，。！？!?：:；;、/／（）()【】\[\]]{1,20}"
_INTERN = r"(?:[实實见見][习習])(?:生|记者|記者)\s*[\u4e00-\u9fff]{2,4}\s+"
_SOURCE = r"(?:文章|[稿信][件息])?[来來]源\s*[:：丨｜|/／]\s*[^\s，。！？：:]{1,20}"
_SOCIAL = (
    r"(?:twitter|推特|facebook|[脸臉][书書]|instagram|telegram|[电電][报報]群|youtube|微信|微博|whatsapp|\bapp\b|@\w|newsletter|"
    r"[电電]子[报報信]|[简簡][报報]|[频頻]道|播客|podcast|公[众眾][号號]|[会會][员員])"
)
_INVITES = r"(?:[欢歡]迎|(?<![申邀聘提恳懇要])[请請]|快[来來]|[点點][击擊]|[长長]按)"

_RULES = (
    ("footer of a feed", Where.REST, r"获取更多RSS.*|The post .{1,300} (?:first )?appeared (?:first )?on .*"),
    # -- lines anywhere ------------------------------------------------------------------------------------------------
    (
        "copyright",
        Where.ANYWHERE,
        r"(?:©|\(c\) ?(?=\d)|copyright ©?|版[权權](?:所有|[声聲]明)|post tags: |feed enhanced by ).{0,200}",
    ),
    (
        "buttons",
        Where.ANYWHERE,
        r"(?:使用浏览器播视频/view video in browser|[阅閱][读讀](?:原文|全文)|分享(?:[到至]\S{0,30})?|"
        r"[点點][击擊](?:此[处處]|[这這][里裡])?(?:查看|[阅閱][读讀]|收看|播放)[^，。]{0,16}(?:英文版|原文|全文|更多|[视視][频頻])|"
        r"(?:看|查看)?更多>*|[关關][闭閉]|[复複][制製][链連鏈]接|列印|打印|收藏|[点點][赞讚]|[展][开開]全文|[订訂][阅閱]|"
        r"返回(?:首[页頁]|[顶頂]部)|字[体體号號][:：]?[大中小 ]*|share|tweet|print|e-?mail|click here|here|"
        r"array|null|undefined|\[object object\])\s?[。：:]?",
    ),
    (
        "embedded post",
        Where.ANYWHERE,
        r".{0,80}分享的?[貼贴]文.{0,60}|[—–-] ?.{1,60}\(@\w+\) .{0,30}\d{4}|View this post on \w+|"
        r"在 ?Instagram ?上?查看.{0,12}|pic\.twitter\.com/\w+",
    ),
    ("end", Where.BOTTOM, r"[-—–\s]+(?:end|the end|完)[-—–\s]+|全文完"),
    ("rule of symbols", Where.ANYWHERE, r"[=*＊_~～#＃—–-]{2,}|[—–]"),
    (
        "print edition",
        Where.ANYWHERE,
        r"(?:This (?:article|story|piece) (?:first |originally )?(?:appeared|ran|was (?:first |originally )?published) "
        r"(?:in|on|as)\b|A version of this article appear(?:s|ed)\b).{0,300}",
    ),
    (
        "image credit",
        Where.ANYWHERE,
        rf"[（(]?(?:{_PICTURE}|photo(?:graph)?s?(?: by)?|image)\s*[:：丨｜|／/©]\s*{_NAMES}[）)]?|"
        r"[（(]?(?:REUTERS|AFP|AP|EPA|Getty Images)(?:\s?/[^，。]{1,40})?[）)]?|"
        r"(?=[^/]*/)[（(]?[^，。（）()]{1,60}/(?:Getty Images|Reuters|AFP|AP|EPA|Shutterstock)"
        r"(?:\s?/[^，。]{1,40})?[）)]?",
    ),
    (
        "subscription",
        Where.ANYWHERE,
        rf"(?=[^订訂扫掃朋]*[订訂扫掃朋])(?=.{{0,200}}?{_INVITES}[^。]{{0,40}}(?:[订訂][阅閱]|[扫掃]码|[掃扫]描|做朋友))"
        rf"(?=.{{0,200}}?{_SOCIAL})[^“”]{{0,240}}",
    ),
    (
        "subscription",
        Where.ANYWHERE,
        r"(?:For (?:full access|more coverage)|Please subscribe|Subscribe (?:to|now)|Sign up (?:for|to)|"
        r"Read the best of our|Read more of our|Follow us on|Listen (?:on|to)[: ]|Dig deeper:?|"
        r"Enjoy more|Register (?:for|to)|"
        r"Editor[’']s note: (?=.{0,80}(?:free|subscri|newsletter|register|hub))|Letters are welcome via).{0,360}",
    ),
    # -- the first lines -----------------------------------------------------------------------------------------------
    (
        "date",
        Where.TOP,
        r"(?:最[近后後]更新|更新[时時][间間]|[发發][布佈表](?:[时時][间間]|[于於])?|日期|[时時][间間])?[:：]?\s*"
        r"(?:\d{1,2} ?(?:分[钟鐘]|小[时時]|天)前|(?=.*\d{4})"
        r"(?>(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|"
        r"(?:st|nd|rd|th|gmt|utc|cst)\b|[星期周週]+[一二三四五六日天]|凌晨|[早晚]上|[上下]午|中午|傍晚|"
        r"\d+|[年月日号號时時点點分秒TZ:：/.,+-]|\s)++)",
    ),
    (
        "byline",
        Where.TOP,
        rf"[（(【\[]?(?P<who>[^\s，。：:（）()]{{0,8}}{_WRITER}{_SEPARATOR}{_NAMES})[）)\]】]?|"
        r"[^\s，。：:《》]{2,20}(?:记者|記者|[编編][辑輯])\s*[发發]自\s*\S{2,8}",
    ),
    (
        "byline",
        Where.TOP,
        rf"[（(【\[]?(?P<who>(?:{_INTERN})?[^，。！？：:\s（）()]{{0,12}}(?:记者|記者|撰稿人)[\s:：]+{_NAME}"
        rf"(?:[\s、/／]+{_NAME}){{0,4}})[）)\]】]?",
    ),
    (
        "byline",
        Where.TOP,
        rf"(?:{_SOURCE}\s+)?(?P<who>{_WRITER}{_SEPARATOR}{_NAME}(?:[\s、]+{_NAME}){{0,4}}?)(?:\s+{_SOURCE})?",
    ),
    ("byline", Where.TOP, r"(?P<who>By (?-i:[A-Z])[^，。,.]{2,40}(?:(?:,| and) (?-i:[A-Z])[^，。,.]{2,40}){0,4})"),
    (
        "byline",
        Where.TOP,
        r"(?P<who>[^，。！？：:、\s]{2,16}\s*[（(]?(?:[综綜]合[报報][道導导]|[综綜]合[编編][译譯]|[摘选選][编編])[）)]?)",
    ),
    # -- the last lines ------------------------------------------------------------------------------------------------
    ("byline", Where.BOTTOM, rf"[（(【\[]?(?P<who>[^\s，。：:（）()]{{0,8}}{_WRITER}{_SEPARATOR}{_NAMES})[）)\]】]?"),
    (
        "byline",
        Where.BOTTOM,
        rf"[（(【\[]?(?P<who>[^，。！？：:（）()]{{0,20}}(?:记者|記者|撰稿人)[\s:：]*{_NAME}(?:[\s、/／]+{_NAME}){{0,4}})[）)\]】。]*",
    ),
    (
        "byline",
        Where.BOTTOM,
        rf"(?P<who>{_NAME}(?: {_NAME})?(?:\s*[/／、]\s*{_NAME}(?: {_NAME})?){{0,4}}\s*[/／]?\s*"
        r"[（(][^（）()。]{0,30}(?:社|[报報台网網]|ARD|ZDF|AFP|AP|dpa|Reuters|[报報][道導导]|[编編][译譯]?)[^（）()。]{0,20}[）)])",
    ),
    ("byline", Where.BOTTOM, r"[（(](?P<who>[\u4e00-\u9fff]{2,3}(?:[、 ][\u4e00-\u9fff]{2,3}){0,3})[）)]"),
    ("credits", Where.BOTTOM, rf"(?:{_EDITOR}|{_PICTURE})(?:{_SEPARATOR}|\s+){_NAMES}"),
    (
        "about the article",
        Where.BOTTOM,
        r"[（(【\[*]*(?:本文|原文|此文|文章|本[报報][导導道])(?:最初|首[发發]|原|系|是|由|根[据據]|依[据據]|[据據]|[转轉]自|[摘转轉][载載])"
        r"[^。]{0,60}(?:[发發]表|刊[登载載]|[编編翻][译譯]|[报報][道導导]|[转轉][载載]|授[权權]|整理|首[发發]|撰[写寫稿])[^。]{0,24}。?[）)】\]*]*|"
        r"[（(]?(?:[据據]|[综綜]合|[编編][译譯]自|[摘转轉][编編载載]?自)[^，。]{2,30}(?:[编編][译譯]|[报報][道導导](?:[编編][译譯])?|整理)。?[）)]?",
    ),
    (
        "about the article",
        Where.BOTTOM,
        r"[（(]?(?:[^。，]{2,60}自[^。，]{2,8}[报報][道導]。)?[^。]{0,60}[对對](?:本|此|该)?(?:文|[报報][道導])[^。]{0,8}[贡貢][献獻]。?[）)]?|"
        r"[^。，]{2,60}自[^。，]{2,8}[报報][道導]。|[请請][访訪][问問].{0,20}[阅閱][读讀].{0,12}原文.{0,40}",
    ),
    (
        "about the author",
        Where.BOTTOM,
        r"[^，。：:“”]{2,40}(?:是|为|為)[^，。]{0,12}(?:《[^》]{2,12}》|[时時][报報]|本[报報网網刊台]|BBC)[^，。]{0,16}"
        r"(?:记者|記者|[专專][栏欄]作家|社[长長]|[编編][辑輯]|撰稿人|[评評][论論][员員]).{0,300}",
    ),
    (
        "disclaimer",
        Where.BOTTOM,
        r"(?=.{0,160}?(?:(?:不|未必)(?:代表|反映)[^。]{0,20}(?:[观觀][点點]|立[场場]|意[见見]|本[台臺网網报報社刊]|美国之音)|"
        r"[仅僅只]代表[^。]{0,20}(?:[观觀][点點]|立[场場]|意[见見])))[^“”]{0,200}",
    ),
    (
        "programme",
        Where.BOTTOM,
        r"[^。！]{0,70}(?:敬[请請]|[欢歡]迎|(?<![申邀聘提恳懇要])[请請])(?:您|你|大家)?(?:按[时時]|[准準][时時]|[继繼][续續]|持[续續])?"
        r"(?:收看|收[听聽]|[锁鎖]定|[观觀]看|[关關]注(?:我们|我們|后[续續]|後續)?(?=[。！]?$)).{0,60}|"
        r"欲(?:[浏瀏][览覽]|[览覽]|知)[^。]{0,20}[请請][点點].{0,40}|"
        r"[^。]{0,40}(?:全部|完整|更多)[^。]{0,16}(?:[请請](?:看|[见見]|[点點][击擊]|收看|[浏瀏][览覽])|[尽盡]在).{0,80}",
    ),
    ("link", Where.BOTTOM, r"(?:[^。，]{0,40}[:：]\s*)?(?:https?://|www\.)[\w./?=&%#@:~+-]{4,200}"),
    (
        "subscription",
        Where.BOTTOM,
        rf"[（(]?[^。]{{0,30}}{_INVITES}[^。]{{0,30}}(?:[订訂][阅閱]|投稿|[来來][信函]).{{0,120}}",
    ),
    (
        "subscription",
        Where.BOTTOM,
        rf"(?=.{{0,200}}?{_INVITES}[^。]{{0,40}}(?:[关關]注|追[蹤踪]|下[载載]|加入|收[看听聽]))(?=.{{0,200}}?{_SOCIAL})[^“”]{{0,240}}",
    ),
    (
        "contact",
        Where.BOTTOM,
        r".{0,60}(?:[联聯][系繫絡络]|投稿|[来來]信|[请請]致[电電]|e-?mail|[邮郵信]箱|[电電][邮郵])[^。]{0,40}[\w.+-]{1,40}@[\w.-]{3,40}.{0,40}",
    ),
    # -- the edges of lines --------------------------------------------------------------------------------------------
    ("dateline", Where.OPENING, r"【(?P<who>[^【】。，]{2,30}(?:[讯訊]|[电電]|[报報][道導导]|[专專][访訪稿]))】\s*"),
    (
        "dateline",
        Where.OPENING,
        r"[（(](?P<who>[^（）()，。；]{0,24}(?:记者|記者|特派[员員]|特[约約])[^（）()。；]{2,40})[）)][\s:：—-]*",
    ),
    (
        "dateline",
        Where.OPENING,
        r"[（(][^（）()，。；]{2,30}(?:\d{1,2}\s?日[^（）()，。；]{0,10}|[讯訊]|[电電]|[报報][道導导]|中文[网網])[）)][\s:：—-]*",
    ),
    (
        "dateline",
        Where.OPENING,
        r"[^\s，。；：:（）()“”]{0,10}(?:社|[网網]|路透|彭博|本[报報台刊网網])[^，。；：:（）()“”]{0,14}?(?:\d{1,2}月)?\d{1,2}日\s?"
        r"(?:[（(](?:记者|記者)\s?(?P<who>[^（）()]{2,30})[）)])?\s?(?:[专專]?[电電讯訊][，：:]?|[-—–]+)"
        r"(?:\s?[（(](?:记者|記者)[^（）()]{2,30}[）)])?\s*",
    ),
    (
        "dateline",
        Where.OPENING,
        r"本[报報台刊网網][^\s，。]{0,6}?[讯訊](?:\s*[（(][^（）()]{0,10}(?:记者|記者)\s*(?P<who>[^（）()]{2,30})[）)])?[\s:：，]*",
    ),
    (
        "dateline",
        Where.OPENING,
        r"(?-i:[A-Z])[A-Za-z .,/]{2,40}\((?:Reuters|AP|AFP|Bloomberg|Xinhua|CNN|dpa)\)\s*[-—–]+\s*",
    ),
    (
        "buttons",
        Where.LINE_END,
        r"[（(](?:看|[点點][击擊]|[阅閱][读讀]|查看)?(?:完整|全文|更多|[详詳][细細全])[^（）()。]{0,8}[）)]\s*",
    ),
    ("end", Where.LINE_END, r"■\s*"),
    ("credits", Where.LINE_END, rf"[（(]{_EDITOR}\s*[:：/／]\s*[^（）()。]{{1,80}}[）)]\s*(?:[0-9]{{6,8}})?[#＃■]*\s*"),
    (
        "credits",
        Where.LINE_END,
        rf"(?:责任编辑|責任編輯|[责責][编編])\s*[:：]\s*{_NAME}(?:[\s、/／]+{_NAME}){{0,3}}[\s#＃）)]*",
    ),
    (
        "end",
        Where.CLOSING,
        r"(?:[（(【\[](?:完|全文完|未完待[续續]|本文完|end)[）)】\]]|■|[#＃]+|(?<=[。！？」”）])1\d{2}(?:0[1-9]|1[0-2])[0-3]\d)\s*",
    ),
    (
        "byline",
        Where.LINE_END,
        r"[（(](?P<who>[^（）()，。：:]{0,10}?(?:(?:撰文|作者|文)\s*[:：/／]|(?:记者|記者)\s*[:：/／]?)\s*[^（）()，。！？]{2,24}|"
        r"[^（）()，。！？：:]{2,16}(?:[报報][道導导]))[）)]\s*",
    ),
)

RULES = tuple(Rule(name, where, re.compile(pattern, re.IGNORECASE)) for name, where, pattern in _RULES)
_PLACES = {rule.where for rule in RULES}
_AT = {where: tuple(rule for rule in RULES if rule.where == where) for where in _PLACES}
_ENDINGS = tuple(
    (rule, re.compile(rf"(?:{rule.pattern.pattern})$", re.IGNORECASE))
    for rule in (*_AT[Where.LINE_END], *_AT[Where.CLOSING])
)
_MAY_END = re.compile(r"[）)】\]#＃■\d]$|[编編]")


def whole_line(text: str, *wheres: str) -> tuple[Rule, re.Match[str]] | None:
    """The first rule for such a place that takes a whole line, and its match."""
    if len(text) > LONGEST and Where.REST not in wheres:
        return None
    for where in wheres:
        for rule in _AT[where]:
            if match := rule.pattern.fullmatch(text):
                return rule, match
    return None


def opening(text: str) -> tuple[Rule, re.Match[str]] | None:
    """The first rule that takes the beginning of a line, and its match."""
    start = text[:_EDGE]
    for rule in _AT[Where.OPENING]:
        if match := rule.pattern.match(start):
            return rule, match
    return None


def closing(text: str, *, last: bool) -> tuple[Rule, re.Match[str]] | None:
    """The first rule that takes the end of a line, and its match there; ``last``: it is the last one."""
    start = max(0, len(text) - _EDGE)
    if not _MAY_END.search(text, start):
        return None
    for rule, pattern in _ENDINGS:
        if (last or rule.where == Where.LINE_END) and (match := pattern.search(text, start)):
            return rule, match
    return None


_RELATED = re.compile(
    r"[【\[（(]?(?:延伸[阅閱][读讀]|相[关關](?:[报報][道導]|新[闻聞]|[阅閱][读讀]|[文]章|[内內]容|[链連][接結])|推[荐薦][阅閱][读讀]|"
    r"更多(?:相[关關])?(?:[报報][道導]|新[闻聞]|[阅閱][读讀]|[文]章)|同一主[题題]|猜你喜[欢歡]|[热熱][门門](?:文章|新[闻聞]|[阅閱][读讀])|"
    r"related(?: (?:articles?|stories|news|posts|topics))?|read more|see also|more on this story)[】\]）)]?[:：]?",
    re.IGNORECASE,
)


def is_headline_list(lines: Sequence[Line]) -> list[bool]:
    """Of each line, whether it belongs to a list of other stories.

    These are runs of two or more linked lines, and linked ones below a "related articles". An article that is such a
    list has none.
    """
    marks = [False] * len(lines)
    run: list[int] = []
    below_heading = False
    for number, line in enumerate([*lines, Line("")]):
        heading = len(line.text) < 20 and _RELATED.fullmatch(line.text) is not None
        if line.linked and not heading:
            run.append(number)
            continue
        if len(run) > 1 or below_heading:
            for each in run:
                marks[each] = True
        run.clear()
        below_heading = heading
        if heading:
            marks[number] = True
    kept = sum(len(line.text) for line, marked in zip(lines, marks, strict=True) if not marked)
    return marks if kept * 4 >= sum(len(line.text) for line in lines) else [False] * len(lines)


_LABEL = re.compile(rf"({_EDITOR}|{_WRITER}|{_PICTURE}|{_MAKER})({_SEPARATOR}|\s+)", re.IGNORECASE)
_EDITS = re.compile(_EDITOR)
_MAKES = re.compile(rf"{_PICTURE}|{_MAKER}")
_MAY_CREDIT = re.compile(r"[编編译譯核校审審制製筹籌划劃整摄攝影图圖视視剪绘繪插设設美主供源]")
_WRITES = re.compile(_WRITER)
_CREDITED = re.compile(r"[^，。！？!?：:；;]{1,40}")
_AROUND = " \t（()）【】[]；;，,、/／|｜#＃。■"


def credits_in(text: str) -> str | None:
    """Of a line that is nothing but credits (``记者：甲 责编：乙``) what names the authors, else ``None``."""
    if len(text) > 160 or not _MAY_CREDIT.search(text):
        return None
    before, *pieces = _LABEL.split(text)
    labels, signs, names = pieces[::3], pieces[1::3], pieces[2::3]
    if any(map(_EDITS.fullmatch, labels)):
        if len(labels) == 1 and not signs[0].strip() and not _WRITES.search(before):
            return None
    elif len(labels) < 2 or before or not all(map(str.strip, signs)) or not any(map(_MAKES.fullmatch, labels)):
        return None
    before = before.strip(_AROUND)
    if len(before) > 30 or "，" in before or (before and not _WRITES.search(before) and len(before) > 8):
        return None
    if any("。" in each for each in names[:-1]) or not all(_CREDITED.fullmatch(each.strip(_AROUND)) for each in names):
        return None
    wrote = [
        f"{label}：{each.strip(_AROUND)}" for label, each in zip(labels, names, strict=True) if _WRITES.fullmatch(label)
    ]
    return "、".join(wrote) or (before if _WRITES.search(before) else "")
