"""Telling by the services that people have on their phones, through Apprise (https://appriseit.com).

An address of Apprise names the service and holds its secrets: ``tgram://TOKEN/CHAT``. Apprise knows far more of them
than are allowed here: files, desktops, commands and mail servers of this machine are none of a watch's business, and
options could make it read a file or trust any certificate. It connects by itself, so it runs in a process of its own,
which reaches public addresses alone unless the service's host is allowed by name, and follows no redirect.
"""

import logging
import os
import re
import sys
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, ParamSpec, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

from indexer.errors import CallFailed, ConfigError, DeliveryError, QueryError
from indexer.fetching.addresses import is_public
from indexer.fetching.worker import Limits, Worker
from indexer.plain_text import error_line, plain_line
from indexer.redaction import HIDDEN

SCHEMES = (
    "wecombot", "feishu", "lark", "dingtalk", "schan", "wxpusher", "pushdeer", "pushdeers", "bark", "barks",
    "ntfy", "ntfys", "gotify", "gotifys", "tgram", "pover", "discord", "slack", "mmost", "mmosts", "rocket", "rockets",
)  # fmt: skip
"""What an address may begin with, as Apprise names the services; an ``s`` at the end is its encrypted form."""

OPTIONS = (
    "auth", "botname", "channel", "group", "level", "mode", "preview", "priority", "secret", "silent", "sound",
    "thread", "to", "token", "topic",
)  # fmt: skip
"""What may stand behind the ``?`` of an address."""

_ROBOTS = (
    (re.compile(r"https://open\.feishu\.cn/open-apis/bot/v2/hook/([\w-]+)/?"), "feishu://"),
    (re.compile(r"https://oapi\.dingtalk\.com/robot/send\?access_token=(\w+)"), "dingtalk://"),
)
"""What services show for a robot, and Apprise does not know; it knows those of others."""

_CODED = ("schan://", "pushdeer://", "pushdeers://")
"""Services that answer with a ``code`` of 0 where they took a message; that of others means something else."""

_LIMITS = Limits(seconds=60.0, cpu_seconds=20)
_MOST_ADDRESS = 1_000
_MOST_SAID = 300
_MOST_READ = 10_000
_ADDRESS = re.compile(r"([A-Za-z]{1,16})://[^\s\x00-\x20\x7f]+")

_P = ParamSpec("_P")
_T = TypeVar("_T")


def is_installed() -> bool:
    """Whether Apprise is there: the extra ``channels``."""
    return find_spec("apprise") is not None


def channel_address(text: str) -> str:
    """An address as it is kept; that of a robot, as its service shows it (``https://…``), becomes one of Apprise.

    Raises ``QueryError``: ``no_channels`` where Apprise is not installed, ``bad_notify``, ``bad_notify_option``. None
    repeats more of the address than its scheme.
    """
    match = _ADDRESS.fullmatch(text) if len(text) <= _MOST_ADDRESS else None
    scheme = match[1].lower() if match else ""
    if not is_installed():
        raise QueryError(
            "no_channels", field="notify", given=concealed(text), allowed=("pip install 'xunwen[channels]'",)
        )
    bad = QueryError(
        "bad_notify", field="notify", given=concealed(text), allowed=tuple(f"{each}://" for each in SCHEMES)
    )
    if scheme == "https":
        text = _of_robot(text) or _apart(_native, text)
        scheme = text.partition("://")[0]
    if scheme not in SCHEMES:
        raise bad
    for option in _options(text):
        if option not in OPTIONS:
            raise QueryError("bad_notify_option", field="notify", given=option[:40], allowed=OPTIONS)
    if not _apart(_is_understood, text):
        raise bad
    return scheme + text[len(scheme) :]


def _of_robot(shown: str) -> str:
    """The address of Apprise for a robot's own; ``""`` for what is none of ``_ROBOTS``."""
    return next((scheme + match[1] for robot, scheme in _ROBOTS if (match := robot.fullmatch(shown))), "")


def concealed(address: str) -> str:
    """An address as it is shown: which service, and nothing that is secret."""
    scheme, mark, _ = address.partition("://")
    return f"{scheme}://{HIDDEN}" if mark and re.fullmatch("[A-Za-z]{1,16}", scheme) else HIDDEN if address else ""


def tell(address: str, title: str, text: str, private_hosts: str) -> None:
    """Send a message once. Raises ``DeliveryError`` when it did not arrive, ``ConfigError`` when it cannot.

    ``private_hosts``, separated by commas, may be reached although their addresses are not public.
    """
    if not is_installed():
        raise ConfigError("no messages can be sent: pip install 'xunwen[channels]' adds what sends them")
    private = list(filter(None, private_hosts.split(",")))
    try:
        said = _apart(_tell, address, title, text, private)
    except CallFailed as failure:
        said = error_line(failure)
    if said:
        raise DeliveryError(f"{concealed(address)}: {plain_line(_without_parts(said, address), _MOST_SAID)}")


def _options(address: str) -> list[str]:
    return [name for name, _ in parse_qsl(urlsplit(address).query, keep_blank_values=True)]


def _without_parts(said: str, address: str) -> str:
    """What Apprise said of an address, without any word of it."""
    parts = sorted(filter(None, re.split(r"[/?&=:@,#]+", address.partition("://")[2])), key=len, reverse=True)
    for part in dict.fromkeys((*parts, *map(unquote, parts))):
        said = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", HIDDEN, said)
    return said


def _apart(function: Callable[_P, _T], *arguments: _P.args, **named: _P.kwargs) -> _T:
    """A function called in a process of its own, which ends with it. Raises ``CallFailed``."""
    with Worker() as worker:
        return worker.call(_LIMITS, function, *arguments, **named)


# -- in a process of its own -------------------------------------------------------------------------------------------


def _service(address: str) -> Any:
    """Apprise's own of an address, ``None`` for what it does not understand."""
    import apprise

    asset = apprise.AppriseAsset(
        async_mode=False, http_redirects=False, secure_logging=True, image_url_mask="", image_url_logo=""
    )
    return apprise.Apprise.instantiate(address, asset=asset, suppress_exceptions=True)


def _is_understood(address: str) -> bool:
    return _service(address) is not None


def _native(address: str) -> str:
    """The address of Apprise that a service's own stands for, ``""`` for none."""
    service = _service(address)
    return "" if service is None else str(service.url(privacy=False)).partition("?")[0]


def _tell(address: str, title: str, text: str, private: list[str]) -> str:
    """Send; why it did not arrive, ``""`` when it did. ``private`` are the hosts that may be so.

    What is said may hold secrets, and is cut only when they are taken out.
    """
    import apprise

    refused: list[str] = []
    failures = _failures("code" if address.startswith(_CODED) else "errcode")
    with apprise.LogCapture(level=logging.WARNING, fmt="%(message)s") as log:
        service = _service(address)
        # The host that Apprise reads in the address: no other reading of it may decide.
        if str(getattr(service, "host", None) or "").lower() not in private:
            refused = _public_alone()
        sender = apprise.Apprise(asset=getattr(service, "asset", None))
        if (
            service is not None
            and sender.add(service)
            and sender.notify(body=text, title=title, body_format=apprise.NotifyFormat.TEXT)
            and not failures
        ):
            return ""
        said = log.getvalue().strip()[:_MOST_READ] or "it was not taken"
    if refused:
        return f"{refused[0]} is a private address; the setting “webhook_hosts” names those that are allowed"
    return failures[0] if failures else said


def _failures(member: str) -> list[str]:
    """Gather, for good, the failures that are told with status 200, as 企业微信 and 钉钉 do; Apprise overlooks them.

    ``member`` of the answer is 0 where a message was taken.
    """
    from requests.adapters import HTTPAdapter

    failures: list[str] = []
    send = HTTPAdapter.send

    def read(*arguments: Any, **named: Any) -> Any:
        answer = send(*arguments, **named)
        try:
            told = answer.json()
        except ValueError:
            return answer
        if isinstance(told, dict) and told.get(member):
            why = next((told[name] for name in ("errmsg", "message", "error") if told.get(name)), "")
            failures.append(f"{told[member]} {why}"[:_MOST_READ])
        return answer

    HTTPAdapter.send = read
    return failures


def _public_alone() -> list[str]:
    """Keep this process, for good, from connecting to addresses that are not public; lists those that it wanted.

    Through a proxy the address at the other end can't be seen, so the environment's are not used.
    """
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "*"
    refused: list[str] = []

    def look(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.connect":
            address = arguments[1]
            host = str(address[0] if isinstance(address, tuple) else address)
            if not is_public(host):
                refused.append(host)
                raise PermissionError(f"{host} is a private address")

    sys.addaudithook(look)
    return refused
