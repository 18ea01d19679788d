# SPDX-License-Identifier: EUPL-1.2
"""What the marks of an outcome say, whatever they are written in (AI Act, art. 50(2)).

    Answer │ Refusal │ sentences ─mark_of▶ Mark(ai_generated, source, proof) ─▶ JSON, HTML, files

The digital sources are IPTC's (Digital Source Type NewsCodes); docs/ai-act.md says why these.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.answers import (
    NO_PROOF,
    Answer,
    Author,
    Outcome,
    Proof,
    Sentence,
    Via,
)
from assistant.texts import Texts

NEWSCODES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
SCHEMA_ORG = "https://schema.org"


class DigitalSource(StrEnum):
    """What made a thing, by IPTC's names."""

    COMPOSITE_SYNTHETIC = "compositeSynthetic"
    """Put together from several elements; at least one is a generative model's."""
    COMPOSITE = "composite"
    """Put together from several elements, which may or may not be: a town's acts, set words."""
    FROM_DATA = "dataDrivenMedia"
    """Data put into a form that people wrote: the town's papers, filled from its settings."""
    ALGORITHMIC = "algorithmicMedia"
    """Made by an algorithm that no data trained: the robot's voice."""
    ALGORITHMICALLY_ALTERED = "algorithmicallyEnhanced"
    """Altered by an algorithm that leaves the main content: a text whose names are hidden."""

    @property
    def uri(self) -> str:
        """The name that IPTC gives it, as XMP and our JSON have it."""
        return NEWSCODES + self.value

    @property
    def schema_org(self) -> str:
        """The name that schema.org gives it."""
        return f"{SCHEMA_ORG}/{self.value[:1].upper()}{self.value[1:]}DigitalSource"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a program may read of an outcome: whether a model wrote any of its words, what it is
    made of, what proves it, and whether a person of the town validated what is said (a card)."""

    ai_generated: bool
    source: DigitalSource
    proof: Proof = NO_PROOF
    is_validated: bool = False


def mark_of(outcome: Outcome) -> Mark:
    """Return the mark of an answer or a refusal, whose words are this program's own."""
    if not isinstance(outcome, Answer):
        return mark_of_sentences((), outcome.proof)
    return mark_of_sentences(outcome.sentences, outcome.proof, outcome.via)


def mark_of_sentences(
    sentences: Iterable[Sentence], proof: Proof = NO_PROOF, via: Via = Via.DOCUMENTS
) -> Mark:
    """Return the mark of what was said so far; of a message's parts, `via` is what was read."""
    mark = mark_of_authors((sentence.author for sentence in sentences), proof)
    return replace(mark, is_validated=via is Via.CARD)


def mark_of_authors(authors: Iterable[str], proof: Proof = NO_PROOF) -> Mark:
    """Return the mark of sentences by these authors; one that is not known is the model."""
    known = {Author.SOURCE, Author.PROGRAM, Author.PERSON}
    is_written = any(author not in known for author in authors)
    source = DigitalSource.COMPOSITE_SYNTHETIC if is_written else DigitalSource.COMPOSITE
    return Mark(ai_generated=is_written, source=source, proof=proof)


def notice(mark: Mark, texts: Texts) -> str:
    """Return what is said beside an answer: that it is a machine's, and whose words it holds."""
    if mark.ai_generated:
        return texts("ui", "ai_notice")
    return texts("ui", "ai_notice_validated" if mark.is_validated else "ai_notice_quotes")
