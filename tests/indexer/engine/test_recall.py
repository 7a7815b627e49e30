"""What stands in an article is found: every run of every article, whatever words segmentation sees in it."""

import random

from indexer.engine.document import Batch
from indexer.engine.index import SearchIndex, SearchRequest
from indexer.engine.query import Phrase
from indexer.text.analyser import Analyser
from indexer.text.units import HAN, units
from tests.indexer.engine.documents import Doc, build, story_of

# Written for this test: both scripts, runs broken by punctuation, digits and letters, variants that fold together.
ARTICLES = [
    (
        "中美关系走向何方？G7领袖讨论对乌克兰援助",
        "七国集团领导人周五在会上表示，将继续向乌克兰提供援助。冠病疫情后，经济复苏缓慢。",
    ),
    ("臺北舉行視訊會議", "總統府發言人指出，視訊會議於台北時間上午9點舉行，與會者包括臺灣、日本及歐洲代表。"),
    (
        "新冠肺炎COVID-19：第3波疫情",
        "世卫组织说，新冠病毒（COVID-19）变异株在欧洲蔓延，德国单日新增3.5%。５Ｇ網絡也受影響。",
    ),
    ("特朗普与川普", "美国前总统特朗普（台湾译作川普）在佛罗里达发表讲话。中，美；中·美，都不是中美。"),
    ("", "没有标题的文章也要能找到。乾隆皇帝的名著，著作等身，乾燥的天氣。"),
    ("只有标题", ""),
    ("emoji 🎉 与符号 C# 和 C++", "程序员喜欢 C#、C++ 与 3.14，价格￥100，涨幅10％。"),
]


def test_every_run_of_up_to_eight_characters_finds_all_that_hold_it(index: SearchIndex) -> None:
    """Against a plain scan. Runs are cut from Han characters that stand together in a folded title or body."""
    analyser = Analyser()
    build_from_text(index, analyser)
    folded = {str(i): (analyser.fold(title), analyser.fold(body)) for i, (title, body) in enumerate(ARTICLES)}
    runs = sorted({run for texts in folded.values() for text in texts for run in han_runs(text)})
    picked = random.Random(0).sample(runs, 400) + [run for run in runs if len(run) == 1]
    for run in picked:
        grams, prefix = analyser.phrase_tokens(run)
        answer = index.search(SearchRequest(Phrase(grams, prefix), limit=100))
        expected = {id for id, texts in folded.items() if any(run in text for text in texts)}
        assert {hit.id for hit in answer.hits} == expected, run
        in_titles = index.search(SearchRequest(Phrase(grams, prefix, "title"), limit=100))
        assert {hit.id for hit in in_titles.hits} == {id for id, (title, _) in folded.items() if run in title}, run


def test_both_scripts_find_the_same(index: SearchIndex) -> None:
    analyser = Analyser()
    build_from_text(index, analyser)
    for one, other in [("視訊會議", "视讯会议"), ("臺北", "台北"), ("總統", "总统"), ("５Ｇ網絡", "5g网络")]:
        answers = [
            {hit.id for hit in index.search(SearchRequest(Phrase(*analyser.phrase_tokens(text)))).hits}
            for text in (one, other)
        ]
        assert answers[0] == answers[1] != set()


def han_runs(text: str) -> set[str]:
    kinds = ["" for _ in text]
    for kind, start, end in units(text):
        kinds[start:end] = ["汉" if kind == HAN else ""] * (end - start)
    return {
        text[start:end]
        for start in range(len(text))
        for end in range(start + 1, min(start + 8, len(text)) + 1)
        if all(kinds[start:end])
    }


def build_from_text(index: SearchIndex, analyser: Analyser) -> None:
    columns = analyser.analyse([title for title, _ in ARTICLES], [body for _, body in ARTICLES])
    docs = [Doc(str(i)) for i in range(len(ARTICLES))]
    build(index, [])
    with index.write(2) as writer:
        writer.put(
            Batch(
                ids=[doc.id for doc in docs],
                words=columns.words,
                grams=columns.grams,
                title_grams=columns.title_grams,
                caption_grams=columns.caption_grams,
                boundaries=columns.boundaries,
                sources=[doc.source for doc in docs],
                authors=[doc.authors for doc in docs],
                sites=[doc.site for doc in docs],
                languages=[doc.language for doc in docs],
                published=[doc.published for doc in docs],
                discovered=[doc.discovered for doc in docs],
                stories=[story_of(doc) for doc in docs],
            )
        )
