"""The Flask application, put together."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask, Response, request, url_for
from flask.json.provider import DefaultJSONProvider

from indexer.config import Config, load
from search_app import security
from search_app.api.views import add_api
from search_app.presentation import errors, locales, template_filters
from search_app.search.library import EXTENSION, Service, open_service
from search_app.search.significant_terms import sparkline
from search_app.views.article import reading
from search_app.views.feeds import syndication
from search_app.views.monitoring import Metrics, ops
from search_app.views.saved_searches import saved
from search_app.views.search import reading_url, web
from search_app.views.status import status
from search_app.views.timeline import timeline

_STATIC_SECONDS = 365 * 86_400


def create_app(config: Config | None = None) -> Flask:
    """The application over the configured archive and index; without ``config`` the settings that hold here."""
    return build_app(open_service(config or load()))


class _Json(DefaultJSONProvider):
    """Chinese as it is, members in the order of the documentation."""

    ensure_ascii = False
    sort_keys = False


def build_app(service: Service) -> Flask:
    """The application over an opened service."""
    app = Flask(__name__)
    app.json = _Json(app)
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = _STATIC_SECONDS
    app.extensions[EXTENSION] = service
    app.extensions["xunwen_metrics"] = Metrics(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    security.protect(app)
    locales.speak(app)
    template_filters.register(app)
    app.add_template_filter(reading_url)
    app.add_template_filter(sparkline)
    for blueprint in (web, reading, timeline, saved, status, syndication, ops):
        app.register_blueprint(blueprint)
    add_api(app)
    errors.handle_problems(app)

    versions = _versions(Path(app.static_folder or ""))

    @app.context_processor
    def provide() -> dict[str, object]:
        return {
            "interface": locales.current(),
            "interfaces": locales.INTERFACES,
            "interface_url": _interface_url,
            "asset": lambda name: url_for("static", filename=name, v=versions[name]),
        }

    @app.after_request
    def vary(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.vary.update(("Accept-Language", "Cookie"))
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return app


def _versions(folder: Path) -> Mapping[str, str]:
    """A hash of each static file: browsers may keep a file for a year because another content has another address."""
    return {
        path.name: hashlib.blake2b(path.read_bytes(), digest_size=5).hexdigest()
        for path in sorted(folder.iterdir())
        if path.is_file()
    }


def _interface_url(tag: str) -> str:
    """This page in another language of the interface."""
    rest = [(name, value) for name, value in request.args.items(multi=True) if name != "ui"]
    return f"{request.path}?{urlencode([*rest, ('ui', tag)])}"
