# SPDX-License-Identifier: EUPL-1.2
"""Every attack is detected with a kept checkpoint, and the table in docs/register.md says how."""

from __future__ import annotations

from pathlib import Path

import pytest

from guardrails.errors import RegisterError
from guardrails.register.inspection import verify_file
from guardrails.register.notes import VerifierKey, read_note
from guardrails.register.proof_check import CONTENTS, verify_proofs
from guardrails.register.proving import verify_bundle
from guardrails.register.tlog_proof import ENDING, read_proof
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
from tests.register.forgeries import texts_of
from tests.register.proof_attacks import (
    PROOF_ATTACKS,
    QUORUM_ATTACKS,
    ProofAttack,
    QuorumAttack,
    proofs_of,
    rewrite_and_ask,
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


@pytest.mark.parametrize("attack", BUNDLE_ATTACKS, ids=lambda a: a.english)
def test_no_attack_on_a_bundle_passes_the_witnesses(
    struck: Scene, tmp_path: Path, attack: BundleAttack
) -> None:
    path = attack.do(struck, bundle_of(struck, tmp_path / "lot.zip"))
    verdict = verify_bundle(path, policy=struck.policy)
    assert verdict.exit_code in (1, 3) and "tient :" not in verdict.sentence("fr")


@pytest.mark.parametrize("attack", QUORUM_ATTACKS, ids=lambda a: a.english)
def test_a_town_with_all_its_keys_rewrites_nothing_unseen(
    struck: Scene, attack: QuorumAttack
) -> None:
    policy, origin = struck.policy, read_note(struck.late).checkpoint.origin
    attack.do(struck)
    notes = [struck.neighbours.latest(origin)] if attack.asks else []
    verdict = verify_file(struck.file, notes=notes, policy=policy)
    assert verdict.trouble is attack.trouble
    assert verdict.exit_code == (4 if attack.trouble is None else 1)


def test_the_register_holds_by_its_witnesses_before_any_attack(struck: Scene) -> None:
    verdict = verify_file(struck.file, policy=struck.policy)
    assert (verdict.exit_code, verdict.size) == (0, 26)
    [seen, *_] = verdict.asides("fr")
    assert seen == "Vu par 2 témoins le 02/03/2026 à 09:00 UTC, à 26 entrées."


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda a: a.english)
def test_no_attack_on_the_register_passes_the_witnesses(struck: Scene, attack: Attack) -> None:
    """The policy and what a witness saw last are all that is kept."""
    policy, origin = struck.policy, read_note(struck.late).checkpoint.origin
    attack.do(struck)
    verdict = verify_file(struck.file, notes=[struck.neighbours.latest(origin)], policy=policy)
    if attack.kept_after:  # what came after they looked is not theirs to tell
        assert verdict.exit_code == (4 if attack.trouble is None else 0)
        assert "witnessed" in [remark.name for remark in verdict.remarks]
    else:
        assert verdict.exit_code in (1, 3)


def test_a_witness_that_was_asked_to_cosign_a_rewriting_keeps_the_proof_of_it(
    struck: Scene,
) -> None:
    origin = read_note(struck.late).checkpoint.origin
    rewrite_and_ask(struck)
    [(refused, cosigned)] = struck.neighbours.contradictions(origin)
    old, new = read_note(cosigned), read_note(refused)
    key = VerifierKey.read(struck.key)
    assert [note.opened_by([key]) for note in (old, new)] == [key, key]
    assert old.checkpoint.root != new.checkpoint.root


def test_proofs_hold_before_any_attack(struck: Scene, tmp_path: Path) -> None:
    path = proofs_of(struck, tmp_path / "preuve.zip")
    verdict = verify_proofs(path, policy=struck.policy)
    assert (verdict.exit_code, verdict.size) == (0, 3)


@pytest.mark.parametrize("attack", PROOF_ATTACKS, ids=lambda a: a.english)
def test_an_attack_on_proofs_is_detected_and_named(
    struck: Scene, tmp_path: Path, attack: ProofAttack
) -> None:
    path = attack.do(struck, proofs_of(struck, tmp_path / "preuve.zip"))
    verdict = verify_proofs(path, policy=struck.policy)
    assert verdict.trouble is attack.trouble
    assert "tient :" not in verdict.sentence("fr")


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda a: a.english)
def test_proofs_that_hold_after_an_attack_tell_what_was_sealed(
    struck: Scene, tmp_path: Path, attack: Attack
) -> None:
    """An attacked register may be refused when it is opened, or hand over nothing; what it does
    hand over holds by the policy only where no word of it was changed."""
    true = told(proofs_of(struck, tmp_path / "before.zip"))
    attacked = struck.copied_to(tmp_path / "attacked")
    attack.do(attacked)
    try:
        path = proofs_of(attacked, tmp_path / "after.zip")
    except (RegisterError, ValueError, LookupError):
        return
    verdict = verify_proofs(path, policy=struck.policy)
    assert verdict.exit_code != 0 or told(path) <= true


def told(path: Path) -> set[str]:
    """The contents that proofs open, and the entries that they prove."""
    texts = texts_of(path)
    entries = {read_proof(text).extra.decode() for n, text in texts.items() if n.endswith(ENDING)}
    return entries.union(texts.get(CONTENTS, "").splitlines())


def test_a_log_that_is_a_link_is_refused(struck: Scene, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"")
    struck.file.with_name(struck.file.name + "-wal").symlink_to(elsewhere)
    assert verify_file(struck.file).trouble is Trouble.LINK


def test_the_table_of_the_documentation_is_what_the_attacks_give() -> None:
    page = PAGE.read_text("utf-8")
    for language, table in tables().items():
        assert written(page, language) == table, "run: python -m tests.register.attack_table"
