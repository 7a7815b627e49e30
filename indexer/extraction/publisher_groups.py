"""Groups of publishers: those of the mainland, of Taiwan, foreign ones, and what a user makes of theirs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from indexer import files
from indexer.extraction.own_publishers import OwnPublishers
from indexer.extraction.publishers import canonical, known_publisher
from indexer.files import Problem
from indexer.text.fold import fold

USER_FILE = "publisher_groups.tsv"
"""In the data folder: a group a line, its names between bars, then publishers or hosts between tabs."""

_BAR = "|"


@dataclass(frozen=True, slots=True)
class Group:
    """Publishers that belong together. ``names`` are the group's, the first of which it is shown by."""

    names: tuple[str, ...]
    publishers: tuple[str, ...]


class PublisherGroups:
    """The groups that there are. Immutable. ``problems``: what had to be left out of the user's file.

    Groups of one name are one, under the name that it had first. Names of groups and publishers go by their fold: in
    either script, width and case. ``own`` are the names that the user gives publishers.
    """

    def __init__(
        self, groups: Iterable[Group], own: OwnPublishers | None = None, problems: Iterable[Problem] = ()
    ) -> None:
        self._own = own or OwnPublishers()
        self.problems = tuple(problems)
        self._named: dict[str, str] = {}
        self._members: dict[str, set[str]] = {}
        for group in groups:
            name = next(iter(_known(group, self._named)), group.names[0])
            self._named |= {fold(each): name for each in group.names}
            members = self._members.setdefault(name, set())
            for publisher in group.publishers:
                members |= {_key(publisher), _key(_behind(publisher) or publisher)}

    @classmethod
    def load(cls, folder: Path, own: OwnPublishers) -> "PublisherGroups":
        """The built-in groups and those of a data folder's file, as far as it can be read."""
        path = folder / USER_FILE
        lines, problems = files.read_lines(path, optional=True)
        groups = list(built_in())
        named = {fold(name): group.names[0] for group in groups for name in group.names}
        for number, line in lines:
            if not line.strip() or line.startswith("#"):
                continue
            group = _read(line)
            if group is None:
                problems.append(Problem(path, number, "needs a group and a publisher or host, between tabs"))
                continue
            known = _known(group, named)
            if len(known) > 1:
                problems.append(Problem(path, number, f"names several groups: {', '.join(known)}"))
                continue
            groups.append(group)
            named |= {fold(name): next(iter(known), group.names[0]) for name in group.names}
        return cls(groups, own, files.shortened(problems))

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each group, those built in first."""
        return tuple(self._members)

    def named(self, name: str) -> str | None:
        """The name of the group that also goes by this one; ``None`` if there is none."""
        return self._named.get(fold(" ".join(name.split())))

    def of(self, group: str, sources: Iterable[str]) -> tuple[str, ...]:
        """Those of the sources that belong to a group of ``names``."""
        members = self._members[group]
        return tuple(source for source in sources if not members.isdisjoint(self._keys(source)))

    def _keys(self, source: str) -> set[str]:
        """All by which a group may have a source: its names, its hosts, and what is above unknown hosts."""
        names = {source, *self._own.others(source)}
        keys = set(map(_key, names))
        for host in filter(_is_host, names):
            if publisher := _behind(host):
                keys.add(_key(publisher))
                continue
            labels = fold(host).split(".")
            keys |= {dot + ".".join(labels[start:]) for start in range(len(labels)) for dot in ("", ".")}
        return keys


@cache
def built_in() -> Sequence[Group]:
    """The table of the program."""
    lines = (resources.files(__package__) / USER_FILE).read_text("utf-8").splitlines()
    return [group for line in lines if not line.startswith("#") and (group := _read(line))]


def _read(line: str) -> Group | None:
    """A line of a table; ``None`` where it lacks a name or a publisher."""
    first, *others = (" ".join(cell.split()) for cell in line.split("\t"))
    names = tuple(filter(None, map(str.strip, first.replace("｜", _BAR).split(_BAR))))
    publishers = tuple(filter(None, others))
    return Group(names, publishers) if names and publishers else None


def _known(group: Group, named: Mapping[str, str]) -> tuple[str, ...]:
    """The groups that go by one of its names already."""
    return tuple(dict.fromkeys(named[key] for key in map(fold, group.names) if key in named))


def _is_host(name: str) -> bool:
    return "." in name and " " not in name


def _behind(host: str) -> str:
    """The publisher whose host it is known to be, else ``""``."""
    return known_publisher(f"https://{host}/") if _is_host(host) else ""


def _key(name: str) -> str:
    return fold(canonical(name))
