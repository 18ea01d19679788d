# SPDX-License-Identifier: EUPL-1.2
"""What somebody could do to proofs that were handed over, and what a town that holds all its keys
could do to a register that others watch over.

ProofAttack      on a .zip of proofs, whose reader kept a policy: the town's key, two witnesses
QuorumAttack     on the register; the policy is all that the auditor kept
"""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guardrails.register.cosignatures import cosign
from guardrails.register.leaves import canonical, leaf_data
from guardrails.register.merkle import leaf_hash, node_hash
from guardrails.register.notes import Checkpoint, key_of, read_note, sign
from guardrails.register.proof_check import CONTENTS, HANDOVERS
from guardrails.register.proof_files import entries_of, hand_over
from guardrails.register.selection import Selection
from guardrails.register.tlog_proof import ENDING, Proof, read_proof, row_of
from guardrails.register.verdicts import Trouble
from tests.register.attacks import (
    TARGET,
    Scene,
    cut_tail,
    edit_and_rehash,
    edit_rehash_and_sign,
    fork,
    replace_key,
    rooted,
    rows_of,
)
from tests.register.forgeries import texts_of
from tests.register.homes import Home, ask_in
from tests.register.witnessed import MOMENT, NAMES, WAIT_SECONDS

NAMES_SIGN = tuple(f"— {name} " for name in NAMES)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofAttack:
    """What is done to the proofs, in both languages, and what the verifier must say of it."""

    french: str
    english: str
    do: Callable[[Scene, Path], Path]
    trouble: Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class QuorumAttack:
    """What a town does with all its keys; None: it holds up to where the witnesses saw it, and no
    further. `asks`: the auditor asked a witness for what it saw last."""

    french: str
    english: str
    do: Callable[[Scene], object]
    trouble: Trouble | None
    asks: bool = False


def proofs_of(scene: Scene, path: Path) -> Path:
    """Hand over the proofs of one question, as the town does."""
    with scene.home.open() as register:
        [exchange] = {e.exchange for e in register.unrecorded_entries(Selection(), stop=TARGET + 1)
                      if e.index == TARGET}  # fmt: skip
        entries = entries_of(register, exchange, kinds=None)
        path.write_bytes(hand_over(register, entries, by="", role="auditor").zipped())
    return path


def rewritten(path: Path, changes: Mapping[str, str]) -> Path:
    """Change files of a .zip."""
    texts = {**texts_of(path), **changes}
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
    return path


def proof_named(path: Path, number: int = 1) -> tuple[str, Proof]:
    """Return the name and the proof of one of the entries."""
    texts = texts_of(path)
    name = sorted(name for name in texts if name.endswith(ENDING))[number]
    return name, read_proof(texts[name])


def change_words(scene: Scene, path: Path) -> Path:
    contents = texts_of(path)[CONTENTS]
    assert "neuf heures" in contents
    return rewritten(path, {CONTENTS: contents.replace("neuf heures", "sept heures", 1)})


def exchange_contents(scene: Scene, path: Path) -> Path:
    """Give each content as that of another entry."""
    lines = [json.loads(line) for line in texts_of(path)[CONTENTS].splitlines()]
    places = [line["index"] for line in lines]
    moved = [line | {"index": at} for line, at in zip(lines, places[1:] + places[:1], strict=True)]
    return rewritten(path, {CONTENTS: "".join(canonical(line) + "\n" for line in moved)})


def change_entry(scene: Scene, path: Path) -> Path:
    name, proof = proof_named(path)
    data = leaf_data(replace(row_of(proof.extra), at="2026-03-02T10:00:00.000000Z"))
    return rewritten(path, {name: replace(proof, extra=data).text})


def change_place(scene: Scene, path: Path) -> Path:
    name, proof = proof_named(path)
    return rewritten(path, {name: replace(proof, index=proof.index + 1).text})


def give_twice(scene: Scene, path: Path) -> Path:
    name, proof = proof_named(path)
    return rewritten(path, {f"encore-{name}": proof.text})


def cut_proof(scene: Scene, path: Path) -> Path:
    name, proof = proof_named(path)
    return rewritten(path, {name: proof.text[: len(proof.text) * 2 // 3]})


def prove_elsewhere(scene: Scene, path: Path) -> Path:
    """Hand over the proofs of a register of one's own."""
    with Home(scene.home.path / "elsewhere").open() as foreign:
        entries = entries_of(foreign, ask_in(foreign), kinds=None)
        path.write_bytes(hand_over(foreign, entries, by="", role="").zipped())
    return path


def forged(path: Path, origin: str, private: Ed25519PrivateKey, signatures: str = "") -> Path:
    """Prove a false entry in a tree of two, under the town's name."""
    name, proof = proof_named(path)
    data = leaf_data(replace(row_of(proof.extra), index=0))
    root = node_hash(leaf_hash(data), bytes(32))
    note = sign(Checkpoint(origin=origin, size=2, root=root), [private]) + signatures
    false = Proof(index=0, path=(bytes(32),), note=note, extra=data)
    assert false.holds_for(data)
    path.unlink()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, false.text)
    return path


def forge_with_own_key(scene: Scene, path: Path) -> Path:
    return forged(path, read_note(scene.late).checkpoint.origin, Ed25519PrivateKey.generate())


def claim_handover(scene: Scene, path: Path) -> Path:
    private, origin = Ed25519PrivateKey.generate(), read_note(scene.late).checkpoint.origin
    said = canonical({"by": base64.b64encode(bytes(64)).decode(),
                      "key": str(key_of(origin, private))})  # fmt: skip
    return rewritten(forged(path, origin, private), {HANDOVERS: f"{said}\n"})


def forge_with_all_keys(scene: Scene, path: Path) -> Path:
    """The town itself signs a history that nobody saw."""
    keyring = scene.keyring()
    return forged(path, keyring.origin, keyring.signer(scene.key))


def borrow_cosignatures(scene: Scene, path: Path) -> Path:
    """The same, with what the witnesses signed of the true one."""
    keyring = scene.keyring()
    lines = true_cosignatures(scene)
    return forged(path, keyring.origin, keyring.signer(scene.key), lines)


def cosign_with_own_witness(scene: Scene, path: Path) -> Path:
    """The same, with witnesses of one's own that bear the names of the true ones."""
    keyring = scene.keyring()
    made = forged(path, keyring.origin, keyring.signer(scene.key))
    name, proof = proof_named(made, 0)
    lines = own_cosignatures(proof.signed.text)
    return rewritten(made, {name: replace(proof, note=proof.note + lines).text})


def true_cosignatures(scene: Scene) -> str:
    """Return the lines by which the witnesses cosigned the register's last checkpoint."""
    note = scene.neighbours.latest(read_note(scene.late).checkpoint.origin)
    with scene.sql() as sql:
        [kept] = sql.execute("SELECT note FROM notes WHERE size = 26").fetchone() or [note]
    lines = (line for line in kept.splitlines(True) if line.startswith(NAMES_SIGN))
    return "".join(sorted(lines))  # they stand there in the order in which they came


def own_cosignatures(text: str) -> str:
    """Cosign with keys of one's own under the names of the true witnesses."""
    return "".join(cosign(text, name, Ed25519PrivateKey.generate(), int(MOMENT)) for name in NAMES)


def sign_whole(scene: Scene, lines: Callable[[str], str]) -> None:
    """Seal the file as it stands with the town's key, and keep that as a checkpoint which bears
    these lines as well."""
    with scene.sql() as sql:
        rows, keyring = rows_of(sql), scene.keyring()
        point = Checkpoint(origin=keyring.origin, size=len(rows), root=rooted(rows))
        note = sign(point, [keyring.signer(scene.key)])
        sql.execute("DELETE FROM notes")
        sql.execute("INSERT INTO notes VALUES (?, ?)", (len(rows), note + lines(point.text)))
        sql.execute("UPDATE head SET note = ?", (note,))


def rewrite_and_borrow(scene: Scene) -> None:
    lines = true_cosignatures(scene)
    edit_and_rehash(scene)
    sign_whole(scene, lambda _: lines)


def rewrite_with_own_witnesses(scene: Scene) -> None:
    edit_and_rehash(scene)
    sign_whole(scene, own_cosignatures)


def rewrite_and_leave_seals(scene: Scene) -> None:
    """Rewrite, and leave what the witnesses signed of the true history beside it."""
    with scene.sql() as sql:
        notes = sql.execute("SELECT size, note FROM notes").fetchall()
    edit_rehash_and_sign(scene)
    with scene.sql() as sql:
        sql.executemany("INSERT INTO notes VALUES (?, ?)", notes)


def rewrite_and_ask(scene: Scene) -> None:
    """Rewrite, and have the witnesses asked to cosign that, as the program itself would."""
    edit_rehash_and_sign(scene)
    for anchor in scene.home.keys.glob("*/anchor.txt"):
        anchor.unlink()
    watching = scene.neighbours.witnesses()
    with scene.home.open(places=[watching]) as register:
        scene.neighbours.watch(register, watching)
        register.checkpoint_seen(seconds=WAIT_SECONDS)


QUORUM_ATTACKS = [
    QuorumAttack(french="avec toutes ses clés, réécrire le passé et le sceller de nouveau",
                 english="with all its keys, rewrite the past and seal it anew",
                 do=edit_rehash_and_sign, trouble=Trouble.QUORUM_MISSING),
    QuorumAttack(french="… et demander aux témoins de le contresigner",
                 english="… and ask the witnesses to cosign it",
                 do=rewrite_and_ask, trouble=Trouble.QUORUM_MISSING),
    QuorumAttack(french="… et y laisser ce qu’ils ont signé de la vraie histoire",
                 english="… and leave what they signed of the true history beside it",
                 do=rewrite_and_leave_seals, trouble=Trouble.REWRITTEN),
    QuorumAttack(french="… et y coller leurs contresignatures",
                 english="… and paste their cosignatures onto it",
                 do=rewrite_and_borrow, trouble=Trouble.COSIGNATURE_FORGED),
    QuorumAttack(french="… et contresigner avec des témoins à soi, sous les mêmes noms",
                 english="… and cosign it with witnesses of one’s own, under the same names",
                 do=rewrite_with_own_witnesses, trouble=Trouble.QUORUM_MISSING),
    QuorumAttack(french="… ou tout refaire sous un autre nom",
                 english="… or make everything anew under another name",
                 do=replace_key, trouble=Trouble.OTHER_LOG),
    QuorumAttack(french="fourche après ce que les témoins ont vu",
                 english="fork after what the witnesses saw",
                 do=fork, trouble=None),
    QuorumAttack(french="couper la fin que les témoins ont vue",
                 english="cut the tail that the witnesses saw",
                 do=cut_tail, trouble=Trouble.TAIL_CUT, asks=True),
]  # fmt: skip

PROOF_ATTACKS = [
    ProofAttack(french="preuve : changer un mot du contenu",
                english="proof: change a word of the content",
                do=change_words, trouble=Trouble.PAYLOAD_CHANGED),
    ProofAttack(french="preuve : échanger les contenus de deux entrées",
                english="proof: exchange the contents of two entries",
                do=exchange_contents, trouble=Trouble.PAYLOAD_CHANGED),
    ProofAttack(french="preuve : changer l’entrée",
                english="proof: change the entry",
                do=change_entry, trouble=Trouble.PROOF_FALSE),
    ProofAttack(french="preuve : changer sa place",
                english="proof: change its place",
                do=change_place, trouble=Trouble.PROOF_FALSE),
    ProofAttack(french="preuve : en donner une deux fois",
                english="proof: give one twice",
                do=give_twice, trouble=Trouble.BUNDLE_REPEATED),
    ProofAttack(french="preuve : la couper",
                english="proof: cut it",
                do=cut_proof, trouble=Trouble.PROOF_MALFORMED),
    ProofAttack(french="preuve : donner celle d’un autre registre",
                english="proof: give that of another register",
                do=prove_elsewhere, trouble=Trouble.OTHER_LOG),
    ProofAttack(french="preuve : en fabriquer une avec sa propre clé, sous le nom de la mairie",
                english="proof: make one with one’s own key, under the town’s name",
                do=forge_with_own_key, trouble=Trouble.OTHER_KEY),
    ProofAttack(french="… et prétendre que la clé de la mairie lui a passé la main",
                english="… and claim that the town’s key handed over to it",
                do=claim_handover, trouble=Trouble.OTHER_KEY),
    ProofAttack(french="… avec toutes les clés de la mairie",
                english="… with all the keys of the town",
                do=forge_with_all_keys, trouble=Trouble.QUORUM_MISSING),
    ProofAttack(french="… en y collant les contresignatures des témoins",
                english="… pasting the cosignatures of the witnesses onto it",
                do=borrow_cosignatures, trouble=Trouble.COSIGNATURE_FORGED),
    ProofAttack(french="… en contresignant avec des témoins à soi",
                english="… cosigning with witnesses of one’s own",
                do=cosign_with_own_witness, trouble=Trouble.QUORUM_MISSING),
]  # fmt: skip
