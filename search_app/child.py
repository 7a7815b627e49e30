"""A command of the program in a process of its own, which ends with the process that started it.

Whoever starts it holds the other end of its standard input. When that end closes, however its holder ended, this
process ends at once; every command may be killed at any moment.
"""

import os
from threading import Thread

from search_app.cli import main


def _end_with_parent() -> None:
    while os.read(0, 1024):
        pass
    os._exit(1)


if __name__ == "__main__":
    Thread(target=_end_with_parent, daemon=True).start()
    main(prog_name="xunwen")
