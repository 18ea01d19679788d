# SPDX-License-Identifier: EUPL-1.2
"""The town's papers: drafts in French, filled from what is known, with a blank for what is not.

    parts ─known.py▶ Known ─filling.py, templates/▶ Filled (Markdown) ─files.py▶ DOCX │ Markdown

Each says its version (the day, the program's, the hash of the settings), what the town must still
decide, and every blank that is left.
"""

from __future__ import annotations

from ui.papers.files import FORMS, PaperFile, draft_papers, file_name
from ui.papers.filling import PAPERS

__all__ = ["FORMS", "PAPERS", "PaperFile", "draft_papers", "file_name"]
