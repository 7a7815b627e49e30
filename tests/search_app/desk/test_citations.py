"""Citations: what each form says, and that nothing an article says ends a field, a line or a link of it."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from indexer.article import Article
from search_app.desk.citations import FORMS, Reference, bibtex, gbt7714, markdown, news_article, ris

SHANGHAI = ZoneInfo("Asia/Shanghai")
ARTICLE = Article(
    url="https://wire.example.org/a?x=1&y=2",
    title="江城大桥限行",
    text="限行。",
    source="江城日报",
    author="王芳、李明",
    published=datetime(2026, 11, 9, 17, 30, tzinfo=UTC),
    discovered=datetime(2026, 11, 10, 3, tzinfo=UTC),
    language="zh-Hans",
    id="0123456789abcdef",
)


def cited(form, **changed):
    members = {name: getattr(ARTICLE, name) for name in Article.__dataclass_fields__} | changed
    return FORMS[form].write(Reference.of(Article(**members), SHANGHAI))


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({}, "王芳, 李明. 江城大桥限行[EB/OL]. 江城日报, (2026-11-10)[2026-11-10]. https://wire.example.org/a?x=1&y=2"),
        ({"author": ""}, "江城日报. 江城大桥限行[EB/OL]. (2026-11-10)[2026-11-10]. https://wire.example.org/a?x=1&y=2"),
        ({"url": "urn:x"}, "王芳, 李明. 江城大桥限行[N]. 江城日报, 2026-11-10."),
        ({"url": "urn:x", "published": None}, "王芳, 李明. 江城大桥限行[N]. 江城日报."),
        ({"url": "", "author": "", "source": "", "published": None}, "江城大桥限行[N]."),
        ({"url": "", "author": "甲、乙、丙、丁"}, "甲, 乙, 丙, 等. 江城大桥限行[N]. 江城日报, 2026-11-10."),
        (
            {"url": "", "author": "A、B、C、D", "language": "en"},
            "A, B, C, et al. 江城大桥限行[N]. 江城日报, 2026-11-10.",
        ),
        ({"url": "", "author": "", "published": None}, "江城日报. 江城大桥限行[N]."),
    ],
)
def test_gbt_7714(changed, line):
    assert cited("gbt7714", **changed) == line


def test_days_are_those_of_the_readers_zone():
    assert Reference.of(ARTICLE, SHANGHAI).published == date(2026, 11, 10)
    assert Reference.of(ARTICLE, ZoneInfo("America/New_York")).published == date(2026, 11, 9)


def test_bibtex():
    assert cited("bibtex", title=r"50% & {more} \ #1_$^~", author="A and B、C, D") == (
        "@article{xunwen-0123456789abcdef,\n"
        r"  title = {{50\% \& \textbraceleft{}more\textbraceright{} \textbackslash{} "
        r"\#1\_\$\textasciicircum{}\textasciitilde{}}},"
        "\n  author = {{A and B} and {C, D}},\n"
        "  journal = {江城日报},\n  date = {2026-11-10},\n  year = {2026},\n  month = {11},\n"
        "  url = {https://wire.example.org/a?x=1&y=2},\n  urldate = {2026-11-10},\n  language = {zh-Hans},\n}\n"
    )


def test_ris():
    assert cited("ris").split("\r\n") == [
        *("TY  - NEWS", "ID  - 0123456789abcdef", "TI  - 江城大桥限行", "AU  - 王芳", "AU  - 李明", "T2  - 江城日报"),
        *("PY  - 2026", "DA  - 2026/11/10", "UR  - https://wire.example.org/a?x=1&y=2", "Y2  - 2026/11/10"),
        *("LA  - zh-Hans", "ER  - ", ""),
    ]


def test_markdown():
    assert cited("markdown") == (
        "- [江城大桥限行](<https://wire.example.org/a?x=1&amp;y=2>), 江城日报, 王芳、李明, 2026-11-10\n"
    )


HOSTILE = st.text(
    st.sampled_from("a中 {}\\%&#$_^~\"'@,=-\r\n\t\u2028\x85\x00[]()<>!|`*:.w/") | st.characters(codec="utf-8")
)
MOMENTS = st.integers(-62_000_000_000, 253_300_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
REFERENCES = st.builds(
    lambda **members: Reference.of(Article(text="", id="0123456789abcdef", **members), SHANGHAI),
    url=st.just("") | HOSTILE.map("https://example.org/".__add__) | HOSTILE,
    title=HOSTILE,
    source=HOSTILE,
    author=HOSTILE,
    language=st.sampled_from(["und", "zh-Hant", "en"]),
    published=st.none() | MOMENTS,
    discovered=st.none() | MOMENTS,
)


@given(REFERENCES)
def test_a_gbt_citation_is_one_line(reference):
    assert len(gbt7714(reference).splitlines()) == 1


_WRITTEN = {
    r"\textbackslash{}": "\\",
    r"\textbraceleft{}": "{",
    r"\textbraceright{}": "}",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
}


def read_tex(text):
    return re.sub(r"\\text\w+\{\}|\\[%&#$_]", lambda each: _WRITTEN.get(each[0], each[0][1:]), text)


def bibtex_fields(entry):
    """As BibTeX reads an entry: a value ends where its braces do, escaped or not."""
    rest = entry.partition(",\n")[2]
    found = {}
    while match := re.match(r"  (\w+) = \{", rest):
        depth, end = 1, match.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(rest[end], 0)
            end += 1
        found[match[1]] = rest[match.end() : end - 1]
        assert rest[end : end + 2] == ",\n"
        rest = rest[end + 2 :]
    assert rest == "}\n"
    return found


@given(REFERENCES)
def test_bibtex_reads_back_what_was_said(reference):
    entry = bibtex(reference)
    fields = bibtex_fields(entry)
    assert read_tex(fields.get("title", "{}")[1:-1]) == reference.title
    assert read_tex(fields.get("journal", "")) == reference.source
    assert fields.get("author", "").count("} and {") >= len(reference.authors) - 1
    assert len(entry.splitlines()) == len(fields) + 2
    assert not re.search(r"(?<!\\)%", re.sub(r"url = .*", "", entry))


@given(REFERENCES)
def test_ris_reads_back_what_was_said(reference):
    record = ris(reference)
    lines = record.split("\r\n")
    assert record.splitlines() == lines[:-1]
    pairs = [(line[:2], line[6:]) for line in lines[:-1]]
    assert all(line[2:6] == "  - " for line in lines[:-1])
    assert [tag for tag, _ in pairs].count("ER") == [tag for tag, _ in pairs].count("TY") == 1
    assert [value for tag, value in pairs if tag == "AU"] == list(reference.authors)
    assert dict(pairs).get("TI", "") == reference.title


@given(REFERENCES)
def test_markdown_is_one_item_with_one_link_and_its_text(reference):
    written = markdown(reference)
    assert len(written.splitlines()) == 1
    [inline] = [token for token in MarkdownIt("commonmark").parse(written) if token.type == "inline"]
    kinds = {child.type for child in inline.children}
    assert kinds <= {"text", "text_special", "link_open", "link_close"}
    assert len([child for child in inline.children if child.type == "link_open"]) == bool(reference.url)
    text = "".join(child.content for child in inline.children)
    assert text.startswith(reference.title or reference.id)
    assert "".join(reference.source.split()) in "".join(text.split())


@given(REFERENCES)
def test_machines_are_told_no_empty_members(reference):
    assert all(news_article(reference).values())
