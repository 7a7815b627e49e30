"""The command line of keeping: one module for each kind of command, imported when one of its commands is called.

``program``: the group of all commands; ``articles``: import, export; ``feeds``: subscribe, fetch; ``indexing``: index,
rebuild, learn-names; ``backups``: backup, restore; ``inspection``: stats, doctor; ``rejects``: the list of what an
import could not read;
``terminal``: progress and figures, for all of them.
"""
