# SPDX-License-Identifier: EUPL-1.2
"""What the pipeline says, in the shapes that programs are given."""

from __future__ import annotations

from dataclasses import asdict

from assistant.answers import Answer, Citation, Lead, Refusal, Sentence, Via
from assistant.pack.words import file_words
from assistant.provenance import mark_of, notice
from assistant.refusals import refusal_words
from assistant.settings import Town
from assistant.texts import Texts
from corpus.documents import Retrieved
from corpus.packs import Pack as Kept
from corpus.structure import words_of
from ui.api.models import Found, LeadOut, Outcome, Pack, Proof, Quoted, Told
from ui.api.words import Words


def pack_out(pack: Kept | None) -> Pack | None:
    return Pack(**asdict(pack)) if pack else None


def pack_in(pack: Pack | None) -> Kept | None:
    """Return the pack of what was made for programs, to be told in words."""
    return Kept(**pack.model_dump()) if pack else None


def quoted(citation: Citation) -> Quoted:
    return Quoted(
        number=citation.number,
        document=citation.document,
        file=citation.file,
        page=citation.page,
        quote=citation.quote,
        start=citation.start,
        end=citation.end,
        verified=citation.verified,
        pack=pack_out(citation.pack),
    )


def told(sentence: Sentence) -> Told:
    return Told(text=sentence.text, citations=list(sentence.citations), author=sentence.author)


def found(one: Retrieved) -> Found:
    passage = one.passage
    return Found(
        document=passage.document,
        file=passage.file,
        page=passage.page,
        start=passage.start,
        end=passage.end,
        score=round(one.score, 4),
        text=passage.text.text,
        collection=passage.collection,
        ended_by=passage.superseded_by,
        pack=pack_out(passage.pack),
    )


def lead_out(lead: Lead) -> LeadOut:
    citation = lead.citation
    return LeadOut(
        document=citation.document,
        file=citation.file,
        page=citation.page,
        quote=citation.quote,
        start=citation.start,
        end=citation.end,
        under=list(lead.under),
        score=lead.score,
        card=lead.card,
        pack=pack_out(citation.pack),
    )


def outcome(last: Answer | Refusal, question: str, texts: Texts, town: Town) -> Outcome:
    """Return how a question ended."""
    is_answer, mark = isinstance(last, Answer), mark_of(last)
    return Outcome(
        status="answer" if is_answer else "refusal",
        reason=last.reason if isinstance(last, Refusal) else None,
        question=question,
        text=last.text
        if isinstance(last, Answer)
        else refusal_words(last.reason, texts, town, last.told, last.leads).text,
        sentences=[told(one) for one in last.sentences] if isinstance(last, Answer) else [],
        citations=[quoted(one) for one in last.citations] if isinstance(last, Answer) else [],
        nearest=[found(one) for one in last.nearest] if isinstance(last, Refusal) else [],
        leads=[lead_out(one) for one in last.leads] if isinstance(last, Refusal) else [],
        via=last.via if isinstance(last, Answer) else Via.DOCUMENTS,
        card=last.validation.card if isinstance(last, Answer) else "",
        notice=notice(mark, texts) if is_answer else "",
        ai_generated=mark.ai_generated,
        digital_source_type=mark.source.uri,
        proof=Proof(
            record=last.record,
            origin=mark.proof.origin,
            index=mark.proof.index,
            leaf=mark.proof.leaf,
            path=f"/api/proof/{last.record}",
        ),
        record=last.record,
        seconds=last.seconds,
        energy_wh=last.energy_wh,
    )


def sources(end: Outcome, texts: Texts, words: Words) -> str:
    """Return where the citations stand and what is said of the answer, for programs that show
    nothing but words; for a refusal, where to read."""
    if end.leads:
        lines = [
            texts(
                "cli",
                "source_line",
                number=n,
                file=file_words(one.file, pack_in(one.pack), texts),
                page=one.page,
                quote=words_of(one.quote),
            )
            for n, one in enumerate(end.leads, 1)
        ]
        return "\n\n" + "\n".join((texts("cli", "leads"), *lines))
    if not end.citations:
        return f"\n\n{end.notice}" if end.notice else ""
    lines = [
        texts(
            "cli",
            "source_line",
            number=c.number,
            page=c.page,
            quote=words_of(c.quote),
            file=file_words(c.file, pack_in(c.pack), texts),
        )
        for c in end.citations
    ]
    return "\n\n" + "\n".join((words("sources"), *lines, "", end.notice))


def in_words(end: Outcome, texts: Texts, words: Words) -> str:
    """Return an outcome as text: what is said, then where it stands."""
    return end.text + sources(end, texts, words)
