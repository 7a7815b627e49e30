"""An article that was forgotten, as its address answers: 410, when, and why."""

from werkzeug.exceptions import Gone


class Forgotten(Gone):
    """``day`` is written as ``2020-09-15``; ``reason`` is ``""`` where there is none, or not for this reader."""

    def __init__(self, day: str, reason: str) -> None:
        super().__init__()
        self.day = day
        self.reason = reason
