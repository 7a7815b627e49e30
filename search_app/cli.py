"""``xunwen``: the whole command line, that of keeping (``indexer.commands``) and the commands that ask."""

from indexer.commands.program import main

main.places |= {
    "search": "search_app.commands:search",
    "forget": "search_app.forgetting:forget",
    "serve": "search_app.commands:serve",
    "run": "search_app.commands:run",
}

__all__ = ["main"]
