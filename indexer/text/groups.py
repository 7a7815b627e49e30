"""Groups of spellings, and the lines that people write them in.

One line is one group, spellings separated by tabs or commas::

    特朗普, 川普, <Donald Trump    either finds both; who asks for Donald Trump finds both too, never the reverse
    约翰逊, 强森, >詹森            who asks for one of the others finds 詹森 too, who asks for 詹森 finds that alone
    !哈里, 哈利                    not the same: no other source may join them
    !沙地                          not a spelling of anything else: no other source may use it

``#`` at the beginning or after a blank begins a comment (C# does not).
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import ConfigError
from indexer.text.fold import fold

LONGEST = 40
"""Characters of the longest spelling."""

MOST = 32
"""Spellings in the largest group."""

_SEPARATOR = re.compile(r"[\t,，]")
_COMMENT = re.compile(r"(?:^|\s)#.*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Group:
    """Spellings of one thing, folded, the most usual first.

    ``spellings`` are asked for and found alike. ``asked`` lead to the group and are not found by it (Latin forms,
    mostly); ``found`` are found by it and don't lead to it (words that also mean something else).
    ``origin`` says where the group comes from.
    """

    spellings: tuple[str, ...]
    asked: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Veto:
    """Folded spellings that no group may join; a single one may be in no group at all."""

    spellings: frozenset[str]


def normal(spelling: str) -> str:
    """The form in which spellings are compared: folded, blanks single."""
    return " ".join(fold(spelling).split())


def read_line(line: str, origin: str) -> Group | Veto | None:
    """Read one line; ``None`` when nothing stands on it. ``ValueError`` says what is wrong."""
    content = _COMMENT.sub("", line).strip()
    if not content:
        return None
    veto = content.startswith(("!", "！"))
    kinds: dict[str, dict[str, None]] = {"": {}, "<": {}, ">": {}}
    for field in _SEPARATOR.split(content[1:] if veto else content):
        if not (written := normal(field)):
            continue
        mark = written[0] if written[0] in "<>" and not veto else ""
        spelling = written.removeprefix(mark).strip()
        if not spelling:
            raise ValueError(f"no spelling after “{mark}”")
        if len(spelling) > LONGEST:
            raise ValueError(f"a spelling has at most {LONGEST} characters: {spelling[:LONGEST]}…")
        kinds[mark][spelling] = None
    if veto:
        if not kinds[""]:
            raise ValueError("no spelling after “!”")
        return Veto(frozenset(kinds[""]))
    group = Group(tuple(kinds[""]), tuple(kinds["<"]), tuple(kinds[">"]), origin)
    size = len(group.spellings) + len(group.asked) + len(group.found)
    if size > MOST:
        raise ValueError(f"a group has at most {MOST} spellings, this one has {size}")
    if size < 2 or not (group.spellings or (group.asked and group.found)):
        raise ValueError("a group needs at least two spellings, separated by tabs or commas")
    return group


def read_groups(text: str, origin: str, name: str) -> Iterator[Group | Veto]:
    """Read a whole table. ``name`` is the file's, for errors (``ConfigError``)."""
    for number, line in enumerate(text.splitlines(), 1):
        try:
            entry = read_line(line, origin)
        except ValueError as error:
            raise ConfigError(f"{name}, line {number}: {error}") from None
        if entry is not None:
            yield entry


def read_file(path: Path, origin: str) -> list[Group | Veto]:
    """Read a table from a file in UTF-8; ``ConfigError`` when it cannot be read."""
    try:
        return list(read_groups(path.read_text("utf-8-sig"), origin, path.name))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read the spellings in {path}: {error}") from error


def write_line(group: Group) -> str:
    """The line that ``read_line`` reads as this group."""
    marked = (*group.spellings, *(f"<{s}" for s in group.asked), *(f">{s}" for s in group.found))
    return "\t".join(marked)


def digest(groups: Iterable[Group]) -> str:
    """A short hash of the groups, in order."""
    return hashlib.sha256("\n".join(map(write_line, groups)).encode()).hexdigest()[:16]
