# SPDX-License-Identifier: EUPL-1.2
"""`ask`: questions in, checked answers or refusals out."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path

import click

from assistant.answers import Answer, Citation, Outcome, Refusal, Via
from assistant.commands.session import Session, read_jsonl, text_field
from assistant.errors import ModelInterrupted
from assistant.pack.words import file_words, pack_json
from assistant.pipeline import Assistant, check_question
from assistant.plain import Gloss
from assistant.provenance import mark_of, notice
from assistant.refusals import refusal_words
from assistant.texts import Texts
from assistant.wiring import Parts, open_parts
from corpus.documents import Passage, is_dropped
from corpus.dropped import Dropped, check_count, read_of
from corpus.readers.pool import ReadingPool
from corpus.structure import words_of
from guardrails.injection import neutralised_in

FR = Texts("fr")
MOST_READERS = 2


@click.command(help=FR("help", "ask"))
@click.argument("question", required=False)
@click.option("--audience", type=click.Choice(["agent", "senior"]), default="agent")
@click.option(
    "--with", "files", multiple=True, type=click.Path(path_type=Path), help=FR("help", "ask_with")
)
@click.option("--only-with", "only", is_flag=True, help=FR("help", "ask_only_with"))
@click.option("--json", "as_json", is_flag=True)
@click.option("--jsonl", "as_jsonl", is_flag=True)
@click.pass_obj
def ask(
    session: Session,
    question: str | None,
    audience: str,
    files: Sequence[Path],
    only: bool,
    as_json: bool,
    as_jsonl: bool,
) -> None:
    if question is None and not as_jsonl:
        raise session.fail("empty_question")
    if question is not None:
        check_question(question)
    _check_files(session, files, only=only)
    with (
        open_parts(session.data, session.keys_base, session.settings) as parts,
        _asked(session, parts, files, only=only) as assistant,
    ):
        if question is None:
            for line in read_jsonl(sys.stdin):
                asked = text_field(line, "question")
                outcome = as_contract(_ask_on(assistant, asked, audience), session)
                session.print_json({"id": line.get("id", "")} | outcome)
            return
        outcome_ = assistant.ask(question, audience=audience)
        if as_json or as_jsonl:
            session.print_json({"id": ""} | as_contract(outcome_, session))
        else:
            _show(session, outcome_)
            if audience == "senior" and isinstance(outcome_, Answer):
                _explain(session, parts.plain.glosses(outcome_))


def _check_files(session: Session, files: Sequence[Path], *, only: bool) -> None:
    """Raise what is wrong with the files before any model is loaded."""
    check_count(files)
    if only and not files:
        raise session.fail("only_with_nothing")
    for position, path in enumerate(files, 1):
        if not path.is_file():
            raise session.fail("no_such_dropped", position=position)


@contextmanager
def _asked(
    session: Session, parts: Parts, files: Sequence[Path], *, only: bool
) -> Iterator[Assistant]:
    """Open the assistant; with files, one that looks into them, which are gone at the end."""
    if not files:
        yield parts.assistant
        return
    with ReadingPool(min(len(files), MOST_READERS), in_background=False) as reading:
        read = [reading.submit(path, (), path.name) for path in files]
        guard, _ = parts.guard, parts.assistant  # what takes long is opened while files are read
        with closing(Dropped(guard, parts.embedder)) as dropped:
            for path, future in zip(files, read, strict=True):
                ready = dropped.take(read_of(future), path.name)
                if orders := neutralised_in(text for _, text in ready.pages):
                    facts = {"file": ready.document.file, "count": orders}
                    session.tell(session.texts("cli", "dropped_orders", **facts))
            yield parts.assistant_with(dropped, only=only)


def _ask_on(assistant: Assistant, question: str, audience: str) -> Outcome:
    """Ask one question of many: where the model ends under way, once more, as a person would."""
    try:
        return assistant.ask(question, audience=audience)
    except ModelInterrupted:
        return assistant.ask(question, audience=audience)


def as_contract(outcome: Outcome, session: Session) -> dict[str, object]:
    """Return an outcome as the command-line contract has it."""
    if isinstance(outcome, Answer):
        said: dict[str, object] = {
            "status": "answer",
            "reason": "",
            "text": outcome.text,
            "citations": [
                {
                    "file": c.file,
                    "page": c.page,
                    "quote": c.quote,
                    "verified": c.verified,
                    "dropped": is_dropped(c.document),
                    "pack": pack_json(c.pack),
                }
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
                    "dropped": is_dropped(lead.citation.document),
                    "pack": pack_json(lead.citation.pack),
                    "card": lead.card,
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
                session.say(_passage_line(texts, rank, found.passage, found.score))
    spent = {
        "seconds": round(outcome.seconds, 1),
        "energy": round(outcome.energy_wh, 4),
        "method": texts("energy", outcome.energy_method),
    }
    session.tell("\n" + texts("cli", "record_line", record=outcome.record, **spent))


def source_line(texts: Texts, c: Citation) -> str:
    """Return a quote with its number, its file and its page, on one line."""
    named = file_words(c.file, c.pack, texts)
    file = texts("cli", "dropped_file", file=c.file) if is_dropped(c.document) else named
    return texts(
        "cli", "source_line", number=c.number, file=file, page=c.page, quote=words_of(c.quote)
    )


def _explain(session: Session, glosses: Sequence[Gloss]) -> None:
    """Print what the hard words of an answer and its quotes mean, beside them."""
    if glosses:
        session.say("\n" + session.texts("cli", "glosses"))
    for gloss in glosses:
        session.say(session.texts("cli", "gloss_line", word=gloss.word, meaning=gloss.meaning))


def _passage_line(texts: Texts, rank: int, p: Passage, score: float) -> str:
    file = file_words(p.file, p.pack, texts)
    return texts("cli", "passage_line", rank=rank, file=file, page=p.page, score=f"{score:.2f}")
