"""Passwords and keys: how they are made, checked and kept, never as they are."""

import hashlib
import re
import secrets
import unicodedata
from functools import cache

from indexer.errors import ConfigError

LEAST_PASSWORD = 8
MOST_PASSWORD = 1_000
"""Characters. A longer one would only cost the server time."""

KEY_PREFIX = "xunwen_"
"""By which people, and programs that look for secrets in files, know a key for what it is."""

_NAME = re.compile(r"\w([\w.@+-]{0,62}\w)?")


def normal_name(name: str) -> str:
    """The name of a reader or a key as it is kept; ``""`` for what cannot be one."""
    kept = unicodedata.normalize("NFC", name.strip())
    return kept if _NAME.fullmatch(kept) else ""


def check_name(name: str) -> str:
    """The name of a reader or a key as it is kept. Raises ``ConfigError``."""
    kept = normal_name(name)
    if not kept:
        raise ConfigError(f"{name!r} cannot be a name; allowed: 1 to 64 letters, digits and _ . @ + - within")
    return kept


def hash_password(password: str) -> str:
    """scrypt with a salt of its own. Raises ``ConfigError`` for a password that is too short or too long."""
    if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
        raise ConfigError(
            f"the password has {len(password):,} characters; allowed: {LEAST_PASSWORD} to {MOST_PASSWORD:,}"
        )
    return _hash(_normal(password))


def is_password(password: str, kept: str) -> bool:
    """Whether a password is the one that was kept. It takes as long when nothing is kept (``""``)."""
    # Whoever checks no password need not wait for all of werkzeug.
    from werkzeug.security import check_password_hash

    right = check_password_hash(kept or _of_nobody(), _normal(password[:MOST_PASSWORD]))
    return right and bool(kept)


def new_key() -> str:
    """A key that nobody can guess: 256 random bits."""
    return KEY_PREFIX + secrets.token_urlsafe(32)


def digest_key(key: str) -> str:
    """What is kept of a key. One of 256 random bits needs neither salt nor slowness."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def _normal(password: str) -> str:
    """Keyboards differ in how they make the same characters (RFC 8265: NFC)."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "replace").decode()


@cache
def _of_nobody() -> str:
    return _hash(secrets.token_hex(16))


def _hash(password: str) -> str:
    from werkzeug.security import generate_password_hash

    return generate_password_hash(password, method="scrypt")
