# SPDX-License-Identifier: EUPL-1.2
"""`doctor` looks where the settings say that engines are."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.doctor import examine
from assistant.engines import engines
from assistant.settings import Settings
from assistant.texts import Texts
from tests.servers.process import free_port

FR = Texts("fr")


@pytest.fixture
def port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield int(listening.getsockname()[1])


def test_engines_that_the_settings_name_are_looked_for(port: int) -> None:
    gone = free_port()
    settings = Settings.model_validate(
        {
            "model": {"endpoints": [f"http://127.0.0.1:{port}/v1", f"http://127.0.0.1:{gone}/v1"]},
            "index": {"chroma": f"http://127.0.0.1:{port}"},
            "register": {"database": f"postgresql://greffier@127.0.0.1:{gone}/greffier"},
            "service": {"traces": f"http://127.0.0.1:{port}"},
        }
    )
    found = list(engines(settings, FR))
    assert [one.state for one in found] == ["ok", "bad", "ok", "bad", "ok"]
    assert all("127.0.0.1" in one.detail for one in found)
    assert "greffier.toml" in found[1].detail


def test_nothing_is_looked_for_where_nothing_is_named() -> None:
    assert list(engines(Settings(), FR)) == []


def test_a_model_behind_an_address_is_not_missed_here(tmp_path: Path, port: int) -> None:
    settings = Settings.model_validate(
        {"model": {"endpoint": f"http://127.0.0.1:{port}/v1", "name": "le-modèle-de-la-mairie"}}
    )
    found = examine(tmp_path / "data", tmp_path / "keys", settings, FR)
    named = [one for one in found if "le-modèle-de-la-mairie" in one.detail]
    assert [one.name for one in named] == [FR("doctor", "calibration")]
    assert "greffier models calibrate" in named[0].detail
