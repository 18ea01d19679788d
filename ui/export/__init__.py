# SPDX-License-Identifier: EUPL-1.2
"""Files to take away: an answer with its citations, or a text whose personal data was hidden.

    Content ─▶ docx.py │ odt.py │ pdf.py │ text.py ─▶ bytes

Each says in its first lines, and in its own properties, that a machine helped to write it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ui.export.content import Content, Grid, Paragraph, Style
from ui.export.docx import write_docx
from ui.export.odt import MEDIA_TYPE, write_odt
from ui.export.pdf import write_pdf
from ui.export.text import as_text, write_text

__all__ = ["FORMS", "Content", "Form", "Grid", "Paragraph", "Style", "as_text"]


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of file, and what writes it."""

    media_type: str
    write: Callable[[Content], bytes]


FORMS: Mapping[str, Form] = {
    "docx": Form(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document", write_docx
    ),
    "odt": Form(MEDIA_TYPE, write_odt),
    "pdf": Form("application/pdf", write_pdf),
    "txt": Form("text/plain; charset=utf-8", write_text),
}
"""The kinds of files, by their ending."""
