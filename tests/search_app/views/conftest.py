"""What the pages' tests share."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.search_app.pages import Page

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def get(client: FlaskClient) -> Callable[..., Page]:
    """A page of the sample archive, in English unless the headers say otherwise."""

    def page(address: str, **headers: str) -> Page:
        return Page(client.get(address, headers=ENGLISH | headers))

    return page
