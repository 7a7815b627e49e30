"""Which parts of the suite run: some need programs that not every machine has.

``XUNWEN_REQUIRE`` names parts that must run, so that a missing program is a failure; ``XUNWEN_WITHOUT`` names parts to
leave out. Both are lists of ``browser``, ``postgresql``, ``opensearch`` and ``faults``, with commas.
"""

import os

PARTS = ("browser", "postgresql", "opensearch", "faults")


def is_required(part: str) -> bool:
    return part in os.environ.get("XUNWEN_REQUIRE", "").split(",")


def is_left_out(part: str) -> bool:
    return part in os.environ.get("XUNWEN_WITHOUT", "").split(",")
