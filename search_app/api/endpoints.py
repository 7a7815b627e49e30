"""The addresses under ``/api/v1``: how they are read and answered, and ``/openapi.json``, which describes them all.

Values are read by the same tables as for the pages, so that both answer and refuse alike. Parameters that an address
doesn't know are refused: a program that misspells one must not get all articles for an answer.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypeVar

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from indexer.errors import QueryError
from search_app.access.permission import TOKEN
from search_app.api.openapi import Endpoint, document
from search_app.presentation.json_encoding import encode
from search_app.presentation.page import given
from search_app.query.parameters import Given, Parameter

PREFIX = "/api/v1"

View = TypeVar("View", bound=Callable[..., Any])


class Endpoints:
    """The addresses of one module, which it adds with this as a decorator."""

    def __init__(self) -> None:
        self.views: list[tuple[Endpoint, Callable[..., Any]]] = []

    def __call__(
        self,
        path: str,
        answer: type,
        parameters: tuple[Parameter, ...],
        *,
        missing: str = "",
        streams: tuple[str, ...] = (),
        method: str = "GET",
        body: type | None = None,
        own: bool = False,
    ) -> Callable[[View], View]:
        """Describe a view, which returns an instance of ``answer`` or a response; see ``Endpoint``."""

        def decorate(view: View) -> View:
            description = "\n".join(line.strip() for line in (view.__doc__ or "").splitlines())
            described = Endpoint(
                path, view.__name__, answer, parameters, description, missing, streams, method, body, own
            )
            self.views.append((described, view))
            return view

        return decorate


def blueprint(rooms: Iterable[Endpoints]) -> Blueprint:
    """All addresses of the API."""
    api = Blueprint("api", __name__)
    views = [each for room in rooms for each in room.views]
    for described, view in views:
        api.add_url_rule(PREFIX + described.path, described.name, _checked(described, view), methods=[described.method])

    @cache
    def whole() -> dict[str, Any]:
        return document([described for described, _view in views], PREFIX)

    @api.get("/openapi.json")
    def openapi() -> Response:
        return jsonify(whole())

    return api


def _checked(described: Endpoint, view: Callable[..., Any]) -> Callable[..., ResponseReturnValue]:
    def checked(**values: str) -> ResponseReturnValue:
        asked = given() if described.method == "GET" else _sent()
        _check(asked, described.parameters)
        answered = view(asked, **values)
        return answered if isinstance(answered, Response) else jsonify(encode(answered, _))

    return checked


def _sent() -> Given:
    """What stands in the body, as forms send it, without the token of a form."""
    return {name: values for name, values in request.form.lists() if name != TOKEN}


def _check(asked: Given, parameters: tuple[Parameter, ...]) -> None:
    """Raises ``QueryError`` for parameters that are not known, repeated or empty where they may not be."""
    known = {parameter.name: parameter for parameter in parameters}
    for name, values in asked.items():
        if name not in known:
            raise QueryError("unknown_parameter", field=name[:40], given=name, allowed=sorted(known))
        if len(values) > 1 and known[name].kind != "values":
            raise QueryError("too_many_values", field=name, allowed=("1",))
        if known[name].kind == "number" and not values[0].strip():
            raise QueryError("bad_number", field=name, allowed=(f"1–{known[name].most}",))
