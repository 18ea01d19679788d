# SPDX-License-Identifier: EUPL-1.2
"""Plain language: the same facts in shorter sentences and everyday words, without a model.

    sentence ─written out▶ dates, hours, amounts ─everyday▶ words ─cut▶ short sentences
             ─facts─▶ the same? then that, else the sentence as it was

    row of a table ─days, hours, prices─▶ sentences that say its values word for word

Only the answer's own sentences change; a quote stays as the source has it, and hard words are
explained beside it. Called "langage simple": it is not FALC, which needs the readers concerned.
"""

from __future__ import annotations

from assistant.plain.glossary import Gloss, Glossary
from assistant.plain.lint import Remark, lint
from assistant.plain.rewrite import PlainLanguage
from assistant.plain.rows import said_row

__all__ = ["Gloss", "Glossary", "PlainLanguage", "Remark", "lint", "said_row"]
