# SPDX-License-Identifier: EUPL-1.2
"""What only this data folder can make: signed cookies, tokens of forms, digests of names.

    secret (with the keys, never with the data) ─▶ seal(purpose, text)  lock(purpose, token, text)

One secret, one purpose a seal: what was sealed for a form does not open a session. What is locked
with a token opens with that token and the secret only: the token is kept nowhere but in a browser.
"""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


def new_token() -> str:
    """Return 256 random bits, safe in an address and in a cookie."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """Return what is kept of a token: a thief of the file holds no token."""
    return sha256(token.encode()).digest()


class Seals:
    """Seals texts with a secret, for one purpose each."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def seal(self, purpose: str, text: str) -> str:
        """Return the seal of a text."""
        message = f"{purpose}\0{text}".encode()
        return hmac.new(self._secret, message, sha256).hexdigest()

    def holds(self, purpose: str, text: str, seal: str) -> bool:
        """Whether the seal is that of the text for this purpose."""
        return hmac.compare_digest(self.seal(purpose, text).encode(), seal.encode())

    def signed(self, purpose: str, text: str) -> str:
        """Return a text with its seal after it.

        >>> seals = Seals(b"secret")
        >>> seals.opened("cookie", seals.signed("cookie", "abc"))
        'abc'
        >>> seals.opened("cookie", seals.signed("cookie", "abc").replace("abc", "abd"))
        ''
        """
        return f"{text}.{self.seal(purpose, text)}"

    def opened(self, purpose: str, signed: str) -> str:
        """Return the text of a signed one, nothing if the seal is not its own."""
        text, _, seal = signed.rpartition(".")
        return text if text and self.holds(purpose, text, seal) else ""

    def lock(self, purpose: str, token: str, text: str) -> bytes:
        """Return a text that nobody reads without the token.

        >>> seals = Seals(b"secret")
        >>> kept = seals.lock("identity", "token", "abc")
        >>> seals.unlock("identity", "token", kept), seals.unlock("identity", "another", kept)
        ('abc', '')
        """
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher(purpose, token).encrypt(nonce, text.encode(), None)

    def unlock(self, purpose: str, token: str, locked: bytes) -> str:
        """Return a text that was locked with this token, nothing for another."""
        nonce, body = locked[:NONCE_BYTES], locked[NONCE_BYTES:]
        try:
            return self._cipher(purpose, token).decrypt(nonce, body, None).decode()
        except InvalidTag:
            return ""

    def _cipher(self, purpose: str, token: str) -> AESGCM:
        # `seal` is shown to browsers: a key must be the seal of nothing that is
        return AESGCM(hmac.new(self._secret, f"lock\0{purpose}\0{token}".encode(), sha256).digest())
