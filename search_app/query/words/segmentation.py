"""How an unspaced run of Chinese is cut into the texts that an article must hold.

jieba's words of the run, where words of one character say little alone: neighbours are joined (冠病, 特郎普), a single
one joins the word beside it. Function words (的, 对, 什么) are left out, but never out of a word of the dictionary
(由来, 中和), nor where no more than one character would be left.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

from indexer.text.analyser import Analyser
from indexer.text.characters import HAN_CLASS
from search_app.query.tree import AllOf, Clause, Node, is_plain

_FUNCTION_WORDS = """
的 了 着 过 吗 呢 吧 啊 呀 嘛 之 其 者 所 是 有 也 还 都 就 才 又 而 而且 并 并且 但 但是 因为 所以 如果
为 在 对 对于 于 从 自 向 往 到 把 将 被 给 让 使 由 以 与 和 及 以及 跟 同 或 或者 关于
我 你 他 她 它 我们 你们 他们 她们 它们 这 那 这个 那个 这些 那些
谁 什么 什么样 怎么 怎样 怎么样 如何 为什么 为何 何时 何地 何年 何处 何人 何种 时候 分别
哪 哪个 哪些 哪里 哪儿 哪年 哪位 哪种 哪部 哪一个 哪一位 哪一年 哪一部 哪一种 一个 一种 一位 一年
几 多少 多少钱 多少次 多久 多大 多长 多高 多远 是否 是不是 有没有 请问
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
"""Words that carry grammar or ask, folded. Left out of an unspaced run when asking; the index holds them."""

_ENGLISH = """
a an the this that these those it its he she they we you his her their our your my
of in on at to for from by with about into over after before between and or but as than if
is are was were be been being do does did has have had will would can could may might should must
how what when where which who whom whose why
"""
_ENGLISH_FUNCTION_WORDS = frozenset(_ENGLISH.split())

_LEAST_LEFT = 2
"""Words that must be left of an English question."""

_LONGEST_WORD = 8
"""Characters of a word of the dictionary that function words may be a part of."""

HAN_RUN = re.compile(f"[{HAN_CLASS}]+")
_RUNS = re.compile(f"[{HAN_CLASS}]+|[^{HAN_CLASS}]+")


def without_function_words(node: Node) -> tuple[Node, tuple[str, ...]]:
    """The tree of words in a row without the English ones that carry grammar or ask, and these.

    In capitals they are something else (WHO, IT, US). Where hardly anything else is asked they are meant: The Who.
    """
    if not isinstance(node, AllOf):
        return node, ()
    kept = tuple(part for part in node.parts if not _is_grammar(part))
    if len(kept) < _LEAST_LEFT:
        return node, ()
    left_out = dict.fromkeys(part.text for part in node.parts if isinstance(part, Clause) and _is_grammar(part))
    return AllOf(kept), tuple(left_out)


def _is_grammar(node: Node) -> bool:
    if not isinstance(node, Clause) or not is_plain(node):
        return False
    return node.text.lower() in _ENGLISH_FUNCTION_WORDS and not node.text.isupper()


@dataclass(frozen=True, slots=True)
class Cut:
    """A text to look for, and the word in it that single characters joined (鸟击 in 鸟击指), else the text itself."""

    text: str
    core: str


def cut_run(folded: str, analyser: Analyser, *, whole: bool) -> tuple[list[Cut], tuple[str, ...]]:
    """The texts of a folded run, and the function words left out.

    ``whole``: the run is all of a clause, so that something must be left of it, and more than one character.
    """
    words: list[str] = []
    dropped: list[str] = []
    for run in _RUNS.findall(folded):
        if not HAN_RUN.match(run):
            words.append(run if analyser.phrase_tokens(run)[0] else "")
            continue
        found = analyser.cut(run)
        empty = _without_meaning(found, analyser.has_word)
        left = [word for place, word in enumerate(found) if place not in empty]
        # Three characters that the dictionary does not know are likelier somebody's name (李有|为, 金|与|正).
        guessed = len(run) == 3 and (len(found) == 3 or not all(map(analyser.has_word, left)))
        if whole and (guessed or len("".join(left)) == 1):
            empty = set()
        dropped += [found[place] for place in sorted(empty)]
        words += ["" if place in empty else word for place, word in enumerate(found)]
    cuts = join_words(words)
    if not cuts and whole:
        return [Cut(folded, folded)], ()
    return cuts, tuple(dropped)


def _without_meaning(words: Sequence[str], is_word: Callable[[str], bool]) -> set[int]:
    """The places of the function words in a cut run, but for those that are a part of a word of the dictionary.

    Such a word may be cut apart (由|来) or across what was only guessed to be a word (碳中|和: 中和). It is none where
    it takes a part of a word that the dictionary has (习近平|和: 平和), nor where it is made of function words alone.
    """
    run = "".join(words)
    bounds = list(accumulate(map(len, words), initial=0))
    guessed = {
        place
        for word, start, end in zip(words, bounds, bounds[1:], strict=False)
        if len(word) > 1 and not is_word(word)
        for place in range(start + 1, end)
    }
    edges = guessed.union(bounds)
    places = {place for place, word in enumerate(words) if word in FUNCTION_WORDS}
    kept: set[int] = set()
    for place in places:
        start, end = bounds[place], bounds[place + 1]
        for low in range(max(0, end - _LONGEST_WORD), start + 1):
            for high in range(end, min(len(run), low + _LONGEST_WORD) + 1):
                around = range(bisect_right(bounds, low) - 1, bisect_left(bounds, high))
                if edges.issuperset((low, high)) and not places.issuperset(around) and is_word(run[low:high]):
                    kept.update(around)
    return places - kept


def join_words(words: Iterable[str]) -> list[Cut]:
    """The words of a run, single characters joined to what they touch.

    An empty word stands for a break that nothing is joined across.
    """
    cuts: list[Cut] = []
    touching: list[str] = []
    for word in [*words, ""]:
        if word:
            touching.append(word)
        elif touching:
            cuts += _joined(touching)
            touching = []
    return cuts


def _joined(words: Sequence[str]) -> list[Cut]:
    """Words that touch each other, without any of one character as far as possible."""
    texts: list[str] = []
    for single, group in groupby(words, key=lambda word: len(word) == 1):
        touching = list(group)
        texts += ["".join(touching)] if single else touching
    cuts = [Cut(texts[0], texts[0])]
    for text in texts[1:]:
        before = cuts[-1]
        if len(text) == 1:
            cuts[-1] = Cut(before.text + text, before.core)
        elif len(before.text) == 1:  # only the first can be
            cuts[-1] = Cut(before.text + text, text)
        else:
            cuts.append(Cut(text, text))
    return cuts
