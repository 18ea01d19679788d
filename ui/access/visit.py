# SPDX-License-Identifier: EUPL-1.2
"""Where a request comes from, as far as it can be believed.

    scope ─Visits.of▶ Visit(address, is_https, proxy)

What a header says of the address and of https is believed from the proxies of the settings only.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import Scope

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


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
        """Whether it comes from this very machine, through nothing."""
        return not self.is_forwarded and _is_loopback(self.address)

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
            is_forwarded=bool(forwarded or headers.get("forwarded")),
        )

    def _first_stranger(self, forwarded: str, peer: str) -> str:
        """Return the address before our proxies: what stands further left anybody can write."""
        for address in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
            if not self._is_proxy(address):
                return address
        return peer

    def _is_proxy(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._proxies)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
