# SPDX-License-Identifier: EUPL-1.2
"""Where a request comes from, as far as it can be believed.

    scope ─Visits.of▶ Visit(address, places, is_https, by_proxy, …)

What a header says of the address and of https is believed from the proxies of the settings only.
Anybody writes what they like into a header: nothing here raises, whatever it holds.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Scope

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

Places = Mapping[str, int]
"""What counts as one place, and the networks around it: how many times the allowance of one place
each has."""

NOWHERE: Places = {}
"""Where no gate stood: nobody is told from another, and no share of one place is counted."""

AROUND = {64: 1, 56: 8, 48: 16}
"""Of IPv6, by the length of a network's prefix. A machine has a /64; a household or a firm is given
a /56 or a /48, which elsewhere is shared by many telephones: hence more, and not as many times more
as there are places in it."""

HOPS = (
    "forwarded", "via", "x-forwarded", "x-real-", "x-client-", "x-original-", "x-cluster-",
    "x-envoy-", "x-proxy", "true-client-ip", "cf-", "cdn-", "early-data", "proxy-",
)  # fmt: skip
"""How the names of headers begin that a proxy writes and no browser."""


@dataclass(frozen=True, slots=True)
class Visit:
    """`address`: of the person's machine; `by_proxy`: a proxy of the settings brought it;
    `is_forwarded`: some proxy did, known or not."""

    address: str
    headers: Headers
    is_https: bool
    by_proxy: bool
    is_forwarded: bool

    @property
    def is_local(self) -> bool:
        """Whether it comes from this very machine, through nothing that can be told: the browser
        asked this machine by its own name or address, and nobody on the way said so."""
        asked = host_name(self.host)
        is_asked_here = asked == "localhost" or _is_loopback(asked)
        return not self.is_forwarded and is_asked_here and _is_loopback(self.address)

    @property
    def places(self) -> Places:
        """What counts for every limit: see `places_of`."""
        return places_of(self.address)

    @property
    def host(self) -> str:
        return self.headers.get("host", "")

    @property
    def site(self) -> str:
        """The address of this site, as the person's browser has it."""
        return f"{'https' if self.is_https else 'http'}://{self.host}"

    def cookie(self, name: str) -> str:
        """Return a cookie; where there are two of the same name, none is believed."""
        parts = (part for header in self.headers.getlist("cookie") for part in header.split(";"))
        pairs = (part.strip().partition("=") for part in parts)
        found = [value for key, _, value in pairs if key == name]
        return found[0] if len(found) == 1 else ""


def strict_transport(days: int, proxies: Sequence[str]) -> Callable[[Scope], str]:
    """Return what tells a browser, where it came by https, to come by nothing else for `days`.

    Over plain http the header is not sent: a browser ignores it there, and a machine that is
    reached by its address would be lost to who wrote it.
    """
    visits, told = Visits(proxies), f"max-age={days * 24 * 3600}"
    return lambda scope: told if days and visits.of(scope).is_https else ""


class Visits:
    """Reads requests; `proxies` are addresses or networks, ValueError for anything else."""

    def __init__(self, proxies: Sequence[str] = ()) -> None:
        self._proxies: list[Network] = [
            ipaddress.ip_network(proxy, strict=False) for proxy in proxies
        ]

    def of(self, scope: Scope) -> Visit:
        headers = Headers(scope=scope)
        peer = str((scope.get("client") or ("",))[0])
        by_proxy = self._is_proxy(peer)
        forwarded = ", ".join(headers.getlist("x-forwarded-for"))
        is_https = scope.get("scheme") == "https"
        if by_proxy:
            # the last proxy of ours that speaks is the one whose scheme counts
            is_https = headers.get("x-forwarded-proto", "").split(",")[-1].strip() == "https"
        return Visit(
            address=self._first_stranger(forwarded, peer) if by_proxy else peer,
            headers=headers,
            is_https=is_https,
            by_proxy=by_proxy,
            # browsers speak HTTP/1.1 at least; nginx speaks 1.0 to what is behind it
            is_forwarded=scope.get("http_version") == "1.0"
            or any(name.startswith(HOPS) for name in headers),
        )

    def _first_stranger(self, forwarded: str, peer: str) -> str:
        """Return the address before our proxies: what stands further left anybody can write."""
        for address in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
            if not self._is_proxy(address):
                return address
        return peer

    def _is_proxy(self, address: str) -> bool:
        parsed = parsed_address(address)
        return parsed is not None and any(parsed in network for network in self._proxies)


def places_asking(request: Request) -> Places:
    """Return where a request comes from, as the gate saw it; nothing where no gate stood."""
    visit: Visit | None = getattr(request.state, "visit", None)
    return visit.places if visit else NOWHERE


def host_name(host: str) -> str:
    """Return the name or the address in a `Host` header, nothing for one that is malformed.

    >>> host_name("Mairie.example:443"), host_name("[::1]:7860"), host_name("127.0.0.1")
    ('mairie.example', '::1', '127.0.0.1')
    >>> host_name("[::1"), host_name("a@b"), host_name("a:b"), host_name("a:1:2"), host_name("")
    ('', '', '', '', '')
    """
    if host.startswith("["):
        name, closes, port = host[1:].partition("]")
        is_whole = bool(closes) and isinstance(parsed_address(name), ipaddress.IPv6Address)
        port = port.removeprefix(":") if port.startswith(":") or not port else "-"
    else:
        name, _, port = host.partition(":")
        is_whole = bool(name) and all(sign.isalnum() or sign in "-._" for sign in name)
    is_port = not port or (port.isascii() and port.isdecimal() and len(port) <= 5)
    return name.lower() if is_whole and is_port and host.isascii() else ""


def is_of_site(origin: str, host: str) -> bool:
    """Whether an `Origin` header names the site that was asked: nothing is parsed, so that
    nothing can be made to fail.

    >>> is_of_site("https://mairie.example", "mairie.example"), is_of_site("http://[", "[")
    (True, False)
    """
    return bool(host_name(host)) and origin.partition("://")[2] == host


def parsed_address(address: str) -> Address | None:
    """Return an address, without its port if it has one, None for what is none. An IPv4 address
    that came by IPv6 is the IPv4 one.

    >>> str(parsed_address("192.0.2.1:4711")), str(parsed_address("[2001:db8::1]:80"))
    ('192.0.2.1', '2001:db8::1')
    >>> str(parsed_address("::ffff:192.0.2.1")), parsed_address("unknown")
    ('192.0.2.1', None)
    """
    bare = address.partition("]")[0].removeprefix("[") if address.startswith("[") else address
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        parsed = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return mapped or parsed


def places_of(address: str) -> Places:
    """Return what an address is counted under in every limit: an IPv4 address by itself; an IPv6
    one by networks, of which one machine may have as many addresses as it likes.

    >>> places_of("::ffff:192.0.2.1"), places_of("2001:db8::1") == places_of("2001:db8::2")
    ({'192.0.2.1': 1}, True)
    >>> places_of("2001:db8:1:2ff::1")
    {'2001:db8:1:2ff::/64': 1, '2001:db8:1:200::/56': 8, '2001:db8:1::/48': 16}
    """
    parsed = parsed_address(address)
    if parsed is None:
        return {address[:64]: 1}
    if isinstance(parsed, ipaddress.IPv4Address):
        return {str(parsed): 1}
    return {
        str(ipaddress.ip_network((parsed, length), strict=False)): times
        for length, times in AROUND.items()
    }


def _is_loopback(address: str) -> bool:
    parsed = parsed_address(address)
    return parsed is not None and parsed.is_loopback
