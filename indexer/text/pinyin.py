"""Pinyin: how Han characters are read, without tones. Only for helping people type; nothing is ever found by sound.

Readings are those of pypinyin's table (Unihan and dictionaries behind it). It lists all that a character was ever read
as, 台 as si too; ``_POLYPHONES`` says which characters have more than one reading that a newspaper needs.
"""

import json
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

_POLYPHONES = (
    "行xing,hang 长chang,zhang 重zhong,chong 血xue,xie 乐le,yue 恶e,wu 调diao,tiao 和he,huo 传chuan,zhuan "
    "朝chao,zhao 露lu,lou 着zhe,zhuo,zhao 没mei,mo 差cha,chai 弹dan,tan 藏cang,zang 称cheng,chen 薄bo,bao "
    "还hai,huan 了le,liao 便bian,pian 参can,shen 塞sai,se 阿a,e 率lv,shuai 校xiao,jiao 降jiang,xiang "
    "劲jin,jing 省sheng,xing 的de,di 属shu,zhu 给gei,ji 觉jue,jiao 都du,dou 模mo,mu 圈quan,juan 盛sheng,cheng "
    "削xue,xiao 朴pu,piao 屏ping,bing 抹mo,ma 畜xu,chu 纤xian,qian 卡ka,qia 否fou,pi 剥bo,bao 埋mai,man "
    "贾jia,gu 扎zha,za 陆lu,liu 什shen,shi 辟pi,bi 泊bo,po 柏bai,bo 勒le,lei 禅chan,shan 壳ke,qiao 颤chan,zhan "
    "澄cheng,deng 曾ceng,zeng 吁yu,xu 拓tuo,ta 尉wei,yu 刹cha,sha 堡bao,bu 仔zi,zai 蛤ha,ge 粘zhan,nian "
    "厦sha,xia 咳ke,hai 谁shui,shei 扛kang,gang 轧ya,zha 吓xia,he 伽jia,ga,qie 靓liang,jing 似si,shi 佛fo,fu "
    "卜bu,bo 单dan,shan 查cha,zha 仇chou,qiu 区qu,ou 解jie,xie 大da,dai 种zhong,chong 会hui,kuai 车che,ju "
    "奇qi,ji 娜na,nuo 莎sha,suo 茄qie,jia 万wan,mo 六liu,lu 番fan,pan 句ju,gou 强qiang,jiang 覃tan,qin 秘mi,bi "
    "翟zhai,di 缪miao,mou 晟sheng,cheng 提ti,di 落luo,la 沈shen,chen 地di,de 呢ne,ni 攒zan,cuan 沓ta,da "
    "吭keng,hang 莞guan,wan 伺si,ci 藉ji,jie 栅zha,shan 匙chi,shi 嚼jiao,jue 磅bang,pang 色se,shai 熟shu,shou "
    "埔pu,bu 涌yong,chong "
)

_SEVERAL = {entry[0]: tuple(entry[1:].split(",")) for entry in _POLYPHONES.split()}

INITIALS = ("zh", "ch", "sh", *"bpmfdtnlgkhjqxrzcsyw")
"""The consonants that a syllable can begin with, the longer ones first."""


@cache
def _dictionary() -> Mapping[int, str]:
    # Importing pypinyin loads its phrases and its styles too, which takes longer than a search in the terminal.
    table = Path(str(distribution("pypinyin").locate_file("pypinyin/pinyin_dict.json"))).read_text("utf-8")
    return {int(code): read for code, read in json.loads(table).items()}


@cache
def readings(character: str) -> tuple[str, ...]:
    """The syllables that one character is read as, the usual one first (重: ``zhong``, ``chong``).

    None for anything but Han. In letters a to z, ü as ``v``, üe also as ``ue`` (略: ``lve``, ``lue``), as keyboards
    have it.
    """
    if character in _SEVERAL:
        return _SEVERAL[character]
    first = _dictionary().get(ord(character), "").partition(",")[0]
    plain = "".join(c for c in unicodedata.normalize("NFD", first).replace("u\u0308", "v") if c.isascii())
    if plain.endswith("ve"):
        return plain, plain[:-2] + "ue"
    return (plain,) if plain.isalpha() else ()


@cache
def syllables() -> frozenset[str]:
    """All that any character is read as."""
    return frozenset(reading for code in _dictionary() for reading in readings(chr(code)))


def parts(syllable: str) -> tuple[str, str]:
    """A syllable's initial and final (``zhong``: ``zh``, ``ong``); the initial may be empty."""
    initial = next((initial for initial in INITIALS if syllable.startswith(initial)), "")
    return initial, syllable[len(initial) :]
