"""Packed answers: what they become, and what they may not."""

import gzip
import tracemalloc
import zlib
from contextlib import suppress
from itertools import pairwise, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import FetchError
from indexer.fetching.unpacking import coding_of, unpack

MB = 1024 * 1024


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


PACKERS = {"gzip": [gzip.compress], "deflate": [zlib.compress, deflated], "": [bytes]}


@given(st.data(), st.binary(max_size=500), st.sampled_from([(c, p) for c, packers in PACKERS.items() for p in packers]))
def test_an_answer_is_unpacked_however_it_is_cut(data, content, packing):
    coding, pack = packing
    packed = pack(content)
    cuts = [0, *sorted(data.draw(st.lists(st.integers(0, len(packed))))), len(packed)]
    assert unpack([packed[start:end] for start, end in pairwise(cuts)], coding, 1000) == content


@given(st.lists(st.binary(max_size=100), min_size=1, max_size=5), st.integers(1, 50), st.booleans())
def test_gzip_files_may_follow_each_other_and_be_padded(contents, size, padded):
    packed = b"".join(map(gzip.compress, contents)) + b"\0" * 100 * padded
    chunks = [packed[start : start + size] for start in range(0, len(packed), size)]
    assert unpack(chunks, "gzip", 1000) == b"".join(contents)


@given(st.binary(min_size=1, max_size=200), st.sampled_from(["gzip", "deflate"]), st.data())
def test_an_answer_that_breaks_off_or_is_damaged_is_refused(content, coding, data):
    packed = PACKERS[coding][0](content)
    with pytest.raises(FetchError):
        unpack([packed[: data.draw(st.integers(1, len(packed) - 1))]], coding, 1000)
    with pytest.raises(FetchError):
        unpack([packed[:-1] + bytes([packed[-1] ^ 1])], coding, 1000)


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", ""]), st.integers(0, 100))
def test_no_bytes_raise_anything_else(junk, coding, largest):
    with suppress(FetchError):
        assert len(unpack([junk[:7], junk[7:]], coding, largest)) <= largest


def test_an_answer_may_be_as_large_as_the_limit_and_not_larger():
    for coding, packers in PACKERS.items():
        for pack in packers:
            assert len(unpack([pack(bytes(1000))], coding, 1000)) == 1000
            with pytest.raises(FetchError, match="larger than"):
                unpack([pack(bytes(1001))], coding, 1000)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_bomb_takes_no_more_memory_than_the_limit(coding):
    bomb = PACKERS[coding][0](bytes(400 * MB))
    tracemalloc.start()
    try:
        with pytest.raises(FetchError, match="larger than 16 MB"):
            unpack([bomb], coding, 16 * MB)
        assert tracemalloc.get_traced_memory()[1] < 80 * MB
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("start", "then"),
    [
        (b"\x1f\x8b\x08\x08" + bytes(6), b"n" * 65536),  # a file name that never ends
        (b"\x1f\x8b\x08\x10" + bytes(6), b"n" * 65536),  # a comment
        (b"\x1f\x8b\x08\x00" + bytes(6), b"\x00\x00\x00\xff\xff" * 13000),  # empty blocks
        (b"", gzip.compress(b"", mtime=0) * 3000),  # empty files
        (gzip.compress(b"x", mtime=0), b"\0" * 65536),  # padding
    ],
)
def test_what_unpacks_to_nothing_ends_too(start, then):
    def chunks():
        yield start
        yield from repeat(then)

    try:
        assert unpack(chunks(), "gzip", MB) == b"x"
    except FetchError as error:
        assert "larger than" in str(error)


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("", ""),
        ("identity", ""),
        ("gzip", "gzip"),
        ("X-GZIP", "gzip"),
        (" deflate ,", "deflate"),
        ("identity, gzip", "gzip"),
    ],
)
def test_one_coding_is_accepted(header, coding):
    assert coding_of(header) == coding


@pytest.mark.parametrize("header", ["gzip, gzip", "gzip,deflate,br", "br", "zstd", "compress", "x-br", "\x1b[2J" * 99])
def test_what_was_not_asked_for_is_refused(header):
    with pytest.raises(FetchError, match="packed"):
        coding_of(header)
