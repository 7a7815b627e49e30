"""How this archive is served: on which address, under which names, behind which proxy."""

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Self, cast

from flask import current_app
from werkzeug.sansio.utils import host_is_trusted

from indexer.config import Config
from indexer.errors import ConfigError

EXTENSION = "xunwen_site"

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Site:
    """``is_local`` when it is served on a loopback address, to the people of this machine and to no proxy.

    ``hosts`` are names in small letters without port; in ``reader_header`` a trusted proxy says who has signed in.
    """

    is_local: bool = False
    hosts: Sequence[str] = ()
    proxies: Sequence[Network] = ()
    reader_header: str = ""

    @classmethod
    def of(cls, config: Config, address: str) -> Self:
        """As ``config`` says, served on ``address``; an unknown one (``""``) counts as open to the world.

        Raises ``ConfigError`` for a header that is to be believed from nobody.
        """
        if config.trusted_header and not config.trusted_proxy:
            raise ConfigError("trusted_header is set, but not from whom it is believed: set trusted_proxy too")
        hosts, proxies = _parts(config.hosts), tuple(map(ip_network, _parts(config.trusted_proxy)))
        return cls(
            is_local=is_loopback(address) and not hosts and not proxies,
            hosts=hosts,
            proxies=proxies,
            reader_header=config.trusted_header,
        )

    def trusts(self, address: str) -> bool:
        """Whether what this address says about others is believed."""
        found = read_address(address)
        return found is not None and any(found in network for network in self.proxies)

    def is_called(self, host: str) -> bool:
        """Whether a Host header names this site.

        A page of a stranger whose name suddenly leads to this machine (DNS rebinding) would read along otherwise. It
        always comes under a name, so addresses need no list; names do, but for those that the machine has anyway.
        """
        if not host_is_trusted(host):
            return False
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        name = name.strip("[]").lower()
        if is_loopback(name) or name in self.hosts:
            return True
        return not self.is_local and (read_address(name) is not None or (not self.hosts and name in _own_names()))


def read_address(text: str) -> Address | None:
    """An IP address, that of IPv4 where it is wrapped in IPv6; ``None`` for anything else."""
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def is_loopback(host: str) -> bool:
    """Whether a name or address never leaves this machine."""
    found = read_address(host)
    return host == "localhost" if found is None else found.is_loopback


def current_site() -> Site:
    """The site that this request asks."""
    return cast(Site, current_app.extensions[EXTENSION])


def _own_names() -> tuple[str, str]:
    name = socket.gethostname().lower()
    return name, f"{name}.local"


def _parts(setting: str) -> tuple[str, ...]:
    return tuple(setting.split(",")) if setting else ()
