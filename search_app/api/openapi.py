"""``/openapi.json``: the API described from what it is made of, parameters and the dataclasses of the answers.

OpenAPI 3.1 (spec.openapis.org/oas/v3.1.0), whose schemas are JSON Schema 2020-12.
"""

import dataclasses
import inspect
import types
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Union, get_args, get_origin, get_type_hints
from typing import Literal as OneOf

from indexer import __version__
from search_app.presentation.errors import ErrorResponse
from search_app.presentation.json_encoding import OPTIONAL, members
from search_app.query.notes import Note
from search_app.query.parameters import Parameter
from search_app.search.results import ResultHit

_PLAIN: Mapping[type, Mapping[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    datetime: {"type": "string", "format": "date-time", "examples": ["2020-09-15T08:00:00Z"]},
    date: {"type": "string", "format": "date", "examples": ["2020-09-15"]},
}
_ERRORS = {
    400: "The question cannot be answered as asked.",
    429: "More was asked than one client may; `Retry-After` says when to go on.",
    503: "The index or the archive is away.",
}
_OWN_ERRORS = {401: "A key is needed, or is not good.", 403: "A form without a token of this site, or of another."}

_FORGOTTEN = "The article was forgotten: it was taken out of the archive for good."


@dataclasses.dataclass(frozen=True, slots=True)
class Endpoint:
    """An address of the API: what it is asked, the class of its answer, and what else it may answer with.

    ``missing`` is what a 404 means, ``""`` if there is none; a forgotten article is a 410 there. ``streams`` are the
    media types of streams that are answered instead of JSON. ``parameters`` stand in the address, those of another
    ``method`` than GET in the body, as in a form; ``body`` is what a request holds as JSON instead. ``own`` tells that
    it is about the reader's own, so that a key is needed.
    """

    path: str
    name: str
    answer: type
    parameters: tuple[Parameter, ...]
    description: str
    missing: str = ""
    streams: tuple[str, ...] = ()
    method: str = "GET"
    body: type | None = None
    own: bool = False


def document(endpoints: Iterable[Endpoint], prefix: str) -> dict[str, Any]:
    """The description of the endpoints, all below ``prefix``."""
    schemas = _Schemas()
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        path = prefix + endpoint.path.replace("<", "{").replace(">", "}")
        paths.setdefault(path, {})[endpoint.method.lower()] = _operation(endpoint, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Xunwen",
            "version": __version__,
            "description": "Full-text search for an archive of Chinese news.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.named.items())),
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(endpoint: Endpoint, schemas: "_Schemas") -> dict[str, Any]:
    summary, _, rest = endpoint.description.partition("\n")
    content = {"application/json": {"schema": schemas.of(endpoint.answer)}}
    content |= {media: {"schema": {"type": "string"}} for media in endpoint.streams}
    error = {"application/json": {"schema": schemas.of(ErrorResponse)}}
    is_change = endpoint.method != "GET"
    errors = _ERRORS | (_OWN_ERRORS if endpoint.own or is_change else {})
    errors |= {404: endpoint.missing, 410: _FORGOTTEN} if endpoint.missing else {}
    responses = {str(status): {"description": text, "content": error} for status, text in sorted(errors.items())}
    operation = {
        "operationId": endpoint.name,
        "summary": summary,
        "parameters": [
            *_path_parameters(endpoint.path),
            *(map(_parameter, endpoint.parameters) if not is_change else ()),
        ],
        "responses": {"200": {"description": "OK", "content": content}, **responses},
    }
    if endpoint.own or is_change:
        operation["security"] = [{"key": []}]
    if endpoint.body:
        given = {"application/json": {"schema": schemas.of_body(endpoint.body)}}
        operation["requestBody"] = {"required": True, "content": given}
    elif is_change and endpoint.parameters:
        members = {each.name: _parameter(each) for each in endpoint.parameters}
        form = {name: each["schema"] | {"description": each["description"]} for name, each in members.items()}
        schema = {"type": "object", "properties": form}
        operation["requestBody"] = {"content": {"application/x-www-form-urlencoded": {"schema": schema}}}
    return operation | ({"description": rest.strip()} if rest.strip() else {})


def _path_parameters(path: str) -> list[dict[str, Any]]:
    names = [part[1:-1] for part in path.split("/") if part.startswith("<")]
    return [{"in": "path", "name": name, "required": True, "schema": {"type": "string"}} for name in names]


def _parameter(parameter: Parameter) -> dict[str, Any]:
    text = {"type": "string"}
    schema: dict[str, Any]
    match parameter.kind:
        case "values":
            schema = {"type": "array", "items": text}
        case "choice":
            # Forms send empty values; they count as missing everywhere.
            schema = text | {"enum": [*dict.fromkeys((*parameter.choices, ""))]}
        case "switch":
            schema = text | {"enum": ["1", "0", ""]}
        case "number":
            schema = {"type": "integer", "minimum": 1, "maximum": parameter.most}
        case _:
            schema = dict(text)
    if parameter.default not in ("", ()):
        schema["default"] = parameter.default if parameter.kind == "number" else parameter.written(parameter.default)
    described = {"in": "query", "name": parameter.name, "description": parameter.description, "schema": schema}
    example: Any = int(parameter.example) if parameter.kind == "number" else parameter.example
    return described | ({"example": [example] if parameter.kind == "values" else example} if example else {})


class _Schemas:
    """Schemas of types; those of dataclasses are kept under their names and referred to."""

    def __init__(self) -> None:
        self.named: dict[str, dict[str, Any]] = {}

    def of(self, kind: Any) -> dict[str, Any]:
        if kind in _PLAIN:
            return dict(_PLAIN[kind])
        if dataclasses.is_dataclass(kind):
            return self._reference(kind)  # type: ignore[arg-type]  # is_dataclass allows instances too
        origin, arguments = get_origin(kind), get_args(kind)
        if origin is OneOf:
            return {"type": "string", "enum": list(arguments)}
        if origin in (Union, types.UnionType):
            return {"anyOf": [self.of(each) for each in arguments if each is not types.NoneType] + [{"type": "null"}]}
        if origin is tuple and arguments == (int, int):
            bounds = {"minItems": 2, "maxItems": 2, "description": "Half-open, in code points."}
            return {"type": "array", "items": {"type": "integer"}, **bounds}
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return {"type": "object", "additionalProperties": self.of(arguments[1])}
        if isinstance(origin, type) and issubclass(origin, Sequence):
            return {"type": "array", "items": self.of(arguments[0])}
        raise TypeError(f"{kind} has no schema")

    def of_body(self, kind: type) -> dict[str, Any]:
        """What a request may hold: any of the members, and no other."""
        return self._object(kind) | {"required": [], "additionalProperties": False}

    def _reference(self, kind: type) -> dict[str, Any]:
        name = kind.__name__
        if name not in self.named:
            self.named[name] = {}
            self.named[name] |= _NOTE if kind is Note else self._object(kind)
        return {"$ref": f"#/components/schemas/{name}"}

    def _object(self, kind: type) -> dict[str, Any]:
        hints = get_type_hints(kind)
        described = {member.name: member.metadata.get("description") for member in dataclasses.fields(kind)}
        properties: dict[str, dict[str, Any]] = {}
        for name, _ in members(kind):
            text = described[name]
            properties[name] = self.of(hints[name]) | ({"description": text} if text else {})
        summary = inspect.cleandoc(kind.__doc__ or "").partition("\n\n")[0].replace("\n", " ")
        required = [name for name in properties if name not in OPTIONAL and kind is not ResultHit]
        return {"type": "object", "description": summary, "properties": properties, "required": required}


_NOTE = {
    "type": "object",
    "description": "How the question was understood, or what was done about it.",
    "properties": {"code": {"type": "string"}, "text": {"type": "string", "description": "For people."}},
    "required": ["code", "text"],
}
