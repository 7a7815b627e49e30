"""Spelling variants: everything that is to be found when a name is asked for in one of its spellings.

Five sources make one table: OpenCC's regional vocabulary, CLDR's names of countries and cities, the project's own names
and synonyms, the names learned from the archive, and what the user wrote. Groups from different sources are *not*
joined into larger ones, however many spellings they share: 强生 is Boris Johnson in one place and a maker of vaccines
in another, so 约翰逊 and 娇生 are both spellings of 强生 and have nothing to do with each other. A look-up collects
from every group that holds what was asked, and goes no further: who asks 强生 gets both, who asks 娇生 does not get
约翰逊.
Only a translation leads on, to what is written for the Chinese word elsewhere (software: 软件, and so 软体).

Expansion happens when asking; the index knows nothing of it, so a changed table needs no rebuild.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain, combinations, islice
from pathlib import Path

from rapidfuzz import fuzz

from indexer import files
from indexer.files import Problem
from indexer.text.characters import is_han
from indexer.text.groups import Group, Veto, normal, read_file
from indexer.text.names.built_in import name_groups, noun_groups, synonym_groups
from indexer.text.names.mining import ORIGIN as LEARNED
from indexer.text.names.places import place_groups
from indexer.text.names.regional import regional_groups

USER_FILE = "variants.tsv"
"""In the data folder: what a person added to, or vetoed from, the groups of the other sources."""

LEARNED_FILE = "learned_names.tsv"
"""In the data folder: the groups that ``learn-names`` mined from the archive."""

SHORT = 3
"""Han characters of spellings that may be a part of longer names, and that segmentation cuts reliably: of 20,000
articles, 19 of 20 that hold one of them hold it as a word."""

USER = "user"
"""The origin of groups that a person wrote."""

MOST_FOUND = 16
"""Spellings that one question is widened to, at most, its own included."""

_LOOKED_AT = 256
"""Spellings that are looked at to find these."""


@dataclass(frozen=True, slots=True)
class Found:
    """A spelling with variants inside a text: ``text[start:end]``, and what to look for instead, itself first.

    ``doubtful`` are those of the spellings that also mean something else (强生 for 约翰逊); an article that holds some
    of ``company`` means this.
    """

    start: int
    end: int
    spellings: tuple[str, ...]
    doubtful: frozenset[str] = frozenset()
    company: tuple[str, ...] = ()


class Variants:
    """The table. Immutable, so safe to share between threads. ``problems``: what had to be left out of it."""

    def __init__(self, groups: Iterable[Group | Veto] = (), problems: Iterable[Problem] = ()) -> None:
        """Vetoes bind all groups but those of origin ``user``, in any order: who vetoes and adds wants both."""
        entries = list(groups)
        vetoes = _Vetoes(entry for entry in entries if isinstance(entry, Veto))
        self.problems = tuple(problems)
        self.groups: tuple[Group, ...] = tuple(
            kept
            for entry in entries
            if isinstance(entry, Group) and (kept := entry if entry.origin == USER else vetoes.left_of(entry))
        )
        self._members: dict[str, list[Group]] = {}
        for group in self.groups:
            for spelling in dict.fromkeys((*group.spellings, *group.asked)):
                self._members.setdefault(_plain(spelling), []).append(group)
        self._found: dict[str, list[Group]] = {}
        for group in self.groups:
            for spelling in dict.fromkeys((*group.spellings, *group.found)):
                self._found.setdefault(spelling, []).append(group)
        self._lengths: dict[str, tuple[int, ...]] = {}
        for spelling in self._members:
            lengths = {*self._lengths.get(spelling[0], ()), len(spelling)}
            self._lengths[spelling[0]] = tuple(sorted(lengths, reverse=True))

    @classmethod
    def load(cls, data_folder: Path, synonyms: Path | None = None) -> "Variants":
        """The table of an installation: built-in groups, learned ones, the user's of the data folder and ``synonyms``.

        Whatever the files hold, what can be read counts; the rest is in ``problems``.
        """
        sources = [read_file(synonyms, USER)] if synonyms is not None else []
        sources.append(read_file(data_folder / USER_FILE, USER, optional=True))
        sources.append(([*name_groups(), *noun_groups(), *synonym_groups()], []))
        sources.append(read_file(data_folder / LEARNED_FILE, LEARNED, optional=True))
        sources.append(([*place_groups(), *regional_groups()], []))
        entries = [entry for found, _ in sources for entry in found]
        return cls(entries, files.shortened(problem for _, problems in sources for problem in problems))

    def of(self, term: str) -> tuple[str, ...]:
        """What to look for when ``term`` is asked: itself, then its other spellings; only itself if it has none.

        Spellings are folded. One that contains another of the answer is left out where the shorter finds it too: what
        was asked, and whatever is too long to count only as a word of its own (``SHORT``).
        """
        asked = normal(term)
        answer = [asked]
        reached = map(self._reached, self._members.get(_plain(asked), ()))
        candidates = dict.fromkeys(islice(chain.from_iterable(reached), _LOOKED_AT))
        for spelling in candidates:
            shorter = any(
                other != spelling and other in spelling and (other == asked or not may_be_part(other))
                for other in (asked, *candidates)
            )
            if spelling != asked and not shorter and len(answer) < MOST_FOUND:
                answer.append(spelling)
        return tuple(answer)

    def _reached(self, group: Group) -> Iterator[str]:
        """What one group leads to: of a translation, its words and what else is written for them."""
        yield from group.spellings
        yield from group.found
        for word in group.found if group.is_translation else ():
            for other in self._members.get(_plain(word), ()):
                if other.origin != LEARNED and word in other.spellings:
                    yield from other.spellings

    def find(self, text: str) -> list[Found]:
        """The spellings that stand in a folded text and have variants: leftmost, longest, not overlapping.

        A spelling that begins or ends with a letter or digit other than Han must begin or end a word there.
        """
        plain = _plain(text)
        found: list[Found] = []
        start = 0
        while start < len(plain):
            end = next(self._ends(plain, start), start)
            spellings = self.of(text[start:end]) if end > start else ()
            if len(spellings) > 1:
                found.append(Found(start, end, spellings, *self._doubts(spellings)))
            start = max(end, start + 1)
        return found

    def _doubts(self, spellings: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
        """Those of an answer that also stand in a group of something else, or are no way to ask for it; and what tells
        that it is meant."""
        asked = _plain(spellings[0])
        reached = self._members[asked]
        known = frozenset(_plain(member) for group in reached for member in group.members)
        doubtful = frozenset(
            spelling
            for spelling in spellings[1:]
            if any(_is_another(group, asked, known) for group in self._found[spelling])
            or not any(spelling in group.spellings or group.is_translation for group in reached)
        )
        latin = (form for group in reached for form in group.asked if doubtful.intersection(group.members))
        sure = (spelling for spelling in spellings if spelling not in doubtful)
        return doubtful, tuple(dict.fromkeys((*sure, *latin)))[:MOST_FOUND] if doubtful else ()

    def _ends(self, text: str, start: int) -> Iterator[int]:
        """Where the spellings that begin at ``start`` end, the longest first."""
        if start and _one_word(text[start - 1], text[start]):
            return
        for length in self._lengths.get(text[start], ()):
            end = start + length
            at_end = end == len(text) or (end < len(text) and not _one_word(text[end - 1], text[end]))
            if at_end and text[start:end] in self._members:
                yield end


def may_be_part(spelling: str) -> bool:
    """Whether a spelling is so short that it counts only where it is a word of its own."""
    return 1 < len(spelling) <= SHORT and all(map(is_han, spelling))


def _is_another(group: Group, asked: str, known: AbstractSet[str]) -> bool:
    """Whether a group is of something else than those that hold ``asked``, whose members are ``known``.

    The same name is learned in several groups: of relatives, of a longer Latin form, of a Latin form that another
    language has (Nawalny), each with some of its spellings. Where the Latin forms are much the same it is that name,
    and where all spellings are known and the Latin forms, if there are any, share a word. 强生 and 娇生 of Johnson &
    Johnson are another than 强生 and 约翰逊. Words that are no names (软件 and 软体) are what a translation of one of
    them means.
    """
    if group.is_translation or asked in map(_plain, group.members):
        return False
    own, others = _latin(map(_plain, group.members)), _latin(known)
    if not own and asked.isascii():
        return False
    if any(fuzz.ratio(a, b) >= _SAME_FORM for a in own for b in others):
        return False
    shares_word = not own or any(set(a.split()) & set(b.split()) for a in own for b in others)
    return not (shares_word and all(_plain(spelling) in known for spelling in group.spellings))


_SAME_FORM = 80
"""Percent of two Latin forms that are alike, edits counted: Lukaschenko and Lukashenko have 95, Mike and Michael 72."""


def _latin(forms: Iterable[str]) -> list[str]:
    return [form for form in forms if form.isascii()]


def _one_word(left: str, right: str) -> bool:
    """Whether there is no word boundary between two neighbours, as far as the script tells."""
    return left.isalnum() and right.isalnum() and not (is_han(left) or is_han(right))


def _plain(text: str) -> str:
    """The text as spellings are compared, at the same offsets: no accents on Latin letters, one kind of middle dot."""
    if text.isascii():
        return text
    return "".join(map(_plain_character, text))


def _plain_character(character: str) -> str:
    if character < "\u0250" or "\u1e00" <= character < "\u1f00":
        character = unicodedata.normalize("NFD", character)[0]
    return _ALIKE.get(character, character)


_ALIKE = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "ħ": "h", "‧": "·", "•": "·", "・": "·", "’": "'"}
"""Letters that Unicode doesn't split into a base and an accent, and the dots and apostrophes of names."""


class _Vetoes:
    """What people said are not the same. A look-up costs the same however many there are."""

    def __init__(self, vetoes: Iterable[Veto]) -> None:
        self._alone: set[str] = set()
        self._apart: dict[str, dict[Veto, None]] = {}
        for veto in vetoes:
            if len(veto.spellings) == 1:
                self._alone |= veto.spellings
            else:
                for spelling in veto.spellings:
                    self._apart.setdefault(spelling, {})[veto] = None

    def left_of(self, group: Group) -> Group | None:
        """What the vetoes leave of a group, ``None`` if that is of no use.

        A veto of one spelling takes it out. A veto of several forbids that a group holds two of them: the group keeps
        its usual name (the first that is mentioned) and loses the others.
        """
        members = group.members
        banned = self._alone.intersection(members)
        for veto in dict.fromkeys(veto for member in members for veto in self._apart.get(member, ())):
            together = [member for member in members if member in veto.spellings and member not in banned]
            banned |= {later for _, later in combinations(together, 2)}
        if not banned:
            return group
        left = Group(
            tuple(s for s in group.spellings if s not in banned),
            tuple(s for s in group.asked if s not in banned),
            tuple(s for s in group.found if s not in banned),
            group.origin,
        )
        return left if left.useful else None
