# SPDX-License-Identifier: EUPL-1.2
"""A signed bundle: entries of a period that prove themselves, without the register.

    write_bundle ─▶ .zip    entries.jsonl     row, sealed payload and its key, path to the root
                            checkpoint.txt    signed
                            keys.txt          the register's verifier keys, the oldest first
                            handovers.jsonl   what each key signed of the one that followed it
                            consistency.jsonl proofs from older checkpoints that were asked for
                            LISEZMOI.txt      how to verify, in French
                            manifest.txt      SHA-256 of each file, signed
    verify_bundle ─▶ Verdict            python -m guardrails.register.verify BUNDLE.zip

Whoever holds the bundle can read these entries for ever, erased or not: handing it over is
the town's decision, and an EXPORT entry says so.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import IO

from guardrails.errors import RecordInvalid, RegisterUnavailable
from guardrails.register.exports import enter_export
from guardrails.register.leaves import canonical
from guardrails.register.notes import Checkpoint, read_note, sign_text
from guardrails.register.proving import BUNDLE, FILES, MANIFEST
from guardrails.register.puncture import KeyForgotten
from guardrails.register.records import Entry
from guardrails.register.register import WITNESS_SECONDS, Register
from guardrails.register.selection import Selection

README = """LOT D'ENTRÉES DU REGISTRE {origin}
Entrées : {count}, d'un registre de {size}

1. Prenez le kit à la page de l'auditeur, « Export », et décompressez-le dans un dossier vide.
2. Comparez sa clé, cle-publique.txt, à celle que la mairie donne par un autre chemin.
3. Posez ce lot à côté, sans le décompresser, et lancez :
   python verificateur CE_LOT.zip --public-key cle-publique.txt
4. Code 0 : chaque entrée est dans le registre, à sa place, telle quelle. Code 1 : la phrase dit
   ce qui ne tient pas. Code 4 : autosigné, non authentifié (il manque la clé, ou un lien au point
   de contrôle donné).
5. Ce lot ne prouve pas qu'il contient toutes les entrées de la période.

Pour aller plus loin : docs/register.md, « Vérifier ». Les clés de keys.txt ne prouvent rien : qui
fabrique un lot y écrit ce qu'il veut. Il doit être signé par la vôtre, ou par une clé à laquelle
elle a passé la main (handovers.jsonl). --checkpoint compare à un point de contrôle plus ancien, si
la mairie l'a joint en faisant le lot (consistency.jsonl). Chaque ligne d'entries.jsonl porte ce qui
a été scellé, sa clé, et le chemin de hachage jusqu'à la racine de checkpoint.txt ; manifest.txt,
l'empreinte de chaque fichier, signée.
"""


def write_bundle(
    register: Register,
    selection: Selection,
    path: Path,
    *,
    since: Sequence[str] = (),
    by: str = "",
    role: str = "",
) -> int:
    """Enter the export, make a checkpoint, and write the bundle; return how many entries.

    `since` are checkpoints that its reader kept: the bundle proves that its own goes on from them.
    """
    sizes = sorted({read_note(note).checkpoint.size for note in since})
    if any(not 0 < size <= register.size() for size in sizes):
        raise RecordInvalid(f"no proof from {sizes[-1]} entries: the register is not as long")
    stop = enter_export(register, selection, "bundle", by=by, role=role)
    try:
        with path.open("wb") as out:
            return sum(1 for _ in bundle_into(out, register, selection, stop, sizes))
    except OSError as error:
        raise RegisterUnavailable(f"the bundle cannot be written: {error.strerror}") from error


def bundle_into(
    out: IO[bytes] | io.RawIOBase,
    register: Register,
    selection: Selection,
    stop: int,
    sizes: Sequence[int] = (),
) -> Generator[None, None, None]:
    """Write the bundle of the entries before `stop`, and yield after each one: whoever sends it
    away piece by piece takes what is there. `out` need not be one that can go back. `sizes` are
    those of the older checkpoints from which a proof is to be carried.
    """
    note = register.checkpoint_seen(seconds=WITNESS_SECONDS, patient=False)
    point = read_note(note).checkpoint
    digests: dict[str, str] = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        lines, count = hashlib.sha256(), 0
        with bundle.open("entries.jsonl", "w", force_zip64=True) as file:
            for line in _lines(register, selection, stop, point):
                file.write(line)
                lines.update(line)
                count += 1
                yield
        digests["entries.jsonl"] = lines.hexdigest()
        readme = README.format(origin=point.origin, count=count, size=point.size)
        texts = {
            "checkpoint.txt": note,
            "keys.txt": "".join(f"{key}\n" for key in register.key_chain()),
            "handovers.jsonl": "".join(f"{public}\n" for public in register.handovers()),
            "consistency.jsonl": "".join(_consistency(register, sizes, point)),
            "LISEZMOI.txt": readme,
        }
        for name, text in texts.items():
            bundle.writestr(name, text)
            digests[name] = hashlib.sha256(text.encode()).hexdigest()
        manifest = f"{BUNDLE}\n{point.origin}\n" + "".join(
            f"{digests[name]}  {name}\n" for name in FILES[BUNDLE]
        )
        bundle.writestr(MANIFEST, sign_text(manifest, point.origin, [register.signing_key()]))


def _consistency(register: Register, sizes: Sequence[int], point: Checkpoint) -> Iterator[str]:
    for size in sizes:
        path = register.consistency(size, point.size).path
        yield canonical({"size": size, "path": [hash_.hex() for hash_ in path]}) + "\n"


def _lines(
    register: Register, selection: Selection, stop: int, point: Checkpoint
) -> Iterator[bytes]:
    for entry in register.unrecorded_entries(selection, stop=stop):
        yield (canonical(_proven(register, entry, point)) + "\n").encode()


def _proven(register: Register, entry: Entry, point: Checkpoint) -> dict[str, object]:
    row, sealed = register.row(entry.index)
    proof = register.inclusion(entry.index, point.size)
    line: dict[str, object] = {
        "index": row.index,
        "at": row.at,
        "kind": row.kind,
        "exchange": row.exchange,
        "public": row.public,
        "key": row.key,
        "digest": row.digest.hex(),
        "path": [hash_.hex() for hash_ in proof.path],
    }
    if sealed is not None:
        try:
            secret = register.keyring.payload_key(row.key)
        except KeyForgotten:
            return line
        line["sealed"] = base64.b64encode(sealed).decode()
        line["secret"] = secret.hex()
        line["payload"] = json.loads(register.keyring.unseal(row.key, sealed))
    return line
