# SPDX-License-Identifier: EUPL-1.2
"""`quarantine`: papers about somebody's private life, and what a person decides of them.

list     what waits, then what was decided
show     the sentences that made a document wait, as they are kept (names hidden)
keep     it may be searched as it is
hide     it may be searched without those sentences
reject   its text is erased

Each decision is in the register before it is applied.
"""

from __future__ import annotations

import getpass

import click

from assistant.commands.session import Session
from assistant.operations import categories_of, decide_case
from assistant.texts import Texts
from assistant.wiring import open_parts
from corpus.quarantine import Case, Decision, Quarantine
from guardrails.register.records import JsonValue

FR = Texts("fr")
ROLE = "administrator"


@click.group(help=FR("help", "quarantine"))
def quarantine() -> None:
    pass


@quarantine.command("list", help=FR("help", "quarantine_list"))
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def list_cases(session: Session, as_json: bool) -> None:
    with open_parts(session.data, session.keys_base, session.settings) as parts:
        rows = [_row(case) for case in parts.quarantine.cases()]
    if as_json:
        session.print_json(rows)
        return
    for row in rows:
        session.say(session.texts("cli", "quarantine_line", **_words(session, row)))
    if not rows:
        session.say(session.texts("cli", "quarantine_empty"))


@quarantine.command(help=FR("help", "quarantine_show"))
@click.argument("document", metavar="ID")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def show(session: Session, document: str, as_json: bool) -> None:
    with open_parts(session.data, session.keys_base, session.settings) as parts:
        case = _case(session, parts.quarantine, document)
        told = _told(case, parts.quarantine)
    if as_json:
        session.print_json(_row(case) | {"concerns": told})
        return
    session.say(session.texts("cli", "quarantine_line", **_words(session, _row(case))))
    names = session.texts.section("category")
    for one in told:
        session.say(
            session.texts(
                "cli", "quarantine_concern", **one | {"category": names[str(one["category"])]}
            )
        )


def _decision_command(decision: Decision) -> click.Command:
    """Return the command that takes this decision."""

    @click.argument("document", metavar="ID")
    @click.option("--json", "as_json", is_flag=True)
    @click.pass_obj
    def command(session: Session, document: str, as_json: bool) -> None:
        _decide(session, document, decision, as_json=as_json)

    return click.command(decision.value, help=FR("help", f"quarantine_{decision}"))(command)


for _one in Decision:
    quarantine.add_command(_decision_command(_one))


def _decide(session: Session, document: str, decision: Decision, *, as_json: bool) -> None:
    with open_parts(session.data, session.keys_base, session.settings) as parts:
        case = _case(session, parts.quarantine, document)
        me = parts.register.pseudonym(getpass.getuser())
        to_read = decide_case(parts, case, decision, by=me, role=ROLE)
    told: dict[str, JsonValue] = {"id": document, "decision": decision.value, "to_read": to_read}
    if as_json:
        session.print_json(told)
        return
    session.say(session.texts("cli", f"quarantine_{decision}", file=case.document.file))
    if to_read:
        session.tell(session.texts("cli", "quarantine_to_read"))


def _case(session: Session, cases: Quarantine, document: str) -> Case:
    case = cases.case(document)
    if case is None:
        raise session.fail("no_such_case", id=document)
    return case


def _row(case: Case) -> dict[str, JsonValue]:
    return {
        "id": case.document.id,
        "file": case.document.file,
        "collection": case.document.collection,
        "decision": case.decision.value if case.decision else "",
        "categories": categories_of(case),
    }


def _words(session: Session, row: dict[str, JsonValue]) -> dict[str, object]:
    """Return the row in words: what was decided, and why it waits."""
    names, counted = session.texts.section("category"), row["categories"]
    reasons = [names[name] for name in counted] if isinstance(counted, dict) else []
    decided = session.texts.section("decision")[str(row["decision"] or "waiting")]
    return {**row, "why": ", ".join(reasons) or "–", "decided": decided}


def _told(case: Case, cases: Quarantine) -> list[dict[str, JsonValue]]:
    """Return the sentences that made the document wait, once each; the name is page 0."""
    texts, numbers = cases.texts(case.document), cases.numbers(case.document)
    told: dict[tuple[int, int], dict[str, JsonValue]] = {}
    for concern in case.concerns:
        text = texts[concern.page]
        start, end = concern.start, concern.end
        told.setdefault(
            (concern.page, start),
            {
                "page": numbers[concern.page],
                "category": concern.category.value,
                "text": " ".join(text[start:end].split()),
            },
        )
    return list(told.values())
