"""What stands in an article's text without being it: the rules of wording.

Each rule has a name, which ``xunwen show --why`` tells, and says where in an article it holds. One that is bold enough
to meet a sentence of the article holds only in its first or last lines.
"""

import re
from dataclasses import dataclass


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

EDITOR = (
    r"(?:责任编辑|責任編輯|[责責][编編]|值班[编編][辑輯]|[网網主美][编編]|(?:本期)?[编編][辑輯]|[审審][校核稿]|校[对對]|[责責]校|核稿|"
    r"[编編翻][译譯]|[译譯]者|[监監]制|[监監]製|[统統][筹籌]|策[划劃]|排版|文字整理|整理)"
)
WRITER = (
    r"(?:记者|記者|作者|[发發]稿|通[讯訊][员員]|撰文|撰稿|采[访訪写寫]|採[訪寫]|(?:特[约約])?[评評][论論][员員]|文字?)"
)
PICTURE = (
    r"(?:(?:[图圖]片)?[摄攝]影|[摄攝](?=\s*[:：丨｜|/／]|$)|(?:封面|[题題头頭首][图圖])(?:[图圖]?[来來]源)?|[图圖](?:片?[来來]?源)?|"
    r"(?:照片|[影视視][片频頻])[来來]源|供[图圖稿]|(?:[资資]料)?[来來]源)"
)
MAKER = (
    r"(?:影音|[视視][频頻]|影像|剪[辑輯]|[制製][图圖]|[绘繪][图圖]|插[图圖画畫]|[设設][计計]|[后後][制製]|"
    r"美[术術工]|主播|主持人?)"
)
SEPARATOR = r"\s*[:：丨｜|/／]\s*"
_NAMES = r"[^，。！？!?：:；;]{1,40}"
_NAME = r"[^\s，。！？!?：:；;、/／（）()【】\[\]]{1,20}"
_INTERN = r"(?:[实實见見][习習])(?:生|记者|記者)\s*[\u4e00-\u9fff]{2,4}\s+"
_SOURCE = r"(?:(?:文章|[稿信][件息])?[来來]源|首[发發])\s*[:：丨｜|/／]\s*[^\s，。！？：:]{1,20}"
_SOCIAL = (
    r"(?:twitter|推特|facebook|[脸臉][书書]|instagram|telegram|[电電][报報]群|youtube|微信|微博|whatsapp|\bapp\b|@\w|newsletter|"
    r"[电電]子[报報信]|[简簡][报報]|[频頻]道|播客|podcast|公[众眾][号號]|[会會][员員])"
)
_PERSON = r"(?:[\u4e00-\u9fff]{2,4}|(?-i:[A-Z])[\w.'’-]+(?: (?-i:[A-Z])[\w.'’-]+){0,3})"
_PEOPLE = rf"{_PERSON}(?:\s*[、，,/／&和与與\s]\s*{_PERSON}){{0,9}}"
_ALL_BY = r"(?:[图圖]\s*[/／、&]?\s*文|文\s*[/／、&]\s*[图圖])\s*[:：丨｜|/／]?\s*"
_INVITES = r"(?:[欢歡]迎|(?<![申邀聘提恳懇要])[请請]|快[来來]|[点點][击擊]|[长長]按)"

_RULES = (
    ("footer of a feed", Where.REST, r"获取更多RSS.*|The post .{1,300} (?:first )?appeared (?:first )?on .*"),
    # -- lines anywhere ------------------------------------------------------------------------------------------------
    (
        "copyright",
        Where.ANYWHERE,
        r"(?:©|\(c\) ?(?=\d)|copyright ©?|(?:[图圖]片)?版[权權](?:所有|[声聲]明)|post tags: |"
        r"feed enhanced by ).{0,200}",
    ),
    (
        "buttons",
        Where.ANYWHERE,
        r"(?:使用浏览器播视频/view video in browser|(?:[阅閱][读讀]|查看)(?:原文|全文)|分享(?:[到至]\S{0,30})?|"
        r"[点點][击擊](?:此[处處]|[这這][里裡])?(?:查看|[阅閱][读讀]|收看|播放)[^，。]{0,16}(?:[中英]文版|原文|全文|更多|[视視][频頻])|"
        r"[点點][击擊][视視][频頻](?:收看|[观觀]看)[^，。]{0,40}|(?:警告[:：])?影片[内內]容[^。]{0,40}[点點][击擊][观觀]看|"
        r"(?:看|查看)?更多>*|[关關][闭閉]|[复複][制製][链連鏈]接|列印|打印|收藏|[点點][赞讚]|[展][开開]全文|[订訂][阅閱]|"
        r"返回(?:首[页頁]|[顶頂]部)|字[体體号號][:：]?[大中小 ]*|share|tweet|print|e-?mail|click here|here|"
        r"array|null|undefined|\[object object\]|"
        r"(?:[详詳][情细細]|更多|【[^】]{2,30}】|[^，。]{0,12})"
        r"[请請](?:[参參]?[阅閱看]|[点點][击擊]|[见見])(?:全文|原文|[这這][里裡]|此[处處])|"
        r"[点點][击擊](?:[参參][与與加]|[报報]名|下[载載]|[了瞭]解更多))\s?[。：:]?",
    ),
    (
        "embedded post",
        Where.ANYWHERE,
        r".{0,80}分享的?[貼贴]文.{0,60}|[—–-] ?.{1,60}\(@\w+\) .{0,30}\d{4}|View this post on \w+|"
        r"在 ?Instagram ?上?查看.{0,12}|(?:[结結]尾|跳[过過]) ?(?:YouTube|Twitter|Facebook|Instagram) ?帖子.{0,10}|"
        r"Embed from Getty Images|pic\.twitter\.com/\w+",
    ),
    ("end", Where.BOTTOM, r"[-—–\s]+(?:end|the end|完)[-—–\s]+|全文完"),
    ("rule of symbols", Where.ANYWHERE, r"[=*＊_~～#＃—–-]{2,}|[—–]"),
    (
        "print edition",
        Where.ANYWHERE,
        r"(?P<who>[^《》，。]{2,40}?)?\s*《[^《》]{2,16}》\s*[（(]\s*\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日"
        r"[^（）()]{0,16}?第?\s*\w{1,4}\s*版[^（）()]{0,8}[）)]",
    ),
    (
        "links",
        Where.ANYWHERE,
        r"[（(【\[•·▶►>»*\s]*(?:延伸[阅閱][读讀]|更多[阅閱][读讀]|(?:之前)?相[关關](?:[阅閱][读讀]|[报報][道導]|新[闻聞])|"
        r"推[荐薦][阅閱][读讀]|[阅閱][读讀]更多|"
        r"[扩擴]展[阅閱][读讀]|另[请請]?[参參][阅閱见見]|[详詳]情(?:可|[请請]?[参參]?)[见見]|"
        r"read more|see also|also read)[】\]]?\s*[:：|｜/]\s*"
        r"[^。]{2,80}[）)】\]]?",
    ),
    (
        "print edition",
        Where.ANYWHERE,
        r"(?:This (?:article|story|piece) (?:first |originally )?(?:appeared|ran|was (?:first |originally )?published) "
        r"(?:in|on|as)\b|A version of this article appear(?:s|ed)\b).{0,300}",
    ),
    (
        "image credit",
        Where.ANYWHERE,
        rf"[（(]?(?:{PICTURE}|(?:(?:recipe|cover|title) )?(?:photo|image|picture|illustration)(?:graph)?s?"
        rf"(?: credits?)?(?: by)?)\s*[:：丨｜|／/©]\s*{_NAMES}[）)]?|"
        r"所有(?:照|[图圖])片均?由[^。]{2,60}|"
        r"(?:[^\s，。：:]{2,8}(?:记者|記者)\s*)?[\u4e00-\u9fff]{1,2}\s?[\u4e00-\u9fff]{1,3}\s?(?<![拍航])[摄攝]"
        r"(?:\s*[（(][^（）()]{2,16}[）)])?|"
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
        r"Read (?:the best|more|all|other [^.]{2,60}) (?:of|in|from) our|Follow us on|Listen (?:on|to)[: ]|"
        r"Dig deeper:?|Enjoy more|Register (?:for|to)|"
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
        rf"[（(【\[]?(?P<who>[^\s，。：:（）()]{{0,8}}{WRITER}{SEPARATOR}{_NAMES})[）)\]】]?|"
        r"[^\s，。：:《》]{2,20}(?:记者|記者|[编編][辑輯])\s*[发發]自\s*\S{2,8}",
    ),
    ("about the article", Where.TOP, r"(?:本文|信息)(?:[转轉][载載]自|[来來]源)[:：]?[^。]{2,40}"),
    ("title", Where.TOP, r"原(?:文)?[标標][题題]\s*[:：丨｜|].{2,60}"),
    (
        "note on changes",
        Where.TOP,
        r"[（(](?:新增|增加|更新|更正|[补補]充|修正|[删刪]除|重[发發写寫])[^（）()。]{2,60}[）)]",
    ),
    ("credits", Where.TOP, rf"(?:[制製]作|[制製]片|拍[摄攝]|[影视視]片[制製]作|剪[辑輯])\s*[:：丨｜|]\s*{_PEOPLE}"),
    ("byline", Where.TOP, r"(?:original|原[创創])[:：]?\s+(?P<who>[^\s，。：:]{2,12})(?:\s+[^\s，。]{2,20})?"),
    ("byline", Where.TOP, rf"(?P<who>{_PEOPLE}\s?[报報][道導导])"),
    ("byline", Where.TOP, rf"{_ALL_BY}(?P<who>{_PEOPLE})"),
    (
        "byline",
        Where.TOP,
        rf"[（(【\[]?(?P<who>(?:{_INTERN})?[^，。！？：:\s（）()]{{0,12}}(?:记者|記者|撰稿人|作者|撰文)[\s:：]+{_NAME}"
        rf"(?:[\s、/／]+{_NAME}){{0,4}})[）)\]】]?",
    ),
    (
        "byline",
        Where.TOP,
        rf"(?:{_SOURCE}\s+)?(?P<who>{WRITER}{SEPARATOR}{_NAME}(?:[\s、]+{_NAME}){{0,4}}?)(?:\s+{_SOURCE})?",
    ),
    ("byline", Where.TOP, r"(?P<who>By (?-i:[A-Z])[^，。,.]{2,40}(?:(?:,| and) (?-i:[A-Z])[^，。,.]{2,40}){0,4})"),
    (
        "byline",
        Where.TOP,
        r"(?P<who>[^，。！？：:、\s]{2,16}\s*[（(]?(?:[综綜]合[报報][道導导]|[综綜]合[编編][译譯]|[摘选選][编編])[）)]?)",
    ),
    # -- the last lines ------------------------------------------------------------------------------------------------
    ("byline", Where.BOTTOM, rf"[（(【\[]?(?P<who>[^\s，。：:（）()]{{0,8}}{WRITER}{SEPARATOR}{_NAMES})[）)\]】]?"),
    (
        "byline",
        Where.BOTTOM,
        rf"[（(【\[]?(?P<who>[^，。！？：:（）()]{{0,20}}(?:记者|記者|撰稿人)[\s:：]*{_NAME}(?:[\s、/／]+{_NAME}){{0,12}})[）)\]】。]*",
    ),
    (
        "byline",
        Where.BOTTOM,
        rf"(?P<who>{_NAME}(?: {_NAME})?(?:\s*[/／、]\s*{_NAME}(?: {_NAME})?){{0,4}}\s*[/／]?\s*"
        r"[（(][^（）()。]{0,30}(?:社|[报報台网網]|ARD|ZDF|AFP|AP|dpa|Reuters|[报報][道導导]|[编編][译譯]?)[^（）()。]{0,20}[）)])",
    ),
    ("byline", Where.BOTTOM, r"[（(](?P<who>[\u4e00-\u9fff]{2,3}(?:[、 ][\u4e00-\u9fff]{2,3}){0,3})[）)]"),
    ("byline", Where.BOTTOM, rf"{_ALL_BY}(?P<who>{_PEOPLE})"),
    ("byline", Where.BOTTOM, rf"(?P<who>{_PERSON}\s*[（(][^（）()]{{0,6}}(?:记者|記者|[编編][辑輯译譯])[）)])"),
    (
        "byline",
        Where.BOTTOM,
        r"(?P<who>[\u4e00-\u9fff]{2,3})\s*[,，]?\s*(?:于|於)?\s*\d{4}\s?[年./-]\s?\d{1,2}\s?[月./-]\s?\d{1,2}\s?日?",
    ),
    ("credits", Where.BOTTOM, rf"(?:{EDITOR}|{PICTURE})(?:{SEPARATOR}|\s+){_NAMES}"),
    ("credits", Where.BOTTOM, rf"(?:[制製]作|[制製]片|拍[摄攝]|[影视視]片[制製]作)\s*[:：丨｜|]\s*{_PEOPLE}"),
    (
        "about the article",
        Where.BOTTOM,
        r"[（(【](?:本|此|该|該)(?:文|[报報][道導导]|稿)(?:部分)?[^。（）()]{0,40}(?:消息|[报報][道導导]|[内內]容|[资資]料|[来來]自)[^。（）()]{0,20}。?[）)】]|"
        r"[（(]?本文(?:[节節摘]?[选選]|[节節]|摘|出)自[^。]{2,40}。?[）)]?|"
        r"[（(]?(?:[摘转轉][编編载載引]?自|[转轉][载載])[:：]?\s*(?:《[^》]{2,16}》|[^，。！？《》（）()\s]{2,12}[台社报報网網站志誌音广廣])[）)]?",
    ),
    (
        "about the article",
        Where.BOTTOM,
        r"[（(【\[*]*(?:本文|原文|此文|文章|本[报報][导導道])(?:最初|首[发發]|原|系|是|由|根[据據]|依[据據]|[据據]|[转轉]自|[摘转轉][载載])"
        r"[^。]{0,60}(?:[发發]表|刊[登载載]|[编編翻][译譯]|[报報][道導导]|[转轉][载載]|授[权權]|整理|首[发發]|撰[写寫稿])[^。]{0,24}。?[）)】\]*]*|"
        r"[（(]?(?:根?[据據]|[综綜]合|[编編][译譯]自|[摘转轉][编編载載]?自)[^，。]{2,30}(?:[编編][译譯]|[报報][道導导](?:[编編][译譯])?|整理|改[编編])。?[）)]?",
    ),
    (
        "about the article",
        Where.BOTTOM,
        r"[（(]?(?:[^。]{2,60}自[^。]{2,60}[报報][道導]。)?(?:[^。]{0,60}[对對](?:本|此|该)?(?:文|[报報][道導])[^。]{0,8}[贡貢][献獻]。?){1,3}[）)]?|"
        r"\*?\s?[^。]{2,60}[参參][与與](?:了)?(?:本文|此文|[报報][道導])[^。，]{0,6}。?|"
        r"[^。，]{2,60}自[^。，]{2,8}[报報][道導]。|[请請][访訪][问問].{0,20}[阅閱][读讀].{0,12}原文.{0,40}",
    ),
    (
        "about the article",
        Where.BOTTOM,
        r"[（(*＊※][^。]{0,60}(?:化名|假名)[^。，]{0,6}[。）)]*",
    ),
    (
        "about the author",
        Where.BOTTOM,
        r"[^，。：:“”]{2,40}(?:是|为|為)[^，。]{0,12}(?:《[^》]{2,12}》|[时時][报報]|本[报報网網刊台]|BBC)[^，。]{0,16}"
        r"(?:记者|記者|[专專][栏欄]作家|社[长長]|[编編][辑輯]|撰稿人|[评評][论論][员員]).{0,300}|"
        r"[（(](?:作者|[记記]者|[译譯]者|[笔筆]者)(?:[单單]位|[简簡]介)?(?:[^，。：:（）()]{0,4}分[别別])?(?:是|[为為]|系|[现現][为為任]?|[：:])[^。]{3,100}[）)]",
    ),
    (
        "disclaimer",
        Where.BOTTOM,
        r"(?=.{0,160}?(?:(?:不|未必)(?:代表|反映)[^。]{0,20}(?:[观觀][点點]|看法|立[场場]|意[见見]|本[台臺网網报報社刊]|美国之音)|"
        r"[仅僅只]代表[^。]{0,20}(?:[观觀][点點]|看法|立[场場]|意[见見])))[^“”]{0,200}",
    ),
    (
        "programme",
        Where.BOTTOM,
        r"[^。！]{0,70}(?:敬[请請]|[欢歡]迎|(?<![申邀聘提恳懇要])[请請])(?:您|你|大家)?(?:按[时時]|[准準][时時]|[继繼][续續]|持[续續])?"
        r"(?:收看|收[听聽]|[锁鎖]定|[观觀]看|[关關]注(?:我们|我們|后[续續]|後續)?(?=[。！]?$)).{0,60}|"
        r"欲(?:[浏瀏][览覽]|[览覽]|知)[^。]{0,20}[请請](?:[点點]|[参參][见見]|[访訪][问問]|查看).{0,60}|"
        r"[^。]{0,40}(?:全部|完整|更多)[^。]{0,16}(?:[请請](?:看|[见見]|[点點][击擊]|收看|[浏瀏][览覽])|[详詳][见見]|[尽盡]在).{0,80}",
    ),
    (
        "link",
        Where.BOTTOM,
        r"[^。]{0,60}[点點][选選击擊][^。]{0,30}?(?:here\S{0,40}|(?:https?://|www\.)\S{4,120}|[\w-]{1,40}(?:\.[\w-]{1,40}){1,4}/?)\s?[)）]?",
    ),
    (
        "link",
        Where.BOTTOM,
        r"(?:[^。，]{0,40}[:：]?\s*)?(?:https?://|www\.)[\w./?=&%#@:~+-]{4,200}|[\w-]+(?:\.[\w-]+)+/\w{2,60}",
    ),
    (
        "subscription",
        Where.BOTTOM,
        rf"[（(]?[^。]{{0,30}}{_INVITES}[^。]{{0,30}}(?:[订訂][阅閱]|投稿|[来來][信函]|[评評][论論][区區]|留言).{{0,120}}",
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
        r"(?![据據根])[^\s，。；：:（）()“”]{2,10}(?:[网網社报報台]|客[户戶]端|新[闻聞])(?:消息|[讯訊]|[电電])\s*"
        r"(?:[（(][^（）()]{2,16}[）)]\s*)?[：:]\s*",
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
    ("buttons", Where.LINE_END, r"(?<=[。！？”」])\s*(?:查看|[阅閱][读讀])[全原]文\s*"),
    ("embedded post", Where.LINE_END, r"\s*(?<![\w/])pic\.twitter\.com/\w+\s*"),
    ("code", Where.LINE_END, r"\s*\[n[A-Z0-9]{8,14}\]\s*"),
    ("end", Where.LINE_END, r"■\s*"),
    (
        "credits",
        Where.LINE_END,
        rf"[（(][^（）()，。：:]{{0,4}}{EDITOR}\s*[:：/／；;]\s*[^（）()。]{{1,80}}[）)]\s*(?:[0-9]{{6,8}})?[#＃■]*\s*",
    ),
    (
        "credits",
        Where.LINE_END,
        rf"(?:责任编辑|責任編輯|[责責][编編])\s*[:：]\s*{_NAME}(?:[\s、/／]+{_NAME}){{0,3}}[\s#＃）)]*",
    ),
    (
        "dateline",
        Where.CLOSING,
        r"[（(][^（）()。，]{2,20}\d{1,2}\s?日[^（）()。，]{0,4}[电電讯訊](?:[^（）()。]{0,30})[）)]\s*",
    ),
    (
        "about the article",
        Where.CLOSING,
        r"(?<=[。！？”」])\s*[（(](?:根[据據]|依[据據]|[据據]|[综綜]合|[编編][译譯]自|[摘转轉][自载載编編]自?)[:：]?[^（）()。]{2,30}[）)]\s*",
    ),
    (
        "credits",
        Where.CLOSING,
        r"(?<=[。！？」”])\s*[^\s，。：:（）()「」“”『』！？]{2,8}[（(](?:翻|[编編])[译譯][）)]\s*",
    ),
    (
        "source",
        Where.CLOSING,
        r"(?<=[。！？”」])\s*[（(](?:[来來]源\s*[:：]\s*)?[^（）()。，：:]{0,8}(?:新[闻聞]|[报報]|社|[网網]|台|[财財][经經]|界面|周刊|客[户戶]端)[）)]\s*",
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
