# SPDX-License-Identifier: EUPL-1.2
"""`screen`: text in, text without personal data out; nothing is kept."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from assistant.commands.session import Session, read_jsonl, text_field
from assistant.texts import Texts
from assistant.wiring import open_guard, switch_telemetry_off
from guardrails.findings import Finding, Screened
from guardrails.guard import Decision, Guard

FR = Texts("fr")


@click.command(help=FR("help", "screen"))
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--explain", is_flag=True)
@click.option("--json", "as_json", is_flag=True)
@click.option("--jsonl", "as_jsonl", is_flag=True)
@click.pass_obj
def screen(
    session: Session, file: Path | None, explain: bool, as_json: bool, as_jsonl: bool
) -> None:
    if file is None and sys.stdin.isatty():
        raise session.fail("no_input")
    if file is not None and not file.exists():
        raise session.fail("no_such_path", position=1)
    switch_telemetry_off()
    if as_jsonl:
        _screen_lines(session, file)
        return
    text = _read(session, file)
    guard = open_guard(session.settings, session.data)
    if explain:
        _explain(session, guard, text, as_json=as_json)
        return
    screened = guard.screen(text)
    if as_json:
        session.print_json({"id": ""} | as_contract(screened))
    else:
        session.say(screened.text)


def _read(session: Session, file: Path | None) -> str:
    try:
        return (file.read_bytes() if file else sys.stdin.buffer.read()).decode("utf-8")
    except UnicodeDecodeError as error:
        raise session.fail("not_text") from error


def _screen_lines(session: Session, file: Path | None) -> None:
    stream = file.open(encoding="utf-8") if file else sys.stdin
    guard = open_guard(session.settings, session.data)
    for line in read_jsonl(stream):
        roster = line.get("roster")
        names = [str(name) for name in roster] if isinstance(roster, list) else None
        screened = guard.screen(text_field(line, "text"), roster=names)
        session.print_json({"id": line.get("id", "")} | as_contract(screened))


def as_contract(screened: Screened) -> dict[str, object]:
    """Return a screened text as the command-line contract has it."""
    return {"text": screened.text, "findings": [_finding(f) for f in screened.findings]}


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "entity": finding.entity.value,
        "start": finding.start,
        "end": finding.end,
        "rule": finding.rule,
        "score": round(finding.score, 3),
    }


def _explain(session: Session, guard: Guard, text: str, *, as_json: bool) -> None:
    """Print each decision with the layers that voted, near misses included.

    On a terminal a person sees the words of their own text; anywhere else (a pipe, a log)
    there are positions, kinds and rules, never the words.
    """
    explanation = guard.explain(text)
    if as_json:
        session.print_json(
            {"id": ""}
            | as_contract(explanation.screened)
            | {"decisions": [_decision(decision) for decision in explanation.decisions]}
        )
        return
    for decision in explanation.decisions:
        f = decision.finding
        words = f"  {' '.join(text[f.start : f.end].split())}" if sys.stdout.isatty() else ""
        session.say(
            f"{f.start:>7}-{f.end:<7} {f.entity.value:<16} {decision.verdict.value:<10} "
            f"{f.score:.2f}  {f.rule}  ({', '.join(decision.voters)}){words}"
        )
    if not explanation.decisions:
        session.say(session.texts("cli", "screened_clean"))


def _decision(decision: Decision) -> dict[str, object]:
    return _finding(decision.finding) | {
        "verdict": decision.verdict.value,
        "voters": list(decision.voters),
    }
