# SPDX-License-Identifier: EUPL-1.2
"""What `doctor` sees of a machine that serves: its clock, the model's process, its
certificates, who can reach it.

machine(data, settings, texts) ─▶ Examined(name, state, detail)…
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from cryptography import x509

from assistant.exposure import exposed
from assistant.model.process import COMMAND, tried
from assistant.settings import Settings
from assistant.texts import Texts
from guardrails.register.inspection import origin_of
from guardrails.register.leaves import DATABASE

State = Literal["ok", "weak", "bad"]

CLOCK_SECONDS = 60
"""How far a clock may be behind what was written: a file share's own clock drifts."""

ENDS_SOON_DAYS = 21


@dataclass(frozen=True, slots=True)
class Examined:
    """One thing that was looked at."""

    name: str
    state: State
    detail: str


def machine(data: Path, settings: Settings, texts: Texts) -> Iterator[Examined]:
    """Look at the clock, the register's name, the model's process, the certificates and the
    exposure."""
    yield clock(data, texts, time.time())
    if wanted := settings.register_.origin:
        yield from origin(data, wanted, texts)
    if not settings.model.servers:
        yield model_process(texts)
    for path in settings.access.certificates:
        yield certificate(path, texts, datetime.now(UTC))
    yield from exposure(settings, texts, exposed())


def clock(data: Path, texts: Texts, now: float) -> Examined:
    """A clock that was set back is seen by what was written before: the register and sessions
    count on it."""
    latest = max((path.stat().st_mtime for path in _written(data)), default=0.0)
    behind = latest - now
    if behind <= CLOCK_SECONDS:
        told = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%d %H:%M UTC")
        return Examined(texts("doctor", "clock"), "ok", told)
    minutes = int(behind // 60)
    return Examined(
        texts("doctor", "clock"), "bad", texts("doctor", "clock_behind", minutes=minutes)
    )


def origin(data: Path, wanted: str, texts: Texts) -> Iterator[Examined]:
    """Whether the register of this folder has the name that the settings give it: it is given once,
    with the first entry."""
    own = origin_of(data / "register" / DATABASE)
    if own and own != wanted:
        told = texts("doctor", "origin_other", own=own, wanted=wanted)
        yield Examined(texts("doctor", "origin"), "weak", told)
    elif own:
        yield Examined(texts("doctor", "origin"), "ok", own)


def model_process(texts: Texts, command: Sequence[str] = COMMAND) -> Examined:
    """Whether the program that holds the model runs at all: a build of its library for another
    processor ends it before anything is loaded."""
    name = texts("doctor", "model_process")
    try:
        status = tried(command)
    except OSError as error:
        status = error.errno
    if status is None:
        return Examined(name, "ok", texts("doctor", "model_process_ok"))
    return Examined(name, "bad", texts("doctor", "model_process_ends", status=status))


def _written(data: Path) -> Iterator[Path]:
    for pattern in ("*.db", "*.json", "register/*"):
        yield from (path for path in data.glob(pattern) if path.is_file())


def certificate(path: Path, texts: Texts, now: datetime) -> Examined:
    """When a certificate ends; the first of a file is the server's."""
    name = texts("doctor", "certificate")
    try:
        ends = x509.load_pem_x509_certificates(path.read_bytes())[0].not_valid_after_utc
    except (OSError, ValueError):
        return Examined(name, "bad", texts("doctor", "certificate_unread", path=str(path)))
    days = (ends - now).days
    facts = {"path": str(path), "day": ends.strftime("%Y-%m-%d")}
    if ends <= now:
        return Examined(name, "bad", texts("doctor", "certificate_over", **facts))
    state: State = "weak" if days < ENDS_SOON_DAYS else "ok"
    return Examined(name, state, texts("doctor", "certificate_ends", **facts, days=days))


def exposure(settings: Settings, texts: Texts, places: list[str]) -> Iterator[Examined]:
    """Whether a running service answers others than this machine without https in between.

    Accounts are not looked at: `serve` never opens without them, and the demonstration answers
    this machine only.
    """
    name, has_proxy = texts("doctor", "exposure"), bool(settings.access.proxy.addresses)
    if not places:
        yield Examined(name, "ok", texts("doctor", "exposure_none"))
    for place in places:
        key = "exposure_beside_proxy" if has_proxy else "exposure_plain"
        yield Examined(name, "weak" if has_proxy else "bad", texts("doctor", key, address=place))
