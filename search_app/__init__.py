"""Asking: from what people type to pages, JSON and feeds."""

from search_app.application import create_app

__all__ = ["create_app"]
