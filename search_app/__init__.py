"""Asking: from what people type to pages, JSON and feeds."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from indexer.config import Config

__all__ = ["create_app"]


def create_app(config: "Config | None" = None, address: str = "") -> "Flask":
    """The WSGI application; see ``search_app.app``, which is imported when it is asked for: commands start faster."""
    from search_app.app import create_app

    return create_app(config, address)
