"""``xunwen``: the whole command line, that of keeping (``indexer.commands``) and the commands that ask."""

from indexer.commands.program import main

main.places |= {
    "search": "search_app.commands:search",
    "forget": "search_app.forgetting:forget",
    "serve": "search_app.commands:serve",
    "run": "search_app.commands:run",
    "watch": "search_app.watch_commands:watch",
}

__all__ = ["main"]
