# SPDX-License-Identifier: EUPL-1.2
"""The table of attacks in docs/register.md, written by carrying each of them out.

python -m tests.register.attack_table      writes it
test_attacks.py                            checks that what stands there is current
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Literal

from guardrails.register.inspection import verify_file
from guardrails.register.notes import read_note
from guardrails.register.proof_check import verify_proofs
from guardrails.register.proving import verify_bundle
from guardrails.register.verdicts import Verdict
from tests.register.attacks import (
    ATTACKS,
    BUNDLE_ATTACKS,
    Attack,
    BundleAttack,
    Scene,
    bundle_of,
    scene,
)
from tests.register.proof_attacks import (
    PROOF_ATTACKS,
    QUORUM_ATTACKS,
    ProofAttack,
    QuorumAttack,
    proofs_of,
)

PAGE = Path(__file__).parents[2] / "docs" / "register.md"
Language = Literal["fr", "en"]
HEADS = {
    "fr": ("Attaque", "Se voit", "Ce que dit le vérificateur"),
    "en": ("Attack", "Shows", "What the verifier says"),
}
KEY_SEEN = {
    "fr": "avec la clé publique conservée ailleurs",
    "en": "with the public key kept elsewhere",
}
QUORUM_SEEN = {
    "fr": ("avec la politique de l’auditeur : deux témoins",
           "avec la politique, et le dernier point de contrôle demandé à un témoin"),
    "en": ("with the auditor's policy: two witnesses",
           "with the policy, and the last checkpoint asked of a witness"),
}  # fmt: skip
SEEN = {
    "fr": ("sur le registre seul", "avec un point de contrôle conservé ailleurs"),
    "en": ("on the register alone", "with a checkpoint kept elsewhere"),
}


def tables() -> dict[str, str]:
    """Carry out every attack; return the table of each language."""
    lines: dict[str, list[str]] = {}
    for language, head in HEADS.items():
        lines[language] = [f"| {' | '.join(head)} |", "|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        intact = scene(Path(folder) / "intact")
        for number, attack in enumerate(ATTACKS):
            struck = intact.copied_to(Path(folder) / str(number))
            for language, line in _lines(attack, struck).items():
                lines[language].append(line)
        for number, of_bundle in enumerate(BUNDLE_ATTACKS):
            struck = intact.copied_to(Path(folder) / f"bundle-{number}")
            for language, line in _bundle_lines(of_bundle, struck).items():
                lines[language].append(line)
        for number, of_town in enumerate(QUORUM_ATTACKS):
            struck = intact.copied_to(Path(folder) / f"quorum-{number}")
            for language, line in _quorum_lines(of_town, struck).items():
                lines[language].append(line)
        for number, of_proof in enumerate(PROOF_ATTACKS):
            struck = intact.copied_to(Path(folder) / f"proof-{number}")
            for language, line in _proof_lines(of_proof, struck).items():
                lines[language].append(line)
    return {language: "\n".join(rows) + "\n" for language, rows in lines.items()}


def _lines(attack: Attack, struck: Scene) -> dict[str, str]:
    attack.do(struck)
    kept = struck.home.latest if attack.kept_after else struck.late
    verdict = verify_file(struck.file, notes=[struck.early, kept])
    found: dict[str, str] = {}
    for language in HEADS:
        name = attack.french if language == "fr" else attack.english
        said = " ".join([verdict.sentence(language), *verdict.asides(language)])
        said = re.sub(r"greffier/[0-9a-f]{16}", "greffier/…", said)
        found[language] = f"| {name} | {SEEN[language][attack.needs_kept]} | {said} |"
    return found


def _bundle_lines(attack: BundleAttack, struck: Scene) -> dict[str, str]:
    path = attack.do(struck, bundle_of(struck, struck.home.path / "lot.zip"))
    verdict = verify_bundle(path, keys=[struck.key])
    return {
        "fr": f"| {attack.french} | {KEY_SEEN['fr']} | {verdict.sentence('fr')} |",
        "en": f"| {attack.english} | {KEY_SEEN['en']} | {verdict.sentence('en')} |",
    }


def _quorum_lines(attack: QuorumAttack, struck: Scene) -> dict[str, str]:
    policy, origin = struck.policy, read_note(struck.late).checkpoint.origin
    attack.do(struck)
    notes = [struck.neighbours.latest(origin)] if attack.asks else []
    verdict = verify_file(struck.file, notes=notes, policy=policy)
    return _row(
        attack, {language: QUORUM_SEEN[language][attack.asks] for language in HEADS}, verdict
    )


def _proof_lines(attack: ProofAttack, struck: Scene) -> dict[str, str]:
    path = attack.do(struck, proofs_of(struck, struck.home.path / "preuve.zip"))
    verdict = verify_proofs(path, policy=struck.policy)
    return _row(attack, {language: QUORUM_SEEN[language][False] for language in HEADS}, verdict)


def _row(
    attack: QuorumAttack | ProofAttack, seen: dict[str, str], verdict: Verdict
) -> dict[str, str]:
    found: dict[str, str] = {}
    for language in HEADS:
        name = attack.french if language == "fr" else attack.english
        said = re.sub(r"greffier/[0-9a-f]{16}", "greffier/…", verdict.sentence(language))
        said = re.sub(r"entree-\d+-\w+", "entree-…", said)
        found[language] = f"| {name} | {seen[language]} | {said} |"
    return found


def written(page: str, language: str) -> str:
    """Return the table that stands in the page."""
    start, end = _marks(language)
    return page.partition(start)[2].partition(end)[0]


def main() -> None:
    """Write both tables into the page."""
    page = PAGE.read_text("utf-8")
    for language, table in tables().items():
        start, end = _marks(language)
        before, _, rest = page.partition(start)
        page = before + start + table + end + rest.partition(end)[2]
    PAGE.write_text(page, "utf-8")


def _marks(language: str) -> tuple[str, str]:
    return f"<!-- attacks {language} -->\n", f"<!-- end attacks {language} -->\n"


if __name__ == "__main__":
    main()
