# SPDX-License-Identifier: EUPL-1.2
"""Proofs to hand over: one file an entry, and a companion that opens what was sealed.

    hand_over(register, entries) ─▶ EXPORT entry ─▶ Handed(proofs, handovers)
        .files() ─▶ entree-000007-sentence.tlog-proof…   any program of c2sp.org/tlog-proof
                    contenus.jsonl                       sealed contents, their keys, the words
                    handovers.jsonl                      what each key signed of the next
                    LISEZMOI.txt                         how to verify, in French
    proofs_into(out, register, selection, stop) ─▶ the same of many entries, piece by piece

Whoever holds them can read these entries for ever, erased or not: whoever asks is told before.
"""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from guardrails.errors import RecordInvalid
from guardrails.register.leaves import canonical, leaf_data, stamp
from guardrails.register.notes import read_note
from guardrails.register.proof_check import CONTENTS, HANDOVERS
from guardrails.register.puncture import KeyForgotten
from guardrails.register.records import AuditRecord, Entry, JsonValue, Kind
from guardrails.register.register import WITNESS_SECONDS, Register
from guardrails.register.selection import Selection
from guardrails.register.tlog_proof import ENDING, Proof

ANSWER_KINDS = frozenset({Kind.INTENT, Kind.SENTENCE, Kind.LEAD, Kind.OUTCOME})
"""What makes up an answer: who asked may take it away; what others thought of it, not."""
README = """PREUVES D'ENTRÉES DU REGISTRE {origin}

Un fichier .tlog-proof par entrée (format c2sp.org/tlog-proof@v1) : ce qui a été scellé (ligne
« extra », en base64), sa place, le chemin de hachage jusqu'à la racine, et le point de contrôle
signé par le registre, contresigné par ses témoins s'il en a.
contenus.jsonl : le contenu chiffré de chaque entrée, sa clé, et le texte qu'ils donnent.
handovers.jsonl : ce que chaque clé du registre a signé de celle qui l'a suivie.

Ces fichiers restent lisibles et prouvés même si la mairie efface ensuite ces entrées : gardez-les
comme vous garderiez le document lui-même.

Vérifier
  1. Demandez à la mairie, par un autre chemin (papier, téléphone), la clé publique du registre ;
     si elle a des témoins, prenez leurs clés auprès d'eux (fichier de politique).
  2. python -m guardrails.register.verify CE_DOSSIER --public-key "LA CLÉ"
     ou --policy POLITIQUE, qui demande aussi les signatures des témoins.
  3. Sans ce logiciel : tout vérificateur du format c2sp.org/tlog-proof ; docs/register.md dit
     comment, pas à pas, avec un programme d'autres auteurs.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedProof:
    """The proof of one entry; `contents` is a line of the companion file, empty once erased."""

    index: int
    at: str
    kind: str
    text: str
    contents: str

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"entree-{self.index:06}-{self.kind}{ENDING}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """Proofs of some entries, with what else their holder needs."""

    origin: str
    proofs: tuple[HandedProof, ...]
    handovers: str

    def files(self) -> dict[str, str]:
        """Return the files by name."""
        contents = "".join(proof.contents for proof in self.proofs)
        files = {proof.name: proof.text for proof in self.proofs}
        return files | _besides(self.origin, contents, self.handovers)

    def zipped(self) -> bytes:
        """Return the files as one .zip."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in self.files().items():
                archive.writestr(name, text)
        return out.getvalue()


def entries_of(register: Register, record: str, *, kinds: frozenset[Kind] | None) -> list[Entry]:
    """Return the entries that a proof of this record is to be of, for a caller that enters it.

    `record` is the name of a question, or the number of an entry; RecordInvalid if there is none.
    """
    if len(record) <= 12 and record.isascii() and record.isdecimal():
        stop = int(record) + 1
        found = list(
            register.unrecorded_entries(Selection(), start=stop - 1, stop=stop)
            if stop <= register.size()
            else ()
        )
    else:
        found = register.unrecorded_exchange(record)
    chosen = [entry for entry in found if kinds is None or entry.kind in kinds]
    if not chosen:
        raise RecordInvalid("there is no such entry or question in this register")
    return chosen


def hand_over(register: Register, entries: Sequence[Entry], *, by: str, role: str) -> Handed:
    """Enter that somebody takes the proofs of these entries, and return them.

    They lead to the checkpoint that most witnesses cosigned; where there is none yet one is made,
    and the witnesses that answered last are waited for, a moment at most.
    """
    indexes = [entry.index for entry in entries]
    exchange = next((entry.exchange for entry in entries), "")
    payload: dict[str, JsonValue] = {"form": "proof", "exchange": exchange, "entries": indexes}
    register.append(AuditRecord(kind=Kind.EXPORT, actor=by, role=role, payload=payload))
    note = register.note_covering(indexes[-1])
    watched = len(register.witnesses) > 0
    if not note or (watched and len(read_note(note).signatures) == 1):
        note = register.checkpoint_seen(seconds=WITNESS_SECONDS, patient=False)
    return Handed(
        origin=register.origin,
        proofs=tuple(_proof(register, entry, note) for entry in entries),
        handovers=_handovers(register),
    )


def proofs_into(
    out: IO[bytes] | io.RawIOBase, register: Register, selection: Selection, stop: int
) -> Generator[None, None, None]:
    """Write the proofs of the entries before `stop` as a .zip, and yield after each one."""
    note = register.checkpoint_seen(seconds=WITNESS_SECONDS, patient=False)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in register.unrecorded_entries(selection, stop=stop):
            proof = _proof(register, entry, note)
            archive.writestr(proof.name, proof.text)
            yield
        with archive.open(CONTENTS, "w", force_zip64=True) as file:
            for entry in register.unrecorded_entries(selection, stop=stop):
                file.write(_contents(register, entry).encode())
                yield
        besides = _besides(register.origin, "", _handovers(register))
        for name in besides.keys() - {CONTENTS}:
            archive.writestr(name, besides[name])


def _besides(origin: str, contents: str, handovers: str) -> dict[str, str]:
    found = {CONTENTS: contents, HANDOVERS: handovers, "LISEZMOI.txt": README.format(origin=origin)}
    return {name: text for name, text in found.items() if text}


def _handovers(register: Register) -> str:
    return "".join(f"{public}\n" for public in register.handovers())


def _proof(register: Register, entry: Entry, note: str) -> HandedProof:
    row, _ = register.row(entry.index)
    path = register.inclusion(entry.index, read_note(note).checkpoint.size).path
    proof = Proof(index=entry.index, path=path, note=note, extra=leaf_data(row))
    return HandedProof(
        index=entry.index, at=stamp(entry.at), kind=entry.kind.value, text=proof.text,
        contents=_contents(register, entry),
    )  # fmt: skip


def _contents(register: Register, entry: Entry) -> str:
    """Return the line that opens an entry: empty where its payload was erased."""
    row, sealed = register.row(entry.index)
    if sealed is None:
        return ""
    try:
        secret = register.keyring.payload_key(row.key)
    except KeyForgotten:
        return ""
    line: dict[str, object] = {
        "index": row.index,
        "payload": json.loads(register.keyring.unseal(row.key, sealed)),
        "sealed": base64.b64encode(sealed).decode(),
        "secret": secret.hex(),
    }
    return canonical(line) + "\n"


def holder_of(register: Register, entries: Sequence[Entry], user: str) -> Iterator[Entry]:
    """Yield those of these entries that this person asked for, by any pseudonym still known."""
    own = set(register.keyring.pseudonyms(user)) if user else set()
    yield from (entry for entry in entries if entry.actor in own)
