"""A name is one term with several spellings, each under its condition."""

from search_app.query.parameters import SearchParameters
from tests.search_app.corpus import NOW, Corpus, article

TAXIS = "出租车\t计程车\t德士\n"
JOHNSONS = "约翰逊\t强生\t强森\t<Boris Johnson\n强生\t娇生\n"


def test_a_spelling_that_was_not_typed_counts_where_it_is_a_word() -> None:
    corpus = Corpus(
        [
            article(1, "", "德士司机说生意不好。"),
            article(2, "", "澳大利亚铁矿石商福德士河今年赚钱。"),
            article(3, "", "招聘公司华德士的调查。"),
            article(4, "", "搭计程车去机场。"),
        ],
        TAXIS,
    )
    assert corpus.found("出租车") == {1, 4}
    assert corpus.found("德士") == {1, 2, 3, 4}  # what is typed is found wherever it stands


def test_a_spelling_that_also_means_something_else_needs_company() -> None:
    corpus = Corpus(
        [
            article(1, "", "强生公司暂停疫苗试验。"),
            article(2, "", "英国首相强生（Boris Johnson）说要脱欧。"),
            article(3, "", "强生谈脱欧。"),
            article(4, "", "约翰逊确诊。"),
        ],
        JOHNSONS,
    )
    assert corpus.found("约翰逊") == {2, 4}
    assert corpus.found("约翰逊 脱欧") == {2, 3}
    assert corpus.found("强生") == {1, 2, 3, 4}


def test_each_spelling_can_be_taken_away() -> None:
    corpus = Corpus([article(1, "", "出租车"), article(2, "", "计程车"), article(3, "", "德士")], TAXIS)
    assert corpus.found("出租车", without="計程車") == {1, 3}
    results = corpus.ask("出租车", without="计程车")
    assert [each.spellings for each in results.query.variants] == [("德士",)]
    assert [(each.field, each.value, each.excluded) for each in results.query.filters] == [("without", "计程车", True)]
    assert corpus.found("计程车", without="计程车") == {1, 2, 3}


def test_english_nouns_lead_to_chinese_ones_and_never_back() -> None:
    corpus = Corpus([article(1, "", "新冠疫苗"), article(2, "", "a new vaccine")], "<vaccine\t<vaccines\t>疫苗\n")
    assert corpus.found("vaccine") == {1, 2}
    assert corpus.found("疫苗") == {1}


def test_the_rarest_spelling_does_not_come_first() -> None:
    usual = [article(number, "", "拜登发表讲话，谈到了经济。") for number in range(1, 9)]
    corpus = Corpus([*usual, article(9, "", "白登发表讲话，谈到了经济。")], "拜登\t白登\n")
    hits = corpus.searcher.search(corpus.searcher.ask(SearchParameters("拜登", limit=9), NOW)).hits
    assert int(hits[-1].id, 16) == 9


def test_the_words_of_a_name_are_no_names_of_their_own() -> None:
    table = "香港\t<Hong Kong\n陈弘\t<Chen Hong\t<Hong\n"
    corpus = Corpus([article(1, "", "香港"), article(2, "", "陈弘"), article(3, "", "Hong Kong")], table)
    assert corpus.found("Hong Kong") == {1, 3}
