# SPDX-License-Identifier: EUPL-1.2
"""How a person wants the page: size of the text, language, tablet. It travels in addresses.

/simple?size=150&lang=ar ──Look.of──▶ Look ──address──▶ /simple/answer/…?size=150&lang=ar

Nothing is kept on the device: no cookie, no storage.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from ui.senior.words import LANGUAGES

SIZES = (100, 125, 150, 200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """`size` is in percent; `kiosk` is a tablet that everybody uses."""

    size: int = 100
    language: str = "fr"
    kiosk: bool = False

    @classmethod
    def of(cls, asked: Mapping[str, object], *, kiosk: bool = False) -> Self:
        """Read it from a query or a form; what is not known is the default.

        >>> Look.of({"size": "150", "lang": "ar"})
        Look(size=150, language='ar', kiosk=False)
        """
        size, language = str(asked.get("size", "")), str(asked.get("lang", ""))
        return cls(
            size=int(size) if size in {str(known) for known in SIZES} else 100,
            language=language if language in LANGUAGES else "fr",
            kiosk=kiosk or asked.get("kiosk") == "1",
        )

    def fields(self) -> dict[str, str]:
        """Return what must travel, without the defaults."""
        told = {
            "size": str(self.size) if self.size != 100 else "",
            "lang": self.language if self.language != "fr" else "",
            "kiosk": "1" if self.kiosk else "",
        }
        return {name: value for name, value in told.items() if value}

    def address(self, path: str) -> str:
        """Return the address of a page that looks the same."""
        query = urlencode(self.fields())
        return f"{path}?{query}" if query else path
