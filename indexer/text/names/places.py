"""English names of countries and cities and their Chinese ones: who asks for Nigeria finds 尼日利亚 and 奈及利亚.

From CLDR, the locale data of the Unicode consortium, as Babel ships it: the names of territories, and the cities by
which people tell time zones. Chinese has them as the mainland, Taiwan and Hong Kong write them.
"""

import re
from collections.abc import Iterator
from functools import cache

from babel import Locale

from indexer.text.characters import is_han
from indexer.text.groups import LONGEST, Group, normal

ORIGIN = "cldr"

_CHINESE = ("zh_Hans", "zh_Hant", "zh_Hant_HK")

_COUNTRY = re.compile("[A-Z]{2}")
"""Codes of ISO 3166; CLDR names continents by numbers."""

_NO_COUNTRIES = frozenset(["EZ", "QO", "UM", "XA", "XB", "ZZ"])

_NO_CITIES = ("Antarctica", "Arctic", "Etc", "America/Indiana", "America/Kentucky", "America/North_Dakota")
"""Stations and small towns, named like people: Davis, Palmer, Center."""


@cache
def place_groups() -> tuple[Group, ...]:
    """One group for each place whose name is written in Latin letters and in Han characters, countries first."""
    groups = []
    for english, chinese in (*_countries(), *_cities()):
        found = dict.fromkeys(normal(name) for name in chinese if len(name) > 1 and all(map(is_han, name)))
        if found and len(english) <= LONGEST:
            groups.append(Group((), (normal(english),), tuple(found), ORIGIN))
    return tuple(groups)


def country_names() -> frozenset[str]:
    """The Chinese names of all countries, folded."""
    return frozenset(normal(name) for _, chinese in _countries() for name in chinese)


def _countries() -> Iterator[tuple[str, list[str]]]:
    english = Locale("en").territories
    tables = [Locale.parse(tag).territories for tag in _CHINESE]
    for code in sorted(set(filter(_COUNTRY.fullmatch, english)) - _NO_COUNTRIES):
        # Myanmar (Burma) and Congo - Kinshasa are asked for by the first; what two names share is neither's.
        name = re.split(r" \(| - | SAR ", english[code])[0]
        if "&" not in name:
            yield name, [re.split("[（(]", table[code])[0] for table in tables if code in table]


def _cities() -> Iterator[tuple[str, list[str]]]:
    english = Locale("en").time_zones
    tables = [Locale.parse(tag).time_zones for tag in _CHINESE]
    for zone in sorted(set().union(*tables)):
        if not zone.startswith(_NO_CITIES):
            name = english.get(zone, {}).get("city") or zone.rpartition("/")[2].replace("_", " ")
            yield name, [table[zone]["city"] for table in tables if "city" in table.get(zone, {})]
