"""The Flask application, put together."""

import hashlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, request, url_for
from flask.json.provider import DefaultJSONProvider

from indexer.config import Config, load
from indexer.installation import Installation
from search_app import schedule as schedules
from search_app import security
from search_app.access import budgets, permission, session
from search_app.access import site as sites
from search_app.access.proxy import ProxyHeaders
from search_app.access.secret import Secret
from search_app.access.site import Site
from search_app.api import endpoints
from search_app.api import entities as api_entities
from search_app.api import mirroring as api_mirroring
from search_app.api import sentences as api_sentences
from search_app.api import subscriptions as api_subscriptions
from search_app.api import views as api
from search_app.api import watches as api_watches
from search_app.presentation import errors, locales, template_filters
from search_app.presentation.page import EXTENSION
from search_app.query.syntax import MAX_LENGTH
from search_app.schedule import Schedule
from search_app.search.library import Library
from search_app.views.asking import entities, entity, feeds, help, search, sentences, terms, timeline
from search_app.views.keeping import desk, marks, subscriptions
from search_app.views.operation import monitoring, sign_in, status
from search_app.views.reading import article, changes, story

_STATIC_SECONDS = 365 * 86_400
_ROOMS = (
    search,
    article,
    changes,
    story,
    timeline,
    sentences,
    terms,
    entities,
    entity,
    desk,
    status,
    subscriptions,
    marks,
    feeds,
    monitoring,
    help,
    sign_in,
)
_API = (api, api_sentences, api_entities, api_mirroring, api_subscriptions, api_watches)


def create_app(config: Config | None = None, address: str = "") -> Flask:
    """The application over the configured archive and index; without ``config`` the settings that hold here.

    ``address`` is what it is served on. On a loopback address the people of this machine may change things; an unknown
    one counts as open to the world.
    """
    return build_app(Library(Installation(config or load())), address)


class _Json(DefaultJSONProvider):
    """Chinese as it is, members in the order of the documentation."""

    ensure_ascii = False
    sort_keys = False


def build_app(library: Library, address: str = "", schedule: Schedule | None = None) -> Flask:
    """The application over an opened library, served on ``address``, beside the ``schedule`` that its page shows."""
    app = Flask(__name__)
    config = library.installation.config
    app.extensions[sites.EXTENSION] = site = Site.of(config, address)
    app.extensions[session.EXTENSION] = Secret(config.data)
    app.wsgi_app = ProxyHeaders(app.wsgi_app, site)  # type: ignore[method-assign]
    app.json = _Json(app)
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = _STATIC_SECONDS
    app.extensions[EXTENSION] = library
    app.extensions[schedules.EXTENSION] = schedule
    app.extensions["xunwen_metrics"] = monitoring.Metrics(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals |= {"max_length": MAX_LENGTH, "url_for": _addresses(app)}

    security.init_security(app)
    budgets.init_budgets(app)
    permission.init_permission(app)
    locales.init_babel(app)
    template_filters.register(app)
    for room in _ROOMS:
        app.register_blueprint(room.blueprint)
    app.register_blueprint(endpoints.blueprint(room.endpoint for room in _API))
    errors.handle_errors(app)

    versions = _versions(Path(app.static_folder or ""))

    @app.context_processor
    def template_globals() -> dict[str, object]:
        return {
            "interface": locales.current(),
            "interface_links": locales.interface_links(),
            "asset": lambda name: url_for("static", filename=name, v=versions[name]),
        }

    @app.after_request
    def vary(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.vary.update(("Accept-Language", "Cookie"))
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return app


def _addresses(app: Flask) -> Callable[..., str]:
    """``url_for`` for templates, where a page names two dozen addresses that are the same on every page."""

    @lru_cache(maxsize=256)
    def plain(root: str, endpoint: str) -> str:
        assert not endpoint.startswith("."), "the same name means another address in each blueprint"
        return app.url_for(endpoint)

    def address(endpoint: str, **values: Any) -> str:
        return app.url_for(endpoint, **values) if values else plain(request.script_root, endpoint)

    return address


def _versions(folder: Path) -> Mapping[str, str]:
    """A hash of each static file: browsers may keep a file for a year because another content has another address."""
    return {
        path.name: hashlib.blake2b(path.read_bytes(), digest_size=5).hexdigest()
        for path in sorted(folder.iterdir())
        if path.is_file()
    }
