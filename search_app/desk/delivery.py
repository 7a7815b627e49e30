"""The outbox emptied: what is due is sent, by mail, post or message, and marked when it has arrived.

Whatever happens in between, each delivery is made at least once. It is made again only when this program ended, or its
network, between the receiver's taking it and the mark; a letter then has the same Message-ID, a post the same
``webhook-id``; messages have no such thing.
"""

import base64
import binascii
import hashlib
import hmac
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from threading import Thread
from urllib.parse import unquote, urlsplit

from indexer.archive import Delivery, Watch
from indexer.config import Config
from indexer.errors import ConfigError, DeliveryError, XunwenError
from indexer.fetching.download import reason_for
from indexer.fetching.transport import make_client
from indexer.plain_text import error_line
from search_app.desk import channels
from search_app.desk.reports import Item, Report, letter, message, payload, report_of
from search_app.desk.watches import parameters_of
from search_app.search.library import Library

SECONDS = 60.0
"""That one delivery may take from beginning to end."""

_STEP_SECONDS = 15.0
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a delivery; ``error`` is one line, ``""`` when it arrived."""

    watch: Watch
    delivery: Delivery
    error: str


def deliver(library: Library, tell: Callable[[Outcome], None] = lambda outcome: None) -> tuple[int, int]:
    """Send all that is due; how much arrived, and how much failed and is due again later."""
    outbox, sent, failed = library.archive.outbox, 0, 0
    while (delivery := outbox.claim(library.clock())) is not None:
        watch = library.archive.watches.get(delivery.watch)
        if watch is None:
            outbox.finish(delivery, library.clock())
            continue
        error = ""
        try:
            report = report_of(library, watch, delivery)
            if report.items:
                send(report, delivery.channel, library.installation.config, library.clock())
        except Exception as failure:  # nothing that nobody foresaw keeps the other deliveries waiting
            error = error_line(failure)
        if error:
            outbox.fail(delivery, error)
            failed += 1
        else:
            outbox.finish(delivery, library.clock())
            sent += 1
        tell(Outcome(watch, delivery, error))
    return sent, failed


def send(report: Report, channel: str, config: Config, now: datetime) -> None:
    """Send a report once. Raises ``DeliveryError`` when it did not arrive, ``ConfigError`` when it cannot."""
    if channel == "email":
        if not report.watch.email:
            return
        if not config.smtp or not config.smtp_from:
            raise ConfigError("no letters can be sent: the settings “smtp” and “smtp_from” name the server and sender")
        written = letter(report, config.smtp_from, now, config.timezone)
        _within(SECONDS, lambda: _mail(written, config))
    elif channel == "webhook" and report.watch.webhook:
        _within(SECONDS, lambda: _post(report, config, now))
    elif channel == "notify" and report.watch.notify:
        channels.tell(report.watch.notify, *message(report), config.webhook_hosts)


def _mail(message: EmailMessage, config: Config) -> None:
    url = urlsplit(config.smtp)
    host, trust = url.hostname or "", ssl.create_default_context()
    try:
        with (
            smtplib.SMTP_SSL(host, url.port or 465, timeout=_STEP_SECONDS, context=trust)
            if url.scheme == "smtps"
            else smtplib.SMTP(host, url.port or 25, timeout=_STEP_SECONDS)
        ) as server:
            server.ehlo_or_helo_if_needed()
            if url.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls(context=trust)
            elif url.scheme == "smtp" and url.username and host not in _LOOPBACK:
                raise DeliveryError(f"{host} offers no encryption: the password is not sent to it")
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
            server.send_message(message)
    except smtplib.SMTPResponseException as error:
        raise DeliveryError(f"{host} answered {error.smtp_code}: {_said(error.smtp_error)}") from error
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise DeliveryError(f"{host} refused the address: {code} {_said(said)}") from error
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise DeliveryError(f"{host}: {reason_for(error)}") from error


def _said(text: bytes | str) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text


def _post(report: Report, config: Config, now: datetime) -> None:
    """A post as Standard Webhooks has it (github.com/standard-webhooks). Redirects are not followed."""
    address, body = report.watch.webhook, payload(report)
    moment = str(int(now.timestamp()))
    headers = {"content-type": "application/json", "webhook-id": report.id, "webhook-timestamp": moment}
    if config.webhook_secret:
        headers["webhook-signature"] = signature(config.webhook_secret, report.id, moment, body)
    host = (urlsplit(address).hostname or "").lower()
    try:
        with (
            make_client(private=host in config.webhook_hosts.split(",")) as client,
            client.stream("POST", address, content=body, headers=headers) as answer,
        ):
            status = answer.status_code
    except XunwenError as error:
        said = str(error).replace("“fetch_private” allows these", "“webhook_hosts” names those that are allowed")
        raise DeliveryError(said) from error
    except Exception as error:  # of which the libraries below have many, and not all of them documented
        raise DeliveryError(f"{host}: {reason_for(error)}") from error
    if not 200 <= status < 300:
        raise DeliveryError(f"{host} answered {status}")


def signature(secret: str, id: str, moment: str, body: bytes) -> str:
    """HMAC-SHA256 of ``id.moment.body``: ``v1,`` and base64. A secret that begins with ``whsec_`` is base64 itself."""
    key = secret.encode()
    if secret.startswith("whsec_"):
        try:
            key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except (binascii.Error, ValueError):
            raise ConfigError("webhook_secret is not what is allowed: base64 after whsec_, or any other text") from None
    signed = hmac.new(key, f"{id}.{moment}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(signed).decode()


def _within(seconds: float, call: Callable[[], None]) -> None:
    """Do something that strangers may draw out. Raises what it raises, ``DeliveryError`` when the time is over."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            call()
        except BaseException as error:
            failures.append(error)

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise DeliveryError("the server did not take it in time")
    if failures:
        raise failures[0]


def try_out(library: Library, watch: Watch, id: str) -> list[str]:
    """Send what a watch would find in the newest articles, over each of its channels; which these are.

    Raises as ``send`` does. ``id`` is that of the report.
    """
    asked = library.ask(replace(parameters_of(watch.query), sort="newest", limit=3, collapse="1"))
    found = library.search(asked)
    articles = {each.id: each for each in library.articles.get([hit.id for hit in found.hits], html=False)}
    items = [Item(hit.story, articles[hit.id]) for hit in found.hits if hit.id in articles]
    report = Report(id, watch, len(items), items)
    for channel in watch.channels:
        send(report, channel, library.installation.config, library.clock())
    return list(watch.channels)
