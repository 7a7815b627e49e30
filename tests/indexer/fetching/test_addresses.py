"""Which network addresses are public."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.fetching.addresses import is_public

PUBLIC = ["8.8.8.8", "1.1.1.1", "114.114.114.114", "223.255.255.255", "2400:3200::1", "2a00:1450:4001::200e",
          "64:ff9b::808:808"]  # fmt: skip
NOT_PUBLIC = [
    "0.0.0.0", "0.1.2.3", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
    "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "100::1", "2001::1", "2001:0:7f00:1::", "2001:db8::1", "2002:7f00:1::",
    "2002:808:808::1", "2400:3200::5efe:127.0.0.1", "2400:3200::200:5efe:10.0.0.1", "3fff::1", "5f00::1", "fc00::1",
    "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ffff::1",
    "", "example.org", "127.1", "0x7f000001", "1.2.3", "1.2.3.4.5", "08.8.8.8",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_of_the_public_internet_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_all_others_are_not(address):
    assert not is_public(address)


@given(st.one_of(st.integers(0, 2**32 - 1).map(IPv4Address), st.integers(0, 2**128 - 1).map(IPv6Address)))
def test_nothing_is_public_that_the_standard_library_calls_private(address):
    if is_public(str(address)) and not str(address).startswith("64:ff9b::"):
        assert address.is_global
        assert not (address.is_multicast or address.is_private or address.is_link_local or address.is_reserved)


@given(st.ip_addresses(v=4, network="127.0.0.0/8"), st.sampled_from([0x64FF9B << 96, 0xFFFF << 32, 0, 0x2002 << 112]))
def test_a_private_address_is_private_in_every_wrapping(address, prefix):
    assert not is_public(str(IPv6Address(prefix | int(address))))
    assert not is_public(str(IPv6Address(0x2002 << 112 | int(address) << 80)))


@given(st.text())
def test_what_is_no_address_is_not_public(text):
    if is_public(text):
        assert text.replace(".", "").replace(":", "").isalnum()
