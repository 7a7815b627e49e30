"""Watches for programs: with a key they are made, changed and removed."""

import pytest

from search_app.app import build_app
from search_app.desk.looking import look
from tests.search_app.desk.test_channels import apprise
from tests.search_app.library import put


@pytest.fixture
def client(small):
    return build_app(small, "0.0.0.0").test_client()


@pytest.fixture
def key(small):
    return {"Authorization": f"Bearer {small.archive.accounts.add_key('robot')}"}


def test_a_watch_is_made_finds_is_changed_and_removed(client, small, key):
    sent = {"query": "q=大桥&sort=newest&limit=3", "email": "a@example.org", "digest": "8"}
    made = client.post("/api/v1/watches", data=sent, headers=key).json
    assert (made["name"], made["query"], made["found"]) == ("大桥", "q=%E5%A4%A7%E6%A1%A5", 0)
    put(small.installation, 1, "河湾大桥通车")
    look(small)
    here = f"/api/v1/watches/{made['id']}"
    told = client.get(here).json
    assert [each["title"] for each in told["stories"]] == ["河湾大桥通车"]
    assert (told["watch"]["found"], told["watch"]["unseen"]) == (1, 1)
    changed = client.post(here, data={"name": "桥", "paused": "1"}, headers=key).json
    assert (changed["name"], changed["paused"], changed["query"]) == ("桥", True, made["query"])
    assert small.archive.watches.get(made["id"]).digest == 8
    assert client.get("/api/v1/watches").json == {"watches": [changed]}
    assert "a@example.org" not in client.get(here).text + client.get("/api/v1/watches").text
    assert client.delete(here, headers=key).json == changed
    assert client.get(here).status_code == client.delete(here, headers=key).status_code == 404


@apprise
def test_the_address_of_a_service_is_told_to_nobody_and_stays(client, small, key):
    secret = "ntfys://ntfy.sh/geheim-4711"
    made = client.post("/api/v1/watches", data={"query": "q=大桥", "notify": secret}, headers=key)
    changed = client.post(f"/api/v1/watches/{made.json['id']}", data={"name": "桥"}, headers=key)
    refused = client.post("/api/v1/watches", data={"query": "q=大桥", "notify": "json://geheim-4711"}, headers=key)
    assert small.archive.watches.get(made.json["id"]).notify == secret
    assert refused.json["error"]["code"] == "bad_notify" and "ntfys://" in refused.json["error"]["allowed"]
    assert "geheim" not in made.text + changed.text + refused.text


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({}, "watch_asks_nothing"),
        ({"query": "q=桥", "colour": "red"}, "unknown_parameter"),
        ({"query": ["q=桥", "q=路"]}, "too_many_values"),
        ({"query": "q=桥", "webhook": "javascript:alert(1)"}, "bad_webhook"),
        ({"query": "q=桥", "quiet": "25-3"}, "bad_hours"),
    ],
)
def test_what_is_wrong_is_refused_with_its_code(client, small, key, sent, code):
    refused = client.post("/api/v1/watches", data=sent, headers=key)
    assert (refused.status_code, refused.json["error"]["code"]) == (400, code)
    assert refused.json["error"]["allowed"]
    assert small.archive.watches.all() == []


def test_without_a_key_nothing_changes(client):
    assert client.post("/api/v1/watches", data={"query": "q=桥"}).status_code == 401
    assert client.delete("/api/v1/watches/0").status_code == 401


def test_changes_are_described(client):
    described = client.get("/openapi.json").json
    assert described["paths"]["/api/v1/watches"].keys() == {"get", "post"}
    assert described["paths"]["/api/v1/watches/{watch_id}"].keys() == {"get", "post", "delete"}
    body = described["paths"]["/api/v1/watches"]["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]
    assert {"query", "email", "quiet"} <= body["schema"]["properties"].keys()
