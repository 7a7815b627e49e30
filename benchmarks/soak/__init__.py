"""``make soak [MINUTES=2]``: an archive that grows, is damaged and killed, while ten readers ask.

Feeds come from a server on this machine: good, failing, slow, broken, hostile and endless ones. Two keepers run the
commands against one data folder and kill every other one of them at a random moment (SIGKILL); files that are derived
from the archive are overwritten with random bytes; readers search, page, export and open articles of the shipped
server. At the end archive and index must agree article by article, nothing that was acknowledged may be missing, no
answer may have been wrong or an error but 429 and 503, no command may have ended with a traceback, and the server's
memory must have stopped to grow. The exit status is 1 when one of these is not so.

Only loopback addresses are asked; every process that is started is ended by its handle.

``record`` is what all threads write down, ``feeds`` the hostile server of feeds, ``keepers`` run the commands,
``readers`` ask, ``judging`` looks at what is left, ``__main__`` lets them loose.
"""
