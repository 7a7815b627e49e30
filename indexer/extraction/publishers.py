"""The publishers behind the hosts of addresses, and what they add to their titles."""

import re

from indexer.urls import site_of

# A host stands for its subdomains too; the longest match wins (cn.nytimes.com before nytimes.com).
_NAMES = {
    "36kr.com": "36氪",
    "apnews.com": "美联社",
    "appledaily.com": "苹果日报",
    "bbc.com": "BBC",
    "bbc.co.uk": "BBC",
    "caixin.com": "财新网",
    "cctv.com": "央视网",
    "chinadaily.com.cn": "中国日报",
    "chinadigitaltimes.net": "中国数字时代",
    "chinanews.com": "中国新闻网",
    "chinanews.com.cn": "中国新闻网",
    "chinatimes.com": "中時新聞網",
    "cna.com.tw": "中央社",
    "cnbeta.com": "cnBeta",
    "cn.govopendata.com": "新闻联播文字版",
    "cn.nytimes.com": "纽约时报",
    "nytimes.com": "纽约时报",
    "cn.reuters.com": "路透",
    "reuters.com": "路透",
    "cn.wsj.com": "华尔街日报",
    "wsj.com": "华尔街日报",
    "dw.com": "德国之声",
    "economist.com": "经济学人",
    "epochtimes.com": "大纪元",
    "ftchinese.com": "FT中文网",
    "guancha.cn": "观察者网",
    "hk01.com": "香港01",
    "huanqiu.com": "环球网",
    "ifeng.com": "凤凰网",
    "inmediahk.net": "獨立媒體",
    "jiemian.com": "界面新闻",
    "ltn.com.tw": "自由時報",
    "mingpao.com": "明報",
    "nikkei.com": "日经中文网",
    "people.com.cn": "人民网",
    "paper.people.com.cn": "人民日报",
    "pts.org.tw": "公視",
    "rfa.org": "自由亚洲电台",
    "rfi.fr": "法广",
    "rthk.hk": "香港電台",
    "scmp.com": "南華早報",
    "sina.com.cn": "新浪",
    "solidot.org": "Solidot",
    "sputniknews.cn": "俄罗斯卫星通讯社",
    "storm.mg": "風傳媒",
    "theinitium.com": "端傳媒",
    "thepaper.cn": "澎湃新闻",
    "thestandnews.com": "立場新聞",
    "tvb.com": "無綫新聞",
    "udn.com": "聯合報",
    "voachinese.com": "美国之音",
    "wqw2010.blogspot.com": "维权网",
    "weiquanwang.org": "维权网",
    "xinhuanet.com": "新华网",
    "news.cn": "新华网",
    "yicai.com": "第一财经",
    "zaobao.com": "联合早报",
    "zaobao.com.sg": "联合早报",
    "zh.bitterwinter.org": "寒冬",
    "bitterwinter.org": "寒冬",
}

# Other names of the same, as feeds, pages and bylines have them.
_ALIASES = {
    "BBC": ("BBC中文网", "BBC中文網", "BBC News 中文", "BBC News", "英国广播公司", "英國廣播公司"),
    "中央社": ("中央社CNA", "(臺)中央社CNA", "（臺）中央社CNA", "中央社 CNA", "CNA", "中央通訊社", "中央通讯社"),
    "纽约时报": ("纽约时报中文网", "紐約時報", "紐約時報中文網", "The New York Times", "New York Times", "NYT"),
    "路透": ("路透社", "路透中文网", "Reuters", "REUTERS"),
    "法新社": ("AFP",),
    "美联社": ("AP", "Associated Press", "The Associated Press", "美聯社"),
    "彭博": ("彭博社", "Bloomberg", "彭博新闻社"),
    "德国之声": ("德国之声中文网", "德國之聲", "DW", "Deutsche Welle"),
    "经济学人": ("经济学人en", "The Economist", "Economist", "經濟學人"),
    "大纪元": ("大纪元新闻网", "大紀元", "大紀元時報", "The Epoch Times"),
    "FT中文网": ("金融时报", "金融時報", "FT", "Financial Times", "英国金融时报"),
    "华尔街日报": ("華爾街日報", "华尔街日报中文网", "The Wall Street Journal", "WSJ"),
    "自由亚洲电台": ("自由亞洲電台", "RFA", "Radio Free Asia"),
    "法广": ("RFI", "法国国际广播电台", "法國國際廣播電台", "法廣"),
    "美国之音": ("美国之音中文网", "美國之音", "VOA", "Voice of America"),
    "新华社": ("新華社", "Xinhua"),
    "新华网": ("新華網",),
    "人民网": ("人民網",),
    "中国新闻网": ("中新网", "中新網", "中国新闻社", "中新社"),
    "联合早报": ("联合早报网", "聯合早報", "Zaobao"),
    "日经中文网": ("日經中文網", "Nikkei"),
    "寒冬": ("Bitter Winter", "寒冬雜誌"),
    "維權網": (),
}
_CANONICAL = {alias.casefold(): name for name, aliases in _ALIASES.items() for alias in (name, *aliases)}
_KNOWN = _CANONICAL | {name.casefold(): name for name in _NAMES.values()}

_SECTION = (
    r"(?:(?:国际|國際|中国|中國|台湾|台灣|港澳|两岸|兩岸|亚太|亞太|欧洲|歐洲|美国|美國|法国|法國|要闻|要聞|政治|财经|財經|经济|經濟|商业|商業|社会|社會|文化|"
    r"体育|體育|科技|娱乐|娛樂|健康|教育|军事|軍事|评论|評論|观点|觀點|环境|環境|生态|生態|人权|人權|专题|專題|解说|解說|纵横|縱橫|时评|時評|访谈|訪談|快讯|快訊|直播|"
    r"专栏|專欄|特稿|天地|新闻|新聞|分析|报道|報導|头版|頭版|综合|綜合|图片|副刊|广告|视频|影音)+|第?\d+[版页頁][：:]?[\w·]{0,8})"
)
_SITE_NAME = re.compile(
    r"\s+[-–—|_｜]\s*(?:法国国际广播电台(?: - RFI)?|RFI|BBC News 中文|BBC 中文网|纽约时报中文网|联合早报网?|"
    r"德国之声中文网|美国之音(?:中文网)?|自由亚洲电台|大纪元(?:新闻网)?|中央社 CNA|自由時報電子報|聯合新聞網)$"
)
_LAST = re.compile(r"\s*[-–—|_｜]{1,2}\s*([^-–—|_｜]{1,30})$")
_SECTION_AROUND = re.compile(rf"^\s*[\[［]{_SECTION}[\]］]\s*|\s*[\[［]{_SECTION}[\]］]\s*$|\s+[-–—|｜]\s+{_SECTION}$")


def known_publisher(url: str) -> str:
    """The name that the table has for the host of a page's address, else ``""``."""
    labels = site_of(url).split(".")
    names = (_NAMES.get(".".join(labels[start:])) for start in range(len(labels)))
    return next(filter(None, names), "")


def canonical(name: str) -> str:
    """The one name of a publisher who has several; any other as it is."""
    return _CANONICAL.get(name.casefold(), name)


def is_publisher(name: str) -> bool:
    """Whether a name is that of a publisher whom the tables know."""
    return name.casefold() in _KNOWN


def headline(title: str, *, site: str = "") -> str:
    """A title without what a site adds to each: its name (`` | 路透``), a section (`` - 要闻解说``, ``[国际]``).

    ``site`` is what the publisher calls itself, whom no table need know.
    """
    own = site.strip().casefold()
    left = title
    while True:
        shorter = _SITE_NAME.sub("", left)
        if (match := _LAST.search(shorter)) and (is_publisher(match[1].strip()) or match[1].strip().casefold() == own):
            shorter = shorter[: match.start()]
        shorter = _SECTION_AROUND.sub("", shorter).strip()
        if shorter == left or len(shorter) < _SHORTEST_HEADLINE:
            return left
        left = shorter


_SHORTEST_HEADLINE = 4  # characters
