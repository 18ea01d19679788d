# SPDX-License-Identifier: EUPL-1.2
"""Which language model suits this machine: what fits, what a question would cost, the largest that
nobody waits too long for.

    Machine, the catalogue's files, what is known of their costs here ─advised▶ Advice…

A model fits where the catalogue's own estimate does (its file, its context, and two gigabytes for
the rest, which are the margin: 0.75 GB are the service's, measured), into the memory that the
machine or its container has and into what other programs leave of it. It fits a card whole or not
at all: of one that is parted between both nobody could tell the seconds.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assistant.calibration import identity_of_file, kept_calibration
from assistant.energy import JOULES_PER_WH
from assistant.exposure import held_bytes
from assistant.graphics import ALL, free_bytes, layers_that_fit
from assistant.model.process import knows_graphics
from assistant.paces import Pace
from assistant.settings import Settings
from corpus.machine import available_bytes, memory_bytes
from corpus.weights import Purpose, State, WeightsStatus
from corpus.weights_catalogue import WeightsFile

SYSTEM_BYTES = 1_000_000_000
"""Of the two gigabytes that the catalogue adds: what the system itself holds, which is not among
what is free. The other is the service's, of which 745 MB were measured
(docs/decisions/model-process.md)."""

Place = Literal["memory", "card", ""]
Source = Literal["here", "proportion", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What a model may count on: bytes of memory, of those that other programs leave (what a
    running service of ours holds is left: the next model takes its place), of a graphics card that
    are free, whether that card is used at all; cores, and watts of one that is busy."""

    memory_bytes: int
    available_bytes: int
    card_bytes: int
    uses_card: bool
    cores: int
    watts: float

    @classmethod
    def this(cls, settings: Settings) -> Machine:
        """Look at this machine; the library that runs models is asked only where a card is."""
        card, chosen, memory = free_bytes(), settings.model, memory_bytes()
        is_given = chosen.gpu_layers in {None, ALL}
        return cls(
            memory_bytes=memory,
            available_bytes=min(memory, available_bytes() + held_bytes()),
            card_bytes=card,
            uses_card=card > 0 and is_given and knows_graphics(),
            cores=chosen.threads or len(os.sched_getaffinity(0)),
            watts=settings.watts,
        )


@dataclass(frozen=True, slots=True)
class Cost:
    """Of a question that a model reads for: seconds, and watt-hours."""

    seconds: float
    energy_wh: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What is said of one model. `memory_bytes`: what the machine should have for it, all told.
    `cost` is nothing where `measured` is: neither it nor a model that would run in the same place
    was measured on this machine."""

    weights: WeightsFile
    memory_bytes: int
    fits: Place
    state: State
    cost: Cost | None
    measured: Source
    is_advised: bool


def advised(
    machine: Machine,
    models: Sequence[WeightsStatus],
    known: Mapping[str, Cost],
    context_tokens: int,
    most_seconds: float,
) -> list[Advice]:
    """Return what is said of each language model among `models`, in their order; `known` are the
    costs that were measured on this machine, by the models' names. None is advised whose question
    takes more than `most_seconds`, when whoever asks next is turned away, or nobody knows how
    long."""
    language = [one for one in models if one.weights.purpose is Purpose.LANGUAGE_MODEL]
    places = {one.weights: _place(machine, one.weights, context_tokens) for one in language}
    measured = {weights: known[weights.name] for weights in places if weights.name in known}
    costs = {weights: _cost(weights, places, measured) for weights in places}
    suiting = [
        weights
        for weights, (cost, _) in costs.items()
        if places[weights] and cost and cost.seconds <= most_seconds
    ]
    largest = max(suiting, key=lambda weights: weights.size_bytes, default=None)
    found = []
    for one in language:
        cost, source = costs[one.weights]
        found.append(
            Advice(
                weights=one.weights,
                memory_bytes=_needed(one.weights, context_tokens),
                fits=places[one.weights],
                state=one.state,
                cost=cost,
                measured=source,
                is_advised=one.weights is largest,
            )
        )
    return found


def known_costs(
    data: Path, models: Sequence[WeightsStatus], paces: Mapping[str, Pace], machine: Machine
) -> dict[str, Cost]:
    """Return what was measured here, by the models' names: by a calibration of the very file that
    is there, else by the answers that a model gave."""
    found = {}
    for one in models:
        stem = one.path.stem
        if one.weights.purpose is not Purpose.LANGUAGE_MODEL or one.state != "present":
            continue
        told = kept_calibration(data, stem, identity_of_file(one.path)) or paces.get(stem)
        if told and told.seconds:
            energy_wh = told.energy_wh or _energy(told.seconds, machine)
            found[one.weights.name] = Cost(told.seconds, energy_wh)
    return found


def _needed(weights: WeightsFile, context_tokens: int) -> int:
    return weights.memory_bytes + weights.longer_context_bytes(context_tokens)


def _place(machine: Machine, weights: WeightsFile, context_tokens: int) -> Place:
    needed = _needed(weights, context_tokens)
    room = min(machine.memory_bytes, machine.available_bytes + SYSTEM_BYTES)
    on_card = weights.size_bytes + weights.longer_context_bytes(context_tokens)
    is_whole = layers_that_fit(on_card, 1, machine.card_bytes) == ALL
    if machine.uses_card and is_whole and needed - on_card <= room:
        return "card"
    return "memory" if needed <= room else ""


def _cost(
    weights: WeightsFile, places: Mapping[WeightsFile, Place], measured: Mapping[WeightsFile, Cost]
) -> tuple[Cost | None, Source]:
    """Return what is known of a model, else what follows from the one of the nearest size: a token
    is made by reading all of the file once, so that time goes with its size."""
    if weights in measured:
        return measured[weights], "here"
    alike = [other for other in measured if places[other] == places[weights]]
    if not places[weights] or not alike:
        return None, ""
    nearest = min(alike, key=lambda other: abs(other.size_bytes - weights.size_bytes))
    ratio, cost = weights.size_bytes / nearest.size_bytes, measured[nearest]
    return Cost(cost.seconds * ratio, cost.energy_wh * ratio), "proportion"


def _energy(seconds: float, machine: Machine) -> float:
    """Return the watt-hours of cores that are all busy, where nothing was counted: at the most."""
    return seconds * machine.cores * machine.watts / JOULES_PER_WH
