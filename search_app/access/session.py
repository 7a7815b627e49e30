"""Who has signed in: a signed cookie with a name in it, good for a month and for the password that it was made with."""

import hashlib

from flask import Response, current_app, request
from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer

from search_app.access.secret import Secret
from search_app.presentation.page import current_library

EXTENSION = "xunwen_secret"
COOKIE = "session"
SECONDS = 30 * 86_400
FORM_SECONDS = 86_400
"""How long a page may lie open before its forms are sent."""


def _secret() -> bytes:
    secret: Secret = current_app.extensions[EXTENSION]
    return secret.value()


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(_secret(), salt="xunwen.session", signer_kwargs={"digest_method": hashlib.sha256})


def begin(response: Response, name: str) -> None:
    """Let the browser that gets this response be the reader's."""
    response.set_cookie(
        COOKIE,
        _serializer().dumps([name, current_library().archive.accounts.mark(name)]),
        max_age=SECONDS,
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )


def end(response: Response) -> None:
    """Let the browser forget the reader."""
    response.delete_cookie(COOKIE, secure=request.is_secure, httponly=True, samesite="Lax")


def signed_in() -> str:
    """The name of the reader whose browser this is, else ``""``."""
    cookie = request.cookies.get(COOKIE)
    if not cookie:
        return ""
    try:
        name, mark = _serializer().loads(cookie, max_age=SECONDS)
    except (BadData, ValueError, TypeError):
        return ""
    known = current_library().archive.accounts.mark(str(name))
    return str(name) if known and known == mark else ""


def form_token(name: str) -> str:
    """What a form carries to show that it is this site's, made for this reader: no other site can read one."""
    return _signer().sign(name).decode()


def is_form_token(token: str, name: str) -> bool:
    """Whether a form's token was made here for this reader, at most a day ago."""
    try:
        return _signer().unsign(token, max_age=FORM_SECONDS) == name.encode()
    except BadData:
        return False


def _signer() -> TimestampSigner:
    return TimestampSigner(_secret(), salt="xunwen.form", digest_method=hashlib.sha256)
