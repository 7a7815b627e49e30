"""The names that are known before a text is read, and whose each of them is: a person's, an organisation's, a place's.

From the project's tables and lists, CLDR's places, the names learned from the archive, and jieba's dictionary, of which
much is not what its tags say: a place of the dictionary counts where its form or a longer name shows that it is one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal as OneOf
from typing import get_args

from indexer.entities.words import listed
from indexer.text import dictionary
from indexer.text.characters import is_han
from indexer.text.fold import fold
from indexer.text.groups import Group
from indexer.text.names.built_in import name_kinds
from indexer.text.names.mining import ORIGIN as LEARNED
from indexer.text.names.ordinary import is_institution, is_ordinary
from indexer.text.names.places import ORIGIN as PLACES
from indexer.text.names.places import country_names, place_groups

Kind = OneOf["person", "organisation", "place"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_SHORTEST_LATIN = 3
"""Letters of the shortest Latin form that is a name by itself: EU and UN are too short for a text in lower case."""

_COMMON = 8
"""Transliterations of the dictionary and the tables that have a character which transliterates."""

_SOME = 2

_OFTEN = 100
"""Counts in jieba's dictionary of a common word."""

_OFFICES = tuple("局部署院会社党军队报台所团网校厅司")
"""What names of organisations end with, and no transliteration of a person's does."""

_UNITS = "省市县区州"
_NATURE = ("岛", "群岛", "半岛", "海峡", "湾", "江", "河", "湖", "山", "山脉", "洋", "镇", "乡", *_UNITS)


@dataclass(frozen=True, slots=True)
class Known:
    """Folded names, each with its kind; ``latin`` are the Latin forms. ``others`` look like names and are none.

    ``countries`` are those of the places that are one.
    """

    names: Mapping[str, Kind]
    latin: Mapping[str, Kind]
    others: frozenset[str]
    countries: frozenset[str]


def known(groups: Iterable[Group]) -> Known:
    """What is known where these groups of spellings are (``Variants.groups``), which tell no kinds of themselves."""
    kinds: dict[str, Kind | OneOf["none"]] = {**_of_the_dictionary()}
    cldr = [spelling for group in place_groups() for spelling in group.found]
    kinds |= dict.fromkeys(cldr, "place")
    kinds |= dict.fromkeys(listed("people"), "person")
    kinds |= dict.fromkeys(listed("organisations"), "organisation")
    kinds |= dict.fromkeys(listed("places"), "place")
    kinds |= name_kinds()
    kinds |= dict.fromkeys(listed("no names") | listed("generic organisations"), "none")
    latin: dict[str, Kind] = {}
    for group in groups:
        if (kind := _kind_of(group, kinds)) is None:
            continue
        for spelling in (*group.spellings, *(group.found if group.is_translation else ())):
            kinds.setdefault(spelling, kind)
        for form in (*group.asked, *group.spellings):
            if form.isascii() and len(form) >= _SHORTEST_LATIN and form not in kinds and not is_ordinary(form):
                latin.setdefault(form, kind)
    latin |= {name: kind for name, kind in kinds.items() if name.isascii() and kind != "none"}
    names = {name: kind for name, kind in kinds.items() if kind != "none" and len(name) > 1 and not name.isascii()}
    return Known(names, latin, frozenset(name for name, kind in kinds.items() if kind == "none"), country_names())


def _kind_of(group: Group, kinds: Mapping[str, Kind | OneOf["none"]]) -> Kind | None:
    """The kind of most of a group's spellings that have one; a learned name is a person's unless it shows otherwise."""
    if group.origin == PLACES:
        return "place"
    members = (*group.spellings, *group.found)
    counts = Counter(kind for spelling in members if (kind := kinds.get(spelling)) is not None)
    if counts:
        [(kind, _)] = counts.most_common(1)
        return None if kind == "none" else kind
    if group.origin != LEARNED:
        return None
    if any(is_institution(spelling) or spelling.endswith(_OFFICES) for spelling in group.spellings):
        return "organisation"
    return "person" if any(" " in form for form in group.asked) else None


@cache
def _of_the_dictionary() -> dict[str, Kind]:
    words, _, tags = dictionary.read()
    names = [(word, tag) for word, tag in zip(words, tags, strict=True) if tag in ("ns", "nt", "nr")]
    folded = fold("\n".join(word for word, _ in names)).split("\n")
    tagged = {word: tag for word, (_, tag) in zip(folded, names, strict=True)}
    no_places, generic = listed("no places"), listed("generic organisations")
    found: dict[str, Kind] = {}
    for word, tag in tagged.items():
        if word not in no_places and _is_place(word, tag, tagged):
            found[word] = "place"
        elif tag == "nt" and word not in generic and is_organisation(word):
            found[word] = "organisation"
    return found


def _is_place(word: str, tag: str, tagged: Mapping[str, str]) -> bool:
    """Whether a word of the dictionary is a place; some cities are tagged as people (许昌, by the side of 许昌市)."""
    if tag != "ns":
        return tag == "nr" and len(word) == 2 and _has_unit(word, tagged)
    if len(word) > 2 and word.endswith(_NATURE):
        return word[:-1] not in listed("no places")
    return (len(word) > 1 and _has_unit(word, tagged)) or (len(word) > 2 and transliterates(word))


def _has_unit(word: str, tagged: Mapping[str, str]) -> bool:
    return any(tagged.get(word + unit) == "ns" for unit in _UNITS)


@lru_cache(1 << 16)
def is_organisation(word: str) -> bool:
    """Whether a word ends as organisations' names do, and is more than that end."""
    return len(word) > 3 and word not in listed("generic organisations") and _ends_as_organisation(word)


def _ends_as_organisation(word: str) -> bool:
    heads = listed("organisation heads")
    return any(word[start:] in heads for start in range(1, len(word) - 1))


@cache
def _transliterating(common: int) -> frozenset[str]:
    words, _, tags = dictionary.read()
    foreign = {fold(word) for word, tag in zip(words, tags, strict=True) if tag == "nrt" and len(word) > 3}
    foreign |= {name for name, kind in name_kinds().items() if kind == "person" and len(name) > 2}
    counts = Counter(character for name in foreign for character in set(name) if is_han(character))
    return frozenset(character for character, count in counts.items() if count >= common) - listed("no sounds")


def transliterates(word: str, *, rarely: bool = False) -> bool:
    """Whether all characters of a folded word are such as foreign names are written with; ``rarely``: at least some."""
    return _transliterating(_SOME if rarely else _COMMON).issuperset(word)


def is_common(word: str, *, tagged: bool = True) -> bool:
    """Whether a folded word is a frequent one of the language. The dictionary takes many for names (许可, 和平): with
    ``tagged`` such as it does count as names here."""
    is_tagged = _common_words().get(word)
    return is_tagged is not None and not (tagged and is_tagged)


@cache
def _common_words() -> dict[str, bool]:
    """The frequent words, and whether they are tagged as names."""
    return {
        word: tag.startswith(("nr", "ns", "nz"))
        for word, frequency, tag in zip(*dictionary.read(), strict=True)
        if frequency >= _OFTEN
    }
