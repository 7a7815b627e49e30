"""What stands in an article's text without being it: the words that the rules of wording are made of.

Each rule has a name, which ``xunwen show --why`` tells, and says where in an article it holds. One that is bold enough
to meet a sentence of the article holds only in its first or last lines.
"""

import re
from dataclasses import dataclass
from functools import cached_property


class Where:
    """Where a rule holds. The first four match whole lines, the others the edge of one."""

    ANYWHERE = "any line"
    TOP = "one of the first lines"
    BOTTOM = "one of the last lines"
    REST = "a line, and all that follows it goes too"
    OPENING = "the beginning of the first line"
    LINE_START = "the beginning of any line"
    CLOSING = "the end of the last line"
    LINE_END = "the end of any line"


@dataclass(frozen=True)
class Rule:
    """One rule: a regular expression, whatever the case. What its group ``who`` matches, where it has one, names the
    authors. Compiled when it is first looked for: few processes that know all rules read an article."""

    name: str
    where: str
    expression: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(self.expression, re.IGNORECASE)

    @cached_property
    def ending(self) -> re.Pattern[str]:
        """The same at the end of a text."""
        return re.compile(rf"(?:{self.expression})$", re.IGNORECASE)


TOP_LINES, BOTTOM_LINES = 4, 8
LONGEST_BOTTOM = 24
"""Lines below an article of which the notes are at most half: lists of channels are long."""

EDITOR = (
    r"(?:责任编辑|責任編輯|[责責][编編]|值班[编編][辑輯]|[网網主美][编編]|(?:本期)?[编編][辑輯]|[审審][校核稿读讀]|[监監一二三初复複终終][审審]|(?:值班)?[编編]委|校[对對]|[责責]校|核稿|"
    r"[编編翻][译譯]|[译譯]者|[监監]制|[监監]製|[统統][筹籌]|策[划劃]|排版|文字整理|整理)"
)
WRITER = (
    r"(?:记者|記者|作者|[发發]稿|通[讯訊][员員]|撰[文稿写寫]|采[访訪写寫]|採[訪寫]|"
    r"(?:特[约約])?[评評][论論][员員]|文字?)"
)
PICTURE = (
    r"(?:(?:[图圖]片)?[摄攝]影|[摄攝](?=\s*[:：丨｜|/／]|$)|(?:封面|[题題头頭首][图圖])(?:[图圖]?[来來]源)?|[图圖](?:片?[来來]?源)?|"
    r"(?:照片|[图圖]像|[影视視][片频頻])[来來]源|供[图圖稿]|(?:[资資]料)?[来來]源)"
)
MAKER = (
    r"(?:影音|[视視][频頻]|影像|剪[辑輯]|[制製][图圖]|[绘繪][图圖]|插[图圖画畫]|[设設][计計]|[后後][制製]|"
    r"美[术術工]|主播|主持人?)"
)
SEPARATOR = r"\s*[:：丨│｜|/／]\s*"
NAMES = r"[^，。！？!?：:；;]{1,40}"
NAME = r"[^\s，。！？!?：:；;、/／（）()【】\[\]]{1,20}"
INTERN = r"(?:[实實见見][习習])(?:生|记者|記者)\s*[\u4e00-\u9fff]{2,4}\s+"
SOURCE = r"(?:(?:文章|[稿信][件息])?[来來]源|首[发發])\s*[:：丨｜|/／]\s*[^\s，。！？：:]{1,20}"
SOCIAL = (
    r"(?:twitter|推特|facebook|[脸臉][书書]|instagram|telegram|[电電][报報]群|youtube|微信|微博|whatsapp|(?<![a-z])app(?![a-z])|@\w|newsletter|"
    r"[电電]子[报報信]|[简簡][报報]|[频頻]道|播客|podcast|公[众眾][号號]|[会會][员員])"
)
PERSON = r"(?:[\u4e00-\u9fff]{2,4}|(?-i:[A-Z])[\w.'’-]+(?: (?-i:[A-Z])[\w.'’-]+){0,3})"
PEOPLE = rf"{PERSON}(?:\s*[、，,/／&和与與\s]\s*{PERSON}){{0,9}}"
ALL_BY = r"(?:[图圖]\s*[/／、&]?\s*文|文\s*[/／、&]\s*[图圖])\s*[:：丨｜|/／]?\s*"
SHARES = (
    r"(?:微信(?:好友|朋友圈)?|(?:新浪)?微博|朋友圈|QQ(?:空[间間]|好友)?|facebook|[脸臉][书書]|twitter|推特|\bline\b|whatsapp|telegram|"
    r"[电電]?[邮郵]件?|[复複][制製][链連][接結])"
)
DEVICES = (
    r"(?:二[维維][码碼]|公[众眾][号號]|小程序|微信|[蓝藍][色]?字|客[户戶]端|(?<![a-z])(?:APP(?![a-z])|LINE(?:好友|群|官方))|[关關]注我[们們]|[进進]群|社群|[频頻]道|"
    r"[会會][员員])"
)
INVITES = r"(?:[欢歡]迎|(?<![申邀聘提恳懇要])[请請]|快[来來]|[点點][击擊]|[长長]按)"

OUTLET = r"(?:[社网網台]|[报報](?!道|导|導)|客[户戶]端|新[闻聞]|[财財][经經]|[经經][纬緯]|融媒)"
WIRED = (
    r"[^\s，。；：:（）()“”]{0,12}(?:路透|彭博|本[报報台刊网網]|" + OUTLET + r")[^，。；：:（）()“”]{0,14}?"
    r"(?:\d{1,2}月)?\d{1,2}日\s?"
)
NOTICE = (
    r"(?:(?:[广廣]告|免[责責]|版[权權]|[郑鄭]重|特[别別]|平台)[声聲]明\s*[:：]"
    r"(?=.*(?:平台|自媒|[存儲储]|侵[权權]|[转轉][载載]|[广廣]告|[跳][转轉]|[观觀][点點]|版[权權]|投[资資]|[仅僅]供|授[权權])).{6,300}|"
    r"(?=[^。！？“”]{0,60}(?:[转轉][载載]|摘[编編]|抄[袭襲]))(?=.*(?:不得|禁止|[请請](?:注明|勿|[联聯][系繫])|[须須需](?:注明|授[权權]|[经經])|必究|追究(?:法律|其)))"
    r"[*＊（(【]?[^。！？“”]{0,60}(?:[转轉][载載]|摘[编編]|抄[袭襲])[^。！？“”]{0,120}[。）)】]?|"
    r"(?:以上|本文|此文|文章|[内內]容)[^。“”]{0,40}(?:不(?:[对對]您)?[构構]成[^。]{0,10}投[资資]建[议議]|[仅僅]供[参參]考)[^。“”]{0,60}。?|"
    r"[违違]者[^。“”]{0,16}(?:追究|必究)[^。“”]{0,20}。?)"
)


def rules(rows: tuple[tuple[str, str, str], ...]) -> tuple[Rule, ...]:
    """The rules of a table: the name of each, where it holds, and its pattern, in any case."""
    return tuple(Rule(*row) for row in rows)
