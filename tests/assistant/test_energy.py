# SPDX-License-Identifier: EUPL-1.2
"""Energy is measured where counters can be read, else estimated, and it says which."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from assistant.energy import JOULES_PER_WH, NVML, EnergyMeter, NvmlCounter
from assistant.settings import Settings
from assistant.wiring import open_parts
from tests.assistant.terminal import stand_in


def package(folder: Path, number: int, microjoules: int, end: int | None = 1_000_000_000) -> Path:
    place = folder / f"intel-rapl:{number}"
    place.mkdir(exist_ok=True)
    (place / "energy_uj").write_text(f"{microjoules}\n", "ascii")
    if end is not None:
        (place / "max_energy_range_uj").write_text(f"{end}\n", "ascii")
    return place


def test_all_processor_packages_are_counted(tmp_path: Path) -> None:
    package(tmp_path, 0, 1_000_000)
    package(tmp_path, 1, 5_000_000)
    meter = EnergyMeter(15.0, powercap=tmp_path)
    package(tmp_path, 0, 3_000_000)
    package(tmp_path, 1, 6_000_000)
    assert meter.method == "rapl"
    assert meter.watt_hours() == pytest.approx(3.0 / JOULES_PER_WH)


def test_an_estimate_counts_other_processes_that_work_for_this_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.energy.time.process_time", lambda: 7.0)
    spent = [5.0]
    meter = EnergyMeter(10.0, powercap=tmp_path, beside=lambda: spent[0])
    spent[0] += 36.0
    assert meter.watt_hours() == pytest.approx(0.1)


def test_what_is_drawn_while_somebody_waits_is_others(tmp_path: Path) -> None:
    package(tmp_path, 0, 1_000_000)
    meter = EnergyMeter(15.0, powercap=tmp_path)
    package(tmp_path, 0, 3_000_000)
    with pytest.raises(KeyError), meter.paused():
        package(tmp_path, 0, 50_000_000)
        raise KeyError
    package(tmp_path, 0, 51_000_000)
    assert meter.watt_hours() == pytest.approx(3.0 / JOULES_PER_WH)


def test_a_counter_that_went_past_its_end_is_put_right(tmp_path: Path) -> None:
    package(tmp_path, 0, 9_000_000, end=10_000_000)
    meter = EnergyMeter(15.0, powercap=tmp_path)
    package(tmp_path, 0, 2_000_000, end=10_000_000)
    assert meter.watt_hours() == pytest.approx(3.0 / JOULES_PER_WH)


def test_a_counter_that_can_no_longer_be_read_makes_an_estimate_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [100.0]
    monkeypatch.setattr("assistant.energy.time.process_time", lambda: clock[0])
    place = package(tmp_path, 0, 9_000_000)
    meter = EnergyMeter(20.0, powercap=tmp_path)
    (place / "energy_uj").unlink()
    clock[0] += 36.0
    assert meter.watt_hours() == pytest.approx(0.2)
    assert meter.method == "cpu_time"


def test_one_package_that_cannot_be_read_is_an_estimate_from_the_start(tmp_path: Path) -> None:
    package(tmp_path, 0, 1_000_000)
    (package(tmp_path, 1, 1) / "energy_uj").unlink()
    assert EnergyMeter(15.0, powercap=tmp_path).method == "cpu_time"
    assert EnergyMeter(15.0, powercap=tmp_path / "nothing").method == "cpu_time"


def test_a_machine_without_a_graphics_library_has_no_card(tmp_path: Path) -> None:
    assert NvmlCounter.open("libgreffier-none.so.1") is None


def test_cards_are_added_to_the_processor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Card:
        def joules(self) -> float:
            return 7_200.0

    monkeypatch.setattr(NvmlCounter, "open", classmethod(lambda cls: Card()))
    package(tmp_path, 0, 1_000_000)
    meter = EnergyMeter(15.0, powercap=tmp_path, graphics=True)
    assert meter.method == "rapl+nvml"
    assert meter.watt_hours() == pytest.approx(2.0)
    assert EnergyMeter(15.0, powercap=tmp_path).method == "rapl"


@pytest.mark.parametrize(
    ("knows", "expected"), [(True, [NVML]), (False, [])], ids=["it was", "it was not"]
)
def test_cards_are_asked_for_only_where_llama_cpp_was_built_for_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, knows: bool, expected: list[str]
) -> None:
    asked = list[str]()

    def library(name: str) -> None:
        asked.append(name)
        raise OSError

    stand_in(monkeypatch)
    monkeypatch.setattr("assistant.energy.ctypes", SimpleNamespace(CDLL=library))
    with open_parts(tmp_path / "data", tmp_path / "keys", Settings()) as parts:
        monkeypatch.setattr(parts.model, "knows_graphics", knows, raising=False)
        parts.assistant.ask("Combien coûte le repas de la cantine ?")
    assert asked == expected
