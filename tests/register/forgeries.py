# SPDX-License-Identifier: EUPL-1.2
"""Bundles that were made by others than the town, or changed by somebody who can sign."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guardrails.register import Selection
from guardrails.register.bundles import write_bundle
from guardrails.register.notes import read_note, read_signed, sign_text
from guardrails.register.proving import MANIFEST, MAX_TEXT_BYTES
from tests.register.homes import Home, ask_in


def texts_of(path: Path) -> dict[str, str]:
    """Return the files of a bundle."""
    with zipfile.ZipFile(path) as bundle:
        return {name: bundle.read(name).decode() for name in bundle.namelist()}


def forge_bundle(genuine: Path, folder: Path, key: str) -> Path:
    """Make a bundle of a register of one's own that lists the town's key among its keys."""
    path = folder / "forged.zip"
    with Home(folder).open() as foreign:
        ask_in(foreign)
        write_bundle(foreign, Selection(), path)
        own = str(foreign.key_chain()[0])
        handovers = texts_of(genuine)["handovers.jsonl"]
        changes = {"keys.txt": f"{key}\n{own}\n", "handovers.jsonl": handovers}
        sign_bundle_anew(path, foreign.signing_key(), changes)
    return path


def sign_bundle_anew(
    path: Path,
    private: Ed25519PrivateKey,
    changes: Mapping[str, str | None],
    *,
    head: str = "",
    name: str = "",
) -> None:
    """Change files of a bundle (None takes one out), and sign all of it with this key."""
    texts = texts_of(path)
    manifest = read_signed(texts.pop(MANIFEST), max_chars=MAX_TEXT_BYTES)
    for file, text in changes.items():
        if text is None:
            del texts[file]
        else:
            texts[file] = text
    origin = name or read_note(texts["checkpoint.txt"]).checkpoint.origin
    form = head or manifest.text.splitlines()[0]
    lines = "".join(f"{hashlib.sha256(t.encode()).hexdigest()}  {n}\n" for n, t in texts.items())
    texts[MANIFEST] = sign_text(f"{form}\n{origin}\n{lines}", origin, [private])
    with zipfile.ZipFile(path, "w") as bundle:
        for file, text in texts.items():
            bundle.writestr(file, text)
