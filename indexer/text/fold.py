"""Folding: all spellings of a character become one, before anything else looks at the text.

A fold is NFKC, then case folding, then Traditional to Simplified, and default-ignorable characters (zero-width spaces,
variation selectors) vanish. It is *context-free*: a cluster of a character and its combining marks folds alike wherever
it stands, so ``fold(a + b) == fold(a) + fold(b)`` when ``b`` starts a cluster. That is what lets a run that is cut from
any text be found in any other. Converters that look at phrases (乾 is 干 but 乾隆 is 乾隆) cannot promise it.

IDEOGRAPHIC SPACE stays what it is, and EM SPACE becomes it: they are as wide as a character, and ``gaps`` tells by it
where a name is padded.

Characters: the first choice of OpenCC's table of Traditional characters, its Japanese forms (黒 is 黑), and the pairs
of ``variant_characters.txt``, whose header says what belongs there.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from indexer.text import opencc

CODE_POINTS = 0x110000

WIDE_SPACE, _EM_SPACE = "\u3000", "\u2003"

_IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Default_Ignorable_Code_Point of Unicode, as the inside of a character class."""

# Second characters of canonical compositions that are no combining marks: Hangul vowels and finals, Indic vowel signs.
_COMPOSING = (
    "\u1161-\u1175\u11a8-\u11c2\u09be\u09d7\u0b3e\u0b56\u0b57\u0bbe\u0bd7\u0cc2\u0cd5\u0cd6\u0d3e\u0d57\u0dcf\u0ddf"
    "\u102e\u1b35\U00011127\U0001133e\U00011357\U000114b0\U000114ba\U000114bd\U000115af\U00011930"
)

# Blocks that hold a character which NFKC or case folding changes, or which joins the one before it (a test proves it).
_SURVEYED = (
    range(0x3400),
    range(0xA000, 0xAC00),
    range(0xF900, 0x12000),
    range(0x16000, 0x17000),
    range(0x1B000, 0x1FC00),
    range(0x2F800, 0x2FA20),
    range(0xE0000, 0xE1000),
)


@cache
def _simplified() -> dict[int, str]:
    """Code point of each Traditional or variant character -> its Simplified form, chains resolved."""
    pairs = {traditional: choices[0] for traditional, choices in opencc.table("TSCharacters.txt")}
    pairs |= _japanese_forms(pairs)
    for line in resources.files("indexer.text").joinpath("variant_characters.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            pairs |= {pair[0]: pair[1] for pair in line.split()}
    resolved = {}
    for spelling in pairs:
        end = spelling
        while pairs.get(end, end) != end:
            end = pairs[end]
        resolved[ord(spelling)] = end
    return resolved


def _japanese_forms(simplified: Mapping[str, str]) -> dict[str, str]:
    """Each form that Japanese prints, or printed before 1946, and Chinese does not -> the Simplified character.

    GB 2312 tells which form is Chinese. Where it has both they are two characters: 芸 is no 艺, 予 no 豫.
    """
    forms: dict[str, str] = {}
    for new, olds in opencc.table("JPShinjitaiCharacters.txt"):
        for old in olds:
            one, other = simplified.get(new, new), simplified.get(old, old)
            if _is_gb2312(one) != _is_gb2312(other):
                chinese, foreign = (one, other) if _is_gb2312(one) else (other, one)
                forms[foreign] = forms[old if chinese == one else new] = chinese
    return {form: chinese for form, chinese in forms.items() if form != chinese}


def _is_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


_LONGEST_CLUSTER = 64
"""Characters of a cluster that count: no language stacks so many marks, and Unicode's order of them takes quadratic
time to make."""


def _fold_cluster(cluster: str) -> str:
    """The fold of one cluster, by definition; everything else in this module only makes it fast."""
    if cluster in (WIDE_SPACE, _EM_SPACE):
        return WIDE_SPACE
    cluster = _DROPPED.sub("", cluster)[:_LONGEST_CLUSTER]
    while True:
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).casefold())
        folded = _DROPPED.sub("", folded).translate(_simplified())[:_LONGEST_CLUSTER]
        if folded == cluster:
            return folded
        cluster = folded


_DROPPED = re.compile(f"[{_IGNORABLE}]")


class _Table(dict[int, str]):
    """For ``str.translate``: remembers that a character folds to itself, since a miss costs an exception."""

    def __missing__(self, code: int) -> str:
        self[code] = character = chr(code)
        return character


def _survey() -> tuple[_Table, npt.NDArray[np.uint32], re.Pattern[str], re.Pattern[str]]:
    """Look at every character once: what it folds to, and which need more than a table look-up."""
    characters = [chr(c) for block in _SURVEYED for c in block if c != ord("\n")]
    # A newline never composes with its neighbours, so the whole repertoire folds in three calls.
    rows = "\n".join(characters)
    normal = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", rows).casefold()).split("\n")
    decomposed = unicodedata.normalize("NFKD", rows).split("\n")
    composing = re.compile(f"[{_COMPOSING}{_IGNORABLE}]")
    first = [parts[0] for parts in decomposed]
    joining = {character for character in set(first) if unicodedata.combining(character) or composing.match(character)}
    joiners = [character for character, part in zip(characters, first, strict=True) if part in joining]
    changed = (ord(character) for character, folded in zip(characters, normal, strict=True) if folded != character)
    table = _Table()
    for code in [*changed, *_simplified()]:
        table[code] = _fold_cluster(chr(code))
    table |= {ord(j): _fold_cluster(j) for j in joiners}
    codes = np.arange(CODE_POINTS, dtype=np.uint32)
    long = [code for code, folded in table.items() if len(folded) != 1]
    for code, folded in table.items():
        codes[code] = ord(folded) if len(folded) == 1 else EXPANDS
    codes[[ord(j) for j in joiners]] = JOINS
    joined, expanded = _character_class(map(ord, joiners)), _character_class(long)
    return table, codes, re.compile(joined), re.compile(f".{joined}+|{expanded}", re.DOTALL)


def _character_class(codes: Iterator[int] | list[int]) -> str:
    """A regular expression's class of these characters, as ranges."""
    spans: list[list[int]] = []
    for code in sorted(codes):
        if spans and code == spans[-1][1] + 1:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    return "[" + "".join(f"\\U{lo:08x}-\\U{hi:08x}" for lo, hi in spans) + "]"


EXPANDS, JOINS = 0xFFFFFFFE, 0xFFFFFFFF
"""In ``FOLDED_CODES``: this character folds to none or several; it joins the one before it, whatever it folds to."""

_TABLE, FOLDED_CODES, _JOINER, _SPECIAL_CLUSTER = _survey()
"""``FOLDED_CODES[c]`` is the code point that code point ``c`` folds to, ``EXPANDS`` or ``JOINS``."""

_BMP = 0x10000


@cache
def may_change() -> re.Pattern[str]:
    """A character that folding may change: a text without any is its own fold. All of those above U+FFFF are taken for
    such, which makes the search a hundred times as fast."""
    changed = np.flatnonzero(FOLDED_CODES[:_BMP] != np.arange(_BMP)).tolist()
    return re.compile(_character_class(changed)[:-1] + "\U00010000-\U0010ffff]")


_SHORT = 24
"""Characters from which arrays are faster than a regular expression and a table; of whole articles twenty times."""


def fold(text: str) -> str:
    """The folded text. Folding again changes nothing."""
    if len(text) > _SHORT:
        return fold_with_offsets(text).text
    if _JOINER.search(text):
        text = _SPECIAL_CLUSTER.sub(lambda match: _fold_cluster(match[0]), text)
    return text.translate(_TABLE)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text that knows where each of its characters came from.

    ``marks`` are the places where folded and original offsets part: rows ``(folded start, folded end, original start,
    original end)`` of the clusters that are not one character for one, in order.
    """

    text: str
    marks: tuple[tuple[int, int, int, int], ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The slice of the original text whose fold covers ``text[start:end]``; clusters are never cut."""
        return self._offset(start, at_end=False), self._offset(end, at_end=True)

    def _offset(self, offset: int, *, at_end: bool) -> int:
        # An end belongs to the character before it, a start to the one after.
        row = bisect_right(self.marks, offset - at_end, key=lambda mark: mark[0]) - 1
        if row < 0:
            return offset
        _, folded_end, original_start, original_end = self.marks[row]
        if offset - at_end < folded_end:
            return original_end if at_end else original_start
        return original_end + offset - folded_end


def fold_with_offsets(text: str) -> Folded:
    """The folded text with its offset map."""
    codes = FOLDED_CODES[np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)]
    special = np.flatnonzero(codes >= EXPANDS)
    if not len(special):
        return Folded(_decoded(codes), ())
    if (codes[special] == JOINS).any():
        clusters = [match.span() for match in _SPECIAL_CLUSTER.finditer(text)]
        if codes[0] == JOINS and (not clusters or clusters[0][0]):
            clusters.insert(0, (0, 1))  # it has nothing to join
    else:
        clusters = [(start, start + 1) for start in special.tolist()]
    codes[special] = 0
    one_by_one = _decoded(codes)
    pieces: list[str] = []
    marks: list[tuple[int, int, int, int]] = []
    done = length = 0
    for start, end in clusters:
        piece = _TABLE[ord(text[start])] if end - start == 1 else _fold_cluster(text[start:end])
        pieces += one_by_one[done:start], piece
        length += start - done
        if end - start > 1 or len(piece) != 1:
            marks.append((length, length + len(piece), start, end))
        length += len(piece)
        done = end
    return Folded("".join([*pieces, one_by_one[done:]]), tuple(marks))


def _decoded(codes: npt.NDArray[np.uint32]) -> str:
    return codes.tobytes().decode("utf-32-le", "surrogatepass")
