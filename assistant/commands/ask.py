# SPDX-License-Identifier: EUPL-1.2
"""`ask`: questions in, checked answers or refusals out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict

import click

from assistant.answers import Answer, Citation, Outcome, Refusal, Via
from assistant.commands.session import Session, read_jsonl, text_field
from assistant.errors import ModelInterrupted
from assistant.pipeline import check_question
from assistant.plain import Gloss
from assistant.provenance import mark_of, notice
from assistant.refusals import refusal_words
from assistant.texts import Texts
from assistant.wiring import Parts, open_parts
from corpus.structure import words_of

FR = Texts("fr")


@click.command(help=FR("help", "ask"))
@click.argument("question", required=False)
@click.option("--audience", type=click.Choice(["agent", "senior"]), default="agent")
@click.option("--json", "as_json", is_flag=True)
@click.option("--jsonl", "as_jsonl", is_flag=True)
@click.pass_obj
def ask(
    session: Session, question: str | None, audience: str, as_json: bool, as_jsonl: bool
) -> None:
    if question is None and not as_jsonl:
        raise session.fail("empty_question")
    if question is not None:
        check_question(question)
    with open_parts(session.data, session.keys_base, session.settings) as parts:
        if question is None:
            for line in read_jsonl(sys.stdin):
                asked = text_field(line, "question")
                outcome = as_contract(_ask_on(parts, asked, audience), session)
                session.print_json({"id": line.get("id", "")} | outcome)
            return
        outcome_ = parts.assistant.ask(question, audience=audience)
        if as_json or as_jsonl:
            session.print_json({"id": ""} | as_contract(outcome_, session))
        else:
            _show(session, outcome_)
            if audience == "senior" and isinstance(outcome_, Answer):
                _explain(session, parts.plain.glosses(outcome_))


def _ask_on(parts: Parts, question: str, audience: str) -> Outcome:
    """Ask one question of many: where the model ends under way, once more, as a person would."""
    try:
        return parts.assistant.ask(question, audience=audience)
    except ModelInterrupted:
        return parts.assistant.ask(question, audience=audience)


def as_contract(outcome: Outcome, session: Session) -> dict[str, object]:
    """Return an outcome as the command-line contract has it."""
    if isinstance(outcome, Answer):
        said: dict[str, object] = {
            "status": "answer",
            "reason": "",
            "text": outcome.text,
            "citations": [
                {"file": c.file, "page": c.page, "quote": c.quote, "verified": c.verified}
                for c in outcome.citations
            ],
            "leads": [],
            "via": outcome.via.value,
            "card": outcome.validation.card,
        }
    else:
        said = {
            "status": "refusal",
            "reason": outcome.reason.value,
            "text": refusal_words(
                outcome.reason,
                session.texts,
                session.settings.town,
                outcome.told,
                outcome.leads,
            ).text,
            "citations": [],
            "leads": [
                {
                    "file": lead.citation.file,
                    "page": lead.citation.page,
                    "quote": lead.citation.quote,
                    "score": lead.score,
                    "under": list(lead.under),
                }
                for lead in outcome.leads
            ],
            "via": Via.DOCUMENTS.value,
            "card": "",
        }
    mark = mark_of(outcome)
    return said | {
        "ai_generated": mark.ai_generated,
        "digital_source_type": mark.source.uri,
        "proof": asdict(mark.proof),
        "record": outcome.record,
        "seconds": outcome.seconds,
        "energy_wh": outcome.energy_wh,
    }


def _show(session: Session, outcome: Outcome) -> None:
    texts = session.texts
    match outcome:
        case Answer(text=text, citations=citations):
            session.say(f"{texts('ui', 'by_machine')} ({texts('ui', 'ai')})\n\n{text}")
            session.say(f"\n{notice(mark_of(outcome), texts)}\n\n{texts('cli', 'sources')}")
            for c in citations:
                session.say(source_line(texts, c))
        case Refusal(reason=reason, nearest=nearest, told=told, leads=leads):
            words = refusal_words(reason, texts, session.settings.town, told, leads)
            session.say(f"{words.why}\n{words.next}\n{words.contact}")
            if leads:
                session.say("\n" + texts("cli", "leads"))
            for lead in leads:
                session.say(source_line(texts, lead.citation))
            if nearest:
                session.say("\n" + texts("cli", "nearest"))
            for rank, found in enumerate(nearest, 1):
                session.say(
                    _passage_line(texts, rank, found.passage.file, found.passage.page, found.score)
                )
    spent = {
        "seconds": round(outcome.seconds, 1),
        "energy": round(outcome.energy_wh, 4),
        "method": texts("energy", outcome.energy_method),
    }
    session.tell("\n" + texts("cli", "record_line", record=outcome.record, **spent))


def source_line(texts: Texts, c: Citation) -> str:
    """Return a quote with its number, its file and its page, on one line."""
    return texts(
        "cli", "source_line", number=c.number, file=c.file, page=c.page, quote=words_of(c.quote)
    )


def _explain(session: Session, glosses: Sequence[Gloss]) -> None:
    """Print what the hard words of an answer and its quotes mean, beside them."""
    if glosses:
        session.say("\n" + session.texts("cli", "glosses"))
    for gloss in glosses:
        session.say(session.texts("cli", "gloss_line", word=gloss.word, meaning=gloss.meaning))


def _passage_line(texts: Texts, rank: int, file: str, page: int, score: float) -> str:
    return texts("cli", "passage_line", rank=rank, file=file, page=page, score=f"{score:.2f}")
