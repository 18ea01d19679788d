# SPDX-License-Identifier: EUPL-1.2
"""Policies: a typing error must not open the guard."""

from __future__ import annotations

from pathlib import Path

import pytest

from guardrails.findings import Entity
from guardrails.policy import DEFAULT_POLICY, Policy


def test_the_default_hides_every_entity() -> None:
    assert DEFAULT_POLICY.rules(None).keep == frozenset()
    assert DEFAULT_POLICY.rules("unknown") == DEFAULT_POLICY.rules(None)


def test_plots_of_land_stay_in_planning_documents_only() -> None:
    assert DEFAULT_POLICY.rules("plu").keep == {Entity.PARCEL}
    assert Entity.PARCEL not in DEFAULT_POLICY.rules("dossiers").keep


@pytest.mark.parametrize(
    "written",
    ['[default]\nkeep = ["PERSONS"]\n', "[default]\nkep = []\n", "[collection.plu]\nkeep = []\n"],
    ids=["unknown entity", "unknown key", "unknown section"],
)
def test_what_is_not_known_is_refused(written: str, tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(ValueError, match="1 validation error"):
        Policy.read(path)
