# SPDX-License-Identifier: EUPL-1.2
"""Keep a data folder as this version writes it, for the tests of migrations.

    python -m tools.keep_folder tests/assistant/folders/NAME.tar.gz

Run it before a schema changes; `tests/assistant/test_folders.py` then opens what was kept with each
later version. It holds two invented pages, an account, an exchange of the register, and its keys.
"""

from __future__ import annotations

import sys
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.folder import DataFolder, read_key
from corpus.ingest import Ingestion
from corpus.passages import PassageStore
from guardrails.register import open_register
from tests.fakes import HashEmbedder, MemoryIndex, WordGuard
from tests.register.homes import ask_in

CANTEEN = "Le repas à la cantine de Brumeval coûte 3,20 euros pour les enfants de la commune."
LIBRARY = "La bibliothèque ouvre le mercredi. Demande de Zoé Quillebec."


def fill(base: Path) -> None:
    """Make `data/` and `keys/` under a folder."""
    town = base / "town"
    town.mkdir()
    (town / "cantine.txt").write_text(CANTEEN, "utf-8")
    (town / "biblio.txt").write_text(LIBRARY, "utf-8")
    folder = DataFolder.open(base / "data")
    keys = folder.keys(base / "keys")
    store = PassageStore(folder.passages)
    key, guard = read_key(keys, "corpus"), WordGuard("Zoé Quillebec")
    Ingestion(store, MemoryIndex(), HashEmbedder(), guard, key=key).add([town])
    store.close()
    with open_register(folder.register, keys / "register") as register:
        ask_in(register, "agnes")
        register.checkpoint()
        _add_account(folder.path, register, read_key(keys, "access"))


def _add_account(data: Path, register: object, secret: bytes) -> None:
    """An account and a key, as far as this version has them."""
    try:
        from assistant.settings_access import AccessSettings
        from ui.access import open_access
        from ui.access.person import Role
    except ImportError:
        return
    with open_access(data, secret, AccessSettings(), register) as desk:
        desk.accounts.add("agnes", Role.ADMIN)


def main() -> None:
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as name:
        fill(Path(name))
        with tarfile.open(target, "w:gz") as archive:
            for part in ("data", "keys"):
                archive.add(Path(name) / part, part, filter=_nobody)


def _nobody(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Forget whose files they are."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


if __name__ == "__main__":
    main()
