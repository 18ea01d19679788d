# SPDX-License-Identifier: EUPL-1.2
"""A form was made by this page: a token that only this process can make, without a session.

The door turns away what comes from another site; this is the second lock. It does not age: a
person may take all day to write a question, and a restart only asks to send once more.
"""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256


class Tokens:
    """Makes and checks the tokens of forms."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def make(self) -> str:
        salt = secrets.token_hex(8)
        return f"{salt}.{self._seal(salt)}"

    def holds(self, token: str) -> bool:
        """Whether this process made the token."""
        salt, _, seal = token.partition(".")
        return hmac.compare_digest(seal.encode(), self._seal(salt).encode())

    def _seal(self, salt: str) -> str:
        return hmac.new(self._key, salt.encode(), sha256).hexdigest()
