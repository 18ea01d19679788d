# SPDX-License-Identifier: EUPL-1.2
"""A refusal in words: why, what to do next, and whom to call. The words live in `texts/`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answers import Citation, Lead, Reason
from assistant.pack.words import file_words
from assistant.settings import Town
from assistant.texts import Texts
from corpus.structure import words_of

UNSURE = frozenset({Reason.NO_EVIDENCE, Reason.NOT_ANSWERED, Reason.NOT_GROUNDED})
"""Refusals of which a lead is the exception: a line may answer, and nobody is sure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalWords:
    """What a person reads instead of an answer; `contact` is never empty."""

    why: str
    next: str
    contact: str

    @property
    def text(self) -> str:
        """All of it, in the order in which it helps."""
        return f"{self.why} {self.next} {self.contact}"


def refusal_words(
    reason: Reason,
    texts: Texts,
    town: Town,
    told: Sequence[Citation] = (),
    leads: Sequence[Lead] = (),
) -> RefusalWords:
    """Return the words of a reason, with what the sources tell and the town's contact sheet; beside
    leads, nothing says that no document answers."""
    sheet = ", ".join(filter(None, (town.name, town.phone, town.email, town.address, town.hours)))
    has_contact = town.phone or town.email or town.address
    return RefusalWords(
        why=" ".join(
            [
                texts("refusal", "leads" if leads and reason in UNSURE else reason.value),
                *(
                    texts(
                        "refusal",
                        "told",
                        quote=words_of(c.quote),
                        page=c.page,
                        file=file_words(c.file, c.pack, texts),
                    )
                    for c in told
                ),
            ]
        ),
        next=texts("next", "leads" if leads else reason.value),
        contact=texts("next", "contact", contact=sheet)
        if has_contact
        else texts("next", "contact_none"),
    )
