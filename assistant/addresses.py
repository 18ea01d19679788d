# SPDX-License-Identifier: EUPL-1.2
"""Where the service may dial on purpose: one rule for model servers, traces and databases.

    "http://10.0.0.5:8080/v1" ─▶ itself │ PydanticCustomError, and the settings are refused

In the clear: this machine and the town's own network only. By https: a name as well, since its
certificate says who answers. A number of the public internet never.
"""

from __future__ import annotations

import ipaddress
from typing import Annotated
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from guardrails.register.cosignatures import CosignerKey
from guardrails.register.notes import NoteMalformed, is_origin

INSIDE = ("local", "lan", "internal", "intranet", "private", "home.arpa", "localhost")
"""Endings that the public internet does not have."""


def internal(address: str) -> str:
    """Return an address of http or https that may be dialled; nothing is looked up.

    >>> internal("http://10.0.0.5:8080/v1"), internal("http://modele.lan/v1"), internal("")
    ('http://10.0.0.5:8080/v1', 'http://modele.lan/v1', '')
    """
    if not address:
        return address
    parts, host, port = _read(address)
    if parts.scheme not in ("http", "https") or not host or port == 0:
        raise _refused("it is none of http or https")
    if parts.username or parts.password or parts.query or parts.fragment or _is_odd(address):
        raise _refused("it holds more than a place: secrets have files of their own")
    if not is_inside(host) and (parts.scheme == "http" or _is_numeric(host)):
        raise _refused("it leads out of the town's network in the clear")
    return address


def database(address: str) -> str:
    """Return the address of a PostgreSQL database that may be dialled; it holds no password.

    >>> database("postgresql://greffier@10.0.0.9:5432/greffier")
    'postgresql://greffier@10.0.0.9:5432/greffier'
    """
    if not address:
        return address
    parts, host, port = _read(address)
    if parts.scheme != "postgresql" or not host or port == 0 or not parts.path.strip("/"):
        raise _refused("it is not written postgresql://user@host/database")
    if parts.password or parts.query or parts.fragment or _is_odd(address) or "," in host:
        raise _refused("it holds more than a place: secrets have files of their own")
    if not is_inside(host) and _is_numeric(host):
        raise _refused("it leads out of the town's network in the clear")
    return address


def database_place(address: str) -> dict[str, str]:
    """Return what names a database to libpq: out of the town's network, encrypted and certified.

    >>> database_place("postgresql://greffier@base.lan/greffier")["sslmode"]
    'prefer'
    """
    parts = urlsplit(address)
    host = parts.hostname or ""
    place = {
        "host": host,
        "port": str(parts.port or 5432),
        "user": unquote(parts.username or "greffier"),
        "dbname": unquote(parts.path.strip("/")),
    }
    if is_inside(host):
        return {**place, "sslmode": "prefer"}
    return {**place, "sslmode": "verify-full", "sslrootcert": "system"}


def cluster(address: str) -> str:
    """Return the address of a Ray cluster of the town's own, `local` for this machine alone.

    >>> cluster("10.0.0.4:6379"), cluster("local"), cluster("")
    ('10.0.0.4:6379', 'local', '')
    """
    if address in ("", "local"):
        return address
    parts, host, port = _read(f"//{address}")
    if not host or not port or parts.path or parts.username or parts.query or _is_odd(address):
        raise _refused("it is not written host:port")
    if not is_inside(host):
        raise _refused("it leads out of the town's network")
    return address


def is_inside(host: str) -> bool:
    """Whether a host is this machine or on a network of one's own, as far as its name tells.

    >>> [is_inside(h) for h in ("127.0.0.1", "fd00::5", "modele", "8.8.8.8", "ia.example.fr")]
    [True, True, True, False, False]
    """
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        name = host.lower().rstrip(".")
        ours = "." not in name or name.endswith(tuple(f".{ending}" for ending in INSIDE))
        return ours and not _is_numeric(host)
    mapped = getattr(number, "ipv4_mapped", None) or number
    return bool(mapped.is_private) and not (mapped.is_unspecified or mapped.is_multicast)


def _read(address: str) -> tuple[SplitResult, str, int | None]:
    """Return the parts of an address, its host and its port."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _refused("it cannot be read") from error
    return parts, host, port


def _is_numeric(host: str) -> bool:
    """Whether a host is a number, in any form that a resolver would take: `134744072` too."""
    last = host.lower().rstrip(".").rpartition(".")[2]
    return ":" in host or last.isdecimal() or last.startswith("0x")


def _is_odd(address: str) -> bool:
    return not address.isprintable() or any(
        letter.isspace() or letter == "\\" for letter in address
    )


def _refused(why: str) -> PydanticCustomError:
    return PydanticCustomError("address", "this address is not allowed: {why}", {"why": why})


InternalAddress = Annotated[str, AfterValidator(internal)]
"""An address of the settings that the service dials, or nothing."""


def origin(text: str) -> str:
    """Return the name of a register, or nothing.

    >>> origin("registre.mairie.example/greffier"), origin("")
    ('registre.mairie.example/greffier', '')
    """
    if text and not is_origin(text):
        raise PydanticCustomError(
            "origin",
            "a URL without https://, capitals in the host, spaces or +, such as "
            "registre.mairie.example/greffier",
        )
    return text


Origin = Annotated[str, AfterValidator(origin)]
"""The name of a register: a URL without its scheme, or nothing."""


def witness(text: str) -> str:
    """Return a witness of the register: its key as it gave it, a space, its address.

    >>> key = "w.example+00df7ba9+BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    >>> witness(f"{key} https://w.example").partition(" ")[2]
    'https://w.example'
    """
    key, _, address = text.strip().partition(" ")
    try:
        CosignerKey.read(key)
    except NoteMalformed as error:
        raise PydanticCustomError(
            "witness",
            "the key is not that of a witness: ask who runs it for the line that "
            "`greffier witness list` prints, and write its address behind, after a space",
        ) from error
    if not address.strip():
        raise PydanticCustomError(
            "witness", "the address of the witness is missing: write it behind its key, after a "
            "space",
        )  # fmt: skip
    return f"{key} {internal(address.strip())}"


Witness = Annotated[str, AfterValidator(witness)]
"""A witness of the register: its key, a space, its address."""

ClusterAddress = Annotated[str, AfterValidator(cluster)]
"""An address of a Ray cluster, or nothing."""

DatabaseAddress = Annotated[str, AfterValidator(database)]
"""An address of PostgreSQL, or nothing."""
