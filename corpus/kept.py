# SPDX-License-Identifier: EUPL-1.2
"""What this process keeps of documents for whoever asks next is forgotten with them.

sentences' stems and values, acts' names ─forget_kept▶ nothing
"""

from __future__ import annotations

from corpus.french import terms_kept, word_kept
from corpus.rows import act_of
from guardrails.values import values_kept


def forget_kept() -> None:
    """Empty what was made of texts and is kept in memory; it is made anew where it is asked for."""
    for kept in (terms_kept, word_kept, values_kept, act_of):
        kept.cache_clear()
