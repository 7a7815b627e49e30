"""Language identification: which language and script a text is in, as a BCP 47 tag.

By counting characters: enough to sort news by script; a text is what most of it is, whatever it quotes.
"""

import re
import sys
from functools import cache

import numpy as np
import numpy.typing as npt

from indexer.language import script_of
from indexer.text.characters import HAN

_SAMPLE = 1_000  # characters; an article declares itself long before

# The commonest characters that only one of the two scripts has, in pairs.
_PAIRS = (
    "这這国國们們来來为為个個时時说說会會对對发發学學经經过過还還进進样樣电電话話长長开開关關问問现現实實动動见見无無"
    "从從东東车車书書气氣两兩后後么麼没沒让讓给給认認该該请請谁誰谈談议議论論证證识識记記设設许許访訪评評试試诉訴"
    "词詞语語读讀调調谢謝马馬鸟鳥鱼魚龙龍风風飞飛门門间間闻聞队隊阳陽难難题題预預领領频頻颗顆显顯类類顾顧须須顺順"
    "导導尔爾区區医醫华華协協单單卖賣双雙变變号號听聽员員响響图圖团團园園围圍场場坏壞块塊声聲处處备備复復头頭夺奪"
    "奖獎妇婦孙孫宁寧宝寶审審宪憲宽寬将將对對寻尋层層岁歲岛島币幣师師带帶帮幫库庫应應庆慶张張强強归歸录錄态態怀懷"
    "总總战戰户戶执執扩擴担擔拥擁择擇损損换換据據报報权權条條极極标標树樹桥橋机機杀殺杂雜构構检檢楼樓欢歡欧歐毕畢"
    "汇匯汉漢沟溝济濟测測浓濃涨漲湾灣满滿滨濱潜潛灭滅灾災炼煉点點热熱爱愛状狀独獨环環疗療监監盖蓋盘盤确確种種"
    "称稱积積稳穩穷窮竞競笔筆签簽简簡粮糧紧緊纪紀约約级級纷紛纳納线線组組细細织織终終绍紹结結绝絕统統继繼绩績续續"
    "维維综綜绿綠缅緬编編缩縮网網罗羅职職联聯聪聰肃肅脑腦脸臉舰艦节節苏蘇药藥获獲营營虽雖规規视視览覽觉覺计計订訂"
    "讨討训訓议議讯訊讲講负負责責败敗货貨质質购購贸貿费費资資赛賽赢贏赵趙跃躍较較载載辅輔辆輛输輸边邊达達迁遷运運"
    "连連选選递遞适適邓鄧郑鄭酱醬释釋针針钟鐘钢鋼钱錢铁鐵银銀错錯镇鎮闭閉阅閱阶階际際陆陸陈陳险險随隨静靜页頁项項"
)
_SIMPLIFIED, _TRADITIONAL = frozenset(_PAIRS[::2]), frozenset(_PAIRS[1::2])


_HAN, _HANS, _HANT, _KANA, _HANGUL = range(1, 6)


@cache
def _kinds() -> npt.NDArray[np.uint8]:
    """The kind of each code point: ``_HANS`` and ``_HANT`` only one script of Chinese has, ``_HAN`` both."""
    kinds = np.zeros(sys.maxunicode + 1, np.uint8)
    for block in HAN:
        kinds[block.start : block.stop] = _HAN
    kinds[0x3041:0x3100] = _KANA
    kinds[0xAC00:0xD7B0] = _HANGUL
    kinds[[ord(character) for character in _TRADITIONAL]] = _HANT
    kinds[[ord(character) for character in _SIMPLIFIED]] = _HANS
    return kinds


_LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏ]+")
_ENGLISH = frozenset((
    "the", "of", "and", "to", "in", "a", "is", "that", "for", "on", "was", "with", "as", "by", "at", "from", "it", "be",
    "has", "have", "are", "not",
))  # fmt: skip


def identify(text: str, *, hint: str = "") -> str:
    """``zh-Hans``, ``zh-Hant``, ``en``, ``ja``, ``ko`` or ``und``.

    ``hint`` is a language tag that came with the text (``zh-TW``); it decides only where the characters don't, as in a
    headline that is written the same in both scripts. Chinese that nothing decides is ``zh``.
    """
    sample = text[:_SAMPLE]
    codes = np.frombuffer(sample.encode("utf-32-le", "surrogatepass"), np.uint32)
    counts = np.bincount(_kinds()[codes], minlength=_HANGUL + 1).tolist()
    simplified, traditional, kana, hangul = (counts[kind] for kind in (_HANS, _HANT, _KANA, _HANGUL))
    han = counts[_HAN] + simplified + traditional
    words = _LATIN_WORD.findall(sample)
    # A Latin word carries about as much as two characters of the others.
    if han + kana + hangul < 2 * len(words) or not (han or kana or hangul):
        return _latin(words) or _from_hint(hint) or "und"
    if hangul > han + kana:
        return "ko"
    if kana * 2 > han:
        return "ja"
    if simplified == traditional:
        given = _from_hint(hint)
        return given if given.startswith("zh") else "zh"
    return "zh-Hans" if simplified > traditional else "zh-Hant"


def _latin(words: list[str]) -> str:
    known = sum(word.lower() in _ENGLISH for word in words)
    return "en" if known * 10 >= len(words) > 0 else ""


def _from_hint(hint: str) -> str:
    language = hint.strip().replace("_", "-").partition("-")[0].lower()
    if language == "zh":
        script = script_of(hint)
        return f"zh-{script}" if script else "zh"
    return language if language in ("en", "ja", "ko") else ""
