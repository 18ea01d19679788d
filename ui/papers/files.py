# SPDX-License-Identifier: EUPL-1.2
"""The papers as files: made, entered in the register, then handed over.

parts, names ─draft_papers══entered══▶ PaperFile…      the same for the command and the page
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.provenance import DigitalSource, Mark
from assistant.wiring import Parts
from guardrails.register.records import AuditRecord, Kind
from ui.export import FORMS as WRITERS
from ui.export import Content
from ui.papers.filling import Filled, fill
from ui.papers.known import Known, Now, find_known, utc_now
from ui.papers.markdown import parts_of

NOTICE = (
    "Brouillon rempli par un programme à partir des réglages et de ce qui est mesuré. Aucun modèle "
    "n'en a écrit un mot. La commune le relit, le complète et l'adopte ; ce n'est pas un avis "
    "juridique."
)
PROVENANCE = Mark(ai_generated=False, source=DigitalSource.FROM_DATA)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFile:
    """A paper as a file; `name` is the file's, without a folder."""

    paper: str
    name: str
    media_type: str
    content: bytes
    blanks: tuple[str, ...]


def file_name(paper: str, form: str, moment: datetime) -> str:
    """Return what a paper's file is called: the day is this machine's."""
    return f"{paper}-{moment.astimezone():%Y-%m-%d}.{form}"


def draft_papers(
    parts: Parts, names: Sequence[str], form: str, *, by: str, role: str, now: Now = utc_now
) -> list[PaperFile]:
    """Make papers as files of a form (a key of FORMS); `by` is a pseudonym.

    The reading of the register and the export are entered before anything is handed over.
    """
    known = find_known(parts, by=by, role=role, now=now)
    media_type, write = FORMS[form]
    made = [
        PaperFile(
            paper=name,
            name=file_name(name, form, known.made),
            media_type=media_type,
            content=write(filled, known),
            blanks=filled.blanks,
        )
        for name in names
        for filled in (fill(name, known),)
    ]
    parts.register.append(
        AuditRecord(
            kind=Kind.EXPORT,
            actor=by,
            role=role,
            payload={
                "form": "papers",
                "papers": [*names],
                "file": form,
                "settings_sha256": known.settings_sha256,
            },
        )
    )
    return made


def _markdown(filled: Filled, known: Known) -> bytes:
    title, _, rest = filled.markdown.partition("\n")
    return f"{title}\n\n{NOTICE}\n{rest}".encode()


def _docx(filled: Filled, known: Known) -> bytes:
    title, parts = parts_of(filled.markdown)
    content = Content(
        title=title,
        mark=NOTICE,
        provenance=PROVENANCE,
        paragraphs=parts,
        keywords="brouillon",
        producer=f"Greffier {known.program}",
        made=known.made,
        more=(
            ("Paper", filled.name),
            ("ProgramVersion", known.program),
            ("SettingsSHA256", known.settings_sha256),
        ),
    )
    return WRITERS["docx"].write(content)


FORMS: Mapping[str, tuple[str, Callable[[Filled, Known], bytes]]] = {
    "docx": (WRITERS["docx"].media_type, _docx),
    "md": ("text/markdown; charset=utf-8", _markdown),
}
"""The kinds of files that a paper may be, by their ending."""
