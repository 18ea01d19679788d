# SPDX-License-Identifier: EUPL-1.2
"""What an auditor takes home once, so that nobody needs a shell on the town's machine.

    hand_over_kit(register) ─▶ EXPORT entry ─▶ .zip
        LISEZMOI.txt                  how to verify, in five lines
        verificateur/                 these very files, and a door: python verificateur COPY
        cle-publique.txt              the register's first key, which its later ones answer to
        point-de-controle-000120.txt  a checkpoint made now
    hand_over_point(register) ─▶ EXPORT entry ─▶ a checkpoint made now

Checkpoints are named by their size: what comes later never covers what was kept.
"""

from __future__ import annotations

import io
import zipfile
from importlib.resources import files

from guardrails.register.exports import enter_export
from guardrails.register.notes import read_note
from guardrails.register.register import WITNESS_SECONDS, Register
from guardrails.register.selection import EVERYTHING

FOLDER, KEY_FILE, COPY = "verificateur", "cle-publique.txt", "registre.sqlite3"
VERIFIER = (
    "merkle", "leaves", "notes", "rotation", "schema", "verdicts", "audit", "inspection",
    "proving", "verify", "cosignatures", "trust_policy", "tlog_proof", "proof_check",
)  # fmt: skip
"""The modules that the verifier loads, and no other."""
DOOR = '''"""Vérifie un registre, un lot, des preuves : python verificateur COPIE (LISEZMOI.txt)."""

import sys

if sys.version_info < (3, 11):
    sys.exit("Il faut Python 3.11 ou plus récent.")
try:
    import cryptography
except ImportError:
    sys.exit("Il manque le paquet cryptography : python -m pip install cryptography")

from guardrails.register.verify import main

sys.exit(main())
'''
README = """VÉRIFIER LE REGISTRE {origin} CHEZ SOI

1. Gardez ce dossier : {point} montrera une fin coupée ou réécrite.
2. Comparez cle-publique.txt à la clé que la mairie donne par un autre chemin (papier, téléphone).
3. Il faut Python 3.11 ou plus récent et, une fois : python -m pip install cryptography
4. Page de l'auditeur, « Export », « Copie du registre » : décompressez-la ici. Lancez d'ici :
   {command}
5. « tient » : rien n'a été changé, inséré ni retiré. Sinon la phrase dit quelle entrée, et comment.

Pour aller plus loin
  La fois suivante : --checkpoint se répète, donnez aussi celui qui est venu avec la copie.
  Un lot signé, des preuves : python verificateur FICHIER.zip --public-key cle-publique.txt
  La mairie a des témoins : --policy POLITIQUE demande aussi leurs signatures.
  Code 0 : tout tient. 1 : non. 3 : rien n'a pu être lu. 4 : autosigné, non authentifié.
  Le vérificateur vient de la machine contrôlée. Ses {files} fichiers sont ceux que Greffier publie,
  octet pour octet : comparez-les, ou lisez-les (docs/register.md). Aucun n'écrit.
"""
COMMAND = f"python {FOLDER} {COPY} --public-key {KEY_FILE} --checkpoint {{point}}"


def hand_over_kit(register: Register, *, by: str, role: str) -> bytes:
    """Enter that somebody takes the kit, make a checkpoint, and return the kit as a .zip."""
    note = hand_over_point(register, by=by, role=role, form="kit")
    sources = _sources()
    point = point_name(note)
    texts = {
        "LISEZMOI.txt": README.format(
            origin=register.origin, point=point, files=len(sources),
            command=COMMAND.format(point=point),
        ),
        KEY_FILE: f"{register.key_chain()[0]}\n",
        point: note,
        f"{FOLDER}/__main__.py": DOOR,
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
        for name, source in sources.items():
            archive.writestr(f"{FOLDER}/{name}", source)
    return out.getvalue()


def hand_over_point(register: Register, *, by: str, role: str, form: str = "checkpoint") -> str:
    """Enter that somebody takes a checkpoint away, and make it; witnesses that answered last are
    waited for, a moment at most."""
    enter_export(register, EVERYTHING, form, by=by, role=role)
    return register.checkpoint_seen(seconds=WITNESS_SECONDS, patient=False)


def point_name(note: str) -> str:
    """Return the name of the file that holds a checkpoint."""
    return f"point-de-controle-{read_note(note).checkpoint.size:06}.txt"


def _sources() -> dict[str, bytes]:
    """Return the verifier's files, by their places below the folder that runs alone."""
    register = [f"register/{name}.py" for name in ("__init__", *VERIFIER)]
    names = ["__init__.py", "errors.py", *register, "register/verdicts.toml"]
    package = files("guardrails")
    return {f"guardrails/{name}": package.joinpath(name).read_bytes() for name in names}
