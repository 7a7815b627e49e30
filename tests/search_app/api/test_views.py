"""The API as programs use it."""

import csv
import io
import json
import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from openapi_spec_validator import validate

from indexer.archive import article_id
from tests.search_app.library import CHANGED

DOCUMENT = Path(__file__).parents[3] / "docs" / "api.md"


def ask(client, address):
    """GET an address as a person writes it, blanks and all."""
    parts = urlsplit(address)
    return client.get(parts.path, query_string=parse_qsl(parts.query, keep_blank_values=True), buffered=True)


@pytest.fixture
def get(client):
    def answer(address, status=200):
        response = ask(client, address)
        assert response.status_code == status, response.get_data(as_text=True)
        return response.get_json()

    return answer


def test_a_search_has_the_documented_shape(get):
    answer = get("/api/v1/search?q=关税&limit=2")
    assert list(answer) == [
        "query",
        "total",
        "stories",
        "hidden",
        "total_is_exact",
        "took_ms",
        "hits",
        "facets",
        "timeline",
        "next",
        "suggestions",
    ]
    assert answer["query"]["text"] == "关税"
    assert answer["total_is_exact"] is True
    assert len(answer["hits"]) == 2 < answer["total"]
    [hit, *_] = answer["hits"]
    assert set(hit) == {
        *("id", "url", "title", "source", "author", "published", "discovered", "score", "title_highlights", "snippet"),
        *("story", "copies"),
    }
    assert all(hit["title"][start:end] for start, end in hit["title_highlights"])
    assert all(hit["snippet"]["text"][start:end] for start, end in hit["snippet"]["highlights"])
    assert {value["value"] for value in answer["facets"]["source"]} >= {"財經觀察", "环球晨报"}
    assert sum(day["count"] for day in answer["timeline"]) == answer["total"]
    assert all(0 < day["share"] <= 1 for day in answer["timeline"])


def test_next_leads_through_all_hits_once(get):
    ids, cursor = [], ""
    while cursor is not None:
        answer = get(f"/api/v1/search?q=&limit=7&cursor={cursor}")
        ids += [hit["id"] for hit in answer["hits"]]
        cursor = answer["next"]
    assert len(ids) == len(set(ids)) == answer["total"]


def test_fields_chooses_members_of_hits(get):
    assert all(set(hit) == {"id", "title"} for hit in get("/api/v1/search?q=关税&fields=title,id")["hits"])


def test_csv_holds_every_hit(client, get):
    response = ask(client, "/api/v1/search?q=&format=csv&fields=id,title,published,snippet")
    assert response.data.startswith("\ufeff".encode())
    rows = list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert len(rows) == int(response.headers["X-Total-Count"]) == get("/api/v1/search?q=")["total"]
    assert set(rows[0]) == {"id", "title", "published", "snippet"}


def test_json_lines_hold_every_hit_as_a_search_does(client, get):
    response = ask(client, "/api/v1/search?q=关税&format=jsonl")
    lines = [json.loads(line) for line in response.data.decode().splitlines()]
    assert lines == get("/api/v1/search?q=关税&limit=100")["hits"]


def test_an_export_with_a_bad_date_is_a_400(get):
    assert get("/api/v1/search?format=csv&from=soon", 400)["error"]["code"] == "bad_date"


def test_more_exports_than_the_server_can_bear_are_turned_away(client):
    running = [client.get("/api/v1/search?format=jsonl") for _ in range(2)]
    refused = client.get("/api/v1/search?format=jsonl")
    assert refused.status_code == 429
    assert refused.headers["Retry-After"]
    for response in running:
        response.close()
    assert client.get("/api/v1/search?format=jsonl", buffered=True).status_code == 200


def test_an_article_with_its_sanitised_markup(get):
    answer = get(f"/api/v1/articles/{article_id(CHANGED)}")
    assert answer["title"] == CHANGED.title
    assert answer["text"] == CHANGED.text
    assert "script" not in answer["html"]
    assert answer["published"] == "2026-11-10T02:00:00Z"
    assert answer["revisions"] == 1


def test_the_timeline_compares_and_knows_shares(get):
    answer = get("/api/v1/timeline?q=关税&q=疫苗&by=month")
    assert answer["by"] == "month"
    assert [series["query"] for series in answer["series"]] == ["关税", "疫苗"]
    for series in answer["series"]:
        assert sum(point["count"] for point in series["points"]) == series["total"]
        assert all(0 <= point["share"] <= 1 for point in series["points"])
    [first, second] = answer["series"]
    assert [point["first"] for point in first["points"]] == [point["first"] for point in second["points"]]


def test_terms_stand_out(get):
    answer = get("/api/v1/terms?q=关税")
    assert answer["total"] > 0
    assert answer["terms"][0]["text"] == "关税"
    assert all(term["count"] <= answer["total"] for term in answer["terms"])


def test_related_articles_know_copies_of_the_same_story(get):
    hits = get("/api/v1/search?q=过江大桥&fields=id,title")["hits"]
    answer = get(f"/api/v1/related/{hits[0]['id']}?limit=3")
    assert 0 < len(answer["articles"]) <= 3
    assert hits[0]["id"] not in {article["id"] for article in answer["articles"]}


def test_suggestions_have_counts(get):
    for suggestion in get("/api/v1/suggest?q=特朗")["suggestions"]:
        assert suggestion["count"] > 0


@pytest.mark.parametrize(
    ("address", "status", "code", "field"),
    [
        ("/api/v1/search?from=soon", 400, "bad_date", "from"),
        ("/api/v1/search?qq=x", 400, "unknown_parameter", "qq"),
        ("/api/v1/search?sort=best", 400, "bad_choice", "sort"),
        ("/api/v1/search?limit=1000", 400, "bad_number", "limit"),
        ("/api/v1/terms?limit=%0D", 400, "bad_number", "limit"),
        ("/api/v1/search?format=xml", 400, "bad_choice", "format"),
        ("/api/v1/search?q=colour:red", 400, "unknown_field", "q"),
        ("/api/v1/timeline?by=hour", 400, "bad_choice", "by"),
        ("/api/v1/timeline?q=1&q=2&q=3&q=4&q=5&q=6&q=7", 400, "too_many_values", "q"),
        ("/api/v1/related/0000000000000000", 404, "not_found", None),
        ("/api/v1/nothing", 404, "not_found", None),
    ],
)
def test_errors_have_one_shape(get, address, status, code, field):
    error = get(address, status)["error"]
    assert list(error) == ["code", "message", "field", "allowed", "position"]
    assert (error["code"], error["field"]) == (code, field)
    assert status != 400 or error["allowed"]


def test_other_methods_are_refused_in_the_same_shape(client):
    response = client.post("/api/v1/search")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    assert response.get_json()["error"]["code"] == "method_not_allowed"


def test_the_description_is_valid_openapi(client):
    description = client.get("/openapi.json").get_json()
    validate(description)
    assert set(description["paths"]) == {
        "/api/v1/articles/{article_id}",
        "/api/v1/articles/{article_id}/citation",
        "/api/v1/hidden-sources",
        "/api/v1/marks",
        "/api/v1/marks/{article_id}",
        "/api/v1/related/{article_id}",
        "/api/v1/search",
        "/api/v1/stories/{article_id}",
        "/api/v1/timeline",
        "/api/v1/terms",
        "/api/v1/entities",
        "/api/v1/entity",
        "/api/v1/suggest",
        "/api/v1/changes",
        "/api/v1/sentences",
        "/api/v1/subscriptions",
        "/api/v1/subscriptions/{feed_id}",
        "/api/v1/watches",
        "/api/v1/watches/{watch_id}",
    }
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"]
            assert {"200", "400", "503"} <= set(operation["responses"])
            is_own = method != "get" or path in ("/api/v1/marks", "/api/v1/hidden-sources")
            assert is_own == ({"401", "403"} <= set(operation["responses"])), path
    assert set(description["paths"]["/api/v1/marks/{article_id}"]) == {"put", "delete"}


def examples():
    for block in re.findall(r"```http\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL):
        for request, answer in re.findall(r"GET (.+)\n(\d+ \S+)", block):
            yield request, *answer.split(" ")


@pytest.mark.parametrize(("address", "status", "media"), list(examples()))
def test_every_example_of_the_document_is_true(client, address, status, media):
    response = ask(client, address)
    assert str(response.status_code) == status
    assert response.mimetype == media


def test_every_address_and_parameter_is_documented(app, client):
    text = DOCUMENT.read_text("utf-8")
    description = client.get("/openapi.json").get_json()
    for path in description["paths"]:
        assert path.replace("{article_id}", "<id>").replace("{watch_id}", "<id>").replace("{feed_id}", "<id>") in text
    for parameter in description["paths"]["/api/v1/search"]["get"]["parameters"]:
        assert f"`{parameter['name']}`" in text
    for body in description["paths"]["/api/v1/watches"]["post"]["requestBody"]["content"].values():
        assert [name for name in body["schema"]["properties"] if f"`{name}`" not in text] == []
