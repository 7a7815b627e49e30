"""What all views share: the library that they ask, the parameters of the request, and how a page is rendered."""

from dataclasses import dataclass, fields
from typing import cast

from flask import current_app, render_template, request

from search_app.query.parameters import NOTHING_ASKED, Given, SearchParameters
from search_app.search.library import Library

EXTENSION = "xunwen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a template is given, member by member; each page has its own with what it shows besides.

    ``parameters`` are those of the search box, ``carried`` those that it sends along without showing them, ``zone`` is
    the IANA name of the zone of the times on the page.
    """

    parameters: SearchParameters = NOTHING_ASKED
    carried: list[tuple[str, str]]
    zone: str


def render(template: str, context: Context) -> str:
    return render_template(template, **{member.name: getattr(context, member.name) for member in fields(context)})


def current_library() -> Library:
    """The library of the application that handles this request."""
    return cast(Library, current_app.extensions[EXTENSION])


def given() -> Given:
    """The parameters of this request."""
    return dict(request.args.lists())
