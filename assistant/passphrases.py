# SPDX-License-Identifier: EUPL-1.2
"""Where a passphrase comes from when nobody is there to type it.

the variable             the words themselves: every process of this account may see them
the variable + _FILE     a file that holds them
$CREDENTIALS_DIRECTORY   a credential of systemd, in memory and for this service alone
"""

from __future__ import annotations

import os
from pathlib import Path

from assistant.errors import UserError

REGISTER = "GREFFIER_REGISTER_PASSPHRASE"
BACKUP = "GREFFIER_BACKUP_PASSPHRASE"
BACKUP_KEYS = "GREFFIER_BACKUP_KEYS_PASSPHRASE"


def passphrase(variable: str) -> str | None:
    """Return a passphrase, None if there is none; raise UserError for a file that says nothing."""
    if words := os.environ.get(variable):
        return words
    if named := os.environ.get(f"{variable}_FILE"):
        return _read(Path(named), f"{variable}_FILE")
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    credential = Path(folder) / credential_of(variable) if folder else None
    if credential is None or not credential.exists():
        return None
    return _read(credential, credential.name)


def credential_of(variable: str) -> str:
    """Return the name of the credential.

    >>> credential_of(REGISTER)
    'register-passphrase'
    """
    return variable.removeprefix("GREFFIER_").lower().replace("_", "-")


def forget_passphrase() -> None:
    """Take the register's words out of this process's environment, once it is open.

    Those of backups stay: a page refuses them for the other kind, and no program is handed them.
    """
    os.environ.pop(REGISTER, None)


def read_file(path: Path) -> str:
    """Return the passphrase that a file holds."""
    return path.read_text("utf-8").rstrip("\r\n")


def _read(path: Path, place: str) -> str:
    try:
        words = read_file(path)
    except (OSError, UnicodeDecodeError) as error:
        raise UserError("passphrase_file", place=place) from error
    if not words:
        raise UserError("passphrase_file", place=place)
    return words
