"""The command line of asking: one module for each kind of command, imported when one of its commands is called.

``searching``: search; ``serving``: serve, run; ``watches``: watch; ``hiding``: hide; ``forgetting``: forget,
which asks what to forget.
"""
