"""Whole numbers in blocks of 64, each block as narrow as its largest number.

A block of 64 numbers of ``w`` bits is ``w`` 64-bit words. The bits of a number are split into parts of 16, 8, 4, 2 and
1 bits (7 = 4 + 2 + 1), and a block holds first all the 64 low parts, then all the next ones. Every part then unpacks
with one table look-up for each *byte* (two 4-bit parts, four 2-bit parts, eight 1-bit parts at a time) and one shift,
and so NumPy unpacks 20,000 numbers in some 60 microseconds without a loop over numbers or bits. All blocks of one
width are unpacked together. Not all widths are used: leaving out those of many parts (15 = 8 + 4 + 2 + 1 becomes 16)
makes files 3 % larger and halves the time for rare terms.

Sections of a sequence ``x``: ``x.words`` (u64), ``x.widths`` (u8, one a block), ``x.starts`` (u64, the first word of
every 64th block), and for ``Counts`` ``x.sums`` (u64, the sum of all before every so many numbers).
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from .format import File, FileWriter

BLOCK = 64
_EVERY_BLOCKS = 64
#: Numbers packed at a time, to bound memory.
_BATCH = 1 << 20

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]

#: For each number of bits the width that is used.
_WIDTHS = np.array([*range(11), 12, 12, 14, 14, 16, 16, *[20] * 4, *[24] * 4, *[32] * 8], np.uint8)
_POWERS = np.left_shift(np.uint64(1), np.arange(32, dtype=np.uint64))


def _table(bits: int) -> NDArray[np.unsignedinteger]:
    """All the parts of ``bits`` bits of a byte, lowest first, one a byte of the result."""
    per_byte = 8 // bits
    shifts = np.arange(per_byte, dtype=np.uint8) * np.uint8(bits)
    parts = (np.arange(256, dtype=np.uint8)[:, None] >> shifts) & np.uint8((1 << bits) - 1)
    return np.ascontiguousarray(parts).view(f"<u{per_byte}").ravel()


_TABLES = {bits: _table(bits) for bits in (4, 2, 1)}


def _parts(width: int) -> Iterator[int]:
    """The parts of a width: 13 -> 8, 4, 1."""
    for bits in (16, 8, 4, 2, 1):
        while width >= bits:
            yield bits
            width -= bits


def pack(blocks: U32) -> tuple[U8, U64]:
    """Pack ``blocks`` (shape (k, 64)) into their widths (k,) and words (the sum of the widths,)."""
    tops = blocks.max(axis=1)
    widths = _WIDTHS[np.searchsorted(_POWERS, tops, side="right")]
    starts = np.cumsum(widths, dtype=np.int64) - widths
    words = np.zeros(int(widths.sum(dtype=np.int64)), np.uint64)
    for width in np.flatnonzero(np.bincount(widths)).tolist():
        if width == 0:
            continue
        chosen = np.flatnonzero(widths == width)
        rows = _pack_rows(blocks[chosen], width).view("<u8")
        words[starts[chosen][:, None] + np.arange(width)] = rows
    return widths, words


def _pack_rows(values: U32, width: int) -> U8:
    rows = np.empty((len(values), width * BLOCK // 8), np.uint8)
    at = shift = 0
    for bits in _parts(width):
        part = (values >> np.uint32(shift)) & np.uint32((1 << bits) - 1)
        if bits == 16:
            encoded = part.astype("<u2").view(np.uint8)
        elif bits == 8:
            encoded = part.astype(np.uint8)
        else:
            per_byte = 8 // bits
            small = part.astype(np.uint8).reshape(len(values), -1, per_byte)
            encoded = small[:, :, 0].copy()
            for k in range(1, per_byte):
                encoded |= small[:, :, k] << np.uint8(k * bits)
        rows[:, at : at + encoded.shape[1]] = encoded
        at += encoded.shape[1]
        shift += bits
    return rows


def unpack(widths: U8, words: U64) -> U32:
    """The opposite of ``pack``: the numbers of all blocks, flat and fresh."""
    count = len(widths)
    if count == 1:
        width = int(widths[0])
        if width == 0:
            return np.zeros(BLOCK, np.uint32)
        return _unpack_rows(words.view(np.uint8).reshape(1, -1), width).astype(np.uint32).ravel()
    per_width = np.bincount(widths)
    present = np.flatnonzero(per_width).tolist()
    if len(present) == 1:
        width = present[0]
        if width == 0:
            return np.zeros(count * BLOCK, np.uint32)
        only = _unpack_rows(words.view(np.uint8).reshape(count, -1), width)
        return only.astype(np.uint32).ravel()
    # Put blocks of the same width side by side, unpack each width at one go, and put all back in order.
    order = np.argsort(widths, kind="stable")
    sizes = widths[order].astype(np.int64)
    begins = (np.cumsum(widths, dtype=np.int64) - widths)[order]
    places = np.repeat(begins - (np.cumsum(sizes) - sizes), sizes)
    places += np.arange(len(places))
    data = words[places].view(np.uint8)
    grouped = np.empty((count, BLOCK), np.uint32)
    row = at = 0
    for width in present:
        rows = int(per_width[width])
        size = rows * width * 8
        grouped[row : row + rows] = _unpack_rows(data[at : at + size].reshape(rows, -1), width) if width else 0
        row += rows
        at += size
    out = np.empty_like(grouped)
    out[order] = grouped
    return out.ravel()


def _unpack_rows(rows: U8, width: int) -> NDArray[np.unsignedinteger]:
    dtype = np.min_scalar_type((1 << width) - 1)
    total: NDArray[np.unsignedinteger] | None = None
    at = shift = 0
    for bits in _parts(width):
        size = BLOCK * bits // 8
        encoded = rows[:, at : at + size]
        at += size
        part: NDArray[np.unsignedinteger]
        if bits == 16:
            part = np.ascontiguousarray(encoded).view("<u2")
        elif bits == 8:
            part = encoded
        else:
            part = _TABLES[bits][encoded].view(np.uint8)
        total = part.astype(dtype, copy=False) if total is None else total | (part.astype(dtype) << dtype.type(shift))
        shift += bits
    assert total is not None
    return total


class PackedWriter:
    """Appends numbers below 2**32 to a packed sequence. With ``sums_every`` it can be read as ``Counts``."""

    def __init__(self, out: FileWriter, name: str, *, sums_every: int | None = None) -> None:
        self._out = out
        self._name = name
        self._words = out.section(f"{name}.words")
        self._widths: list[U8] = []
        self._rest = np.empty(0, np.uint32)
        self.count = 0
        self._sums_every = sums_every
        self._sums: list[U64] = []
        self._total = 0

    def append(self, values: NDArray[np.unsignedinteger]) -> None:
        values = values.astype(np.uint32, copy=False)
        if self._sums_every is not None:
            self._note_sums(values, self._sums_every)
        self.count += len(values)
        if len(self._rest):
            values = np.concatenate((self._rest, values))
        whole = len(values) // BLOCK * BLOCK
        for start in range(0, whole, _BATCH):
            self._write(values[start : min(start + _BATCH, whole)])
        self._rest = values[whole:].copy()

    def _note_sums(self, values: U32, every: int) -> None:
        running = np.zeros(len(values) + 1, np.uint64)
        np.cumsum(values, out=running[1:])
        running += np.uint64(self._total)
        self._sums.append(running[:-1][-self.count % every :: every])
        self._total = int(running[-1])

    def _write(self, values: U32) -> None:
        widths, words = pack(values.reshape(-1, BLOCK))
        self._widths.append(widths)
        self._words.write(words.astype("<u8", copy=False).tobytes())

    def finish(self) -> None:
        if len(self._rest):
            self._write(np.concatenate((self._rest, np.zeros(BLOCK - len(self._rest), np.uint32))))
        widths = np.concatenate(self._widths) if self._widths else np.empty(0, np.uint8)
        starts = np.cumsum(widths, dtype=np.uint64) - widths
        self._out.put(f"{self._name}.widths", widths)
        self._out.put(f"{self._name}.starts", starts[::_EVERY_BLOCKS])
        if self._sums_every is not None:
            sums = np.concatenate([np.empty(0, np.uint64), *self._sums])
            self._out.put(f"{self._name}.sums", sums)


class Packed:
    """A packed sequence that gives any slice of itself."""

    def __init__(self, file: File, name: str) -> None:
        self._words = file.array(f"{name}.words", np.uint64)
        self._directory = file.array(f"{name}.widths", np.uint8), file.array(f"{name}.starts", np.uint64)
        # Small, and needed for every slice: checked as a whole, the first time.
        self._checked: tuple[U8, U64] | None = None

    def slice(self, start: int, stop: int) -> U32:
        """Numbers ``start`` to ``stop``, a fresh array."""
        if stop <= start:
            return np.empty(0, np.uint32)
        if self._checked is None:
            widths, starts = self._directory
            self._checked = widths.all(), starts.all()
        all_widths, all_starts = self._checked
        first, last = start // BLOCK, -(-stop // BLOCK)
        mark = first // _EVERY_BLOCKS
        low = int(all_starts[mark]) + int(all_widths[mark * _EVERY_BLOCKS : first].sum(dtype=np.int64))
        chosen = all_widths[first:last]
        high = low + int(chosen.sum(dtype=np.int64))
        values = unpack(chosen, self._words.slice(low, high))
        return values[start - first * BLOCK : stop - first * BLOCK]


class Counts(Packed):
    """A packed sequence of counts with their running sum: lists of known lengths laid end to end."""

    def __init__(self, file: File, name: str, *, sums_every: int) -> None:
        super().__init__(file, name)
        self._every = sums_every
        self._sums = file.array(f"{name}.sums", np.uint64)

    def offsets(self, start: int, stop: int) -> I64:
        """Where the lists ``start`` to ``stop`` begin, and, last, where list ``stop - 1`` ends."""
        # Past the last number, on a boundary, there is no mark any more.
        mark = min(start // self._every, len(self._sums) - 1)
        if mark < 0:
            return np.zeros(1, np.int64)
        known = mark * self._every
        out = np.empty(stop - known + 1, np.int64)
        out[0] = 0
        np.cumsum(self.slice(known, stop), out=out[1:])
        out += int(self._sums.slice(mark, mark + 1)[0])
        return out[start - known :]
