"""Where a request may go: to public addresses, and to a private one only if that is configured."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from corpus.errors import BadSetting
from crawler.asking.fetching import Barred

_PORTS = {"http": 80, "https": 443}
_LOCAL_NAMES = {"localhost": ("127.0.0.1", "::1")}
_LONGEST, _LONGEST_HOST = 8_000, 253
_NAT64 = bytes.fromhex("0064ff9b")
AddressInfo = tuple[int, int, int, str, tuple[object, ...]]
"""Family, type, protocol, name and socket address, as the resolver gives them."""


def host_of(url: str) -> str:
    """Host of an address in lower case, with its port where that is not the usual one."""
    scheme, name, port = place_of(url)
    return name if port == _PORTS[scheme] else f"{name}:{port}"


def place_of(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of a web address; anything else is refused."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Barred(f"{url!r} is no address: {error}", "write http:// or https://") from error
    if not url.isprintable() or len(url) > _LONGEST or len(parts.hostname or "") > _LONGEST_HOST:
        raise Barred(f"{url[:200]!a} is no address", "write it without hidden signs")
    if parts.scheme not in _PORTS or not parts.hostname:
        raise Barred(f"{url!r} is no web address", "write http:// or https://, and a host")
    return parts.scheme, parts.hostname.rstrip("."), port or _PORTS[parts.scheme]


def is_loopback(url: str) -> bool:
    """Whether an address names this machine, as an address or as `localhost`."""
    _, name, _ = place_of(url)
    return name in _LOCAL_NAMES or bool((found := literal(name)) and found.is_loopback)


def own_places(urls: Iterable[str]) -> frozenset[tuple[str, int]]:
    """Addresses and ports that configured addresses name outright, as numbers or `localhost`."""
    places = set()
    for url in urls:
        _, name, port = place_of(url)
        names = _LOCAL_NAMES.get(name, (name,))
        places |= {(str(found), port) for one in names if (found := literal(one))}
    return frozenset(places)


def literal(host: str) -> IPv4Address | IPv6Address | None:
    """The address that a host is in numbers, however it is spelled; `None` for a name."""
    try:
        return ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        pass
    last = host.rpartition(".")[2].lower()
    if not (last.isdigit() or last.startswith("0x")):
        return None
    try:  # what the system's resolver takes: 127.1, 0x7f000001, 017700000001, 2130706433
        return IPv4Address(socket.inet_aton(host))
    except OSError as error:
        raise Barred(f"{host!r} is no address", "write a name, or four numbers") from error


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether the address is one of the open internet, also inside what carries another."""
    if isinstance(address, IPv6Address):
        carried = address.ipv4_mapped or address.sixtofour or _in_nat64(address)
        if address.teredo:
            carried = address.teredo[1]
        if carried is not None:
            return is_public(carried)
    return address.is_global and not address.is_multicast and not address.is_reserved


def _in_nat64(address: IPv6Address) -> IPv4Address | None:
    return IPv4Address(address.packed[12:]) if address.packed.startswith(_NAT64) else None


def refuse_private(url: str, own: frozenset[tuple[str, int]]) -> None:
    """Refuse an address that is private by its spelling, before any name is looked up."""
    _, name, port = place_of(url)
    candidates = _LOCAL_NAMES.get(name, (name,))
    for candidate in candidates:
        found = literal(candidate)
        if found and not is_public(found) and (str(found), port) not in own:
            raise _private(url, str(found))


def guarded_socket(info: AddressInfo, own: frozenset[tuple[str, int]]) -> socket.socket:
    """A socket towards a resolved address, refused where that is private and not our own."""
    family, kind, protocol, _, place = info
    found, port = ip_address(str(place[0]).partition("%")[0]), place[1]
    if not is_public(found) and (str(found), port) not in own:
        raise _private(f"the host's address {found}", str(found))
    made = socket.socket(family, kind, protocol)
    made.setblocking(False)
    return made


def _private(what: str, address: str) -> Barred:
    return Barred(
        f"{what} is not reached: {address} is a private address",
        "give a source that shall reach it that address as its own url",
    )


def check_web_address(url: str, place: str) -> None:
    """Refuse a setting that should be a web address and is none."""
    try:
        place_of(url)
    except Barred as error:
        raise BadSetting(f"{place} = {url!r}: not a web address", error.remedy) from error
