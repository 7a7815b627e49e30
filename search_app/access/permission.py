"""Who may change something: the one rule that every address obeys which does more than answer.

A request that is not for reading is refused before its view is called, unless it comes

- from this machine, where the archive is served to it alone, by a form of this site;
- from a reader who has signed in, or for whom a trusted proxy vouches, by a form of this site;
- with an API key.

Nothing needs to be said at a view for that, so it cannot be forgotten. A view that anybody may call says so, with the
reason, by ``for_anyone``. Templates ask ``may_change()`` before they show a form, and put ``form_token()`` in it as a
hidden field ``token``.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, g, request
from werkzeug.exceptions import Forbidden, Unauthorized

from indexer.archive.readers.marks import LONGEST_READER, OWNER
from search_app.access import session
from search_app.access.proxy import is_from_this_machine, vouched_reader
from search_app.access.site import current_site
from search_app.presentation.page import current_library

READING = ("GET", "HEAD", "OPTIONS")
TOKEN = "token"

View = TypeVar("View", bound=Callable[..., Any])


class FormExpired(Forbidden):
    """A form without a token, with an old one, or with one made for another reader."""

    @property
    def name(self) -> str:
        return "Form expired"


def for_anyone(reason: str) -> Callable[[View], View]:
    """Mark a view that is called by other methods than GET and yet changes nothing that is shared."""
    assert reason

    def mark(view: View) -> View:
        view.for_anyone = reason  # type: ignore[attr-defined]
        return view

    return mark


def reader() -> str:
    """The name of the reader who sent this request, else ``""``."""
    if "reader" not in g:
        g.reader = vouched_reader() or session.signed_in()
    return str(g.reader)


def is_trusted_machine() -> bool:
    """Whether the archive is served to the people of this machine alone, and one of them asks."""
    if "trusted_machine" not in g:
        g.trusted_machine = current_site().is_local and is_from_this_machine()
    return bool(g.trusted_machine)


def may_change() -> bool:
    """Whether whoever asks may change something here: for pages that show forms."""
    return is_trusted_machine() or bool(reader())


def knows_reasons() -> bool:
    """Whether whoever asks may read what was written for those who look after the archive."""
    key = _given_key()
    return may_change() or bool(key and current_library().archive.accounts.key_name(key))


def keeper() -> str | None:
    """Whose marks are shown to whoever asks, and changed: a reader's by name; ``None`` for those who have none.

    On a loopback address they are the archive's owner's. Elsewhere a key keeps those of the reader of its name.
    A name that a proxy tells may be too long to keep anything under.
    """
    if key := _given_key():
        name = current_library().archive.accounts.key_name(key)
        return (OWNER if current_site().is_local else name) if name else None
    if is_trusted_machine():
        return OWNER
    name = reader()
    return name if 0 < len(name) <= LONGEST_READER else None


def form_token() -> str:
    """The hidden field ``token`` of every form that changes something."""
    return session.form_token(reader())


def require_change() -> None:
    """Raises ``Unauthorized`` or ``FormExpired`` unless this request may change something."""
    if key := _given_key():
        if not current_library().archive.accounts.key_name(key):
            raise Unauthorized
    elif not may_change():
        raise Unauthorized
    elif not session.is_form_token(request.form.get(TOKEN, ""), reader()):
        raise FormExpired


def _given_key() -> str:
    """The API key of ``Authorization: Bearer …``; another kind of authorization is none."""
    given = request.authorization
    return given.token or "" if given is not None and given.type == "bearer" else ""


def init_permission(app: Flask) -> None:
    """Guard every view of an application."""

    @app.before_request
    def guard() -> None:
        if request.method in READING or request.endpoint is None:
            return
        if not hasattr(app.view_functions[request.endpoint], "for_anyone"):
            require_change()

    @app.after_request
    def name_scheme(response: Response) -> Response:
        if response.status_code == 401:
            response.headers.setdefault("WWW-Authenticate", 'Bearer realm="Xunwen"')
        return response

    @app.context_processor
    def templates_ask() -> dict[str, object]:
        site = current_site()
        return {
            "may_change": may_change,
            "form_token": form_token,
            "reader": reader,
            "may_sign_in": not site.is_local and not site.reader_header,
        }
