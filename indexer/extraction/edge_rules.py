"""What stands around an article at the beginning or the end of its lines: datelines, credits in brackets."""

from indexer.extraction.wording import (
    EDITOR,
    NAME,
    NOTICE,
    OUTLET,
    WIRED,
    Where,
    rules,
)

_AFTER = r"(?<=[。！？”」』）)】])\s*"

_EDGES = (
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
        "series",
        Where.OPENING,
        r"[^，。；：:（）()\s]{2,14}(?=[（(][^（）()，。；]{0,24}(?:记者|記者)[^（）()。；]{2,40}[电電讯訊][）)])",
    ),
    (
        "dateline",
        Where.LINE_START,
        r"[（(](?P<who>[^（）()，。；]{2,24}(?:记者|記者)[^（）()。；]{2,40}(?:[电電讯訊]|[报報][道導导]))[）)][\s:：—-]*",
    ),
    (
        "dateline",
        Where.LINE_START,
        r"[（(][^（）()，。；]{1,12}[社报報网網][^（）()，。；]{1,12}\d{1,2}\s?日[^（）()，。；]{0,6}[电電讯訊][）)][\s:：—-]*",
    ),
    (
        "dateline",
        Where.OPENING,
        rf"[^\s，。；：:（）()“”]{{1,12}}{OUTLET}(?:[（(][^（）()，。]{{2,12}}[）)])?(?:(?:\d{{1,2}}月)?\d{{1,2}}日)?\s?(?:[讯訊电電]|消息)\s*"
        r"[（(](?P<who>[^（）()。]{2,60})[）)][\s:：，]*",
    ),
    ("dateline", Where.OPENING, rf"[^\s，。；：:（）()“”]{{1,12}}{OUTLET}[讯訊](?:\s+|(?=[“「《]))"),
    ("dateline", Where.OPENING, rf"{WIRED}[专專]?(?:[电電讯訊]|消息)\s?[（(](?P<who>[^（）()。]{{2,40}})[）)][\s:：，]*"),
    (
        "dateline",
        Where.OPENING,
        rf"{WIRED}(?:[（(](?:记者|記者)\s?(?P<who>[^（）()]{{2,30}})[）)])?\s?(?:[专專]?[电電讯訊][，：:]?|[-—–]+)\s*",
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
    (
        "buttons",
        Where.LINE_END,
        r"\s*返回\S{2,4}，查看更多\s*(?:[责責]任[编編][辑輯][:：]\s*[\u4e00-\u9fff]{0,4})?\s*|\s*分享[让讓]更多人看到\s*",
    ),
    ("credits", Where.LINE_END, rf"\s*[【\[［]\s*{EDITOR}\s*[:：/／]\s*[^【】\[\]。]{{1,30}}[】\]］]\s*"),
    (
        "programme",
        Where.CLOSING,
        r"(?<=[。！？”」』）)\]】])\s*更多(?:精彩)?[^。，]{0,10}[请請](?:[进進]入|[关關]注|[点點][击擊]|下[载載])[^。，]{2,40}",
    ),
    (
        "source",
        Where.CLOSING,
        rf"{_AFTER}[（(]?(?:本文|文章|稿件|信息)?[来來]源\s*[:：|｜丨]\s*[^，。：:（）()]{{2,20}}?"
        rf"(?:\s*(?P<who>(?:作者|[记記]者)\s*[:：]?\s*{NAME}(?:[、 ]{NAME}){{0,3}}?))?[）)]?\s*",
    ),
    (
        "image credit",
        Where.CLOSING,
        rf"{_AFTER}[（(](?:[图圖]片?[由/／]?)?[^（）()，。]{{2,14}}(?:供[图圖]|提供|[摄攝])[）)]\s*",
    ),
    (
        "print edition",
        Where.CLOSING,
        r"(?<=[。！？”」』）)\s])\s*《\s?[^《》]{2,12}\s?》\s*[（(]\s*\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日\s*第?\s*\d{1,2}\s*版\s*[）)]\s*",
    ),
    ("credits", Where.CLOSING, rf"{_AFTER}(?:{EDITOR}(?:\s+|\s*[:：]\s*)[\u4e00-\u9fff]{{2,4}}\s*){{1,4}}"),
    (
        "byline",
        Where.CLOSING,
        rf"{_AFTER}(?P<who>(?:文\s?[/／|｜]\s?)?[^\s，。：:（）()]{{0,14}}(?:记者|記者)\s+[\u4e00-\u9fff]{{2,4}}(?:[\s、]+[\u4e00-\u9fff]{{2,4}}){{0,5}}"
        r"(?:\s*[报報][道導导])?)\s*",
    ),
    (
        "byline",
        Where.CLOSING,
        rf"{_AFTER}[（(](?P<who>[\u4e00-\u9fff]{{2,3}}(?:[、 ][\u4e00-\u9fff]{{2,3}}){{0,4}})[）)]\s*",
    ),
    ("byline", Where.LINE_END, r"[（(](?P<who>通[讯訊][员員]\s*[:：]?\s*[^（）()，。]{2,24})[）)]\s*"),
    ("disclaimer", Where.CLOSING, rf"{_AFTER}{NOTICE}"),
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
        rf"(?:责任编辑|責任編輯|[责責][编編])\s*[:：]\s*{NAME}(?:[\s、/／]+{NAME}){{0,3}}[\s#＃）)]*",
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

EDGE_RULES = rules(_EDGES)
