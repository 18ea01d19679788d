# SPDX-License-Identifier: EUPL-1.2
"""The administrator's town hall, and a browser in front of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.ui.admin.house import Browser, House, opened


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    with opened(tmp_path, monkeypatch) as house:
        yield house


@pytest.fixture
def browser(house: House) -> Iterator[Browser]:
    with TestClient(house.app(), base_url="http://127.0.0.1") as client:
        yield Browser(client, house)
