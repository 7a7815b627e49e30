"""Glosses: where articles set a Latin name in brackets behind a Chinese one, and what stands around the Chinese one.

Everything here is bounded, so that reading takes time in proportion to the text, and memory in proportion to what is
kept of it, whatever the articles hold.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from indexer.text.characters import HAN_CLASS
from indexer.text.fold import fold
from indexer.text.groups import normal

REACH = 10
"""Characters before the bracket that may belong to the name."""

EDGE = "|"
"""Stands for the left edge of the text, or of the Han text, in what is remembered of a name's company."""

DOT = "·"

_TEXT = 200_000
"""Characters of an article that are read."""

_GLOSSES = 500
"""Latin names of one article that are read."""

_OCCURRENCES = 12
"""Places in one article that tell what company a name keeps."""

_COMPANY = 20_000
"""Different pieces of company that are remembered of one name; they tell no more after so many."""

_CONTEXTS = 5_000
"""Different contexts that are remembered of one name."""

_MOST_KEYS = 200_000
"""Latin names that are remembered while reading; past it the rarest are forgotten."""

_DOTS = str.maketrans(dict.fromkeys("‧•・．", DOT))

_PARTICLES = "de da di do dos du del della der den van von bin ibn al el la le".replace(" ", "|")
_WORD = r"[A-ZÀ-ÖØ-ÞĀ-Ž][A-Za-zÀ-ɏ’'`.]{0,30}"
_LATIN = rf"{_WORD}(?:[ \u00a0‐–-](?:{_WORD}|(?:{_PARTICLES})\b)){{0,4}}"
_GLOSS = re.compile(rf"(?<=[{HAN_CLASS}”」』\"])\s?[（(]\s?({_LATIN})\s?[）),，;；、]")
_BEFORE = re.compile(rf"([{HAN_CLASS}{DOT}‧•・．]{{2,}})[”」』\"]?$")
_UP_TO_HAN = re.compile(rf"^.*[^{HAN_CLASS}]")

_TITLE_ENDS = "长员官者师手卿裁授岁籍裔党人家问表领使相统总前妇首部监"
_GRAMMAR = "的和与在是对由向把被从让了们这其等或但称说给据像跟到有叫名自将"
NEVER = _TITLE_ENDS + _GRAMMAR
"""Characters that no transliteration has: titles end with them, or grammar needs them."""

_TITLES = (
    "主席 主教 教宗 博士 院士 女士 爵士 骑士 先生 小姐 夫人 总理 助理 代理 经理 将军 上将 中将 少将 上校 国王 女王 "
    "王子 公主 王后 亲王 大臣 参谋 秘书 书记 主任 干事 代表 导演 教练 巨星 球星 名将 门将 前锋 后卫 中锋 总监 大帝 诗人"
)
"""Words before a name that end with none of these characters."""

_AFTER_NEVER = re.compile(f"[^{NEVER}{DOT}]*$")
_AFTER_TITLE = re.compile(f"(?:{'|'.join(_TITLES.split())})(?=..)")


@dataclass(slots=True)
class Evidence:
    """What was read about one Latin name.

    ``contexts``: the characters before its brackets, and the numbers of the articles that have them. ``company``: up to
    ``REACH`` characters that end with the last two of a context, wherever they stand in those articles, and how often;
    ``|`` is the left edge.
    """

    contexts: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    company: Counter[str] = field(default_factory=Counter)
    articles: int = 0
    example: str = ""
    _before: dict[str, Counter[str]] = field(default_factory=dict)

    def before(self, ending: str) -> Counter[str]:
        """The characters that stand before ``ending``, ``|`` for an edge. For when all is read."""
        if not self._before:
            for piece, count in self.company.items():
                for start in range(1, len(piece)):
                    self._before.setdefault(piece[start:], Counter())[piece[start - 1]] += count
        return self._before.get(ending, Counter())

    def add(self, number: int, folded: str, contexts: dict[str, str]) -> None:
        """Add what one article, folded, tells: its number, and the contexts in it with the text around each."""
        self.articles += 1
        for context in contexts:
            if context in self.contexts or len(self.contexts) < _CONTEXTS:
                self.contexts[context].add(number)
        self.example = self.example or next(iter(contexts.values()))
        for end in {context[-2:] for context in contexts}:
            place = -1
            for _ in range(_OCCURRENCES):
                if (place := folded.find(end, place + 1)) < 0:
                    break
                piece = folded[max(0, place + 2 - REACH) : place + 2]
                piece = _UP_TO_HAN.sub(EDGE, EDGE + piece if place + 2 < REACH else piece)
                if piece in self.company or len(self.company) < _COMPANY:
                    self.company[piece] += 1


def read_glosses(texts: Iterable[str]) -> dict[str, Evidence]:
    """The Latin names that more than one of these articles gloss, and what was read about each. Reads them once."""
    evidence: defaultdict[str, Evidence] = defaultdict(Evidence)
    for number, text in enumerate(texts):
        text = text[:_TEXT]
        if glosses := glosses_in(text):
            folded = fold(text)
            for latin, contexts in glosses.items():
                evidence[latin].add(number, folded, contexts)
        if len(evidence) > _MOST_KEYS:
            evidence = defaultdict(Evidence, _commonest(evidence))
    return {latin: seen for latin, seen in evidence.items() if seen.articles > 1}


def _commonest(evidence: dict[str, Evidence]) -> dict[str, Evidence]:
    """At most half as many names as are remembered, those of most articles: forgetting must stay rare."""
    ordered = sorted(evidence, key=lambda latin: -evidence[latin].articles)
    return {latin: evidence[latin] for latin in ordered[: _MOST_KEYS // 2] if evidence[latin].articles > 1}


def glosses_in(text: str) -> dict[str, dict[str, str]]:
    """Latin name -> the folded contexts before its brackets in this article -> the text around them."""
    found: dict[str, dict[str, str]] = {}
    for match in _GLOSS.finditer(text):
        written = match[1]
        before = _BEFORE.search(text, max(0, match.start() - REACH - 1), match.start())
        if before is None or (written.isupper() and len(written) < 7):
            continue
        latin = " ".join(word for word in _latin_words(written) if len(word) > 1)
        context = fold(before[1].translate(_DOTS))
        if len(latin) > 2 and len(name_part(context)) > 1:
            example = text[max(0, match.start() - 16) : match.end()].replace("\n", " ")
            found.setdefault(latin, {}).setdefault(context, example)
            if len(found) == _GLOSSES:
                break
    return found


def name_part(context: str) -> str:
    """The end of a context that may be the name."""
    match = _AFTER_NEVER.search(context)
    return _AFTER_TITLE.split(match[0])[-1] if match else ""


def _latin_words(written: str) -> list[str]:
    """The words of a Latin name in letters a to z and apostrophes."""
    plain = "".join(c for c in unicodedata.normalize("NFD", normal(written)) if not unicodedata.combining(c))
    plain = plain.translate({ord("ø"): "o", ord("ł"): "l", ord("đ"): "d", ord("ı"): "i"})
    return re.findall(r"[a-z']+", plain.replace("’", "'").replace("`", "'"))
