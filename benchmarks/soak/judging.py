"""What is looked at in the end: archive and index, a full disk, the server's memory and its log."""

from __future__ import annotations

import json
import os
import random
import subprocess
from pathlib import Path

import click

from benchmarks.soak.keepers import DERIVED, Keeper
from benchmarks.soak.record import Record
from indexer.archive import Archive
from indexer.config import Config
from indexer.engine.index import SearchRequest
from indexer.engine.query import Phrase
from indexer.installation import Installation

MOST_GROWTH = 1.25
"""What the server's memory may have grown by between the middle and the end of the time, as a factor."""


def compare(keeper: Keeper) -> None:
    """Archive and index, article by article, after one undisturbed update."""
    for name in DERIVED:
        (keeper.config.data / name).unlink(missing_ok=True)
    status, output = keeper.run("index")
    if status:
        keeper.record.fault(f"the last update failed: {output.strip()[-200:]}")
        return
    with Installation(keeper.config) as installation:
        kept = {each.id: each for each in installation.archive.iterate(html=False)}
        index, analyser = installation.index, installation.analyser
        held = {hit.id for hit in index.search(SearchRequest(limit=len(kept) + 1_000)).hits}
        keeper.record.count("articles", len(kept))
        for what, ids in (("in the archive alone", kept.keys() - held), ("in the index alone", held - kept.keys())):
            if ids:
                keeper.record.fault(f"articles {what}: {sorted(ids)[:3]} of {len(ids)}")
        for each in random.sample(sorted(kept), min(300, len(kept))):
            title = kept[each].title
            found = index.search(SearchRequest(Phrase(*analyser.phrase_tokens(title[:20])), limit=1_000))
            if analyser.phrase_tokens(title[:20])[0] and each not in {hit.id for hit in found.hits}:
                keeper.record.fault(f"not found by its title: {title[:20]}")
        lost = keeper.record.acknowledged - {each.url for each in kept.values()}
        if lost:
            keeper.record.fault(f"acknowledged and lost: {len(lost)}, {sorted(lost)[:3]}")
        if said := installation.archive.damage():
            keeper.record.fault(f"the archive is damaged: {said}")


def fill_a_disk(keeper: Keeper) -> None:
    """Import into a small file system until it is full: one line says so, and what was kept is whole."""
    place = keeper.folder / "small"
    place.mkdir()
    mounted = os.geteuid() == 0 and not subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(place)], capture_output=True, check=False
    ).returncode  # fmt: skip
    if not mounted:
        click.echo("no full disk was tried: that needs root and mount")
        return
    try:
        small = Keeper(Config(data=place / "data"), keeper.record, keeper.folder)
        status, output = small.run(
            "import", *map(str, sorted(keeper.folder.glob("*.jsonl"))), *_large(keeper.folder), expected="full"
        )
        keeper.record.count("full disks")
        if status != 1:
            keeper.record.fault(f"a full disk: status {status}: {output.strip()[-200:]}")
        with Archive(small.config.archive_location) as archive:
            if said := archive.damage():
                keeper.record.fault(f"a full disk damages the archive: {said}")
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False)


def _large(folder: Path) -> list[str]:
    path = folder / "large.jsonl"
    texts = (
        {"url": f"https://large.example/{i}", "title": str(i), "text": os.urandom(50_000).hex()} for i in range(100)
    )
    path.write_text("".join(json.dumps(each) + "\n" for each in texts))
    return [str(path)]


def flatness(record: Record) -> str:
    """The server's memory: at first, in the middle and at the end (medians of a tenth of the time)."""
    sizes = [size for _, size in record.memory]
    if len(sizes) < 20:
        return "memory: too few measurements"
    tenth = len(sizes) // 10
    first, middle, last = (
        sorted(sizes[start : start + tenth])[tenth // 2] for start in (0, len(sizes) // 2, len(sizes) - tenth)
    )
    if last > MOST_GROWTH * middle:
        record.fault("the server's memory grows")
    return f"memory of the server: {first} MB at first, {middle} MB in the middle, {last} MB at the end"


def last_traceback(log: str) -> str:
    """The last one, and the error below it."""
    lines = log[log.rindex("Traceback") :].splitlines()
    end = next((number for number, line in enumerate(lines[1:], 1) if line and not line.startswith(" ")), len(lines))
    return "\n".join(lines[max(0, end - 12) : end + 1])
