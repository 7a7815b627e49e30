"""Groups of spellings, and the lines that people write them in.

One line is one group, spellings separated by tabs or commas::

    特朗普, 川普, <Donald Trump    either finds both; who asks for Donald Trump finds both too, never the reverse
    约翰逊, 强森, >詹森            who asks for one of the others finds 詹森 too, who asks for 詹森 finds that alone
    !哈里, 哈利                    not the same: no other source may join them
    !沙地                          not a spelling of anything else: no other source may use it

``#`` at the beginning or after a blank begins a comment (C# does not).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import ConfigError
from indexer.files import LONGEST_LINE, MOST_BYTES, MOST_LINES, Problem, read_lines
from indexer.text.fold import fold
from indexer.text.gaps import close_gaps

LONGEST = 40
"""Characters of the longest spelling."""

MOST = 32
"""Spellings in the largest group."""

_NO_TEXT = frozenset(["Cc", "Cs"])
"""Categories of control characters and lone surrogates."""

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

    @property
    def members(self) -> tuple[str, ...]:
        return (*self.spellings, *self.asked, *self.found)

    @property
    def is_translation(self) -> bool:
        """Whether it leads from what is asked to something else, and never back."""
        return not self.spellings

    @property
    def useful(self) -> bool:
        """Whether asking for one of them finds another."""
        return len(self.members) > 1 and bool(self.spellings or (self.asked and self.found))


@dataclass(frozen=True, slots=True)
class Veto:
    """Folded spellings that no group may join; a single one may be in no group at all."""

    spellings: frozenset[str]


def normal(spelling: str) -> str:
    """The form in which spellings are compared: folded, blanks single."""
    return " ".join(close_gaps(fold(spelling)).split())


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
            raise ValueError(f"a spelling has at most {LONGEST} characters: {spelling[:LONGEST]!r}…")
        if any(unicodedata.category(character) in _NO_TEXT for character in spelling):
            raise ValueError(f"a control character in a spelling: {spelling!r}")
        kinds[mark][spelling] = None
    if veto:
        if not kinds[""]:
            raise ValueError("no spelling after “!”")
        return Veto(frozenset(kinds[""]))
    group = Group(tuple(kinds[""]), tuple(kinds["<"]), tuple(kinds[">"]), origin)
    if len(group.members) > MOST:
        raise ValueError(f"a group has at most {MOST} spellings, this one has {len(group.members)}")
    if not group.useful:
        raise ValueError("a group needs at least two spellings, separated by tabs or commas")
    return group


def read_groups(text: str, origin: str, name: str) -> Iterator[Group | Veto]:
    """Read a whole table that belongs to the program. ``name`` is the file's, for errors (``ConfigError``)."""
    for number, line in enumerate(text.splitlines(), 1):
        try:
            entry = read_line(line, origin)
        except ValueError as error:
            raise ConfigError(f"{name}, line {number}: {error}") from None
        if entry is not None:
            yield entry


def read_file(path: Path, origin: str, *, optional: bool = False) -> tuple[list[Group | Veto], list[Problem]]:
    """Read a table from a file: the lines that can be read, and what is wrong with the others."""
    lines, problems = read_lines(path, optional=optional)
    entries: list[Group | Veto] = []
    for number, line in lines:
        try:
            entry = read_line(line, origin)
        except ValueError as error:
            problems.append(Problem(path, number, str(error)))
            continue
        if entry is not None:
            entries.append(entry)
    return entries, problems


def write_line(group: Group) -> str:
    """The line that ``read_line`` reads as this group, if it is one that fits."""
    marked = (*group.spellings, *(f"<{s}" for s in group.asked), *(f">{s}" for s in group.found))
    return "\t".join(marked)


def write_groups(groups: Iterable[Group], header: str) -> str:
    """The table that is read as these groups, which must fit; the last are left out of one that would be too large."""
    lines, size = [header], len(header.encode())
    for group in groups:
        line = write_line(group) + "\n"
        size += len(line.encode())
        if size > MOST_BYTES or len(lines) == MOST_LINES - 1:
            break
        lines.append(line)
    return "".join(lines)


def fits(spelling: str) -> bool:
    """Whether a line can hold the spelling."""
    return (
        0 < len(spelling) <= LONGEST
        and normal(spelling) == spelling
        and spelling[0] not in "<>!#"
        and not _SEPARATOR.search(spelling)
        and not _COMMENT.search(spelling)
        and not any(unicodedata.category(character) in _NO_TEXT for character in spelling)
    )


def fitting(group: Group) -> Group | None:
    """The group as far as a line can hold it, its last spellings left out; ``None`` if what is left is no group."""
    room = MOST
    kinds: list[tuple[str, ...]] = []
    for kind in (group.spellings, group.asked, group.found):
        kinds.append(tuple(spelling for spelling in dict.fromkeys(kind) if fits(spelling))[:room])
        room -= len(kinds[-1])
    cut = Group(kinds[0], kinds[1], kinds[2], group.origin)
    return cut if cut.useful and len(write_line(cut).encode()) <= LONGEST_LINE else None
