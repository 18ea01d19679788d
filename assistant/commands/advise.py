# SPDX-License-Identifier: EUPL-1.2
"""`models advise`: which language models fit this machine, what a question would cost with each."""

from __future__ import annotations

import getpass
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from assistant.commands.session import Session
from assistant.texts import Texts
from assistant.wiring import open_parts, open_weights
from corpus.folder import MARKER
from corpus.weights import DEFAULT_LANGUAGE_MODEL

if TYPE_CHECKING:
    from assistant.advice import Advice, Machine
    from assistant.paces import Pace

FR = Texts("fr")
ROLE = "administrator"


@click.command("advise", help=FR("models", "help_advise"))
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def advise(session: Session, as_json: bool) -> None:
    from assistant.advice import Machine, advised, known_costs
    from assistant.pipeline import Limits

    settings = session.settings
    machine = Machine.this(settings)
    models = open_weights(settings).status()
    known = known_costs(session.data, models, _paces(session), machine)
    context, most = settings.model.context_tokens, Limits().wait_seconds
    found = advised(machine, models, known, context, most)
    if as_json:
        models_told = [_row(one) for one in found]
        session.print_json({"machine": asdict(machine), "models": models_told})
    else:
        _show(session, machine, found)


def _paces(session: Session) -> Mapping[str, Pace]:
    """Return what answers took here; nothing is made where nobody asked anything yet."""
    from assistant.paces import measured

    if not (session.data / MARKER).exists():
        return {}
    with open_parts(session.data, session.keys_base, session.settings) as parts:
        me = parts.register.pseudonym(getpass.getuser())
        return measured(parts.register, me, role=ROLE)


def _row(one: Advice) -> dict[str, object]:
    weights, cost = one.weights, one.cost
    return {
        "name": weights.name,
        "size_bytes": weights.size_bytes,
        "memory_bytes": one.memory_bytes,
        "fits": one.fits,
        "present": one.state == "present",
        "licence": weights.licence,
        "languages": list(weights.languages),
        "seconds": round(cost.seconds, 1) if cost else None,
        "energy_wh": round(cost.energy_wh, 4) if cost else None,
        "measured": one.measured,
        "advised": one.is_advised,
    }


def _show(session: Session, machine: Machine, found: Sequence[Advice]) -> None:
    texts = session.texts
    memory, available, card = (
        texts.decimal(size / 1e9, 1)
        for size in (machine.memory_bytes, machine.available_bytes, machine.card_bytes)
    )
    key = "no_card" if not machine.card_bytes else "card" if machine.uses_card else "idle_card"
    told = texts("models", f"advise_{key}", size=card)
    session.say(
        texts(
            "models", "advise_machine", memory=memory, available=available, cores=machine.cores,
            card=told,
        )
    )  # fmt: skip
    session.say(texts("models", "advise_head"))
    for one in found:
        session.say(_line(texts, one))
    session.say(_conclusion(texts, found))
    chosen = session.settings.model
    used = chosen.served_as if chosen.servers else chosen.name or DEFAULT_LANGUAGE_MODEL
    session.say(texts("models", "advise_used", name=used))


def _line(texts: Texts, one: Advice) -> str:
    return texts(
        "models",
        "advise_row",
        name=one.weights.name,
        size=texts.decimal(one.weights.size_bytes / 1e9, 2),
        memory=texts.decimal(one.memory_bytes / 1e9, 1),
        fits=texts("models", f"advise_in_{one.fits or 'none'}"),
        state=texts("models", f"state_{one.state}"),
        cost=_cost(texts, one),
    )


def _cost(texts: Texts, one: Advice) -> str:
    if one.cost:
        seconds = texts.decimal(one.cost.seconds, 1)
        energy = texts.decimal(one.cost.energy_wh, 3)
        return texts("models", f"advise_{one.measured}", seconds=seconds, energy=energy)
    return texts("models", "advise_unmeasured", name=one.weights.name) if one.fits else "–"


def _conclusion(texts: Texts, found: Sequence[Advice]) -> str:
    best = next((one.weights for one in found if one.is_advised), None)
    slow = [(one.cost.seconds, one.weights.name) for one in found if one.fits and one.cost]
    if best is None and slow:
        seconds, name = min(slow)
        return texts("models", "advise_slow", name=name, seconds=texts.decimal(seconds, 0))
    if best is None and any(one.fits for one in found):
        return texts("models", "advise_unknown", name=DEFAULT_LANGUAGE_MODEL)
    if best is None:
        least = min(found, key=lambda one: one.memory_bytes)
        memory = texts.decimal(least.memory_bytes / 1e9, 1)
        return texts("models", "advise_nothing", name=least.weights.name, memory=memory)
    key = "advise_default" if best.name == DEFAULT_LANGUAGE_MODEL else "advise_best"
    languages = ", ".join(best.languages)
    return texts("models", key, name=best.name, licence=best.licence, languages=languages)
