"""The language of the interface: asked for with ``?ui=``, remembered in a cookie, else what the browser prefers.

Texts in code and templates are English; the catalogues in ``translations/`` hold both Chinese scripts. The language
of the articles is another matter: they are shown as they were written.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from babel import Locale
from babel.core import UnknownLocaleError
from flask import Flask, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import Babel, get_locale, get_translations
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept

from indexer.language import script_of

COOKIE = "ui"
_YEAR = 365 * 86_400


@dataclass(frozen=True, slots=True)
class Interface:
    """A language of the interface: BCP 47 tag, Babel's name for it, its own name."""

    tag: str
    babel: str
    name: str


INTERFACES: tuple[Interface, ...] = (
    Interface("zh-Hans", "zh_Hans_CN", "简体中文"),
    Interface("zh-Hant", "zh_Hant_TW", "繁體中文"),
    Interface("en", "en", "English"),
)
_BY_TAG: Mapping[str, Interface] = {interface.tag: interface for interface in INTERFACES}


def preferred(accepted: LanguageAccept) -> Interface:
    """The interface that fits an Accept-Language header best; the first one when nothing fits."""
    for value in accepted.values():
        subtags = value.lower().replace("_", "-").split("-")
        if subtags[0] == "zh":
            return _BY_TAG[f"zh-{script_of(value) or 'Hans'}"]
        if subtags[0] in ("en", "*"):
            return _BY_TAG["en"] if subtags[0] == "en" else INTERFACES[0]
    return INTERFACES[0]


def current() -> Interface:
    """The interface of this request."""
    chosen = request.cookies.get(COOKIE, "")
    return _BY_TAG.get(chosen) or preferred(request.accept_languages)


def language_name(tag: str) -> str:
    """What the interface calls a language: ``zh-Hant`` is 繁体中文, Traditional Chinese. Unknown tags stay."""
    if tag in ("", "und"):
        return str(_("Unknown"))
    return _display_name(tag, get_locale())


@lru_cache(maxsize=1024)
def _display_name(tag: str, locale: Locale | None) -> str:
    try:
        name = Locale.parse(tag, sep="-").get_display_name(locale)
    except (ValueError, UnknownLocaleError):
        return tag
    return name or tag


@dataclass(frozen=True, slots=True)
class InterfaceLink:
    """This page in another language of the interface."""

    tag: str
    name: str
    url: str


def interface_links() -> list[InterfaceLink]:
    """This page in each language of the interface."""
    rest = _other_parameters()
    return [InterfaceLink(each.tag, each.name, f"?{urlencode([*rest, ('ui', each.tag)])}") for each in INTERFACES]


def _other_parameters() -> list[tuple[str, str]]:
    return [(name, value) for name, value in request.args.items(multi=True) if name != "ui"]


def local_path(path: str) -> str:
    """A path of this site, quoted as it stands in addresses: never the name of another host (``//evil.example``)."""
    return "/" + quote(path.lstrip("/\\\t\n\r "), safe="/:@!$&'()*+,;=~")


def init_babel(app: Flask) -> None:
    """Set up translations, and the ``ui`` parameter that changes the language and leaves the address as it was."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, locale_selector=lambda: current().babel)
    app.jinja_env.globals.update(_=_text, gettext=_text, ngettext=_counted_text)

    @app.before_request
    def choose() -> ResponseReturnValue | None:
        chosen = request.args.get("ui", "")
        if chosen not in _BY_TAG or request.path.startswith("/api/"):
            return None
        response = redirect(_this_address(), 303)
        response.set_cookie(COOKIE, chosen, max_age=_YEAR, samesite="Lax", httponly=True)
        response.headers["Cache-Control"] = "no-store"
        return response


def _text(text: str, **values: Any) -> Markup:
    """A text for a template; of the ``values`` that fill its places, those that are not markup are escaped."""
    return Markup(_catalogue().ugettext(text)) % values if values else _plain_text(_catalogue(), text)


def _counted_text(one: str, many: str, num: int, **values: Any) -> Markup:
    return Markup(_catalogue().ungettext(one, many, num)) % ({"num": num} | values)


@lru_cache(maxsize=4096)
def _plain_text(catalogue: Any, text: str) -> Markup:
    """A text without places to fill: a page of results has a hundred, and they are the same in every other."""
    return Markup(catalogue.ugettext(text)) % {}


def _catalogue() -> Any:
    """The texts of this request's interface. Flask-Babel's own look for them at every text."""
    found = g.get("catalogue")
    if found is None:
        found = g.catalogue = get_translations()
    return found


def _this_address() -> str:
    """This page without ``ui``."""
    rest = _other_parameters()
    return local_path(request.path) + (f"?{urlencode(rest)}" if rest else "")
