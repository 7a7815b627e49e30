"""Asking: from what people type to pages, JSON and feeds."""
