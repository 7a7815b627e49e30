"""What watches found arrives: by mail, by posts, at least once and under one id."""

import socketserver
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.archive import Draft, Watch
from indexer.archive.readers.outbox import MOST_TRIES
from indexer.article import Article
from indexer.installation import Installation
from indexer.plain_text import plain_line
from search_app.desk import delivery, hours
from search_app.desk.delivery import deliver, signature, try_out
from search_app.desk.looking import look
from search_app.desk.reports import Item, Report
from tests.indexer.fetching.servers import serving as serving_web
from tests.search_app.desk.conftest import Desk
from tests.search_app.desk.test_looking import article


@dataclass
class Mail:
    """A server that takes letters, or answers a recipient as it is told."""

    port: int = 0
    answer: bytes = b"250 OK"
    letters: list[bytes] = field(default_factory=list)


@contextmanager
def serving_mail():
    mail = Mail()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            self.wfile.write(b"220 test\r\n")
            while line := self.rfile.readline():
                verb = line[:4].upper()
                if verb == b"QUIT":
                    self.wfile.write(b"221 bye\r\n")
                    return
                if verb == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    lines = []
                    while (line := self.rfile.readline()) not in (b".\r\n", b""):
                        lines.append(line)
                    mail.letters.append(b"".join(lines))
                self.wfile.write((mail.answer if verb == b"RCPT" else b"250 OK") + b"\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        mail.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield mail
        finally:
            server.shutdown()
            thread.join()


def parsed(letter: bytes):
    return message_from_bytes(letter, policy=policy.default)


@contextmanager
def mailing(config):
    with serving_mail() as mail:
        settings = replace(config, smtp=f"smtp://127.0.0.1:{mail.port}")
        with Installation(settings) as installation:
            yield mail, Desk(installation)


def test_a_letter_tells_what_is_new(config):
    with mailing(config) as (mail, desk):
        watch = desk.watch("大桥", name="桥与路：江城的消息要看很久很久很久很久很久很久很久", email="a@example.org")
        desk.put(article(1, "大桥通车\r\n.\r\nQUIT", "大桥。"), article(2, "大桥限行", "大桥停车。"))
        look(desk.library)
        assert deliver(desk.library) == (1, 0)
        assert deliver(desk.library) == (0, 0)
        [letter] = map(parsed, mail.letters)
        assert letter["Subject"] == f"{watch.name} (2)"
        assert letter["To"] == "a@example.org"
        text = letter.get_content()
        assert "大桥通车 . QUIT" in text
        assert "https://example.com/2" in text
        assert max(map(len, mail.letters[0].splitlines())) <= 998


def test_a_repeat_has_the_same_message_id(config):
    with mailing(config) as (mail, desk):
        desk.watch("大桥", email="a@example.org")
        desk.put(article(1, "大桥通车"))
        look(desk.library)
        now = desk.library.clock()
        claimed = desk.archive.outbox.claim(now)
        assert desk.archive.outbox.claim(now) is None
        watch = desk.archive.watches.get(claimed.watch)
        report = delivery.report_of(desk.library, watch, claimed)
        delivery.send(report, "email", desk.installation.config, now)  # and the program ends before the mark
        desk.library.clock = lambda: now + timedelta(hours=1)
        assert deliver(desk.library) == (1, 0)
        first, second = map(parsed, mail.letters)
        assert first["Message-ID"] == second["Message-ID"] == f"<{claimed.id}.xunwen@example.org>"
        assert desk.archive.outbox.failing() == []


def test_what_is_refused_is_told_tried_again_later_and_given_up_in_the_end(config):
    with mailing(config) as (mail, desk):
        mail.answer = "550 没有这个人".encode()
        desk.watch("大桥", email="a@example.org")
        desk.put(article(1, "大桥通车"))
        look(desk.library)
        now = desk.library.clock()
        waits = []
        while (due := desk.archive.outbox.next_due()) is not None:
            waits.append(due - now)
            now = max(now, due)
            desk.library.clock = lambda now=now: now
            assert deliver(desk.library) == (0, 1)
        assert len(waits) == MOST_TRIES
        assert sorted(waits[1:]) == waits[1:]
        [failed] = desk.archive.outbox.failing()
        assert failed.is_given_up
        assert failed.error == "127.0.0.1 refused the address: 550 没有这个人"
        mail.answer = b"250 OK"
        assert desk.archive.outbox.retry(now) == 1
        assert deliver(desk.library) == (1, 0)


def test_without_a_server_the_reason_names_the_setting(desk):
    desk.watch("大桥", email="a@example.org")
    desk.put(article(1, "大桥通车"))
    look(desk.library)
    assert deliver(desk.library) == (0, 1)
    assert "“smtp”" in desk.archive.outbox.failing()[0].error


def test_a_post_is_signed_as_its_standard_says():
    # The example of the specification of Standard Webhooks.
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    assert signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body) == (
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_a_post_arrives_with_a_stable_id(config):
    with serving_web() as server, Installation(replace(config, webhook_secret="geheim")) as installation:
        desk = Desk(installation)
        hook = server.page("/hook", 500)
        desk.watch("大桥", webhook=hook)
        desk.put(article(1, "大桥通车"))
        look(desk.library)
        now = desk.library.clock()
        assert deliver(desk.library) == (0, 1)
        assert desk.archive.outbox.failing()[0].error == "127.0.0.1 answered 500"
        server.page("/hook", 204)
        desk.library.clock = lambda: now + timedelta(hours=1)
        assert deliver(desk.library) == (1, 0)
        first, second = (headers for _, headers in server.asked)
        assert first["webhook-id"] == second["webhook-id"]
        assert second["webhook-signature"].startswith("v1,")
        assert try_out(desk.library, desk.archive.watches.all()[0], "test") == ["webhook"]


def test_a_post_goes_to_no_private_address_that_is_not_named(config):
    with serving_web() as server, Installation(replace(config, webhook_hosts="")) as installation:
        desk = Desk(installation)
        desk.watch("大桥", webhook=server.page("/hook", 204))
        desk.put(article(1, "大桥通车"))
        look(desk.library)
        assert deliver(desk.library) == (0, 1)
        assert "“webhook_hosts”" in desk.archive.outbox.failing()[0].error
        assert server.asked == []


def test_a_receiver_that_draws_it_out_is_left(config, monkeypatch):
    monkeypatch.setattr(delivery, "SECONDS", 0.3)
    with serving_web() as server, Installation(config) as installation:
        desk = Desk(installation)
        desk.watch("大桥", webhook=server.raw("/hook", b"HTTP/1.1 200 OK\r\n", b"x: y\r\n", every=0.05))
        desk.put(article(1, "大桥通车"))
        look(desk.library)
        assert deliver(desk.library) == (0, 1)
        assert desk.archive.outbox.failing()[0].error == "the server did not take it in time"


def test_a_digest_gathers_what_is_found_until_its_hour(config):
    with mailing(config) as (mail, desk):
        desk.watch("大桥", email="a@example.org", digest="8")
        for number in (1, 2):
            desk.put(article(number, f"大桥消息{'甲乙丙'[number]}"))
            look(desk.library)
            assert deliver(desk.library) == (0, 0)
        due = desk.archive.outbox.next_due()
        assert due.astimezone(ZoneInfo("Asia/Shanghai")).hour == 8
        desk.library.clock = lambda: due
        assert deliver(desk.library) == (1, 0)
        assert parsed(mail.letters[0])["Subject"] == "大桥 (2)"


NAMES = st.text(min_size=1, max_size=100) | st.text(alphabet='桥\r\n: ,;<>@=?"\\', min_size=1, max_size=100)


@given(
    name=NAMES,
    title=NAMES,
    email=st.from_regex(
        r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,20}[A-Za-z0-9])?", fullmatch=True
    ),
)
def test_nothing_that_people_write_adds_a_header_or_ends_a_letter(name, title, email):
    now = datetime(2026, 11, 20, tzinfo=UTC)
    name = plain_line(name)
    watch = Watch(id="1", name=name, query="q=1", email=email, created=now, sequence=0, looked=now)
    item = Item("a" * 16, Article(url="https://example.com/1", title=title, text=""))
    report = Report("id", watch, 1, [item])
    sent = delivery.letter(report, "news@example.org", now, ZoneInfo("Asia/Shanghai")).as_bytes()
    read = parsed(sent)
    ours = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"}
    assert set(read.keys()) == ours | {"MIME-Version", "Content-Type", "Content-Transfer-Encoding"}
    assert len(read.keys()) == len(set(read.keys()))
    assert "".join(read["Subject"].split()) == "".join(f"{name} (1)".split())
    assert read.get_content_type() == "text/plain"
    assert sent.isascii()


HOURS = st.integers(0, 23)


@given(
    now=st.integers(1_577_836_800, 1_893_456_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    digest=st.none() | HOURS,
    quiet=st.none() | st.tuples(HOURS, HOURS).filter(lambda pair: pair[0] != pair[1]),
    zone=st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/St_Johns"]),
)
def test_nothing_is_sent_in_quiet_hours_and_nothing_waits_longer_than_two_days(now, digest, quiet, zone):
    start, end = quiet or (None, None)
    draft = Draft(name="", query="q", digest=digest, quiet_from=start, quiet_to=end)
    due = hours.due(draft, now, ZoneInfo(zone))
    assert now <= due <= now + timedelta(hours=50)
    local = due.astimezone(ZoneInfo(zone)).hour
    if quiet:
        assert not (start <= local < end if start < end else local >= start or local < end)
    if digest is not None and not quiet and zone == "Asia/Shanghai":
        assert local == digest


@pytest.mark.parametrize("setting", ["smtp", "webhook_secret"])
def test_passwords_do_not_show(config, setting):
    assert "geheim" not in repr(replace(config, **{setting: "smtp://x:geheim@example.org"}))
