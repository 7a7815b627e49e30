"""Who wrote an article: names in bylines, datelines and credits."""

import re
from collections.abc import Iterable
from importlib import resources

from indexer.extraction.publishers import canonical, is_publisher

MOST = 8
"""Authors of one article."""

_LONGEST = 40  # characters of a name
_LABEL = re.compile(
    r"(?:(?:特[约約派]|[驻駐][^\s]{1,4}?|[实實][习習]|首席|[资資]深|通[讯訊]社|本[报報台刊网網社]|[综綜]合)?"
    r"(?:记者|記者|作者|[发發]稿|撰[文稿写寫]|通[讯訊][员員]|特派[员員]|文字|(?:采[访訪写]|採[訪寫]|[编編][译譯])(?![报報])|"
    r"(?:文|[评評][论論][员員])(?=\s*[:：/／|｜丨│]))|"
    r"\b(?:by|author|reporter|written by|reporting by)\b)\s*[:：/／|｜丨│]?\s*",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\s*(?:[（(【\[][^）)】\]]{0,30}(?:报道|報導|報道|报导|[编編][译譯]|[摘选選][编編]|整理|社|台|[电電]|ARD|dpa|AFP|AP|Reuters)"
    r"[^）)】\]]{0,20}[）)】\]]|"
    r"[综綜]合(?:[报報][道導导]|[编編][译譯]|外[电電])|(?:外[电電]|[专專]?[电電]|[现現][场場]|[专專][访訪]|[连連][线線]|[实實]地)?"
    r"(?:[报報][道導导]|采[访訪]|採訪|[编編][译譯]|[摘选選]?[编編]|整理|撰[文稿]|摄影|攝影|特稿|[专專][电電]|[电電]|[讯訊])|"
    r"[发發]自\s*\S{2,8}|[发發]回|(?<=[\u4e00-\u9fff]{2})(?:[编編][辑輯]|[一二三初复復终終][审審])|[从從][\u4e00-\u9fff]{2,6}(?:、[\u4e00-\u9fff]{2,6})*|的?(?:[专專][题題]|特[别別])|\d{1,2}\s*日.*|/.{0,3}[文图圖摄攝]$)\s*$"
)
_BETWEEN = re.compile(
    r"\s*(?:[、，,;；/／|｜丨]|\s[&＆]\s|\band\b|(?<=[\u4e00-\u9fffA-Za-z.])[和与與及](?=[\u4e00-\u9fffA-Z]))\s*",
    re.IGNORECASE,
)
_HAN_BLANK = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_SPACED_NAME = re.compile(
    r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff])\s+([\u4e00-\u9fff]{1,2})(?![\u4e00-\u9fff])|(?<=[\u4e00-\u9fff][·・])\s+"
)
_HAN_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
_LONG_HAN_NAME = re.compile(
    r"[\u4e00-\u9fff]{1,8}(?:[·\u0387・•‧∙⋅．.][\u4e00-\u9fff]{1,10}){1,3}|[\u4e00-\u9fff]{2,4}"
)
_LATIN_NAME = re.compile(
    r"[A-Za-z\u00c0-\u024f\u0370-\u058f\u1e00-\u1fff](?:[A-Za-z\u00c0-\u024f\u0300-\u058f\u1e00-\u1fff]|[.'’ -]){1,38}"
)
_GLOSS = re.compile(r"\s*[（(][^（）()]*[）)]")
_SIGNS = (":", "：", "/", "／", "|", "｜", "丨", "│")
_WRAPPED = re.compile(r"[（(\[【]([^（）()\[\]【】]*)[）)\]】]?")
_INTERN = re.compile(r"(?:(^)|\s|(?<=[、，,]))(?:[实實见見][习習])(?:生|记者|記者)\s*[:：/／|｜丨│]?\s*")
_OTHER_TRADE = re.compile(
    r"(?<=\w)\s+[^\s:：/／|｜丨、，]{0,4}(?:[编編][辑輯]|[责責][编編]|校[对對]|[审審][核校]|[设設][计計]|排版|[摄攝]影|[图圖]片?|[监監][制製]|"
    r"翻[译譯]|[译譯]者|策[划劃]|[来來]源)\s*[:：/／|｜丨│].*"
)
_DATED = re.compile(r"\d\s?日")
_SURNAMES = frozenset(
    "王李張张劉刘陳陈楊杨黃黄趙赵吳吴周徐孫孙馬马朱胡郭何林高羅罗鄭郑梁謝谢宋唐許许韓韩馮冯鄧邓曹彭曾肖蕭萧田董潘袁蔡蔣蒋余于杜葉叶程魏蘇苏呂吕丁任盧卢姚沈鍾钟姜崔"
    "譚谭陸陆范汪廖石金韋韦賈贾夏付傅方鄒邹熊白孟秦邱侯江尹薛閆闫段雷龍龙黎史陶賀贺毛郝顧顾龔龚邵萬万覃武錢钱戴嚴严莫孔向常湯汤溫温康施文牛樊葛邢安齊齐易喬乔伍龐庞江倪翁莊庄柯聶聂俞"
)
_NO_NAME = re.compile(
    r"[的了是在我你他她它们們这這那被说說吗嗎呢吧很都也就不未]|[摄攝]$|^(?:采写|採寫|影像|剪[辑輯]|[摄攝].)$|(?:BBC|CNN|MIT|NPR)\b"
)
_PEN_NAME = re.compile(
    r"(?:作者|撰文|撰稿|文)\s*[:：]\s*([^，。！？!?：:；;、/／|｜丨“”《》（）()\n]{2,16}?)"
    r"(?:\s+\S{0,8}(?:记者|記者|[编編][辑輯]))?\s*"
)
_NULL = re.compile(r"^(?:null|undefined|none)\b\s*", re.IGNORECASE)
_NOBODY = re.compile(
    r"admin(?:istrator)?|editors?|staff|unknown|anonymous|佚名|匿名|未知|未署名|[网網]友|[读讀]者|[转轉][载載]|原[创創]|"
    r"(?:本[报報台刊网網社]|特[约約])*(?:[评評][论論][员員]|记者|記者|作者)|[编編][辑輯]部?|小[编編]|本[报報台刊网網]讯?|"
    r".{3,}[报報]|.*(?:中文[网網]|新[闻聞][网網]|通[讯訊]社|[电電][视視]?台|[编編][辑輯]部|出版社|公司|[报報]社)|"
    r"(?:ARD|dpa|AFP|AP|Reuters|DW|BBC|CNN|VOA|RFA|RFI|CNA|NHK|EPA)",
    re.IGNORECASE,
)

_PLACES = (resources.files(__package__) / "places.txt").read_text("utf-8").split()
_PLACE = re.compile(
    rf"(?:{'|'.join(sorted(_PLACES, key=len, reverse=True))})[县縣市]?(?:[-－/／、～](?:{'|'.join(_PLACES)}))*$"
)
_PLACES_ALONE = re.compile(rf"(?:(?:{'|'.join(_PLACES)})[-－/／、～ ]*)+")
_LONG_SURNAMES = frozenset(("欧阳", "歐陽", "司马", "司馬", "上官", "诸葛", "諸葛", "夏侯", "皇甫", "慕容", "令狐"))


_SENTENCE = re.compile(r"[。！？；!?]|，.*，")
_ROLE_LINE = re.compile(
    r"[^，。！？：:]{0,16}(?:记者|記者|[编編][辑輯]|[专專][栏欄]作家|撰稿人|[评評][论論][员員]|通[讯訊][员員]|特派[员員]|主播|"
    r"correspondent|reporter|editor)"
    r"(?:\s*(?:[发發]自|in)\s*[^，。]{2,16})?",
    re.IGNORECASE,
)
_IS = re.compile(
    r"[·\w. ]{0,16}\s*(?:[（(][^（）()]{2,40}[）)])?\s*(?:是|[为為]|，|,|[现現]|系|自|[报報][道導]|[负負][责責]|著|"
    r"[毕畢][业業]|曾|生于|\bis\b|\bhas\b)"
)
_POST = re.compile(
    r"记者|記者|社[长長]|作者|作家|教授|[专專][栏欄]|撰稿|[编編][辑輯]|[学學]者|研究[员員]|[评評][论論]|主任|[导導]演|律[师師]|[译譯]者|[时時][报報]|"
    r"twitter|推特|instagram|[毕畢][业業]|博士|本科生|研究生|留[学學]生|著有|[媒][体體]人|[报報][道導]",
    re.IGNORECASE,
)


def names_in(raw: str, *, strict: bool = False) -> tuple[str, ...]:
    """The persons whom a byline names, in its order, each once.

    Labels (记者, By), roles (综合报道) and the place behind a name in a dateline are left out; what cannot be a
    person's name (a publisher, a sentence) is not one; with ``strict`` there are then no names at all.
    """
    text = _NULL.sub("", raw.strip(' \t“”"。#＃*'))
    if match := _WRAPPED.fullmatch(text):
        text = match[1]
    text = _INTERN.sub(lambda match: "" if match[1] is not None else "、", _GLOSS.sub(" ", text).strip())
    labels = [match for match in _LABEL.finditer(text) if text[match.end() :].strip(" 。")]  # at the end it is a role
    dated = _DATED.search(text) is not None
    if not labels and dated:
        return ()  # 中央社台北8日電: a place and a day
    if len(labels) > 1 and (several := _credits(text, labels)):
        return distinct(name for credit in several for name in names_in(credit, strict=strict))
    text = _OTHER_TRADE.sub("", text[labels[-1].end() :] if labels else text)
    whole = text
    while (shorter := _ROLE.sub("", text)) != text:
        text = shorter
    is_named = bool(labels) and labels[-1][0].rstrip()[-1:] in _SIGNS
    found = [
        _persons(piece, placed=bool(labels) and text != whole, named=is_named)
        for piece in _BETWEEN.split(text)
        if piece.strip()
    ]
    if not any(found) and (pen := _PEN_NAME.fullmatch(raw.strip())) and not _is_nobody(pen[1]):
        return (pen[1],)
    return distinct(name for names in found for name in names) if all(found) or not strict else ()


def _credits(text: str, labels: list[re.Match[str]]) -> list[str]:
    """``记者：甲、作者：乙`` or ``记者 甲 通讯员 乙`` apart; nothing where they are of one name (``文/记者 甲``)."""
    ends = [*(label.start() for label in labels[1:]), len(text)]
    values = [text[label.end() : end].strip(" 、，,;；/／|｜") for label, end in zip(labels, ends, strict=True)]
    if not all(values) or any(label[0][-1:] not in (*_SIGNS, " ") for label in labels):
        return []
    return [label[0] + value for label, value in zip(labels, values, strict=True)]


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """The names in their order, each once however it is written, and not too many."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(name.casefold(), name)
    return tuple(found.values())[:MOST]


def are_surnamed(names: Iterable[str]) -> bool:
    """Whether names in Han characters have usual lengths and the first a usual surname.

    That tells names where nothing else does.
    """
    known = list(names)
    return bool(known) and known[0][0] in _SURNAMES and all(len(name) <= 3 for name in known)


def are_persons(raw: str) -> bool:
    """Whether what stands where archives write publishers too is nothing but usual names of persons (``沈小芸``)."""
    names = names_in(raw, strict=True)
    return are_surnamed(names) and not any(_OFFICE.search(name) for name in names)


_OFFICE = re.compile(
    r"[报報社网網台刊局部会會站院所团團厅廳处處界城圈派观觀读讀说說谈談评評论論闻聞讯訊播]$|[时時]间$|[财財][经經]|[新]闻"
)


def is_reporters(line: str) -> bool:
    """Whether a line has a reporter in it by name of the trade."""
    return "记者" in line or "記者" in line


def is_labelled(line: str) -> bool:
    """Whether a line says that it names an author, whoever that is: ``作者：``."""
    match = _LABEL.search(line)
    return match is not None and match[0].rstrip()[-1:] in _SIGNS


def looks_like_byline(line: str) -> bool:
    """Whether a line above the date of an article can be its byline."""
    if len(line) > 60 or _SENTENCE.search(line):
        return False
    return bool(names_in(line, strict=True)) or is_publisher(line.strip("《》")) or _NOBODY.fullmatch(line) is not None


def is_name_above_role(line: str, below: str) -> bool:
    """Whether two lines are a name, and what its owner is, or for whom: ``BBC驻美记者 发自华盛顿``, ``BBC Future``."""
    is_role = _ROLE_LINE.fullmatch(below) is not None or (
        len(below) <= 30 and is_publisher(_FIRST_WORD.split(below)[0])
    )
    return len(line) <= 60 and is_role and bool(names_in(line, strict=True))


_FIRST_WORD = re.compile(r"[\s，,]")


def is_signature(line: str) -> bool:
    """Whether a line is nothing but one usual name, as it stands below an article."""
    return len(line) in (2, 3) and are_surnamed(names_in(line, strict=True))


def is_about(line: str, authors: Iterable[str]) -> bool:
    """Whether a line below an article tells who one of its authors is."""
    start = line[:60].casefold()
    author = next((author for author in authors if start.startswith(author.casefold())), "")
    return bool(author) and _IS.match(line, len(author)) is not None and _POST.search(line) is not None


def without_address(author: str) -> str:
    """An author without the e-mail address that feeds write before the name: ``a@b.example (张三)``."""
    if match := _ADDRESSED.fullmatch(author.strip()):
        return match[1] or ""
    return author


_ADDRESSED = re.compile(r"\S+@\S+(?:\s*\((.*)\))?")


def credited(source: str, author: str, named: Iterable[str]) -> tuple[str, str]:
    """The publisher and the authors of an article: those that came with it, else those whom its text names.

    A publisher where the author stands is the real one, whom somebody posted again.
    """
    author = without_address(author)
    if is_publisher(author):
        source = source if is_publisher(source) else author
        author = ""
    if author == source:
        author = ""
    return canonical(source), joined(names_in(author)) or author or joined(named)


def joined(names: Iterable[str]) -> str:
    """Names as the archive keeps them: ``张三、李四``."""
    return "、".join(dict.fromkeys(names))


def parted(author: str) -> tuple[str, ...]:
    """The reverse of ``joined``."""
    return tuple(filter(None, author.split("、")))


def _persons(piece: str, *, placed: bool, named: bool) -> list[str]:
    """The names in what stands between two commas.

    ``placed``: the last may be followed by a place. ``named``: a label says that they are names.
    """
    piece = _SPACED_NAME.sub(r"\1\2", _ROLE.sub("", _NULL.sub("", piece)).strip(" \t·:：.-—"))
    parts = [
        each for part in _HAN_BLANK.split(piece) if (each := _ROLE.sub("", part)) and not _PLACES_ALONE.fullmatch(each)
    ]
    if len(parts) > 1:
        return parts if all(_HAN_NAME.fullmatch(part) and _is_person(part, named) for part in parts) else []
    name = _without_place(parts[0], placed) if parts else ""
    return [_cased(name)] if _is_person(name, named) else []


def _is_nobody(name: str) -> bool:
    return _NOBODY.fullmatch(name) is not None or is_publisher(name)


def _is_person(name: str, named: bool) -> bool:
    """Whether this can be the name of a person, by its form."""
    if not name or len(name) > _LONGEST or _is_nobody(name):
        return False
    if _NO_NAME.search(name) and not (named and len(name) == 3 and are_surnamed([name])):
        return False
    if _LONG_HAN_NAME.fullmatch(name):
        return True
    return _LATIN_NAME.fullmatch(name) is not None and len(name.split()) <= 5


def _without_place(name: str, placed: bool) -> str:
    """A name without the place behind it: 吴家豪台北, 蔡凌巴黎. Of a place that is not known, Han names have three."""
    if len(name) < 4 or not _HAN_NAME.fullmatch(name[:2]):
        return name
    if match := _PLACE.search(name):
        return name[: match.start()] if 2 <= match.start() <= 4 else name
    if placed and len(name) > 4 and name.isalpha():
        return name[: 4 if name[:2] in _LONG_SURNAMES else 3]
    return name


def _cased(name: str) -> str:
    """A name in capitals as names are written: MÓNICA R. GOYA, DAVID McCABE; one word may be short for something."""
    words = name.split()
    if len(words) < 2 or sum(map(str.isupper, name)) < 0.7 * sum(map(str.isalpha, name)):
        return name
    return " ".join("Mc" + word[2:].capitalize() if word.startswith("Mc") else word.title() for word in words)
