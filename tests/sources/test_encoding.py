"""Bytes to text without trusting declarations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.sources.encoding import declared_encoding, decode, storable

SIMPLIFIED = "中国政府今天宣布，对外贸易增长了百分之五，这是两年以来的最大增幅。"
TRADITIONAL = "台灣政府今天宣布，對外貿易增長了百分之五，這是兩年以來的最大增幅。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb2312", "gbk", "gb18030"])
@pytest.mark.parametrize("declared", [None, "utf-8", "gb2312", "big5", "iso-8859-1", "x-no-such"])
def test_simplified_text_is_read_whatever_is_declared(encoding, declared):
    assert decode(SIMPLIFIED.encode(encoding), declared=declared) == SIMPLIFIED


@pytest.mark.parametrize("encoding", ["utf-8", "big5", "cp950", "big5hkscs"])
@pytest.mark.parametrize("declared", [None, "utf-8", "gb2312", "big5", "iso-8859-1"])
def test_traditional_text_is_read_whatever_is_declared(encoding, declared):
    assert decode(TRADITIONAL.encode(encoding), declared=declared) == TRADITIONAL


def test_western_text_is_read_as_declared():
    assert decode("Café déjà vu".encode("latin-1"), declared="iso-8859-1") == "Café déjà vu"


def test_a_character_cut_in_two_costs_no_more_than_itself():
    assert decode(SIMPLIFIED.encode()[:-1]).startswith(SIMPLIFIED[:-1])
    assert decode(SIMPLIFIED.encode("gb18030")[:-1], declared="gbk").startswith(SIMPLIFIED[:-1])


def test_the_xml_declaration_is_found():
    assert declared_encoding(b'<?xml version="1.0" encoding="GB2312"?><rss>') == "GB2312"
    assert declared_encoding(b"<?xml version='1.0' encoding='big5' standalone='yes'?>") == "big5"
    assert declared_encoding(b"<rss>") is None


@given(st.binary(), st.sampled_from([None, "utf-8", "gbk", "big5", "utf-16", "idna", "base64"]))
def test_no_bytes_raise(data, declared):
    decode(data, declared=declared).encode()


def test_lone_surrogates_do_not_reach_the_archive():
    assert storable("中\ud83d国") == "中?国"
    assert storable("中国") == "中国"
