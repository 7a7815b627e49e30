"""Asking: from what people type to pages, JSON and feeds."""

from search_app.app import create_app

__all__ = ["create_app"]
