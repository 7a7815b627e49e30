"""Quotations in a text, and who said them where the text names somebody beside one.

A quotation is what stands between quotation marks that open and close in one line. Its speaker is the subject of a verb
of saying right before it (``蓬佩奥周二在华盛顿说：“…”``) or right behind it (``“…，”姚青说。``). Whoever is not named
there (他, 家属, 一名官员) is nobody, and so is all that may be read in two ways: a wrong name is worse than none.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.text.analyser import Analyser

_PAIRS = {"“": "”", "「": "」", "『": "』", "„": "“", "«": "»"}
_PLAIN = '"＂'
_LONGEST_LINE = 20_000
"""Characters of a line that are looked at: no paragraph of a news article has a tenth of it."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """A slice of a text from one quotation mark to the other, both included; ``speaker`` is ``""`` for nobody named."""

    start: int
    end: int
    speaker: str = ""


def quotations(text: str, analyser: Analyser) -> list[Quotation]:
    """The outermost quotations of a text, in order."""
    found: list[Quotation] = []
    offset = 0
    for line in text.split("\n"):
        spans = list(_spans(line[:_LONGEST_LINE]))
        for number, (start, end) in enumerate(spans):
            before = line[spans[number - 1][1] if number else 0 : start]
            behind = line[end : spans[number + 1][0] if number + 1 < len(spans) else len(line)]
            speaker = _named(_subject(before, line[start:end], behind), analyser)
            found.append(Quotation(offset + start, offset + end, speaker))
        offset += len(line) + 1
    return found


def _spans(line: str) -> Iterator[tuple[int, int]]:
    """Pairs of marks that lie in no other pair. A mark that closes nothing is none, one that nothing closes neither."""
    opened: list[tuple[str, int]] = []
    plain = sum(map(line.count, _PLAIN)) % 2 == 0
    pairs: list[tuple[int, int]] = []
    for position, character in enumerate(line):
        if opened and character == opened[-1][0]:
            pairs.append((opened.pop()[1], position + 1))
        elif character in _PAIRS:
            opened.append((_PAIRS[character], position))
        elif character in _PLAIN and plain:
            opened.append((character, position))
    end = 0
    for start, stop in sorted(pairs):
        if start >= end:
            yield start, stop
            end = stop


_SAID = (
    r"(?:说|說|表示|指出|强调|強調|写道|寫道|说道|說道|坦言|直言|透露|声称|聲稱|宣称|宣稱|称|稱|"
    r"认为|認為|警告|呼吁|呼籲)"
)
_HOW = (
    r"(?:补充|補充|解释|解釋|回应|回應|反问|反問|批评|批評|警告|强调|強調|接着|接著|继续|繼續|继而|一再|续|續|又|还|還|"
    r"亦|也|则|則|连|連|曾|今|昨|并|並)*"
)
_VERB = rf"(?:(?:告诉|告訴)[^，,：:。“「]{{1,14}}?(?=[：:，,])|{_HOW}{_SAID})"
_SEGMENT = r"(?P<subject>[^，,。；;：:！？!?、”」』\n]+?)"
_BEFORE = re.compile(rf"(?:^|[，,。；;：:！？!?”」』\s]){_SEGMENT}(?P<verb>{_VERB})(?P<mark>[：:，,]?)\s*$")
_BEHIND = re.compile(rf"^{_SEGMENT}(?P<verb>{_VERB})(?P<mark>[。，,；;]|$)")
_NO_VERB = re.compile(
    r"(?:据|據|听|聽|小|传|傳|学|學|再|虽|雖|就是|来|來|或者|不能|可以|不|没|沒|所|被|名|简|簡|统|統|俗|通|职|職|自|号|號|堪|又|并|並|人|全|合|宜|匿|坚|堅)$"
)
"""What before 说 or 称 makes another word or another sense of it."""

_CLOSED = "，,。！？!?…"
_ASIDE = re.compile(r"（[^）]*）|\([^)]*\)")
_NEAR = 160
"""Characters beside a quotation that are looked at."""


def _subject(before: str, quoted: str, behind: str) -> str:
    """The words between the beginning of a clause and its verb of saying; ``""`` where there is no such clause."""
    before, behind = _ASIDE.sub("", before[-_NEAR:]), _ASIDE.sub("", behind[:_NEAR])
    is_whole = quoted[-2:-1] in tuple(_CLOSED) or not behind.strip() or behind.lstrip()[0] in "，,。；;！!？?"
    if is_whole and (found := _BEFORE.search(before)):
        return "" if _NO_VERB.search(found["subject"]) else found["subject"]
    if quoted[-2:-1] in tuple(_CLOSED) and (found := _BEHIND.search(behind)):
        goes_on = found["mark"] in ("，", ",")
        if (quoted[-2:-1] in "，," or not goes_on) and not _NO_VERB.search(found["subject"]):
            return found["subject"]
    return ""


_FIRST = re.compile(
    r"^(?:但是|但|而|不过|不過|此外|另外|随后|隨後|其中|同时|同時|最后|最後|对此|對此|因此|所以|然而|[\s　]+)+"
)
_WHEN = re.compile(
    r"(?:\d+月)?\d+[日号號]|(?:本|上|下)?(?:周|週|星期|礼拜|禮拜)[一二三四五六日天]|[今昨明前当當]天|[今昨]日|日前|近日|早前|今年|去年"
)
_ADVERBIAL = frozenset((
    "在", "于", "於", "对", "向", "就", "据", "与", "和", "跟", "及", "为", "从", "通过", "接受", "告诉", "告知",
    "发表", "发文", "发布", "撰文", "日前", "近日", "随后", "当天", "当日", "同日", "则", "也", "还", "又", "再",
    "再次", "曾", "曾经", "仍", "更", "都", "已", "已经", "便", "却", "亦", "即", "均", "续", "继续", "首次",
    "多次", "公开", "明确", "进一步", "同时", "之后", "此前", "后来", "最近", "稍早", "早前", "表态", "回应",
    "受访", "会后", "会上", "直接", "甚至", "只", "才", "并", "不", "没有", "是", "有", "将", "把", "被", "让",
    "使", "以", "用", "因", "补充", "强调", "重申", "反驳", "批评", "警告", "呼吁", "透露", "坦言", "解释", "承认",
    "提醒", "当时", "上午", "下午", "晚间", "早上", "晚上", "凌晨", "书面",
))  # fmt: skip
"""Words that come between a subject and its verb."""

_WITH = frozenset(("与", "和", "跟", "及"))
_MEETING = re.compile(r"(?:时|時|中|后|後|期间|期間|上)$")
_NOBODY = re.compile(
    r"^(?:他|她|它|牠|我|你|您|其|该|該|这|這|那|有|某|一[名位个個些]|[两兩三多几幾数數]名|多位|许多|許多|不少|部分|另|另一|自己|本人|对方|"
    r"對方|前者|后者|後者|双方|雙方|谁|誰|人们|人們|大家|上述|当地|當地|匿名|相关|相關|据|據|根据|根據|对于|對於|关于|關於|如果|虽然|"
    r"雖然|由于|由於|因为|因為|当|當|在|从|從|为|為|不|没|沒|被)"
)
_OTHERS = re.compile(r"引述|引用|援引|转述|轉述|刊出|刊登|专访|專訪")
"""What of a clause tells that its subject hands on the words of another."""

_TO_WHOM = re.compile(r"(?<=[^\s方定一])[向](?=..)|(?<=[^反针針应應绝絕相面核])[对對](?=..)")
_TAIL = re.compile(r"(?<=..)[则則也还還又亦连連并並]$")
_HALF = re.compile(r"[（）()]")
_AROUND = " \u3000“”「」\"'‘’"
_LONGEST_NAME = 30
_NAME_TAGS = ("nr", "nt", "x", "eng")
_OTHER_TAGS = ("v", "p", "c", "r", "d", "m", "u", "y")
"""Parts of speech of names, and of what is no part of one, as jieba has them."""

_BODIES = re.compile(
    r"(?:部|院|局|社|署|委员会|组织|使馆|公司|集团|政府|白宫|总统府|报|网|电台|电视台|法院|大学|银行|警方|官方|当局|中方|美方|党|军方|"
    r"办公室|中心|协会|联盟|发言人)$"
)
_NO_NAME_ENDS = frozenset("方派人员者会们族军党省市县州国区报台社网部局署院队家团室")
_TITLES = re.compile(
    r"(?:总统|总理|首相|主席|部长|外长|国务卿|大臣|议长|市长|州长|省长|发言人|特首|院长|教授|博士|先生|女士|秘书长|总干事|司令|将军|议员)$"
)


def _named(subject: str, analyser: Analyser) -> str:
    """The one who is named at the beginning of a clause, as it stands there; ``""`` if that is not sure."""
    plain = _FIRST.sub("", subject.strip())
    plain = _WHEN.sub("", plain, count=1) if _WHEN.match(plain) else _WHEN.split(plain, maxsplit=1)[0]
    plain = _TO_WHOM.split(plain, maxsplit=1)[0]
    folded = analyser.fold(plain)
    if not plain or len(folded) != len(plain) or _NOBODY.match(plain) or _HALF.search(plain) or _OTHERS.search(subject):
        return ""
    words: list[tuple[str, str]] = []
    for word, tag in analyser.tagged(folded):
        if words and word in _WITH and not _MEETING.search(subject):
            return ""  # two who say it, or a longer title
        if words and (word in _ADVERBIAL or tag.startswith("t")):
            break
        words.append((word, tag))
    name = _TAIL.sub("", plain[: sum(len(word) for word, _ in words)].strip(_AROUND))
    return name if 1 < len(name) <= _LONGEST_NAME and _is_name(words) else ""


def _is_name(words: Sequence[tuple[str, str]]) -> bool:
    """Whether words are a person or a body, with titles before or behind, and nothing else."""
    said = [(word, tag) for word, tag in words if word.strip()]
    if not said:
        return False
    whole = "".join(word for word, _ in said)
    foreign = "·" in whole
    for word, tag in said:
        is_other = tag.startswith(_OTHER_TAGS) and tag != "vn" and not (foreign and len(word) == 1)
        if is_other or word in _ADVERBIAL:
            return False
    last, tag = said[-1]
    if tag.startswith(_NAME_TAGS) or foreign or _is_cut_name(said[-2:]):
        return not last.isdigit()
    has_name = any(tag.startswith((*_NAME_TAGS, "nz", "ns")) for _, tag in said)
    return bool(_BODIES.search(whole)) or (has_name and bool(_TITLES.search(whole)))


def _is_cut_name(pair: Sequence[tuple[str, str]]) -> bool:
    """Whether two words are a name that segmentation cut: 马克|龙, 蔡|英文, 谭|德塞."""
    if len(pair) < 2:
        return False
    (first, first_tag), (second, second_tag) = pair
    if len(second) == 1:
        return first_tag.startswith("nr") and second not in _NO_NAME_ENDS and not second_tag.startswith("f")
    return len(first) == 1 and second_tag in ("nz", "ns") and first_tag in ("nr", "ng", "zg", "j")
