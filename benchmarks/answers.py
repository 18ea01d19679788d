# SPDX-License-Identifier: EUPL-1.2
"""Answers over a question file, beside a plain pipeline with the same weights, in one run.

    python benchmarks/answers.py [--questions F] [--documents DIR] [--settings F] [--json F]

The plain pipeline is what a user would otherwise have: the five passages nearest by
vector, then the model answers freely and is asked to refuse where they do not answer.
It is given the page if any of its five passages is from there.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from assistant.answers import Answer, Citation, Outcome, Reason, Refusal, Sentence
from assistant.evaluation import EvalQuestion, Score, read_questions, score, table
from assistant.seams import Prompt
from assistant.settings import Settings
from assistant.wiring import Parts, open_parts
from benchmarks.retrieval import machine
from corpus.documents import Filters

ROOT = Path(__file__).parents[1]
PLAIN_PASSAGES = 5
PLAIN_MAX_TOKENS = 150
PLAIN_SYSTEM = (
    "Tu es l'assistant d'une mairie. Réponds à la question avec les extraits. "
    "Si les extraits ne répondent pas, écris seulement : Je ne sais pas."
)
PLAIN_REFUSALS = re.compile(
    r"ne sais pas|ne répond(?:ent)? pas|ne contien(?:t|nent) pas|ne précise(?:nt)? pas"
    r"|ne mentionne(?:nt)? pas|pas d'information|désolé",
    re.IGNORECASE,
)


def ours(parts: Parts, question: EvalQuestion) -> Outcome:
    """Ask the assistant itself."""
    return parts.assistant.ask(question.question)


def plain(parts: Parts, question: EvalQuestion) -> Outcome:
    """Answer as a plain pipeline does: vectors only, top five, free text."""
    started = time.perf_counter()
    asked = parts.guard.screen(question.question).text
    nearest = parts.index.search(parts.embedder.embed_query(asked), PLAIN_PASSAGES, Filters())
    passages = parts.store.passages([identifier for identifier, _ in nearest])
    extracts = "\n\n".join(f"[{n}] {p.text.text}" for n, p in enumerate(passages, 1))
    prompt = Prompt(system=PLAIN_SYSTEM, user=f"Extraits :\n{extracts}\n\nQuestion : {asked}")
    said = "".join(parts.model.write(prompt, max_tokens=PLAIN_MAX_TOKENS, stop="")).strip()
    spent = {"record": "", "seconds": time.perf_counter() - started, "energy_wh": 0.0}
    if not said or PLAIN_REFUSALS.search(said):
        return Refusal(reason=Reason.NOT_ANSWERED, nearest=(), **spent)
    citations = tuple(
        Citation(
            number=n, document=p.document, file=p.file, page=p.page,
            quote="", start=p.start, end=p.end, verified=False,
        )
        for n, p in enumerate(passages, 1)
    )  # fmt: skip
    return Answer(sentences=(Sentence(text=said, citations=()),), citations=citations, **spent)


SYSTEMS = {"greffier": ours, "plain": plain}


def run(
    parts: Parts, questions: Sequence[EvalQuestion], systems: Sequence[str]
) -> Iterator[tuple[str, Score]]:
    """Ask every question of every system; the first one is warmed up before."""
    for name in systems:
        SYSTEMS[name](parts, warm_up(questions[0]))
        for question in questions:
            yield name, score(question, SYSTEMS[name](parts, question))


def warm_up(question: EvalQuestion) -> EvalQuestion:
    """Another question of the same length: warms the models, not the cache of this one."""
    return question.model_copy(update={"question": "Quelle est la date du prochain conseil ?"})


def found_page(parts: Parts, questions: Sequence[EvalQuestion]) -> dict[str, float]:
    """How often search alone has the right page first, and in the first ten."""
    asked = [q for q in questions if q.answers and q.file]
    ranks = []
    for question in asked:
        hits = parts.search(parts.guard.screen(question.question), limit=10)
        ranks.append(
            next(
                (
                    rank
                    for rank, hit in enumerate(hits, 1)
                    if hit.passage.file == question.file and question.page in (0, hit.passage.page)
                ),
                0,
            )
        )
    total = max(len(asked), 1)
    return {
        "page_first": round(sum(r == 1 for r in ranks) / total, 3),
        "page_in_ten": round(sum(r > 0 for r in ranks) / total, 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=Path, default=ROOT / "samples" / "questions.toml")
    parser.add_argument("--documents", type=Path, nargs="+", default=[ROOT / "samples"])
    parser.add_argument("--settings", type=Path, default=ROOT / "samples" / "greffier.toml")
    parser.add_argument("--systems", default="greffier,plain")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--show", action="store_true", help="print each question and its verdict")
    given = parser.parse_args()
    questions = read_questions(given.questions)
    with (
        tempfile.TemporaryDirectory() as scratch,
        open_parts(
            Path(scratch) / "data", Path(scratch) / "keys", Settings.read(given.settings)
        ) as parts,
    ):
        parts.ingestion.add(given.documents)
        report: dict[str, object] = {"machine": machine(), "questions": given.questions.name}
        report["search"] = found_page(parts, questions)
        scores: dict[str, list[Score]] = {}
        for name, scored in run(parts, questions, given.systems.split(",")):
            scores.setdefault(name, []).append(scored)
            if given.show:
                print(f"{name:9} {scored.verdict:16} {scored.reason:18} {scored.question.question}"
                      f" {list(scored.question.answers)} => {scored.said}", flush=True)  # fmt: skip
    report["systems"] = {name: table(rows) for name, rows in scores.items()}
    print_report(report)
    if given.json:
        kept = report | {"scores": {n: [asdict(s) for s in rows] for n, rows in scores.items()}}
        given.json.write_text(json.dumps(kept, ensure_ascii=False, default=str), "utf-8")


def print_report(report: dict[str, object]) -> None:
    """Print one column a system."""
    systems = report["systems"]
    assert isinstance(systems, dict)
    print(f"\n{report['machine']}; {report['questions']}; search: {report['search']}\n")
    print("| | " + " | ".join(systems) + " |\n|---|" + "---|" * len(systems))
    for row in next(iter(systems.values())):
        print(f"| {row} | " + " | ".join(str(s.get(row, "")) for s in systems.values()) + " |")


if __name__ == "__main__":
    main()
