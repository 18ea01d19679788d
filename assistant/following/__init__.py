# SPDX-License-Identifier: EUPL-1.2
"""A question that leans on the one before it, understood as a reader does.

    before, question ─states of the model▶ tagger: what it is, which words stay ─▶ wordings

    "Quel est le prix du repas en élémentaire ?"
      "Et en maternelle ?"       REPLACES  ─▶ "Quel est le prix du repas en maternelle ?"
      "avec un abonnement"       ADDS      ─▶ "Quel est le prix du repas … avec un abonnement ?"
      "faut réserver ?"          ASKS_OF   ─▶ "Faut réserver : du repas en élémentaire ?"
      "Où est la piscine ?"      ALONE     ─▶ None

What the language model holds of each word half way up its layers tells which stand for the same
thing; a small network learnt to read that (`benchmarks/followups_training.py`). Where it doubts,
several wordings come back, to be chosen from. A model that nobody learnt to read leaves it to rules
(`assistant/followups.py`). Questions come in their hidden form.
"""

from assistant.following.reading import Kind, Tagger
from assistant.following.wording import Understood, after, by_rules, understood

__all__ = ["Kind", "Tagger", "Understood", "after", "by_rules", "understood"]
