from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.archive import Watch
from indexer.errors import DeliveryError, QueryError
from indexer.installation import Installation
from search_app.desk import channels
from search_app.desk.channels import OPTIONS, SCHEMES, channel_address, concealed, tell
from search_app.desk.delivery import deliver, try_out
from search_app.desk.looking import look
from search_app.desk.reports import Item, Report, message
from tests.indexer.fetching.servers import serving
from tests.search_app.desk.conftest import Desk
from tests.search_app.desk.test_looking import NOON, article

apprise = pytest.mark.skipif(not channels.is_installed(), reason="the extra “channels” is not installed")


@contextmanager
def telling(config, **settings):
    """A server of ntfy, the address of a topic there, and a desk."""
    with serving() as server, Installation(replace(config, **settings)) as installation:
        yield server, f"ntfy://{server.address.removeprefix('http://')}/geheim-4711", Desk(installation)


@apprise
def test_a_message_tells_what_is_new_and_what_failed_is_tried_again(config):
    with telling(config) as (server, address, desk):
        server.page("/", 500)
        desk.watch("大桥", notify=address)
        desk.put(article(1, "大桥 <b>通车", "大桥。"))
        look(desk.library)
        assert deliver(desk.library) == (0, 1)
        [failing] = desk.archive.outbox.failing()
        assert failing.channel == "notify" and failing.error.startswith("ntfy://***: ")
        assert "geheim" not in failing.error
        server.page("/", 200, b"{}")
        now = desk.library.clock()
        desk.library.clock = lambda: now + timedelta(hours=1)
        assert deliver(desk.library) == (1, 0)
        assert desk.archive.outbox.failing() == []
        assert try_out(desk.library, desk.archive.watches.all()[0], "test") == ["notify"]


@apprise
def test_a_message_goes_to_no_private_address_that_is_not_named(config):
    with telling(config, webhook_hosts="") as (server, address, desk):
        desk.watch("大桥", notify=address)
        desk.put(article(1, "大桥通车"))
        look(desk.library)
        assert deliver(desk.library) == (0, 1)
        assert "“webhook_hosts”" in desk.archive.outbox.failing()[0].error
        assert server.asked == []


@apprise
def test_a_failure_that_is_told_with_status_200_is_one():
    with serving() as server:
        server.page("/", 200, b'{"errcode": 93000, "errmsg": "invalid webhook url, key geheim-4711"}')
        with pytest.raises(DeliveryError, match=r"^ntfy://\*\*\*: 93000 invalid webhook url, key \*\*\*$"):
            tell(f"ntfy://{server.address.removeprefix('http://')}/geheim-4711", "桥", "通车", "127.0.0.1")


@apprise
@pytest.mark.parametrize(
    ("answer", "arrives"), [(b'{"code": 0}', True), (b'{"code": 80501, "error": "geheim"}', False)]
)
def test_pushdeer_tells_by_a_code_whether_a_message_arrived(answer, arrives):
    with serving() as server:
        server.page("/message/push?pushkey=geheim", 200, answer)
        address = f"pushdeer://{server.address.removeprefix('http://')}/geheim"
        if arrives:
            tell(address, "桥", "通车", "127.0.0.1")
        else:
            with pytest.raises(DeliveryError, match=r"^pushdeer://\*\*\*: 80501 \*\*\*$"):
                tell(address, "桥", "通车", "127.0.0.1")
        assert len(server.asked) == 1


@apprise
def test_no_redirect_is_followed():
    with serving() as server, serving() as other:
        server.page("/", 307, Location=other.page("/", 200))
        with pytest.raises(DeliveryError, match=r"^ntfy://\*\*\*: "):
            tell(f"ntfy://{server.address.removeprefix('http://')}/topic", "桥", "通车", "127.0.0.1")
        assert len(server.asked) == 1 and other.asked == []


@apprise
@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=8b16bc16-e3d6-4c5c-9d3f-3b1a2f4c5d6e", "wecombot://"),
        ("https://open.feishu.cn/open-apis/bot/v2/hook/8b16bc16-e3d6-4c5c-9d3f-3b1a2f4c5d6e", "feishu://"),
        ("https://oapi.dingtalk.com/robot/send?access_token=" + "a" * 64, "dingtalk://"),
        ("NTFYS://ntfy.sh/topic?priority=high", "ntfys://ntfy.sh/topic?priority=high"),
        ("tgram://123456789:AAE-abcdefghijklmnopqrstuvwxyz/12345", "tgram://123456789:"),
    ],
)
def test_the_address_of_a_robot_is_taken_as_its_service_shows_it(given, kept):
    assert channel_address(given).startswith(kept)


@apprise
@pytest.mark.parametrize(
    "given",
    [
        "file:///etc/passwd", "syslog://", "dbus://", "mailto://user:pass@example.org", "json://127.0.0.1/", "windows://",
        "https://example.org/geheim", "geheim", "ntfy://", "tgram://geheim", "ntfy://a/b, json://c",
        "ntfy://" + "x" * 2000, "https://open.feishu.cn/geheim",
        "form://127.0.0.1/geheim", "apprise://127.0.0.1/geheim",
    ],
)  # fmt: skip
def test_no_other_service_is_allowed_and_the_error_names_those_that_are(given):
    with pytest.raises(QueryError) as raised:
        channel_address(given)
    assert raised.value.code == "bad_notify"
    assert "wecombot://" in raised.value.allowed
    assert "geheim" not in raised.value.given


@apprise
@pytest.mark.parametrize(
    "option", ["verify=no", "redirect=yes", "template=/etc/passwd", "attach=file:///etc/passwd", "+X-Key=1", "rto=900"]
)
def test_no_option_that_reaches_further_is_allowed(option):
    with pytest.raises(QueryError) as raised:
        channel_address(f"ntfys://ntfy.sh/topic?{option}")
    assert (raised.value.code, raised.value.allowed) == ("bad_notify_option", OPTIONS)


def test_without_apprise_the_error_says_what_to_install(monkeypatch, desk):
    monkeypatch.setattr(channels, "is_installed", lambda: False)
    with pytest.raises(QueryError) as raised:
        desk.draft("大桥", notify="ntfy://ntfy.sh/topic")
    assert (raised.value.code, raised.value.allowed) == ("no_channels", ("pip install 'xunwen[channels]'",))


@given(scheme=st.sampled_from(SCHEMES) | st.text(max_size=20), rest=st.text(min_size=4))
def test_an_address_is_never_shown_whole(scheme, rest):
    shown = concealed(f"{scheme}://{rest}")
    assert shown in (f"{scheme}://***", "***") or shown.endswith("://***")


@given(title=st.text(max_size=300), source=st.text(max_size=100), count=st.integers(0, 20), path=st.integers(0, 3000))
def test_a_message_fits_into_every_service(title, source, count, path):
    found = replace(article(1), title=title, source=source, url="https://example.org/" + "a" * path)
    watch = Watch(id="1", name=title, query="q=1", created=NOON, sequence=0, looked=NOON)
    head, text = message(Report("id", watch, count, [Item("a" * 16, found)] * count))
    assert len(text.encode()) <= 1_820
    assert "\n" not in head and head.endswith(f" ({count})")
