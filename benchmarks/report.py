"""The figures as a table in Markdown and as a plot in SVG."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from math import log10
from pathlib import Path

from benchmarks.engines import NAMES
from benchmarks.measure import Figures

_BEGIN, _END = "<!-- figures: written by make bench -->", "<!-- end of figures -->"

_COLOURS = {"xunwen": "#c0392b", "tantivy": "#2c6fbb", "lucene": "#2e8b57", "fts5": "#8a6d3b", "stock": "#777777"}


def table(results: Sequence[Figures]) -> str:
    """One table a size; in brackets how many times our figure it is."""
    parts = []
    for size, group in groupby(results, key=lambda found: found.articles):
        rows = list(group)
        ours = next((found for found in rows if found.engine == "xunwen"), rows[0])
        parts.append(f"**{size:,} articles**, {len(ours.pages)} questions\\n".replace("\\n", "\n"))
        parts.append("| | articles/s built | CPU time | index | memory | 50 more, searchable | page p50 | p95 | p99 |")
        parts.append("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
        for found in rows:
            cells = [
                f"{found.articles / found.build:,.0f} ({ours.build / found.build:.2f}×)",
                f"{found.processor:,.1f} s ({found.processor / ours.processor:.2f}×)",
                f"{found.size / 1e6:,.1f} MB ({found.size / ours.size:.2f}×)",
                f"{found.memory / 1e6:,.0f} MB",
                f"{found.commit * 1e3:,.0f} ms",
                *(
                    f"{found.percentile(share) * 1e3:,.2f} ms ({found.percentile(share) / ours.percentile(share):.1f}×)"
                    for share in (0.5, 0.95, 0.99)
                ),
            ]
            parts.append(f"| {NAMES[found.engine]} | " + " | ".join(cells) + " |")
        parts.append("")
    return "\n".join(parts)


def put_between_marks(path: Path, text: str) -> None:
    """Replace what stands between the marks in a document; append both to one that has none."""
    old = path.read_text("utf-8") if path.exists() else ""
    before, _, rest = old.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    path.write_text(f"{before.rstrip()}\n\n{_BEGIN}\n\n{text}\n{_END}\n{after}".lstrip(), "utf-8")


def plot(results: Sequence[Figures]) -> str:
    """Page time against archive size, both on logarithmic axes: the median as a line, up to p95 as a band."""
    width, height, left, right, top, bottom = 720, 420, 64, 190, 24, 48
    sizes = sorted({found.articles for found in results})
    times = [found.percentile(share) * 1e3 for found in results for share in (0.5, 0.95)]
    x_low, x_high = log10(sizes[0]) - 0.1, log10(sizes[-1]) + 0.1
    y_low, y_high = log10(min(times)) - 0.1, log10(max(times)) + 0.1

    def x(size: float) -> float:
        return left + (log10(size) - x_low) / (x_high - x_low) * (width - left - right)

    def y(milliseconds: float) -> float:
        return height - bottom - (log10(milliseconds) - y_low) / (y_high - y_low) * (height - top - bottom)

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        'font-size="12" fill="#333">',
        "<title>Time of a result page against the number of articles</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for size in sizes:
        out.append(f'<path d="M{x(size):.1f} {top}V{height - bottom}" stroke="#ddd"/>')
        out.append(f'<text x="{x(size):.1f}" y="{height - bottom + 18}" text-anchor="middle">{size:,}</text>')
    for tick in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000):
        if y_low <= log10(tick) <= y_high:
            out.append(f'<path d="M{left} {y(tick):.1f}H{width - right}" stroke="#ddd"/>')
            out.append(f'<text x="{left - 8}" y="{y(tick) + 4:.1f}" text-anchor="end">{tick:g} ms</text>')
    middle = (left + width - right) / 2
    out.append(f'<text x="{middle}" y="{height - 8}" text-anchor="middle">articles</text>')
    label = top + 12
    for name in dict.fromkeys(found.engine for found in results):
        own = [found for found in results if found.engine == name]
        medians = [f"{x(found.articles):.1f} {y(found.percentile(0.5) * 1e3):.1f}" for found in own]
        tails = [f"{x(found.articles):.1f} {y(found.percentile(0.95) * 1e3):.1f}" for found in own]
        colour = _COLOURS[name]
        out.append(f'<path d="M{"L".join([*medians, *reversed(tails)])}Z" fill="{colour}" opacity="0.12"/>')
        out.append(f'<path d="M{"L".join(medians)}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for point in medians:
            cx, cy = point.split()
            out.append(f'<circle cx="{cx}" cy="{cy}" r="3.5" fill="{colour}"/>')
        out.append(f'<circle cx="{width - right + 16}" cy="{label - 4}" r="4" fill="{colour}"/>')
        out.append(f'<text x="{width - right + 26}" y="{label}">{NAMES[name]}</text>')
        label += 20
    out.append(f'<text x="{width - right + 10}" y="{label + 4}" fill="#777">line: median, band: to p95</text>')
    return "\n".join([*out, "</svg>", ""])
