"""The production server: waitress.

One process, for the embedded engine's memory is shared by its threads; pure Python, so it runs wherever Python does.
Its main thread reads requests and writes answers, so that a slow reader holds none of the threads that compute. More
processes are for more machines: any WSGI server can run ``search_app:create_app()`` beside the OpenSearch engine.
"""

import logging
from threading import Thread

from flask import Flask
from waitress.server import BaseWSGIServer, create_server

from indexer.errors import XunwenError
from search_app.presentation.page import EXTENSION
from search_app.query.parameters import SearchParameters
from search_app.search.front import front
from search_app.search.library import Library
from search_app.security import MAX_BODY

THREADS = 8
"""Two may be busy with exports; an answer takes milliseconds, so the others do not wait for each other for long."""


def open_server(app: Flask, host: str, port: int, threads: int = THREADS) -> BaseWSGIServer:
    """The server, bound but not running: ``run()`` answers until SIGINT or ``close()``. Port 0 is any free one."""
    server = create_server(
        app,
        host=host,
        port=port,
        threads=threads,
        ident=None,
        clear_untrusted_proxy_headers=True,
        channel_timeout=60,
        connection_limit=200,
        max_request_body_size=MAX_BODY,
        max_request_header_size=65_536,
    )
    assert isinstance(server, BaseWSGIServer)
    # One request that waits for a thread is no news.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    Thread(target=_warm_up, args=(app,), daemon=True).start()
    return server


def _warm_up(app: Flask) -> None:
    """Load what the first reader would wait for: the index, the front page, the lexicon."""
    library: Library = app.extensions[EXTENSION]
    try:
        front(library)
        library.search(library.ask(SearchParameters(text="新闻")))
        library.suggest("x")
    except XunwenError as error:
        app.logger.warning("%s", error)
