# SPDX-License-Identifier: EUPL-1.2
"""RFC 3161 time-stamps of checkpoints: a third party says that a note existed at a moment.

    request(note) ─▶ .tsq file ──▶ somebody carries it ──▶ .tsr file ─▶ checked ─▶ moment
    fetch(note, url) ───────────── a server of the house ─────┘

The only import of rfc3161_client. No server is asked unless one was set up.
"""

from __future__ import annotations

import http.client
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from cryptography.x509 import load_pem_x509_certificates
from rfc3161_client import (
    PKIStatus,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from guardrails.errors import RegisterError

TIMEOUT_SECONDS = 10.0
MAX_RESPONSE_BYTES = 1 << 20


class TimestampInvalid(RegisterError):
    """A time-stamp is not one, is of another checkpoint, or of an unknown authority."""


def request(note: str) -> bytes:
    """Return the request (.tsq) for a time-stamp of a note: it holds only its SHA-256."""
    return (
        TimestampRequestBuilder(data=note.encode())
        .cert_request(cert_request=True)
        .build()
        .as_bytes()
    )


def fetch(note: str, url: str) -> bytes:
    """Ask a server of the house; return its response (.tsr), still to be checked."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise TimestampInvalid("the time-stamp server's address is not http:// or https://")
    secure = parts.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(parts.hostname, parts.port, timeout=TIMEOUT_SECONDS)
    try:
        headers = {"Content-Type": "application/timestamp-query"}
        connection.request("POST", parts.path or "/", request(note), headers)
        response = connection.getresponse()
        body = response.read(MAX_RESPONSE_BYTES + 1)
    except (OSError, http.client.HTTPException) as error:
        raise TimestampInvalid(f"the time-stamp server failed: {type(error).__name__}") from error
    finally:
        connection.close()
    if response.status != http.client.OK or len(body) > MAX_RESPONSE_BYTES:
        raise TimestampInvalid(f"the time-stamp server answered {response.status}")
    return body


def checked(note: str, response: bytes, *, roots_pem: bytes) -> datetime:
    """Return when an authority that leads to one of these roots stamped the note."""
    try:
        roots = load_pem_x509_certificates(roots_pem)
        parsed = decode_timestamp_response(response)
        if PKIStatus(parsed.status) not in (PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS):
            raise TimestampInvalid("the authority refused the time-stamp")
        _verify(note, parsed, roots)
    except (ValueError, VerificationError) as error:
        raise TimestampInvalid(f"the time-stamp does not hold: {error}") from error
    return parsed.tst_info.gen_time


def _verify(note: str, parsed: TimeStampResponse, roots: Sequence[object]) -> None:
    builder = VerifierBuilder()
    for root in roots:
        builder = builder.add_root_certificate(root)  # type: ignore[arg-type]
    builder.build().verify_message(parsed, note.encode())
