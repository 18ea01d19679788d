# SPDX-License-Identifier: EUPL-1.2
"""`models calibrate [NAME | --endpoint URL]`: the judge of a model, fitted on shipped questions."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.commands.session import Session
from assistant.settings import Settings
from assistant.texts import Texts
from assistant.wiring import open_parts

if TYPE_CHECKING:
    from assistant.calibrating.fitting import Counted, Fitted
    from assistant.calibration import Calibration

FR = Texts("fr")
ROLE = "administrator"
USUAL = 320
"""Questions that are asked: enough for a bound of 4.5 % with seven wrong ones."""


@click.command("calibrate", help=FR("models", "help_calibrate"))
@click.argument("name", required=False)
@click.option("--endpoint", metavar="URL", help=FR("models", "help_calibrate_endpoint"))
@click.option(
    "--questions", type=click.Path(path_type=Path), help=FR("models", "help_calibrate_questions")
)
@click.option(
    "--most", type=click.IntRange(min=1), default=USUAL, show_default=True,
    help=FR("models", "help_calibrate_most"),
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def calibrate(
    session: Session,
    name: str | None,
    endpoint: str | None,
    questions: Path | None,
    most: int,
    as_json: bool,
) -> int:
    from assistant.calibrating import best_way, calibrated, own, shipped
    from assistant.calibrating.running import forget
    from assistant.calibration import keep_calibration

    def progress(done: int, total: int) -> None:
        if session.is_terminal or done % 20 == 0 or done == total:
            session.tell(session.texts("models", "calibrating", done=done, total=total))

    each = own(questions) if questions else shipped(most)
    if not any(one.questions for one in each):
        raise session.fail("no_questions", file=questions.name if questions else "")
    settings = _with(session.settings, name, endpoint)
    with open_parts(session.data, session.keys_base, settings) as parts:
        today = datetime.now(UTC).date().isoformat()
        ways = calibrated(
            parts, each, identity=parts.model_identity(), made=today, progress=progress
        )
        found = best_way(ways)
        if found.judge and found.is_better:
            me = parts.register.pseudonym(getpass.getuser())
            keep_calibration(session.data, parts.register, found.judge, by=me, role=ROLE)
        forget(session.data)
        model = parts.model.name
    if as_json:
        session.print_json({
            "model": model, "kept": found.is_better, "questions": found.questions,
            "answerable": found.answerable, "seconds": found.seconds,
            "energy_wh": found.energy_wh, "before": asdict(found.before),
            "judge": asdict(found.judge) if found.judge else None,
            "ways": [asdict(one.judge) if one.judge else None for one in ways],
        })  # fmt: skip
    else:
        _show(session, found, ways, model)
    return 0 if found.is_better else 1


def _with(settings: Settings, name: str | None, endpoint: str | None) -> Settings:
    """Return the settings with another model; UserError where both are named."""
    told = settings.model_dump(by_alias=True)
    if name and endpoint:
        raise click.UsageError(FR("models", "calibrate_one"))
    if name:
        told["model"] |= {"name": name, "endpoint": "", "endpoints": ()}
    if endpoint:
        told["model"] |= {"endpoint": endpoint, "endpoints": ()}
    return Settings.model_validate(told)


def _show(session: Session, found: Fitted, ways: Sequence[Fitted], model: str) -> None:
    texts, judge = session.texts, found.judge
    session.say(
        texts(
            "models", "calibrated_on", name=model, questions=found.questions,
            answerable=found.answerable, seconds=texts.decimal(found.seconds, 1),
            energy=texts.decimal(found.energy_wh, 3),
        )
    )  # fmt: skip
    session.say(texts("models", "calibrated_head"))
    rows: list[tuple[str, Counted | Calibration]] = [("calibrated_before", found.before)]
    rows += [
        (f"calibrated_{one.way}" if len(ways) > 1 else "calibrated_after", one.judge)
        for one in ways
        if one.judge
    ]
    for key, row in rows:
        refused = found.questions - row.right - row.wrong
        session.say(
            texts(
                "models", "calibrated_row", title=texts("models", key), right=row.right,
                wrong=row.wrong, refused=refused, rightly=row.refused_rightly,
                bound=texts.decimal(100 * row.bound, 1),
            )
        )  # fmt: skip
    for one in ways if len(ways) > 1 else ():
        title = texts("models", f"calibrated_{one.way}")
        pace = {"seconds": texts.decimal(one.seconds, 1), "energy": texts.decimal(one.energy_wh, 3)}
        session.say(texts("models", "calibrated_pace", title=title, **pace))
        if one.judge is None:
            session.say(texts("models", "calibrated_unbounded", title=title))
    if judge is None:
        session.say(texts("models", "calibrated_too_few"))
    else:
        session.say(texts("models", "calibrated_kept" if found.is_better else "calibrated_left"))
