"""Foreign text as one plain line: what strangers wrote, before it is kept as a reason or shown on a terminal."""

import re

from indexer.errors import XunwenError
from indexer.redaction import without_secrets

LONGEST = 300
"""Characters of a line, unless told otherwise."""

# C0 and C1 controls (a terminal obeys ESC and CSI), marks that turn the direction of what follows, invisible ones, and
# what can't be encoded. ZERO WIDTH JOINER and NON-JOINER stay: scripts and emoji are spelt with them.
_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ROOM = 4  # times the longest line are looked at, so that a text of any length costs the same


def plain_line(text: str, longest: int = LONGEST) -> str:
    """``text`` on one line of at most ``longest`` characters, with nothing in it that a terminal or a page obeys.

    Runs of blanks and control characters become one space; what is cut off is told by ``…``.
    """
    start = text[: longest * _ROOM]
    line = _BLANK.sub(" ", _SURROGATE.sub("\ufffd", _INVISIBLE.sub("", start))).strip()
    if len(line) <= longest and len(start) == len(text):
        return line
    return line[: longest - 1].rstrip() + "…"


def plain_lines(text: str) -> str:
    """``text`` with each of its lines a plain one, for messages of several. Their indentation stays."""
    return "\n".join(_indent(line) + plain_line(line, len(line) + 1) for line in text.split("\n"))


def xml_text(text: str) -> str:
    """``text`` without the characters that no XML document may hold (XML 1.0, production 2)."""
    return _NOT_XML.sub("", text)


def error_line(error: BaseException) -> str:
    """What an error says, in one plain line without secrets; the name of its class stands before unless it is ours."""
    try:
        text = str(error)[: LONGEST * _ROOM]
    except Exception:  # an error whose text can't be had is still one to tell of
        text = ""
    line = plain_line(without_secrets(text))
    if isinstance(error, XunwenError) and line:
        return line
    return plain_line(f"{type(error).__name__}: {line}") if line else type(error).__name__


def _indent(line: str) -> str:
    return " " * (len(line) - len(line.lstrip(" ")))


def counted(count: int, one: str, many: str = "") -> str:
    """A figure with its noun in English, as the terminal and the log write it: ``1 story``, ``1,200 stories``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
