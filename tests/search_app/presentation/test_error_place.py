"""An error points at the place of the question that is at fault."""

import re
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.search_app.pages import problems_of

ENGLISH = {"Accept-Language": "en"}

PLACES = [
    ("关税 colour:red", "colour"),
    ("colour 关税 colour:red", "colour", 10),
    ("关税 before:soon", "soon"),
    ("soon 关税 日期：soon", "soon", 11),
    ("关税 lang:1234567890", "1234567890"),
    ("words:many 关税", "many"),
    ("关税 NEAR/9999 制裁", "NEAR/9999"),
    ("<b>关税</b> colour:red", "colour"),
    ("😀 关税 colour:red", "colour"),
    ('"date:soon" before:soon', "soon", 19),
    ('"colour: x" 关税 colour:red', "colour", 15),
    ('before:"soon" 关税', "soon", 8),
    ("date:2020-09..2020-08 关税", "2020-09..2020-08"),
    ("(title:关税 OR is:lost)", "lost"),
    ("ATLEAST/99999 关税", "ATLEAST/99999"),
]


@pytest.mark.parametrize("case", PLACES, ids=lambda case: case[0])
def test_the_place_is_told_to_programs_and_marked_for_people(client, case):
    question, wrong, *place = case
    address = "?" + urlencode({"q": question})
    error = client.get("/api/v1/search" + address, headers=ENGLISH).get_json()["error"]
    assert error["position"] == (place[0] if place else question.index(wrong))
    for path in ("/", "/timeline", "/sentences", "/terms"):
        answer = client.get(path + address, headers=ENGLISH)
        html = answer.get_data(as_text=True)
        assert answer.status_code == 400 and problems_of(html) == []
        [marked] = re.findall(r'<p lang="zh">(.*?)</p>', html)
        assert f"<mark>{wrong}</mark>" in marked and marked.count("<mark>") == 1 and "<b>" not in marked


@pytest.mark.parametrize(
    "asked", ["q=soon&from=soon", "q=1234567890&lang=1234567890", "q=best&sort=best", "q=a&limit=0"]
)
def test_what_another_parameter_holds_stands_in_no_question(client, asked):
    answer = client.get(f"/api/v1/search?{asked}", headers=ENGLISH)
    assert (answer.status_code, answer.get_json()["error"]["position"]) == (400, None)


def test_of_two_that_are_compared_the_one_at_fault_is_shown(client):
    address = "?" + urlencode({"q": '"colour: x"', "against": "关税 colour:red"})
    assert client.get("/api/v1/terms" + address).get_json()["error"]["position"] == 3
    html = client.get("/terms" + address).get_data(as_text=True)
    assert '<p lang="zh">关税 <mark>colour</mark>:red</p>' in html


def test_of_several_questions_the_one_at_fault_is_shown(client):
    html = client.get("/timeline?q=关税&q=台风 colour:red", headers=ENGLISH).get_data(as_text=True)
    assert '<p lang="zh">台风 <mark>colour</mark>:red</p>' in html


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from('关a:："( )-/*是'), max_size=12))
def test_whatever_is_asked_a_place_lies_in_the_question(client, text):
    question = f"{text} colour:red"
    error = client.get("/api/v1/search", query_string={"q": question}).get_json().get("error")
    assert error is None or error["position"] is None or 0 <= error["position"] < len(question)
