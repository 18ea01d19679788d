# SPDX-License-Identifier: EUPL-1.2
"""The files in which a register's keys are kept, and how they are locked (see keys.py).

    passphrase │ kek file ─▶ lock.json ─▶ data key ─▶ *.sealed

Sealed files are AES-256-GCM under the data key, bound to the register and to their name.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from guardrails.errors import RegisterKeysInvalid
from guardrails.register.files import discard, leftovers, read_whole, wipe, write_whole
from guardrails.register.leaves import canonical

NONCE_BYTES = 12
SECRET_FILES = ("payloads.sealed", "pseudonyms.sealed", "signing.sealed", "lock.json")
SCRYPT = {"n": 2**15, "r": 8, "p": 1}  # 32 MiB, about 0.1 s: paid at each opening


def find_keys(keys: Path, *, origin: str) -> Path | None:
    """Return the folder that holds the keys of a register."""
    return next(
        (f for f in _rings(keys) if read_json(f / "lock.json").get("origin") == origin), None
    )


def orphans(keys: Path, home: str) -> list[Path]:
    """Return the folders of keys whose register stood at this place."""
    return [f for f in _rings(keys) if home_in(f) == home]


def anchors(keys: Path, origin: str) -> list[str]:
    """Return the checkpoint that the keys remember; it is not secret and needs no passphrase."""
    folder = find_keys(keys, origin=origin)
    anchor = folder / "anchor.txt" if folder else None
    return [anchor.read_text("utf-8")] if anchor and anchor.exists() else []


def home_in(folder: Path) -> str:
    """Return what the keys remember of the place of their register."""
    path = folder / "home.txt"
    return path.read_text("utf-8") if path.exists() else ""


def _rings(keys: Path) -> list[Path]:
    return [lock.parent for lock in sorted(keys.glob("register-*/lock.json"))]


def home_of(folder: Path) -> str:
    """Return what stands for a register's place without naming it."""
    return hashlib.sha256(str(folder.resolve()).encode()).hexdigest()


def seal(key: bytes, origin: str, name: str, value: object) -> bytes:
    """Encrypt a value for one of the files of a register."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(
        nonce, canonical(value).encode(), f"{origin}\n{name}".encode()
    )


def wrap(folder: Path, origin: str, data_key: bytes, passphrase: str | None) -> None:
    """Write `lock.json`: the data key under a passphrase, or under a key file beside it."""
    salt = secrets.token_bytes(16)
    file = f"kek-{secrets.token_hex(4)}.key" if passphrase is None else ""
    if passphrase is None:
        kek = secrets.token_bytes(32)
        keep(folder / file, kek)
    else:
        kek = _stretched(passphrase, salt, SCRYPT)
    lock = {
        "origin": origin,
        "protection": "file" if passphrase is None else "passphrase",
        "file": file,
        "salt": salt.hex(),
        "scrypt": SCRYPT,
        "wrapped": seal(kek, origin, "lock", data_key.hex()).hex(),
    }
    keep(folder / "lock.json", canonical(lock).encode(), wipe_old=True)
    sweep(folder)  # only now is the former key of no use


def sweep(folder: Path) -> None:
    """Overwrite what a change of the keys that was cut short left: seeds that were destroyed
    since, a key file that opens them without the passphrase."""
    named = read_json(folder / "lock.json").get("file")
    for old in folder.glob("kek-*.key"):
        if old.name != named:
            wipe(old)
    for name in SECRET_FILES:
        for left in leftovers(folder, name):
            discard(left, folder / name)


def is_swept(folder: Path, lock: Mapping[str, object]) -> bool:
    """Whether nothing is left to overwrite."""
    odd = [old for old in folder.glob("kek-*.key") if old.name != lock.get("file")]
    return not odd and not any(leftovers(folder, name) for name in SECRET_FILES)


def unwrap(folder: Path, lock: Mapping[str, object], passphrase: str | None) -> bytes:
    """Return the data key; RegisterKeysInvalid if it does not open."""
    try:
        if lock["protection"] == "file":
            kek = (folder / Path(str(lock["file"])).name).read_bytes()
        elif passphrase is None:
            raise RegisterKeysInvalid("the keys are locked: their passphrase is needed")
        else:
            kek = _stretched(passphrase, bytes.fromhex(str(lock["salt"])), lock["scrypt"])
        wrapped = bytes.fromhex(str(lock["wrapped"]))
        bound = f"{lock['origin']}\nlock".encode()
        opened = AESGCM(kek).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], bound)
        return bytes.fromhex(json.loads(opened))
    except InvalidTag:
        what = "the passphrase is wrong, or the keys" if passphrase else "the keys"
        raise RegisterKeysInvalid(f"{what} are damaged") from None
    except OSError as error:
        raise RegisterKeysInvalid(f"the keys cannot be read: {error.strerror}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise RegisterKeysInvalid("the keys are damaged") from error


def _stretched(passphrase: str, salt: bytes, costs: object) -> bytes:
    if not isinstance(costs, Mapping):
        raise TypeError("no scrypt costs")
    n, r, p = (int(costs[name]) for name in ("n", "r", "p"))
    return Scrypt(salt=salt, length=32, n=n, r=r, p=p).derive(
        unicodedata.normalize("NFC", passphrase).encode()
    )


def keep(path: Path, content: bytes, *, wipe_old: bool = False) -> None:
    """Write a file whole; RegisterKeysInvalid if that cannot be done."""
    try:
        write_whole(path, content, wipe_old=wipe_old)
    except OSError as error:
        raise RegisterKeysInvalid(f"{path.name} cannot be written: {error.strerror}") from error


def read_json(path: Path) -> dict[str, object]:
    """Read a JSON object."""
    try:
        value = json.loads(read_whole(path))
    except OSError as error:
        raise RegisterKeysInvalid(f"the keys cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise RegisterKeysInvalid("the keys are damaged") from error
    if not isinstance(value, dict):
        raise RegisterKeysInvalid("the keys are damaged")
    return value


def unsealed_file(folder: Path, key: bytes, origin: str, name: str) -> object:
    """Read a sealed file; RegisterKeysInvalid if it is missing or was touched."""
    try:
        sealed = read_whole(folder / f"{name}.sealed")
        text = AESGCM(key).decrypt(
            sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], f"{origin}\n{name}".encode()
        )
        value: object = json.loads(text)
    except OSError as error:
        raise RegisterKeysInvalid(f"{name}.sealed cannot be read: {error.strerror}") from error
    except (InvalidTag, ValueError) as error:
        raise RegisterKeysInvalid(f"{name}.sealed is damaged") from error
    return value
