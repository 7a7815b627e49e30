"""``/sign-in``, ``/sign-out``: for those who change something on a site that is open to others."""

from dataclasses import dataclass

from flask import Blueprint, Response, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from indexer.archive.readers.credentials import normal_name
from search_app.access import session
from search_app.access.budgets import take_password
from search_app.access.permission import for_anyone
from search_app.presentation.locales import local_path
from search_app.presentation.page import Context, current_library, render

blueprint = Blueprint("sign_in", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInContext(Context):
    """``following`` is the path of the page to go to afterwards; ``failed`` after a wrong name or password."""

    name: str
    following: str
    failed: bool


@blueprint.get("/sign-in")
def page() -> Response:
    return _form(following=request.args.get("next", ""))


@blueprint.post("/sign-in")
@for_anyone("Nobody has signed in before. Attempts have a budget.")
def begin() -> ResponseReturnValue:
    """Sign in with ``name`` and ``password``. A wrong name answers as a wrong password does, and takes as long."""
    name, password = normal_name(request.form.get("name", "")), request.form.get("password", "")
    take_password(name)
    if not current_library().archive.accounts.is_password(name, password):
        return _form(request.form.get("name", ""), request.form.get("next", ""), failed=True), 403
    response = make_response(redirect(local_path(request.form.get("next", "")), 303))
    session.begin(response, name)
    return _unstored(response)


@blueprint.post("/sign-out")
@for_anyone("It takes a cookie from whoever asks.")
def end() -> Response:
    response = make_response(redirect(url_for("search.page"), 303))
    session.end(response)
    return _unstored(response)


def _form(name: str = "", following: str = "", *, failed: bool = False) -> Response:
    context = SignInContext(
        carried=[], zone=current_library().zone, name=name[:64], following=local_path(following), failed=failed
    )
    return _unstored(make_response(render("sign_in.html", context)))


def _unstored(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
