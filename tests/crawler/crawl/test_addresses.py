"""Which addresses a socket may be opened to, whatever name led there."""

from __future__ import annotations

import socket
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.asking.addresses import guarded_socket, is_public, literal, own_places
from crawler.asking.fetching import Barred, Fetched, Manners
from crawler.asking.judging import backoff_s, retry_after_s

PRIVATE = (
    "0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 192.0.0.1 "
    "192.168.1.1 198.18.0.1 224.0.0.1 240.0.0.1 255.255.255.255 :: ::1 ::ffff:10.0.0.1 "
    "64:ff9b::a00:1 2002:a00:1:: fe80::1 fc00::1 fd12::1 ff02::1 2001:db8::1"
).split()
PUBLIC = "1.1.1.1 8.8.8.8 93.184.215.14 2606:4700::1111 64:ff9b::808:808".split()


def towards(address: str, port: int = 80) -> tuple[int, int, int, str, tuple[object, ...]]:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return family, socket.SOCK_STREAM, 6, "", (address, port)


@pytest.mark.parametrize("address", PRIVATE)
def test_no_socket_is_made_towards_a_private_address(address: str) -> None:
    with pytest.raises(Barred, match="private"):
        guarded_socket(towards(address), frozenset())


@pytest.mark.parametrize("address", PUBLIC)
def test_a_socket_is_made_towards_a_public_address(address: str) -> None:
    guarded_socket(towards(address), frozenset()).close()


def test_a_private_address_is_open_only_with_the_port_that_is_configured() -> None:
    own = own_places(["http://10.0.0.7:8080/feed", "https://example.org"])
    guarded_socket(towards("10.0.0.7", 8080), own).close()
    for other in (towards("10.0.0.7", 80), towards("10.0.0.8", 8080)):
        with pytest.raises(Barred):
            guarded_socket(other, own)


@given(st.ip_addresses(v=4))
def test_every_spelling_in_numbers_is_the_same_address(address: IPv4Address) -> None:
    number = int(address)
    spellings = (str(address), str(number), hex(number), f"0{number:o}" if number else "0")
    assert {literal(spelling) for spelling in spellings} == {address}


@given(st.ip_addresses(v=4))
def test_an_address_carried_in_another_is_judged_as_itself(address: IPv4Address) -> None:
    carriers = (f"::ffff:{address}", f"64:ff9b::{address}")
    for carrier in carriers:
        carried = ip_address(carrier)
        assert isinstance(carried, IPv6Address)
        assert is_public(carried) == is_public(address)


@given(st.integers(0, 40))
def test_a_backoff_stays_within_its_doubling_bound(tries: int) -> None:
    manners = Manners()
    bound = min(manners.longest_backoff_s, manners.first_backoff_s * 2**tries)
    assert 0 <= backoff_s(tries, manners) <= bound


@pytest.mark.parametrize("said", ["", "soon", "-5", "1e3", "12 s", "Wed, 99 Foo 2026", "\x00"])
def test_a_retry_after_that_is_neither_seconds_nor_a_date_says_nothing(said: str) -> None:
    assert retry_after_s(_said(said)) is None


def test_a_date_that_has_passed_asks_for_no_wait() -> None:
    assert retry_after_s(_said("Wed, 21 Oct 2015 07:28:00 GMT")) == 0
    year = datetime.now(UTC).year + 1
    assert (retry_after_s(_said(f"01 Jan {year} 00:00:00 GMT")) or 0) > 0


def _said(value: str) -> Fetched:
    plain = Fetched(url="http://x/", status=503, headers={}, body=b"")
    return replace(plain, headers={"retry-after": value})
