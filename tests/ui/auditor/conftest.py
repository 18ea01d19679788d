# SPDX-License-Identifier: EUPL-1.2
"""A register of some weeks, and the acts of its auditor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path

import pytest

from guardrails.register import Register
from tests.register.homes import Home
from tests.ui.auditor.stand import AUDITOR, early, screen
from ui.auditor.acts import Acts
from ui.auditor.desk import Desk, Screen
from ui.auditor.services import AuditorServices
from ui.auditor.words import Words

Do = Callable[..., Screen]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return early(tmp_path)


@pytest.fixture
def register(home: Home) -> Iterator[Register]:
    with home.open() as opened:
        yield opened


@pytest.fixture
def services(register: Register) -> AuditorServices:
    return AuditorServices(register=register, screen=screen, zone=UTC)


@pytest.fixture
def do(services: AuditorServices) -> Do:
    """Do an act, and return the last screen of it."""
    acts = Acts(services, Words("fr", UTC))

    def do(act: str, desk: Desk | None = None, **form: str) -> Screen:
        *_, screen = acts({"act": act, **form}, desk or Desk(), AUDITOR)
        return screen

    return do
