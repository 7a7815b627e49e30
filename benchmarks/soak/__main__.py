"""All of it at once: ``python -m benchmarks.soak``."""

from __future__ import annotations

import contextlib
import random
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import click
import httpx

import benchmarks.soak
from benchmarks.soak.feeds import KINDS, Feed, Feeds
from benchmarks.soak.judging import compare, fill_a_disk, flatness, last_traceback
from benchmarks.soak.keepers import Keeper, damage
from benchmarks.soak.readers import Reader
from benchmarks.soak.record import Record
from indexer.config import Config
from indexer.sources.opml import Outline, write_opml

READERS = 10
KEEPERS = 2


@contextlib.contextmanager
def serving(keeper: Keeper) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The shipped server on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (keeper.folder / "server.log").open("w") as log:
        command = [sys.executable, "-c", "from search_app.cli import main; main()", "--data", str(keeper.config.data)]
        process = subprocess.Popen([*command, "serve", "--port", str(port)], stdout=log, stderr=log, text=True)
        try:
            yield f"http://127.0.0.1:{port}", process
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                keeper.record.fault("the server did not end 30 s after SIGTERM")
                process.kill()
                process.wait()


def watch(process: subprocess.Popen[str], record: Record) -> None:
    """Resident memory in MB once a second, as Linux tells it."""
    began = time.monotonic()
    while not record.over and process.poll() is None:
        with contextlib.suppress(OSError):
            status = Path(f"/proc/{process.pid}/status").read_text()
            record.memory.append((time.monotonic() - began, int(status.split("VmRSS:")[1].split()[0]) // 1024))
        time.sleep(1)
    if not record.over:
        record.fault(f"the server ended by itself with status {process.returncode}")


def soak(minutes: float, folder: Path, seed: int) -> Record:
    record = Record(time.monotonic() + minutes * 60)
    keeper = Keeper(Config(data=folder / "data"), record, folder)
    feeds = Feeds(("127.0.0.1", 0), Feed)
    feeds.record = record
    threading.Thread(target=feeds.serve_forever, daemon=True).start()
    addresses = [f"http://127.0.0.1:{feeds.server_address[1]}/{kind}.xml" for kind in KINDS]
    keeper._import(None)
    listed = folder / "feeds.opml"  # a list is followed as it is; an address alone would be looked at first
    listed.write_text(write_opml(Outline(each, "") for each in addresses), "utf-8")
    keeper.run("subscribe", str(listed))
    keeper.run("index")
    with serving(keeper) as (address, process):
        _wait_for(address, process)
        threads = [threading.Thread(target=keeper.work, args=(seed + i,)) for i in range(KEEPERS)]
        threads += [threading.Thread(target=Reader(address, record, seed + i).work) for i in range(READERS)]
        threads += [threading.Thread(target=damage, args=(keeper.config, record, seed))]
        threads += [threading.Thread(target=watch, args=(process, record))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    feeds.shutdown()
    feeds.server_close()
    compare(keeper)
    fill_a_disk(keeper)
    log = (folder / "server.log").read_text("utf-8", "replace")
    if "Traceback" in log:
        record.fault(f"tracebacks in the server's log: {log.count('Traceback')}, the last:\n{last_traceback(log)}")
    return record


def _wait_for(address: str, process: subprocess.Popen[str]) -> None:
    for _ in range(300):
        with contextlib.suppress(httpx.HTTPError):
            httpx.get(f"{address}/healthz", timeout=10)
            return
        if process.poll() is not None:
            break
        time.sleep(0.2)
    raise click.ClickException("the server did not come up")


@click.command(help=benchmarks.soak.__doc__)
@click.option("--minutes", default=2.0, show_default=True, type=click.FloatRange(0.1, 60))
@click.option("--seed", default=0, help="For the same dice again; 0 throws new ones.")
def main(minutes: float, seed: int) -> None:
    seed = seed or random.SystemRandom().randrange(1, 1_000_000)
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        record = soak(minutes, Path(folder), seed)
    click.echo(f"seed {seed}, {minutes:g} minutes; {flatness(record)}")
    for what, count in sorted(record.counts.items()):
        click.echo(f"{count:>8,}  {what}")
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    click.echo(f"{children.ru_utime + children.ru_stime:>8,.0f}  seconds of CPU of commands and server")
    for what, count in record.faults.most_common():
        click.secho(f"{count:>6} x  {what}", fg="red")
    if record.faults:
        raise click.exceptions.Exit(1)
    click.secho("no fault was found", fg="green")


if __name__ == "__main__":
    main()
