"""What stands between quotation marks, and who said it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_app.search.sentences.quotations import quotations
from tests.search_app.corpus import analyser


def said(text: str) -> list[tuple[str, str]]:
    """Each quotation with its speaker."""
    return [(text[each.start : each.end], each.speaker) for each in quotations(text, analyser())]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("马克龙说：“我们将继续对话。”", "马克龙"),
        ("法国总统马克龙周二在巴黎表示，“我们将继续对话”。", "法国总统马克龙"),
        ("法國總統馬克宏說：「我們將繼續對話。」", "法國總統馬克宏"),
        ("“我们将继续对话。”马克龙说。", "马克龙"),
        ("“我们将继续对话，”马克龙在接受采访时说。", "马克龙"),
        ("分析师安娜·布朗（Anna Brown）指出：“价格还会上涨。”", "分析师安娜·布朗"),
        ("参议员科宁（Sen. John Cornyn, R-TX）在采访时说，“很明显的。”", "参议员科宁"),
        ("外交部发言人华春莹9月3日在例行记者会上说：“我们注意到有关报道。”", "外交部发言人华春莹"),
        ("但默克尔强调，“合作必须以规则为基础。”", "默克尔"),
        ("默克尔补充说，“谈判仍在继续。”", "默克尔"),
        ("默克尔向记者表示：“谈判仍在继续。”", "默克尔"),
        ("香港特区政府回应称，“有关说法毫无根据”。", "香港特区政府"),
        ("据路透社报道，苏纳克在会议上说：“不能抱有幻想。”", "苏纳克"),
        ('默克尔说："谈判仍在继续。"', "默克尔"),
    ],
)
def test_who_is_named_beside_a_quotation_said_it(text: str, speaker: str) -> None:
    [(_, name)] = said(text)
    assert name == speaker


@pytest.mark.parametrize(
    "text",
    [
        "他说：“我们将继续对话。”",
        "家属在一份声明中说：“我们没有收到通知。”",
        "一名不愿透露姓名的官员说：“还要等。”",
        "这项“一带一路”倡议受到关注。",
        "陈肇始称，“普及社区检测计划”结束后会分析数据。",
        "据说“水怪”又出现了。",
        "他被称“欧洲最后一个独裁者”。",
        "法国政府与法律学者马丁说：“还要等。”",
        "报纸刊出梅西专访指出：“总会过去的。”",
        "“我们将继续对话。”",
        "：“”",
    ],
)
def test_nobody_is_named_where_it_is_not_sure(text: str) -> None:
    assert [name for _, name in said(text) if name] == []


def test_what_is_said_behind_a_quotation_may_belong_to_the_next_one() -> None:
    assert said("“还要等。”马克龙说：“快了。”") == [("“还要等。”", ""), ("“快了。”", "马克龙")]
    assert said("“还要等，”马克龙说，“但快了。”") == [("“还要等，”", "马克龙"), ("“但快了。”", "马克龙")]


def test_marks_that_do_not_open_and_close_in_one_line_are_none() -> None:
    assert said("「开头没有结尾\n结尾」没有开头") == []
    assert said("他说「外面『里面』外面」了") == [("「外面『里面』外面」", "")]
    assert said('5" 和 6" 之间的 7"') == []


@given(st.text('“”「」『』"说称，。：\n马克龙他在A·（）', max_size=60))
def test_any_text_has_quotations_that_stand_apart_in_order(text: str) -> None:
    found = quotations(text, analyser())
    ends = [0, *(each.end for each in found)]
    for each, end in zip(found, ends, strict=False):
        assert end <= each.start < each.end - 1
        assert "\n" not in text[each.start : each.end]
        assert each.speaker in text
