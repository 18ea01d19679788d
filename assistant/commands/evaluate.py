# SPDX-License-Identifier: EUPL-1.2
"""`eval QUESTIONS.toml` (or `eval run`) scores the assistant; `eval propose` drafts questions."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from assistant.commands.session import Session
from assistant.evaluation import EvalQuestion, Score, evaluate, read_questions
from assistant.evaluation_kept import EVALUATION, evaluation_of, keep_evaluation
from assistant.evaluation_page import EvaluationPage
from assistant.proposals import PROPOSED, as_toml, propose
from assistant.tally import Gate, Tally, by_kind, tally
from assistant.texts import Texts
from assistant.wiring import open_parts

FR = Texts("fr")
ROLE = "administrator"
DETAILED = ("answered_share", "wrong_share", "refused_share")


class FileOrCommand(click.Group):
    """A group of which the first word may be a question file: `eval F` is `eval run F`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        named = args and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if named else ["run", *args])


@click.group("eval", cls=FileOrCommand, help=FR("help", "eval"))
def evaluation() -> None:
    pass


@evaluation.command(help=FR("eval", "help_run"))
@click.argument("questions", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True)
@click.option("--html", type=click.Path(path_type=Path), help=FR("eval", "help_html"))
@click.option("--gate", type=click.Path(path_type=Path), help=FR("eval", "help_gate"))
@click.option("--require", multiple=True, metavar="NAME=VALUE", help=FR("eval", "help_require"))
@click.pass_obj
def run(
    session: Session,
    questions: Path,
    as_json: bool,
    html: Path | None,
    gate: Path | None,
    require: tuple[str, ...],
) -> int:
    thresholds = Gate.read(gate, require)
    asked = read_questions(questions)
    if not asked:
        raise session.fail("no_questions", file=questions.name)
    with open_parts(session.data, session.keys_base, session.settings) as parts:
        scores = []
        ask = partial(parts.assistant.steps, role=EVALUATION)
        for one in evaluate(asked, ask, parts.store.page):
            scores.append(_hidden(one, lambda text: parts.guard.screen(text).text))
            if session.is_terminal:
                session.tell(f"{len(scores)}/{len(asked)}  {one.verdict}")
        found = evaluation_of(
            tally(scores),
            model=parts.model.name,
            questions=questions.read_bytes(),
            energy_methods={score.energy_method for score in scores},
        )
        me = parts.register.pseudonym(getpass.getuser())
        keep_evaluation(parts.folder.path, parts.register, found, by=me, role=ROLE)
    broken = thresholds.broken(tally(scores))
    if html:
        date = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
        page = EvaluationPage(session.texts)(questions.name, scores, date=date, broken=broken)
        html.write_text(page, "utf-8")
    if as_json:
        session.print_json(as_contract(scores, broken))
    else:
        _show(session, scores)
    for name in broken:
        session.tell(session.texts("eval", "not_held", name=name))
    return 1 if broken else 0


@evaluation.command("propose", help=FR("eval", "help_propose"))
@click.option("--count", type=click.IntRange(1, 500), default=PROPOSED, show_default=True)
@click.option("--collection", default="", help=FR("eval", "help_collection"))
@click.pass_obj
def propose_command(session: Session, count: int, collection: str) -> None:
    with open_parts(session.data, session.keys_base, session.settings) as parts:
        drafts = propose(parts.store, count=count, collection=collection)
    session.say(as_toml(drafts, session.texts))


def as_contract(scores: Sequence[Score], broken: Sequence[str]) -> dict[str, object]:
    """Return scores as the command-line contract has them: counts, no words."""
    methods = sorted({score.energy_method for score in scores})
    return as_dict(tally(scores)) | {
        "energy_method": ", ".join(methods),
        "kinds": {kind: as_dict(one) for kind, one in by_kind(scores).items()},
        "broken": list(broken),
    }


def as_dict(one: Tally) -> dict[str, object]:
    """Return a tally with its shares."""
    return asdict(one) | {name: getattr(one, name) for name in DETAILED}


def _hidden(score: Score, hide: Callable[[str], str]) -> Score:
    """Return a score whose question may be shown: a question file may name somebody."""
    question = score.question
    shown = EvalQuestion(
        question=hide(question.question),
        answers=tuple(hide(answer) for answer in question.answers),
        file=question.file,
        page=question.page,
        kind=question.kind,
    )
    return replace(score, question=shown)


def _show(session: Session, scores: Sequence[Score]) -> None:
    for name, value in as_dict(tally(scores)).items():
        session.say(f"{name:>24} {value}")
    session.say("")
    for kind, one in by_kind(scores).items():
        line = session.texts(
            "eval", "kind_line", kind=kind, questions=one.questions,
            right=one.right + one.refused_rightly, wrong=one.wrong,
            missed=one.refused_wrongly, elsewhere=one.right_elsewhere,
        )  # fmt: skip
        session.say(line)
