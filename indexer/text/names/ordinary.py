"""What is no name: Latin words that mean something else, and what every institution is called."""

import re
from functools import cache
from importlib import resources

from indexer.text.pinyin import syllables

_INSTITUTIONS = (
    "集团 公司 企业 银行 大学 学院 学校 中学 研究所 研究院 实验室 中心 委员会 协会 学会 基金会 联盟 组织 医院 "
    "球场 体育场 体育馆 剧院 剧场 大厦 酒店 机场 电视台 电台 通讯社 出版社 杂志 周刊 日报 时报 快报 新闻 "
    "爱乐 乐团 乐队 俱乐部 论坛 投顾 证券 保险 科技 技术 航空 汽车"
)
"""What an institution, but no person and no place, is called at the end."""

_INSTITUTION = re.compile(f"(.*?)(?:{'|'.join(_INSTITUTIONS.split())})+")


def is_ordinary(latin: str) -> bool:
    """Whether a folded Latin form is a word that means something else, or a syllable that many Chinese names have."""
    return latin in _english_words() or latin in syllables()


def is_institution(spelling: str) -> bool:
    """Whether a spelling is an institution's: 特朗普集团, and 集团 alone."""
    return _INSTITUTION.fullmatch(spelling) is not None


def is_nameless(spelling: str) -> bool:
    """Whether a spelling is only what every institution of its kind is called: 集团, 技术公司."""
    match = _INSTITUTION.fullmatch(spelling)
    return match is not None and not match[1]


@cache
def _english_words() -> frozenset[str]:
    text = resources.files("indexer.text.names").joinpath("english_words.txt").read_text("utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())
