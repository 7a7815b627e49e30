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

# What some publishers' page titles end with.
_SITE_NAME = re.compile(
    r"\s+[-–—|_]\s+(?:法国国际广播电台(?: - RFI)?|RFI|BBC News 中文|BBC 中文网|纽约时报中文网|联合早报网?|"
    r"德国之声中文网|美国之音(?:中文网)?|自由亚洲电台|大纪元(?:新闻网)?|中央社 CNA|自由時報電子報|聯合新聞網)$"
)


def known_publisher(url: str) -> str:
    """The name that the table has for the host of a page's address, else ``""``."""
    labels = site_of(url).split(".")
    names = (_NAMES.get(".".join(labels[start:])) for start in range(len(labels)))
    return next(filter(None, names), "")


def without_site_name(title: str) -> str:
    """A headline without the `` – 法国国际广播电台 - RFI`` that the site adds to each of its pages."""
    return _SITE_NAME.sub("", title)
