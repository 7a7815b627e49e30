"""What a site asks of programs in its robots.txt (RFC 9309). Pure functions, no I/O.

The standard library's reader knows no ``*`` and no ``$`` in paths and takes the first rule that fits, where the RFC
says the longest one.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

LARGEST = 500 * 1024
"""Bytes that are read (section 2.5)."""
LONGEST_PATH, MOST_RULES = 2_000, 2_000
"""Characters of a rule's path, and rules of one site, beyond which a rule is passed over."""

_LINE = re.compile(r"\s*([A-Za-z-]+)\s*:\s*([^#]*)")
_AGENT = re.compile(r"[A-Za-z_-]+|\*")
_UNESCAPED = "!$%&'()*+,/:;=?@[]~"


@dataclass(frozen=True, slots=True)
class Rules:
    """Paths with ``*`` and ``$`` as they stand there, whether each is allowed; ``delay`` in seconds, 0 for none."""

    paths: tuple[tuple[str, bool], ...] = ()
    delay: float = 0.0

    def allow(self, url: str) -> bool:
        """Whether an address may be asked for: the longest path that fits decides, and of two the one that allows."""
        parts = urlsplit(url)
        address = _escaped(f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}")
        if address == "/robots.txt":
            return True
        fitting = [(len(path), allowed) for path, allowed in self.paths if _fits(path, address)]
        return max(fitting, default=(0, True))[1]


NOTHING_ALLOWED = Rules((("/", False),))
"""Where a robots.txt cannot be had though there may be one (section 2.3.1.4)."""


def read_rules(data: bytes, agent: str) -> Rules:
    """What a robots.txt asks of the program with the name ``agent``: of all others where it does not name that."""
    groups: dict[str, list[tuple[str, str]]] = {}
    named: list[str] = []
    is_beginning = True
    for line in data[:LARGEST].decode("utf-8-sig", "replace").splitlines():
        if (match := _LINE.match(line)) is None:
            continue
        name, value = match[1].lower(), match[2].strip()
        if name == "user-agent":
            named = [*named, _name(value)] if is_beginning else [_name(value)]
            is_beginning = True
        elif name in ("allow", "disallow", "crawl-delay"):
            is_beginning = False
            for each in named:
                groups.setdefault(each, []).append((name, value))
        # An empty group still names its programs: they are asked nothing.
        for each in named:
            groups.setdefault(each, [])
    return _rules(groups.get(_name(agent), groups.get("*", ())))


def _name(agent: str) -> str:
    match = _AGENT.match(agent)
    return match[0].lower() if match else ""


def _rules(lines: Iterable[tuple[str, str]]) -> Rules:
    paths: dict[str, bool] = {}
    delay = 0.0
    for name, value in lines:
        if name == "crawl-delay":
            if re.fullmatch(r"\d{1,6}(?:\.\d{1,6})?", value, re.ASCII):
                delay = max(delay, float(value))
        elif value.startswith(("/", "*")) and len(value) <= LONGEST_PATH and len(paths) < MOST_RULES:
            path = re.sub(r"\*+", "*", _escaped(value))
            paths[path] = paths.get(path, False) or name == "allow"
    return Rules(tuple(paths.items()), delay)


def _escaped(path: str) -> str:
    """A path with its escapes in one spelling, as rules and addresses are compared (section 2.2.2)."""
    path = re.sub("%([0-9A-Fa-f]{2})", _unescaped, path)
    return quote(path, safe=_UNESCAPED, errors="replace")


def _unescaped(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if character.isascii() and (character.isalnum() or character in "-._~") else escape[0].upper()


def _fits(path: str, address: str) -> bool:
    """Whether ``address`` begins as ``path`` says; in time of their product at most, whatever stands there."""
    is_whole = path.endswith("$")
    first, *others = path.removesuffix("$").split("*")
    if not address.startswith(first):
        return False
    at = len(first)
    last = others.pop() if others and is_whole else None
    for piece in others:
        found = address.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    if not is_whole:
        return True
    return at == len(address) if last is None else len(address) - at >= len(last) and address.endswith(last)
