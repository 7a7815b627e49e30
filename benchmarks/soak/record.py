"""What was seen while it ran, and the articles that it is about."""

from __future__ import annotations

import random
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

WORDS = (
    *("总统", "经济", "会议", "表示", "指出", "美国", "中国", "欧洲", "疫情", "疫苗"),
    *("市场", "企业", "政府", "人民", "问题", "发展", "国际", "今天", "周五"),
)


@dataclass
class Record:
    """What was seen, by all threads. ``acknowledged`` are addresses that a command said it kept."""

    until: float
    counts: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    acknowledged: set[str] = field(default_factory=set)
    memory: list[tuple[float, int]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    made: int = 0

    @property
    def over(self) -> bool:
        return time.monotonic() >= self.until

    def count(self, what: str, by: int = 1) -> None:
        with self.lock:
            self.counts[what] += by

    def fault(self, what: str) -> None:
        """Numbers are left out, so that the same fault is counted and not listed."""
        with self.lock:
            self.faults[re.sub(r"[0-9a-f]{16}|\d+", "N", what)[:400]] += 1

    def number(self) -> int:
        """The number of the next article that is made."""
        with self.lock:
            self.made += 1
            return self.made


def article(number: int, site: str) -> dict[str, str]:
    """An article whose title tells its number, and whose text is of its number too."""
    picked = random.Random(number).choices(WORDS, k=80)
    text = "，".join("".join(picked[start : start + 4]) for start in range(0, 80, 4))
    return {"url": f"https://{site}/{number}", "title": f"第{number}号{picked[0]}", "text": f"{text}。"}
