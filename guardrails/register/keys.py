# SPDX-License-Identifier: EUPL-1.2
"""The keys of one register, in a folder of their own, never with the data.

    <keys>/register-<id>/
        home.txt            hash of the place where the register stands
        lock.json           how the data key is wrapped: by a passphrase (scrypt) or by a file
        kek-<n>.key         only without passphrase: 32 bytes, readable by the owner alone
        signing.sealed      Ed25519 keys, old and new
        payloads.sealed     the seeds from which payload keys come (puncture.py)
        pseudonyms.sealed   one HMAC key a month
        anchor.txt          the last checkpoint: a register that is behind it is not the one

How these files are locked and written is in keyfiles.py.
"""

from __future__ import annotations

import base64
import hmac
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from guardrails.errors import RegisterKeysInvalid
from guardrails.register.files import sync_folder
from guardrails.register.keyfiles import (
    NONCE_BYTES,
    home_in,
    is_swept,
    keep,
    read_json,
    seal,
    sweep,
    unsealed_file,
    unwrap,
    wrap,
)
from guardrails.register.locks import FileLock
from guardrails.register.notes import VerifierKey, key_of, read_note
from guardrails.register.puncture import Seed, SeedTree
from guardrails.register.store import Span

PSEUDONYM_MONTHS = 13  # a month more than payloads are kept by default


class Keyring:
    """The keys of one register. Several processes may hold it at once."""

    def __init__(self, folder: Path, *, passphrase: str | None = None) -> None:
        self.folder = folder
        lock = read_json(folder / "lock.json")
        self.origin = str(lock.get("origin", ""))
        self._data_key = unwrap(folder, lock, passphrase)
        if not is_swept(folder, lock):
            self._sweep()
        self._seeds: tuple[tuple[int, int], SeedTree] | None = None
        self._signing: list[Ed25519PrivateKey] = []
        self.reload_signers()
        self._seed_tree()  # damaged keys are found now, not at the first question

    @classmethod
    def create(
        cls, keys: Path, *, home: str, origin: str = "", passphrase: str | None = None
    ) -> Keyring:
        """Make the keys of a new register; `lock.json` comes last, so that all or none counts.

        `origin` is how the register is called for ever; one is made up where none is given.
        """
        id_ = secrets.token_hex(8)
        folder = keys / f"register-{id_}"
        origin = origin or f"greffier/{id_}"
        folder.mkdir(parents=True, mode=0o700)
        data_key = secrets.token_bytes(32)
        signing = Ed25519PrivateKey.generate().private_bytes_raw()
        for name, value in (
            ("signing", [base64.b64encode(signing).decode()]),
            ("payloads", _seed_values(SeedTree.planted(secrets.token_bytes(32)))),
            ("pseudonyms", {}),
        ):
            keep(folder / f"{name}.sealed", seal(data_key, origin, name, value))
        keep(folder / "home.txt", home.encode())
        wrap(folder, origin, data_key, passphrase)
        sync_folder(keys)
        return cls(folder, passphrase=passphrase)

    def _sweep(self) -> None:
        """Nobody changes the keys meanwhile: what is then left over, nobody is writing."""
        try:
            with FileLock(self.folder / "keys.lock"):
                sweep(self.folder)
        except OSError as error:
            raise RegisterKeysInvalid(f"the keys cannot be written: {error.strerror}") from error

    def settle_at(self, home: str) -> None:
        """Remember where the register stands now: its folder may have been moved."""
        if home_in(self.folder) != home:
            keep(self.folder / "home.txt", home.encode())

    def protect(self, passphrase: str | None) -> None:
        """Change the passphrase, or do without one."""
        with FileLock(self.folder / "keys.lock"):
            wrap(self.folder, self.origin, self._data_key, passphrase)

    def verifiers(self) -> list[VerifierKey]:
        """The public sides of all keys that ever signed, the newest last."""
        return [key_of(self.origin, key) for key in self._signing]

    def newest(self) -> VerifierKey:
        """The public side of the newest key, which signs once the register names it."""
        return self.verifiers()[-1]

    def signer(self, verifier: str) -> Ed25519PrivateKey:
        """The private side of a key that the register names; another process may have made it."""
        key = self._find_signer(verifier)
        if key is None:
            self.reload_signers()
            key = self._find_signer(verifier)
        if key is not None:
            return key
        raise RegisterKeysInvalid("the key that signs this register is not among its keys")

    def _find_signer(self, verifier: str) -> Ed25519PrivateKey | None:
        keys = (k for k in reversed(self._signing) if str(key_of(self.origin, k)) == verifier)
        return next(keys, None)

    def add_signer(self, key: Ed25519PrivateKey) -> None:
        """Sign with a new key from now on."""
        with FileLock(self.folder / "keys.lock"):
            encoded = _strings(self._open("signing"))
            encoded.append(base64.b64encode(key.private_bytes_raw()).decode())
            self._write("signing", encoded)
        self._signing.append(key)

    def reload_signers(self) -> None:
        """Take up keys that another process added."""
        self._signing = [
            Ed25519PrivateKey.from_private_bytes(base64.b64decode(key))
            for key in _strings(self._open("signing"))
        ]
        if not self._signing:
            raise RegisterKeysInvalid("the keys hold no signing key")

    def seal(self, number: int, text: str) -> bytes:
        """Encrypt a payload with the key of that number. A nonce of its own makes a
        number that comes twice, after a crash, harmless."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        key = self._seed_tree().key(number)
        return nonce + AESGCM(key).encrypt(nonce, text.encode(), self._bound(number))

    def unseal(self, number: int, sealed: bytes) -> str:
        """Decrypt a payload; KeyForgotten if it was erased, InvalidTag if it was changed."""
        key = self._seed_tree().key(number)
        nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        return AESGCM(key).decrypt(nonce, body, self._bound(number)).decode()

    def payload_key(self, number: int) -> bytes:
        """Return one payload's key, for a bundle that hands that payload over."""
        return self._seed_tree().key(number)

    def forget(self, spans: Iterable[Span]) -> None:
        """Destroy payload keys for good."""
        with FileLock(self.folder / "keys.lock"):
            tree = self._seed_tree(fresh=True)
            for start, stop in spans:
                tree = tree.forget(start, stop)
            self._write("payloads", _seed_values(tree), wipe_old=True)
            self._seeds = None

    def digest(self, text: str) -> str:
        """Return what stands for a text for as long as these keys do: 64 hexadecimal digits."""
        key = hmac.digest(self._data_key, b"digest", "sha256")
        return hmac.digest(key, text.encode(), "sha256").hex()

    def pseudonym(self, user: str, now: datetime, believed: Callable[[], datetime]) -> str:
        """Return what stands for a user this month: the month, a dot, 20 hexadecimal digits.

        Months only go forward, and no further than the clock is believed: under one that stands
        in the past the newest key serves on, and one that is ahead makes no key.
        """
        months = self._months()
        newest = max(months, default="")
        month = newest
        if f"{now:%Y-%m}" > newest:
            month = max(newest, f"{believed():%Y-%m}")
        key = months.get(month) or self._new_month(month)
        return _pseudonym(month, key, user)

    def pseudonyms(self, user: str) -> list[str]:
        """All pseudonyms of a user for which the key is still kept."""
        return [_pseudonym(month, key, user) for month, key in sorted(self._months().items())]

    def _months(self) -> dict[str, str]:
        value = self._open("pseudonyms")
        if not isinstance(value, Mapping):
            raise RegisterKeysInvalid("the pseudonym keys are damaged")
        return {str(month): str(key) for month, key in value.items()}

    def _new_month(self, month: str) -> str:
        with FileLock(self.folder / "keys.lock"):
            months = self._months()
            key = months.setdefault(month, secrets.token_hex(32))
            kept = dict(sorted(months.items())[-PSEUDONYM_MONTHS:])
            self._write("pseudonyms", kept, wipe_old=True)
            return key

    def anchor(self) -> str:
        """The last checkpoint that the keys remember, or an empty text."""
        path = self.folder / "anchor.txt"
        return path.read_text("utf-8") if path.exists() else ""

    def raise_anchor(self, note: str, *, even_lower: bool = False) -> None:
        """Remember a checkpoint, unless a longer one is remembered already."""
        with FileLock(self.folder / "keys.lock"):
            before = self.anchor()
            size = read_note(note).checkpoint.size
            if even_lower or not before or read_note(before).checkpoint.size <= size:
                keep(self.folder / "anchor.txt", note.encode())

    def _seed_tree(self, *, fresh: bool = False) -> SeedTree:
        path = self.folder / "payloads.sealed"
        try:
            status = path.stat()
        except OSError as error:
            raise RegisterKeysInvalid(
                f"the payload keys cannot be read: {error.strerror}"
            ) from error
        version = (status.st_ino, status.st_mtime_ns)
        if fresh or self._seeds is None or self._seeds[0] != version:
            self._seeds = version, SeedTree(_seeds(self._open("payloads")))
        return self._seeds[1]

    def _bound(self, number: int) -> bytes:
        return f"{self.origin}\n{number}".encode()

    def _write(self, name: str, value: object, *, wipe_old: bool = False) -> None:
        content = seal(self._data_key, self.origin, name, value)
        keep(self.folder / f"{name}.sealed", content, wipe_old=wipe_old)

    def _open(self, name: str) -> object:
        return unsealed_file(self.folder, self._data_key, self.origin, name)


def _pseudonym(month: str, key: str, user: str) -> str:
    name = unicodedata.normalize("NFKC", user.strip()).casefold()
    return f"{month}.{hmac.digest(bytes.fromhex(key), name.encode(), 'sha256').hex()[:20]}"


def _strings(value: object) -> list[str]:
    if not isinstance(value, list):
        raise RegisterKeysInvalid("the signing keys are damaged")
    return [str(item) for item in value]


def _seed_values(tree: SeedTree) -> list[list[int | str]]:
    return [[seed.start, seed.level, seed.secret.hex()] for seed in tree.seeds]


def _seeds(value: object) -> list[Seed]:
    if not isinstance(value, list):
        raise RegisterKeysInvalid("the payload keys are damaged")
    return [
        Seed(start=int(start), level=int(level), secret=bytes.fromhex(secret))
        for start, level, secret in value
    ]
