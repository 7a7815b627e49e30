"""People's names that nobody knew before: foreign ones in Han characters, and Chinese, Japanese and Korean ones."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from indexer.entities.known import Kind, Known, is_common, is_organisation, transliterates
from indexer.entities.tokens import Claim, Tokens
from indexer.entities.words import listed

DOT = "·"
DOTS = str.maketrans(dict.fromkeys("‧•・", DOT))
"""What stands between the parts of a foreign name; other dots are read as this one."""

TAGS = frozenset(["", "nr", "nrt", "nrfg", "ns", "nz", "x", "zg"])
"""Tags of words that may be a name, or a piece of one."""

PLACE_UNITS = frozenset("省市县区州镇乡岛港郡")

_OF_PEOPLE = frozenset(["nr", "nrt", "nrfg", "x"])

_GRAMMAR = frozenset(["p", "c", "u", "uj", "ul", "ud", "uv", "uz", "y", "m"])
_GRAMMAR_OF_ONE = frozenset(["d", "v", "r", "f"])
"""Tags of words that are no given name, and those of single characters that are none."""

_OF_ENDS = frozenset(["zg", "nr", "nrt", "g", "ng", "x", ""])
"""Tags of a character at the end of a given name."""

_QUOTED = frozenset('”」』》"')
"""What a ship, a mission or a book is called may be a foreign name."""

_COLONS = frozenset([":", "/", "|", "("])

_GLOSS = re.compile(r"[(（][a-zà-ɏ]")

_LONGEST_PART = 8
"""Characters of one part of a foreign name."""


class PersonalNames:
    """The people's names in one text."""

    def __init__(self, tokens: Tokens, known: Known) -> None:
        self._tokens = tokens
        self._names = known.names
        self._others = known.others

    def dotted(self) -> Iterator[Claim]:
        """Foreign names with dots between their parts, and what is named after such people."""
        if DOT not in self._tokens.text:
            return
        end = 0
        for place, word in enumerate(self._tokens.words):
            if word != DOT or place < end or not (self._tokens.is_han(place - 1) and self._tokens.is_han(place + 1)):
                continue
            first, end = self._back(place - 1), self._on(place + 1)
            while self._tokens.word(end) == DOT and self._tokens.is_han(end + 1):
                end = self._on(end + 1)
            is_organisation_too = self._tokens.word(end) in listed("organisation heads")
            name = self._tokens.slice(first, end := end + is_organisation_too)
            if name not in self._others:
                kind: Kind = "organisation" if is_organisation_too or is_organisation(name) else "person"
                yield Claim(first, end, self._names.get(name, kind))

    def _back(self, place: int) -> int:
        """The first piece of the part of a name that ends here."""
        length = len(self._tokens.words[place])
        while self._is_part(place - 1) and length < _LONGEST_PART:
            place -= 1
            length += len(self._tokens.words[place])
        return place

    def _on(self, place: int) -> int:
        """The token behind the part of a name that begins here."""
        place += 1
        while self._is_part(place):
            place += 1
        return place

    def _is_part(self, place: int) -> bool:
        """Whether a word may be a piece of a foreign name that segmentation broke."""
        word = self._tokens.word(place)
        if not word or word in self._names or not transliterates(word):
            return False
        return self._tokens.tags[place] in TAGS or len(word) == 1

    def foreign(self, place: int, taken: Collection[int]) -> Claim | None:
        """The foreign name that begins with a token, or the place called so."""
        if not self._is_part(place):
            return self._rare(place)
        behind = place + 1
        while behind not in taken and self._is_part(behind):
            behind += 1
        name = self._tokens.slice(place, behind)
        if len(name) < 2 or len(name) > _LONGEST_PART or name in self._others:
            return None
        if self._tokens.word(behind) in PLACE_UNITS:
            return Claim(place, behind + 1, "place")
        if name[0] in listed("surnames") and len(name) < 4:
            return None
        return self._person(place, behind, len(name) > 3 and self._tokens.word(behind) not in _QUOTED)

    def _rare(self, place: int) -> Claim | None:
        """A name with rarer characters, which the tagger takes for a person's and a witness confirms."""
        word = self._tokens.words[place]
        if self._tokens.tags[place] not in _OF_PEOPLE or len(word) < 2 or word in self._others:
            return None
        if not transliterates(word, rarely=True) or not self._has_witness(place, place + 1):
            return None
        return self._person(place, place + 1, True)

    def asian(self, place: int) -> Claim | None:
        """The Chinese, Japanese or Korean name that begins with a token."""
        word, behind = self._tokens.words[place], place + 1
        is_whole = len(word) > 1 and word not in listed("surnames")
        if is_whole and self._tokens.tags[place] not in _OF_PEOPLE:
            return None
        if not is_whole:
            # 陈 and 一新: the given name was taken for another word, or for two.
            if word not in listed("surnames") or not self._is_given(behind):
                return None
            behind += 1
            is_one = len(self._tokens.words[behind - 1]) == 1
            if is_one and len(self._tokens.word(behind)) == 1 and self._is_given(behind):
                behind += 1
            if self._tokens.tags[place] not in _OF_PEOPLE and not self._is_titled(place):
                return None
        elif len(word) == 2 and self._is_end(behind):
            behind += 1
        name = self._tokens.slice(place, behind)
        if name in self._others or not is_asian_name(name):
            return None
        return self._person(place, behind, is_whole and is_surely_a_name(name))

    def _is_given(self, place: int) -> bool:
        """Whether a word may be a given name, or its beginning or end."""
        if not self._tokens.is_han(place) or len(self._tokens.words[place]) > 2 or self._tokens.tags[place] in _GRAMMAR:
            return False
        return len(self._tokens.words[place]) == 2 or self._tokens.tags[place] not in _GRAMMAR_OF_ONE

    def _is_end(self, place: int) -> bool:
        """Whether a token is a character that segmentation has cut off a given name."""
        is_one = self._tokens.is_han(place) and len(self._tokens.words[place]) == 1
        return is_one and self._tokens.tags[place] in _OF_ENDS

    def _is_titled(self, place: int) -> bool:
        """Whether a title stands before this token."""
        before, titles = self._tokens.word(place - 1), listed("before a person")
        return any(before[-size:] in titles for size in (2, 3, 4) if len(before) >= size)

    def _person(self, first: int, behind: int, sure: bool) -> Claim:
        if self.is_byline(first, behind):
            return Claim(first, behind, None)
        return Claim(first, behind, "person", sure or self._has_witness(first, behind))

    def _has_witness(self, first: int, behind: int) -> bool:
        """Whether what stands around tells that it is a person's name."""
        return (
            self._is_titled(first)
            or self._tokens.word(first - 1) in _QUOTED
            or self._tokens.word(behind) in listed("after a person")
            or _GLOSS.match(self._tokens.text, self._tokens.starts[behind]) is not None
        )

    def is_byline(self, first: int, behind: int) -> bool:
        """Whether a name is that of somebody who made the article."""
        bylines, before = listed("bylines"), self._tokens.word(first - 1)
        if before not in bylines and not (before in _COLONS and self._tokens.word(first - 2) in bylines):
            return False
        return self._tokens.word(behind) not in listed("after a person")


def is_asian_name(name: str) -> bool:
    """Whether a word is a family name of Chinese, Korean or Japanese and a given one."""
    never = listed("never in a given name")
    if len(name) == 4 and not listed("japanese surnames").isdisjoint((name[:2], name[:1])):
        return never.isdisjoint(name[2:])
    for size in (2, 1):
        given = name[size:]
        if name[:size] in listed("surnames") and 1 <= len(given) <= 2:
            return never.isdisjoint(given) and given not in listed("no given names")
    return False


def is_surely_a_name(name: str) -> bool:
    """Whether an Asian name needs no witness: two given characters, and no common word in it (许可证, 高水平)."""
    if len(name) < 3 or name[-1] in listed("no given names"):
        return False
    return not (is_common(name[:2], tagged=False) or is_common(name[-2:]) or is_common(name, tagged=False))
