# SPDX-License-Identifier: EUPL-1.2
"""The systems that are compared run with the network cut, and point into the original text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from benchmarks.privacy_scores import Sample, measure
from benchmarks.privacy_systems import SYSTEMS, System, SystemMissing
from tests.markup import read_marked

pytestmark = pytest.mark.real

MARKED = "Écrire à ⟦EMAIL:claire.morin@exemple.fr⟧ ou au ⟦PHONE:06 39 98 12 12⟧."


def _run_without_cache(
    _cache: object, func: Callable[..., object], kwargs: dict[str, object], **_: object
) -> object:
    return func(**kwargs)


@pytest.fixture(params=SYSTEMS, ids=lambda system: system.name)
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> System:
    # A suffix list that an earlier run left on disk would hide an attempt to download it.
    monkeypatch.setattr("tldextract.cache.DiskCache.run_and_cache", _run_without_cache)
    try:
        opened: System = request.param()
    except SystemMissing as missing:
        pytest.skip(str(missing))
    return opened


def test_it_hides_an_address_without_dialling_out(system: System) -> None:
    text, marks = read_marked(MARKED)
    sample = Sample(id="one", text=text, marks=tuple(marks))
    hidden = system.hide([sample, sample])
    assert len(hidden) == 2
    assert not measure(sample, hidden[0]).leaks


def test_it_hides_nothing_in_nothing(system: System) -> None:
    assert system.hide([]) == []
