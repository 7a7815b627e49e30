"""Who runs the commands, and who damages what is derived from the archive."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.soak.record import Record, article
from indexer.config import Config

LONGEST_COMMAND = 180
"""Seconds after which a command counts as hanging; a fetch alone may take a minute a feed."""

LOCKED = "another process is"
"""What the second of two indexers may say."""

DERIVED = ("learned_names.tsv", "lexicon.tsv", "variants.tsv")


@dataclass
class Keeper:
    """Runs the commands on one data folder."""

    config: Config
    record: Record
    folder: Path

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", "from search_app.cli import main; main()", "--data", str(self.config.data)]
        environment = os.environ | {"XUNWEN_FETCH_PRIVATE": "true"}
        return subprocess.Popen(
            [*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
        )

    def run(self, *arguments: str, kill_after: float | None = None, expected: str = "") -> tuple[int, str]:
        """The exit status and what was said; a status below zero is that of a signal.

        A failure whose line holds ``expected`` is none.
        """
        with self.start(*arguments) as process:
            try:
                output = process.communicate(timeout=kill_after or LONGEST_COMMAND)[0]
            except subprocess.TimeoutExpired:
                process.kill()
                output = process.communicate()[0]
                if kill_after is None:
                    self.record.fault(f"{arguments[0]} did not end in {LONGEST_COMMAND} s")
                    return process.returncode, output
        self._judge(arguments[0], process.returncode, output, expected)
        return process.returncode, output

    def _judge(self, command: str, status: int, output: str, expected: str) -> None:
        """A command that fails says one line of what is wrong, after what it did."""
        outcome = "done" if not status else "killed" if status == -9 else "failed"
        self.record.count(f"{command} {outcome}")
        if "Traceback" in output:
            self.record.fault(f"{command}: traceback: {output.strip().splitlines()[-1]}")
        elif outcome == "failed":
            said = [line for line in output.splitlines() if line.startswith("Error: ")]
            if len(said) != 1:
                self.record.fault(f"{command}: {status}, {len(said)} lines of error: {output.strip()[-200:]}")
            elif not expected or expected not in said[0]:
                self.record.fault(f"{command}: {said[0]}")

    def work(self, seed: int) -> None:
        """One command after the other, until it is time."""
        dice = random.Random(seed)
        while not self.record.over:
            kill_after = dice.uniform(0.3, 6) if dice.random() < 0.5 else None
            match dice.choice(("import", "import", "fetch", "index", "index", "rebuild", "learn-names")):
                case "import":
                    self._import(kill_after)
                case "fetch":
                    self.run("fetch", "--all", kill_after=kill_after)
                case command:
                    self.run(command, kill_after=kill_after, expected=LOCKED)

    def _import(self, kill_after: float | None) -> None:
        items = [article(self.record.number(), "files.example") for _ in range(200)]
        path = self.folder / f"{items[0]['title']}.jsonl"
        path.write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items), "utf-8")
        status, _ = self.run("import", str(path), kill_after=kill_after)
        if status == 0:
            with self.record.lock:
                self.record.acknowledged |= {item["url"] for item in items}


def damage(config: Config, record: Record, seed: int) -> None:
    """Overwrite what is derived with random bytes, now and then; take a person's file away again."""
    dice = random.Random(seed)
    while not record.over:
        path = config.data / dice.choice(DERIVED)
        path.write_bytes(dice.randbytes(dice.choice((0, 1, 100, 10_000))))
        record.count("damaged files")
        time.sleep(dice.uniform(1, 4))
        if path.name == "variants.tsv":
            path.unlink(missing_ok=True)
