"""How much one client may ask, on a clock of the test's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_app import create_app
from search_app.access import budgets
from search_app.access.budgets import LEAST_WORK, MOST_CLIENTS, Budget, Budgets

AWAY = {"REMOTE_ADDR": "203.0.113.9"}


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


def test_a_budget_is_used_up_and_fills_again():
    clock = Clock()
    budget = Budget(3, 0.5, clock)
    assert [budget.take("a") for _ in range(4)] == [0, 0, 0, 2]
    assert budget.take("b") == 0
    clock.now += 2
    assert [budget.take("a") for _ in range(2)] == [0, 2]
    clock.now += 1_000_000
    assert [budget.take("a") for _ in range(4)] == [0, 0, 0, 2]


def test_what_was_used_beyond_a_budget_must_fill_up_first():
    clock = Clock()
    budget = Budget(10, 0.5, clock)
    budget.spend("a", 30)
    assert budget.wait("a") == 40
    clock.now += 40.5
    assert budget.wait("a") == 0


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 5), st.floats(0, 3)), max_size=60))
def test_after_the_seconds_that_it_says_there_is_some(uses):
    clock = Clock()
    budget = Budget(4, 0.5, clock)
    for key, passed, used in uses:
        clock.now += passed
        budget.spend(key, used)
        seconds = budget.take(key)
        clock.now += seconds + 1e-6
        assert seconds == 0 or budget.take(key) == 0


def test_strangers_fill_no_memory():
    budget = Budget(3, 0.5, Clock())
    for number in range(MOST_CLIENTS + 500):
        budget.take(number)
    assert len(budget) == MOST_CLIENTS


def test_refusals_fill_no_memory_either():
    budget = Budget(0, 1, Clock())
    for number in range(100):
        assert budget.take(number)
    assert len(budget) == 0


@pytest.fixture
def client(library, monkeypatch):
    """No time passes between its requests."""
    monkeypatch.setattr(Budget.__init__, "__defaults__", (Clock(),))
    return create_app(library).test_client()


def statuses(client, path, count, **environ):
    return [client.get(path, environ_base=AWAY | environ, buffered=True).status_code for _ in range(count)]


def test_too_many_requests_are_told_when_to_come_back(client):
    codes = statuses(client, "/nowhere", 200)
    assert set(codes) == {404, 429}
    refused = client.get("/", environ_base=AWAY, headers={"Accept": "application/json"})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) >= 1
    assert refused.get_json()["error"]["code"] == "too_many_requests"
    assert statuses(client, "/opensearch.xml", 1, REMOTE_ADDR="203.0.113.10") == [200]


@pytest.mark.parametrize(
    "path",
    ["/api/v1/terms?q=关税", "/api/v1/timeline?q=1&q=2&q=3&q=4&q=5&q=6", "/timeline?q=关税", "/api/v1/related/0"],
)
def test_costly_questions_count_for_more(client, path):
    codes = statuses(client, path, 60)
    assert 429 in codes
    assert codes.index(429) < 60 < 120


def test_work_counts_as_it_was_used(client, monkeypatch):
    used = iter(range(0, 1_000_000, 6))
    monkeypatch.setattr(budgets.time, "thread_time", lambda: next(used))
    assert statuses(client, "/opensearch.xml", 3) == [200, 200, 429]


def test_exports_have_a_budget_of_their_own(client):
    path = "/api/v1/search?q=关税&format=csv"
    assert statuses(client, path, 11) == [200] * 10 + [429]
    assert statuses(client, "/api/v1/search?q=关税", 1) == [200]


@pytest.mark.parametrize("path", ["/nowhere", "/api/v1/search?q=关税&format=csv&limit=1"])
def test_this_machine_asks_as_much_as_it_likes(client, path):
    for address in ("127.0.0.1", "::1"):
        assert 429 not in statuses(client, path, 150, REMOTE_ADDR=address)


def test_a_whole_network_of_ipv6_is_one_client(client):
    for number in range(200):
        statuses(client, "/nowhere", 1, REMOTE_ADDR=f"2001:db8:0:1::{number:x}")
    assert statuses(client, "/nowhere", 1, REMOTE_ADDR="2001:db8:0:1:ffff::1") == [429]
    assert statuses(client, "/nowhere", 1, REMOTE_ADDR="2001:db8:0:2::1") == [404]


def test_costly_endpoints_exist(client):
    assert client.application.view_functions.keys() >= LEAST_WORK.keys()


def test_two_applications_count_apart():
    assert Budgets().requests is not Budgets().requests
