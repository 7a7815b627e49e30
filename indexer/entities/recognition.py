"""Finding names in a text: the known ones first, then what looks like one.

jieba cuts and tags the text with all known names as words of its own, so that what is known is found by the same cut
as everything else: 普丁 is no name in 普丁堡. What it does not know is put together from its words:

- a foreign person's name: parts with a dot between them, or words in characters that foreign names are written with;
- a Chinese, Japanese or Korean one: a family name and one or two characters. One that might also be a word (许可证), or
  has a single given character, needs a witness in the text: a title before it, speech after it, Latin in brackets;
- an organisation's: words that end as such names do (大学, 委员会), from a name that they begin with;
- a place's: a word that ends as places' names do.

A name that stands behind 记者 or in a byline is nobody's whom the article is about. A place that begins another word
(中国人, 北京时间) is none there.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from indexer.entities.known import Kind, Known
from indexer.entities.organisations import Organisations, is_head
from indexer.entities.personal_names import DOT, DOTS, PLACE_UNITS, TAGS, PersonalNames
from indexer.entities.tokens import Claim, Tokens
from indexer.entities.words import listed
from indexer.text.segment import Segmenter

_LONGEST_LATIN = 9
"""Tokens of the longest Latin form, blanks among them."""

_BEGINS, _ENDS = 1, 2
"""What a word may be: the first of a name, the last of an organisation's."""

_REMEMBERED = 200_000
"""Words whose part is remembered."""


class Mention(NamedTuple):
    """A name that stands in a text: ``text[start:end]``."""

    start: int
    end: int
    kind: Kind


class Recogniser:
    """Finds names in folded texts. Safe to use from many threads."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._segmenter = Segmenter(None, dict.fromkeys(_words_of(known)) | dict.fromkeys(listed("cut apart"), 1))
        self._first_latin = frozenset(re.split(r"\W", form)[0] for form in known.latin)
        self._parts = _Parts(known, self._first_latin)

    def mentions(self, text: str) -> list[Mention]:
        """The names in a folded text, in their order, none inside another."""
        text = text.translate(DOTS)
        tagged = self._segmenter.tagged(text)
        tokens = Tokens(text, tagged)
        # Each word of the language is judged once, not at every place.
        parts = [self._parts[each] for each in tagged]
        people = PersonalNames(tokens, self._known)
        ends = [place for place, part in enumerate(parts) if part & _ENDS]
        claims: list[Claim] = []
        taken: set[int] = set()
        for claim in (*people.dotted(), *Organisations(tokens, self._known).ending_with(ends)):
            if taken.isdisjoint(range(claim.first, claim.behind)):
                taken.update(range(claim.first, claim.behind))
                claims.append(claim)
        end = 0
        for place, part in enumerate(parts):
            if not part & _BEGINS or place < end or place in taken:
                continue
            if (single := self._single(tokens, people, place, taken)) is not None:
                claims.append(single)
                end = single.behind
        return _mentions(tokens, claims)

    def _single(self, tokens: Tokens, people: PersonalNames, place: int, taken: set[int]) -> Claim | None:
        """The name that begins with this token, which is no organisation's."""
        word = tokens.words[place]
        if word in self._first_latin:
            return self._latin_name(tokens, place)
        kind = self._known.names.get(word)
        passed_over = (kind == "person" and people.is_byline(place, place + 1)) or (
            kind == "place" and tokens.word(place + 1) in listed("makes a place an adjective")
        )
        if kind is not None:
            return Claim(place, place + 1, None if passed_over else kind)
        if tokens.tags[place] == "ns" and (behind := _place(tokens, place)):
            return Claim(place, behind, "place")
        return people.foreign(place, taken) or people.asian(place)

    def _latin_name(self, tokens: Tokens, place: int) -> Claim | None:
        for behind in range(min(place + _LONGEST_LATIN, len(tokens.words)), place, -1):
            if (kind := self._known.latin.get(tokens.slice(place, behind))) is not None:
                return Claim(place, behind, kind)
        return None


class _Parts(dict[tuple[str, str], int]):
    """What each tagged word may be, made when it is first met."""

    def __init__(self, known: Known, first_latin: frozenset[str]) -> None:
        super().__init__()
        self._known = known
        self._first_latin = first_latin

    def __missing__(self, tagged: tuple[str, str]) -> int:
        word, tag = tagged
        part = 0
        if word[0].isalnum():
            begins = tag in TAGS or word in self._known.names or word in listed("surnames")
            part = (_BEGINS if begins or word in self._first_latin else 0) | (
                _ENDS if is_head(word, tag, self._known) else 0
            )
        if len(self) >= _REMEMBERED:
            self.clear()
        self[tagged] = part
        return part


def _place(tokens: Tokens, place: int) -> int:
    """The token behind an unknown place that begins here, 0 for none."""
    word = tokens.words[place]
    if len(word) < 2 or word in listed("no places"):
        return 0
    if len(word) > 2 and word[-1] in PLACE_UNITS:
        return place + 1
    return place + 2 if tokens.word(place + 1) in PLACE_UNITS else 0


def _mentions(tokens: Tokens, claims: list[Claim]) -> list[Mention]:
    """What is claimed for sure, and what is the same as a person's sure name."""
    names = [tokens.slice(claim.first, claim.behind) for claim in claims]
    sure = {name for name, claim in zip(names, claims, strict=True) if claim.sure and claim.kind == "person"}
    return sorted(
        Mention(tokens.starts[claim.first], tokens.starts[claim.behind], claim.kind)
        for name, claim in zip(names, claims, strict=True)
        if claim.kind is not None and (claim.sure or name in sure)
    )


def _words_of(known: Known) -> list[str]:
    """What is to be cut as one word: names, and what looks like one."""
    words = (*known.names, *known.others)
    return [word for word in words if len(word) > 1 and DOT not in word and not word.isascii()]
