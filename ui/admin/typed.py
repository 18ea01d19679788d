# SPDX-License-Identifier: EUPL-1.2
"""What stands in the fields of a form, and what is wrong with each: given again as it was typed.

file ─now▶ Typed ─fields▶ form ─typed_in▶ Typed ─keep▶ kept │ Invalid ─wrong▶ the form again
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import FormData

from ui.admin import html
from ui.admin.html import Markup


class Typed(dict[str, str]):
    """Fields by their names; a box that is ticked is `name:value`. `problems`: by field."""

    def __init__(
        self, fields: Mapping[str, str] | None = None, problems: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(fields or {})
        self.problems = dict(problems or {})

    def field(self, name: str, label: str, **more: str) -> Markup:
        """Return a field of one line with what was typed in it and what is wrong with that."""
        problem = self.problems.get(name, "")
        return html.field(name, label, self.get(name, ""), problem=problem, **more)

    def area(self, name: str, label: str, *, rows: int = 8, **more: str) -> Markup:
        """Return a field of several lines, alike."""
        problem = self.problems.get(name, "")
        return html.area(name, label, self.get(name, ""), problem=problem, rows=rows, **more)


def typed_in(form: FormData) -> Typed:
    """Return the fields of a form; each ticked box on its own."""
    typed = Typed()
    for name, found in form.multi_items():
        if isinstance(found, str):
            key = f"{name}:{found}" if name.startswith("box.") else name
            typed[key] = found.replace("\r\n", "\n")
    return typed
