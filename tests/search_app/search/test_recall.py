"""What is found is what a plain scan of the articles finds."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article
from indexer.errors import QueryError
from indexer.text.units import units
from search_app.query.interpreter import Interpreter
from search_app.query.parameters import SearchParameters
from tests.search_app.corpus import NOW, SHANGHAI, Corpus, analyser, article

PIECES = st.sampled_from(
    ["疫苗", "疫苗接種", "接种", "美国总统", "美國", "中", "美", "特", "朗普", "的", "了", "对", "什么", "冠", "病",
     "国家", "G7", "covid-19", "COVID 19", " ", "　", "王", "毅", "，", "。", "\n", "3", "%", "😀"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=8).map("".join)
HAN = "疫苗接种美国总统中特朗普的了对什么冠病家"
MOMENTS = st.integers(1_598_650_000, 1_600_560_000).map(lambda second: datetime.fromtimestamp(second, UTC))
RUNS = st.text(HAN, min_size=1, max_size=5)
ARTICLES = st.builds(
    article,
    st.integers(0, 30),
    TEXTS,
    TEXTS,
    source=st.sampled_from(["早报", "联合早报", "BBC 中文"]),
    published=st.none() | MOMENTS,
    language=st.sampled_from(["zh-Hans", "zh-Hant", "zh", "en"]),
    host=st.sampled_from(["www.zaobao.com", "zaobao.com", "notzaobao.com"]),
)
CORPORA = st.lists(ARTICLES, min_size=1, max_size=6, unique_by=lambda each: each.id).map(Corpus)


def scan(corpus: Corpus, test: Callable[[Article], bool]) -> set[int]:
    return {int(each.id, 16) for each in corpus.articles.values() if test(each)}


def holds(run: str) -> Callable[[Article], bool]:
    """Whether a run of Han characters stands in an article, letter for letter after folding."""
    folded = analyser().fold(run)
    return lambda each: any(folded in analyser().fold(text) for text in (each.title, each.text))


def strictly(corpus: Corpus, text: str, **parameters: object) -> set[int]:
    """What is found, without partial matches."""
    return corpus.found(text, partial="0", **parameters)


@given(CORPORA, RUNS)
def test_a_run_finds_every_article_that_holds_it_and_quoted_no_other(corpus: Corpus, run: str) -> None:
    assert strictly(corpus, run) >= scan(corpus, holds(run))
    assert corpus.found(f'"{run}"') == scan(corpus, holds(run))
    assert corpus.found(f"{run}*") == scan(corpus, holds(run))


@given(CORPORA, st.data())
def test_any_slice_of_an_article_finds_it(corpus: Corpus, data: st.DataObject) -> None:
    each = data.draw(st.sampled_from(list(corpus.articles.values())))
    text = data.draw(st.sampled_from([each.title, each.text]))
    start = data.draw(st.integers(0, len(text)))
    piece = text[start : data.draw(st.integers(start, len(text)))]
    # A slice may cut a word of letters or digits, which are whole or not at all.
    edges = text[max(0, start - 1) : start + 1], text[start + len(piece) - 1 : start + len(piece) + 1]
    if any(edge.isascii() and edge.isalnum() and len(edge) == 2 for edge in edges):
        return
    quoted = corpus.ask(f'"{piece}"', limit=100)
    if piece.strip() and not quoted.query.notes:
        assert each.id in {hit.id for hit in quoted.hits}
        if "-" not in piece:  # which may be an operator
            assert int(each.id, 16) in strictly(corpus, piece)


def test_a_name_that_is_padded_is_found_in_the_middle_of_a_sentence() -> None:
    corpus = Corpus(
        [
            article(1, "要闻", "今日王　毅出席会议。"),
            article(2, "要闻", "李克强　王毅"),
            article(3, "要闻", "李　强总理到访"),
        ]
    )
    assert corpus.found("王毅") == {1, 2} and corpus.found('"今日王毅出席"') == {1}
    assert corpus.found("李强") == {3} and corpus.found('"强王"') == set()
    assert corpus.found('"王　毅出席"') == {1} == corpus.found('"王 毅出席"')


@given(CORPORA, st.lists(PIECES, min_size=1, max_size=5).map("".join))
def test_holding_all_concepts_is_enough(corpus: Corpus, text: str) -> None:
    interpretation = Interpreter(analyser(), None, NOW.date(), SHANGHAI).interpret(SearchParameters(text))
    concepts = [concept.spellings[0].text for concept in interpretation.concepts]
    if not all(set(concept) <= set(HAN) for concept in concepts) or not concepts:
        return
    assert strictly(corpus, text) == scan(corpus, lambda each: all(holds(concept)(each) for concept in concepts))


@given(CORPORA, RUNS, RUNS)
def test_operators_do_what_a_scan_does(corpus: Corpus, one: str, two: str) -> None:
    first, second, all_ = scan(corpus, holds(one)), scan(corpus, holds(two)), scan(corpus, lambda _: True)
    assert corpus.found(f'-"{one}"') == all_ - first
    assert corpus.found(f"-{one}") == all_ - first
    assert strictly(corpus, f'"{one}" "{two}"') == first & second
    assert strictly(corpus, f'"{one}" OR "{two}"') == first | second
    assert strictly(corpus, f'"{one}" -{two}') == first - second
    assert strictly(corpus, f'NOT ("{one}" | "{two}")') == all_ - first - second
    assert strictly(corpus, f'-("{one}" "{two}")') == all_ - (first & second)
    assert strictly(corpus, f'("{one}" | -"{two}") -("{one}" "{two}")') == (first | (all_ - second)) - (first & second)


@given(CORPORA, RUNS)
def test_fields_do_what_a_scan_does(corpus: Corpus, run: str) -> None:
    folded = analyser().fold(run)
    assert corpus.found(f'title:"{run}"') == scan(corpus, lambda each: folded in analyser().fold(each.title))
    assert corpus.found("source:早报") == scan(corpus, lambda each: each.source == "早报")
    assert corpus.found('-source:"BBC 中文"') == scan(corpus, lambda each: each.source != "BBC 中文")
    assert corpus.found("site:zaobao.com") == scan(corpus, lambda each: "notzaobao" not in each.url)
    assert corpus.found("lang:zh") == scan(corpus, lambda each: each.language.startswith("zh"))
    assert corpus.found("lang:zh-TW") == scan(corpus, lambda each: each.language == "zh-Hant")
    assert corpus.found("", source=["早报", "联合早报"]) == scan(corpus, lambda each: each.source != "BBC 中文")
    assert corpus.found("", lang="zh_hans") == scan(corpus, lambda each: each.language == "zh-Hans")


def places(run: str, text: str) -> list[tuple[int, int, int, int]]:
    """Where a run of Han characters stands in a folded text: its first unit and that after its last, characters too."""
    numbers = {start: number for number, (_, start, _) in enumerate(units(text))}
    starts = [start for start in range(len(text)) if text.startswith(run, start)]
    return [(numbers[start], numbers[start] + len(run), start, start + len(run)) for start in starts]


def stand(one: str, two: str, together: Callable[[int, str], bool]) -> Callable[[Article], bool]:
    """Whether both stand in title or body, apart, with what lies between them as ``together`` wants it."""

    def test(each: Article) -> bool:
        for text in map(analyser().fold, (each.title, each.text)):
            for first, second in ((one, two), (two, one)):
                for _, end, _, last in places(first, text):
                    for start, _, begin, _ in places(second, text):
                        if start >= end and together(start - end, text[last:begin]):
                            return True
        return False

    return test


@given(CORPORA, RUNS, RUNS, st.integers(0, 12))
def test_operators_on_places_do_what_a_scan_does(corpus: Corpus, one: str, two: str, most: int) -> None:
    one, two = map(analyser().fold, (one, two))
    near = scan(corpus, stand(one, two, lambda gap, _: gap <= most))
    assert corpus.found(f'"{one}" NEAR/{most} "{two}"') == near
    assert corpus.found(f'"{two}" NEAR/{most} "{one}"') == near
    assert corpus.found(f'"{one}" W/{most} "{two}" OR "{two}" W/{most} "{one}"') == near
    assert corpus.found(f'-("{one}" NEAR/{most} "{two}")') == scan(corpus, lambda _: True) - near
    in_one_sentence = scan(corpus, stand(one, two, lambda _, between: not set(between) & set("。!?\n")))
    assert corpus.found(f'"{one}" 同句 "{two}"') == in_one_sentence
    in_one_paragraph = scan(corpus, stand(one, two, lambda _, between: "\n" not in between))
    assert corpus.found(f'"{one}" P/ "{two}"') == in_one_paragraph
    assert in_one_sentence <= in_one_paragraph


@given(CORPORA, RUNS, st.integers(1, 4))
def test_how_often_where_and_how_long_is_what_a_scan_counts(corpus: Corpus, run: str, times: int) -> None:
    folded = analyser().fold(run)
    often = scan(
        corpus, lambda each: sum(len(places(folded, analyser().fold(t))) for t in (each.title, each.text)) >= times
    )
    assert corpus.found(f'ATLEAST/{times} "{run}"') == often
    in_title = scan(corpus, lambda each: len(places(folded, analyser().fold(each.title))) >= times)
    assert corpus.found(f'title:ATLEAST/{times} "{run}"') == in_title
    long = scan(corpus, lambda each: len(units(analyser().fold(each.text))) > times)
    assert corpus.found(f"words:>{times}") == long


@given(
    CORPORA,
    st.dates(date(2020, 8, 28), date(2020, 9, 21)),
    st.integers(0, 20),
    st.sampled_from(["Asia/Shanghai", "America/New_York", "UTC"]),
)
def test_dates_find_the_days_that_a_scan_finds(corpus: Corpus, first: date, length: int, zone: str) -> None:
    last = first + timedelta(days=length)

    def day(each: Article) -> date:
        return each.published.astimezone(ZoneInfo(zone)).date() if each.published else date.min

    inside = scan(corpus, lambda each: first <= day(each) <= last)
    assert corpus.found("", from_=first, to=last, tz=zone) == inside
    assert corpus.found(f"date:{first}..{last}", tz=zone) == inside
    assert corpus.found(f"after:{first} before:{last:%Y年%m月%d日}", tz=zone) == inside
    assert corpus.found(f"-date:{first}..{last}", tz=zone) == scan(corpus, lambda _: True) - inside
    assert corpus.found("", from_=first, tz=zone) == scan(corpus, lambda each: day(each) >= first)
    assert corpus.found("", to=last, tz=zone) == scan(corpus, lambda each: date.min < day(each) <= last)


@given(CORPORA, st.text(max_size=30) | st.lists(PIECES | st.sampled_from([*'"()|-*：:', " OR "])).map("".join))
def test_what_is_shown_lies_within_the_texts(corpus: Corpus, text: str) -> None:
    try:
        results = corpus.ask(text, explain=1)
    except QueryError as error:
        assert error.code in ("unknown_field", "bad_operator", "bad_operand", "bad_number")
        return
    for hit in results.hits:
        for shown, highlights in ((hit.title, hit.title_highlights), (hit.snippet.text, hit.snippet.highlights)):
            ends = [end for span in highlights for end in span]
            assert ends == sorted(ends)
            assert all(0 <= start < end <= len(shown) for start, end in highlights)
        assert abs(hit.score - sum(part.score for part in hit.explanation)) < 1e-6
