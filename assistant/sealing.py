# SPDX-License-Identifier: EUPL-1.2
"""The register of a data folder, opened as its settings say.

settings, folder, keys ─▶ Register; what the town set is its first entry
"""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from assistant.passphrases import REGISTER, forget_passphrase, passphrase
from assistant.settings import Settings
from assistant.settings_engines import RegisterSettings
from corpus.folder import DataFolder
from guardrails.register import Register, Retention, open_register
from guardrails.register.cosignatures import CosignerKey
from guardrails.register.events import enter_settings
from guardrails.register.places import FolderPlace, Place
from guardrails.register.printed import MailDraft, PrintedPage
from guardrails.register.store import AuditStore
from guardrails.register.witness_client import WitnessPlace
from guardrails.register.witnesses import Witnesses


def open_sealed(
    kept: RegisterSettings,
    folder: DataFolder,
    keys: Path,
    *,
    is_service: bool,
    store: Callable[[], AuditStore] | None = None,
) -> Register:
    """Open the register, with the places where its checkpoints go; its rows where `store` says."""
    witnesses = Witnesses(witness_places(kept))
    register = open_register(
        folder.register,
        keys / "register",
        store=store,
        origin=kept.origin,
        passphrase=passphrase(REGISTER),
        places=[*_places(kept), witnesses],
        retention=Retention(default_months=kept.months, months=kept.months_by_kind),
        service=is_service,
    )
    register.watched_by(witnesses, service=is_service)
    if is_service:
        forget_passphrase()
    return register


def witness_places(kept: RegisterSettings) -> list[WitnessPlace]:
    """The witnesses that the settings name."""
    lines = (line.split() for line in kept.witnesses)
    return [WitnessPlace(address=address, key=CosignerKey.read(key)) for key, address in lines]


def enter_what_is_set(register: Register, settings: Settings, data: Path) -> None:
    """Enter the settings, if they are not those entered last."""
    enter_settings(register, what_is_set(settings, data))


def what_is_set(settings: Settings, data: Path) -> dict[str, str]:
    """What the town set, table by table; the register keeps their keyed digests only."""
    told = settings.model_dump(mode="json", by_alias=True, exclude_unset=True)
    tables = {name: json.dumps(value, sort_keys=True) for name, value in told.items()}
    return {**tables, **lists_set(data)}


def lists_set(data: Path) -> dict[str, str]:
    """Return the digest of each list that the town keeps in a file of its own."""
    paths = {name: data / f"{name}.toml" for name in ("policy", "synonyms", "glossary")}
    there = {name: path for name, path in paths.items() if path.is_file()}
    return {name: sha256(path.read_bytes()).hexdigest() for name, path in there.items()}


def _places(kept: RegisterSettings) -> list[Place]:
    """Where checkpoints go besides the register's own folder."""
    places: list[Place] = [
        FolderPlace(folder, name=f"folder {number}")
        for number, folder in enumerate(kept.folders, start=1)
    ]
    if kept.page_folder:
        places.append(PrintedPage(kept.page_folder))
    if kept.mail_folder:
        places.append(MailDraft(kept.mail_folder, to=kept.mail_to))
    return places
