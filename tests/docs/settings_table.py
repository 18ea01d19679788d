# SPDX-License-Identifier: EUPL-1.2
"""The settings as a table, from their descriptions.

python -m tests.docs.settings_table      writes it into docs/fr/administrateur.md
test_docs.py                             checks that what stands there is current
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from assistant.settings import Settings

PAGE = Path(__file__).parents[2] / "docs" / "fr" / "administrateur.md"
BEGIN, END = "<!-- settings:begin -->", "<!-- settings:end -->"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting as `greffier.toml` has it: dotted name, default, and what it is for."""

    name: str
    default: str
    description: str
    bounds: tuple[str, ...]


def settings(model: type[BaseModel] = Settings, prefix: str = "") -> Iterator[Setting]:
    """Yield each setting, those of a section under its name."""
    for field_name, field in model.model_fields.items():
        name = prefix + (field.alias or field_name)
        if isinstance(field.default, BaseModel):
            yield from settings(type(field.default), f"{name}.")
        else:
            limits = (
                getattr(rule, which, None) for rule in field.metadata for which in ("ge", "le")
            )
            yield Setting(
                name=name,
                default=_shown(field.default),
                description=field.description or "",
                bounds=tuple(str(limit) for limit in limits if limit is not None),
            )


def _shown(default: object) -> str:
    """Return a default as TOML has it; nothing for none."""
    if default is None:
        return ""
    return json.dumps(list(default) if isinstance(default, tuple) else default)


def table() -> str:
    """Return the table of the French guide."""
    rows = (
        f"| `{s.name}` | {f'`{s.default}`' if s.default else 'aucun'} | {s.description} |"
        for s in settings()
    )
    return "\n".join(("| réglage | défaut | |", "|---|---|---|", *rows))


def kept() -> str:
    """Return the table that stands in the guide."""
    return PAGE.read_text("utf-8").split(BEGIN)[1].split(END)[0].strip()


if __name__ == "__main__":
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n{table()}\n{END}{after}", "utf-8")
