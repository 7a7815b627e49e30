"""Addresses without what is secret in them, for everything that is printed, logged or shown.

Secret are the user and password before the host (either may be a token) and the values of parameters whose names say
so. Names decide, not values: a channel's number looks just like a token, and feeds must stay distinguishable.
"""

import re
from urllib.parse import unquote

HIDDEN = "***"

_WORD = re.compile(r"\S+")
_SLASHES = re.compile(r"((?:^|:)//)")
# An authority ends at the first of / ? #. A password, which a colon parts from its user, may hold these too: database
# drivers allow it. A colon before digits and the end is that of a port.
_PASSWORD = re.compile(r"[^@/?#]*:(?!\d{1,5}(?:[/?#]|$))[^@]*@")
_USER = re.compile(r"[^/?#]*@")
_PARAMETER = re.compile(r"(?P<before>[?&;#])(?P<name>[^=&;#?/]*)=(?P<value>(?:(?!;[^=&;#?/]*=)[^&#])*)")
_NAME_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_SECRET_WORDS = frozenset(("key", "keys", "sig", "sign", "pass", "pw", "sid", "code", "otp", "pin", "ticket", "hash"))
_SECRET_PART = re.compile(
    r"token|secret|passw|passphrase|pwd|auth(?!or(?!i))|credential|signature|sess(?:ion|id)|jwt|bearer|cookie|hmac|"
    r"(?:key|pass|sig)$"
)
_NESTING = 3  # addresses in addresses; what is deeper is hidden whole


def without_secrets(text: str) -> str:
    """``text``, an address or words with addresses among them, with ``***`` where something secret stood."""
    return _redacted(text, _NESTING)


def _redacted(text: str, nesting: int) -> str:
    return _WORD.sub(lambda word: _redacted_word(word[0], nesting), text)


def _redacted_word(word: str, nesting: int) -> str:
    if "=" in word:
        word = _PARAMETER.sub(lambda match: _parameter(match, nesting), word)
    parts = _SLASHES.split(word)  # text, slashes, text, slashes, …
    parts[::2] = [_without_user(parts[0], _PASSWORD), *(_without_user(rest, _USER, _PASSWORD) for rest in parts[2::2])]
    return "".join(parts)


def _without_user(text: str, *patterns: re.Pattern[str]) -> str:
    """``text``, which begins where a host may, without what a pattern finds before the host."""
    end = max((match.end() for pattern in patterns if (match := pattern.match(text))), default=0)
    return f"{HIDDEN}@{text[end:]}" if end else text


def _parameter(match: re.Match[str], nesting: int) -> str:
    name, value = match["name"], match["value"]
    if value and _is_secret(unquote(name)):
        value = HIDDEN
    elif "//" in (address := unquote(value)):  # an address inside the address, as feed bridges take them
        shown = _redacted(address, nesting - 1) if nesting else HIDDEN
        value = value if shown == address else shown
    return f"{match['before']}{name}={value}"


def _is_secret(name: str) -> bool:
    words = [word.lower() for word in _NAME_WORD.findall(name)]
    return not _SECRET_WORDS.isdisjoint(words) or _SECRET_PART.search("".join(words)) is not None
