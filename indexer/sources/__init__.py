"""One reader a format, each yielding articles."""
