# SPDX-License-Identifier: EUPL-1.2
"""A paper of an invented town: its settings and its blocks, before it has a format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

WRITTEN = datetime(2025, 10, 20, 9, 0, 0)


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, item, table or page break."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What a source text says: `format`, `title`, `header`, `face`, `columns`, `size`."""

    settings: Mapping[str, str]
    blocks: tuple[Block, ...]

    def get(self, key: str, default: str = "") -> str:
        return self.settings.get(key, default)
