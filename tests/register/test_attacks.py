# SPDX-License-Identifier: EUPL-1.2
"""Every attack is detected with a kept checkpoint, and the table in docs/register.md says how."""

from __future__ import annotations

from pathlib import Path

import pytest

from guardrails.register.inspection import verify_file
from guardrails.register.proving import verify_bundle
from guardrails.register.verdicts import Trouble
from tests.register.attack_table import PAGE, tables, written
from tests.register.attacks import (
    ATTACKS,
    BUNDLE_ATTACKS,
    Attack,
    BundleAttack,
    Scene,
    bundle_of,
    scene,
)


@pytest.fixture(scope="module")
def intact(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return scene(tmp_path_factory.mktemp("intact") / "scene")


@pytest.fixture
def struck(intact: Scene, tmp_path: Path) -> Scene:
    return intact.copied_to(tmp_path / "scene")


def test_the_register_holds_before_any_attack(struck: Scene) -> None:
    verdict = verify_file(struck.file, notes=[struck.early, struck.late])
    assert verdict.holds, verdict.sentence("en")
    assert (verdict.size, verdict.kept, verdict.anchor) == (26, 2, 26)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda a: a.english)
def test_an_attack_is_detected_and_named(struck: Scene, attack: Attack) -> None:
    attack.do(struck)
    kept = struck.home.latest if attack.kept_after else struck.late
    verdict = verify_file(struck.file, notes=[struck.early, kept])
    assert verdict.trouble == attack.trouble
    if attack.index is not None:
        assert verdict.index == attack.index
    if attack.trouble is None:
        assert "clock" in [remark.name for remark in verdict.remarks]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda a: a.english)
def test_what_needs_a_kept_checkpoint_is_said_honestly(struck: Scene, attack: Attack) -> None:
    attack.do(struck)
    verdict = verify_file(struck.file)
    assert verdict.holds == (attack.needs_kept or attack.trouble is None)


def test_a_bundle_holds_before_any_attack(struck: Scene, tmp_path: Path) -> None:
    path = bundle_of(struck, tmp_path / "lot.zip")
    assert verify_bundle(path, keys=[struck.key]).exit_code == 0


@pytest.mark.parametrize("attack", BUNDLE_ATTACKS, ids=lambda a: a.english)
def test_an_attack_on_a_bundle_is_detected_and_named(
    struck: Scene, tmp_path: Path, attack: BundleAttack
) -> None:
    path = attack.do(struck, bundle_of(struck, tmp_path / "lot.zip"))
    assert verify_bundle(path, keys=[struck.key]).trouble is attack.trouble


def test_a_log_that_is_a_link_is_refused(struck: Scene, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"")
    struck.file.with_name(struck.file.name + "-wal").symlink_to(elsewhere)
    assert verify_file(struck.file).trouble is Trouble.LINK


def test_the_table_of_the_documentation_is_what_the_attacks_give() -> None:
    page = PAGE.read_text("utf-8")
    for language, table in tables().items():
        assert written(page, language) == table, "run: python -m tests.register.attack_table"
