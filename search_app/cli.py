"""``xunwen``: the whole command line, that of keeping (``indexer.commands``) and the commands that ask."""

from indexer.commands.program import main

main.places |= {
    "search": "search_app.commands.searching:search",
    "forget": "search_app.commands.forgetting:forget",
    "hide": "search_app.commands.hiding:hide",
    "serve": "search_app.commands.serving:serve",
    "run": "search_app.commands.serving:run",
    "mcp": "search_app.commands.assistants:mcp",
    "watch": "search_app.commands.watches:watch",
}

__all__ = ["main"]
