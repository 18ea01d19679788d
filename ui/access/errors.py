# SPDX-License-Identifier: EUPL-1.2
"""What an account can be refused for; the words stand in the texts, section `error`."""

from __future__ import annotations

from assistant.errors import UserError


class AccountRefused(UserError):
    """An account cannot be made or changed as it was asked."""
