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


SENTENCE = "渡口停航三天，明日恢复。江边的老码头改造完工，两座龙门吊留作景观。"


@pytest.mark.parametrize("start", ["", "[渡口停航](https://enc.example/short)\n------\n\n", "<rss><title>"])
def test_utf_8_that_is_cut_inside_a_character_keeps_all_before_it(start):
    data = (start + SENTENCE).encode()
    for size in range(len(start) + 4, len(data)):
        text = decode(data[:size])
        assert (start + SENTENCE).startswith(text.rstrip("\ufffd"))
        assert text.count("\ufffd") <= 1


@pytest.mark.parametrize("encoding", ["gb18030", "big5"])
def test_double_bytes_that_are_cut_keep_all_before_it(encoding):
    sentence = "今天下午的會議在這裡舉行，人們說過的話" if encoding == "big5" else SENTENCE
    data = sentence.encode(encoding)
    for size in range(16, len(data)):
        assert sentence.startswith(decode(data[:size]).rstrip("\ufffd"))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("declaration", ["", '<?xml version="1.0" encoding="utf-16"?>'])
def test_utf_16_without_a_mark_is_known_by_its_zeros(encoding, declaration):
    text = f"{declaration}<rss><channel><title>江湾日报</title></channel></rss>"
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("marks", ["\ufeff", "\ufeff\ufeff", "\n\ufeff", "\ufeff \r\n\ufeff\ufeff"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_marks_before_the_text_are_taken_away(marks, encoding):
    assert decode((marks + "<rss>新闻</rss>").encode(encoding)) == "<rss>新闻</rss>"
    assert decode("新闻\ufeff报".encode()) == "新闻\ufeff报"


def test_the_euro_of_windows_is_one():
    assert (
        decode("记作".encode("gbk") + b"\x801=7.8" + "元，国务院召开会议".encode("gbk"))
        == "记作€1=7.8元，国务院召开会议"
    )


FOREIGN = {
    "shift_jis": "政府は五日、経済対策を決定した。物価の高騰に対応する。",
    "euc-jp": "政府は五日、経済対策を決定した。物価の高騰に対応する。",
    "iso-2022-jp": "政府は五日、経済対策を決定した。",
    "euc-kr": "물가 지수 발표. 정부는 오늘 새로운 대책을 내놓았다.",
    "windows-1251": "Новости дня: правительство объявило о новых мерах.",
    "iso-8859-1": "Élections à Paris : le gouvernement a annoncé de nouvelles mesures pour l'été.",
}


@pytest.mark.parametrize("encoding", FOREIGN)
@pytest.mark.parametrize(
    "frame",
    [
        '<?xml version="1.0" encoding="{0}"?><rss>{1}</rss>',
        '<html><head><meta charset="{0}"></head><body>{1}</body></html>',
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset={0}"></head><body>{1}</body></html>',
    ],
)
def test_a_declared_encoding_of_another_language_is_read(encoding, frame):
    data = frame.format(encoding, FOREIGN[encoding]).encode(encoding)
    assert FOREIGN[encoding] in decode(data, declared=declared_encoding(data))


@pytest.mark.parametrize("declared", [*FOREIGN, "utf-8", "big5"])
def test_chinese_under_a_wrong_declaration_is_read(declared):
    text = "渡口停航三天。市政府表示，公交线路不变，请市民留意通知。"
    assert decode(text.encode("gbk"), declared=declared) == text


ZH = "江边的老码头改造完工，仓库改成了书店，周末开放。"


@pytest.mark.parametrize("between", ["\n", ""])
@pytest.mark.parametrize(("first", "second"), [("utf-8", "gbk"), ("gbk", "utf-8")])
def test_two_encodings_in_one_file_are_both_read(first, second, between):
    if first == "gbk" and not between:
        return  # nothing tells where the one ends and the other begins
    assert decode((ZH * 3 + between).encode(first) + (ZH * 2).encode(second)) == ZH * 3 + between + ZH * 2


def test_a_short_text_with_a_line_in_another_encoding_is_read():
    data = "标题：雨天出行\n".encode() + "请注意安全。\n".encode("gbk") + "完".encode()
    assert decode(data) == "标题：雨天出行\n请注意安全。\n完"


@pytest.mark.parametrize(
    ("text", "encodings"),
    [
        (
            "江辺の古い埠頭の改修工事が終わり、倉庫は書店に生まれ変わった。",
            ["shift_jis", "cp932", "euc_jp", "iso2022_jp"],
        ),
        ("カメラとレンズの新製品を発表しました。", ["shift_jis", "euc_jp"]),
        ("강변의 오래된 부두가 새 단장을 마치고 창고는 서점으로 바뀌었다.", ["euc_kr", "cp949"]),
        ("정부는 오늘 새로운 정책을 발표했다고 밝혔다.", ["euc_kr"]),
    ],
)
def test_other_languages_are_read_without_a_declaration(text, encodings):
    for name in encodings:
        assert decode(text.encode(name)) == text
        assert decode(f"<p>{text}</p>\n".encode(name) * 20) == f"<p>{text}</p>\n" * 20


@pytest.mark.parametrize("text", ["渡口停航", "王毅、李强、赵乐际、丁薛祥", "北京市朝阳区", "习近平会见外宾"])
def test_short_chinese_stays_chinese(text):
    assert decode(text.encode("gbk")) == text
