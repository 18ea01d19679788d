# SPDX-License-Identifier: EUPL-1.2
"""A town's register of some weeks, invented, and the application with an auditor in front."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fastapi import FastAPI

from assistant.settings import Settings
from assistant.texts import Language, Texts
from guardrails.findings import Screened
from guardrails.register import AuditRecord, Kind, Register
from guardrails.register.records import JsonValue
from tests.loops import run_apart
from tests.register.homes import Clock, Home
from tests.ui.building import Everybody
from tests.ui.town import CANTEEN, ScriptedAssistant, answering, town
from ui.access.person import Person, Role
from ui.app import build_app
from ui.auditor import AuditorServices
from ui.workspaces import Workspaces

AUDITOR = Person("camille.vernier", Role.AUDITOR)
SECOND = Person("dominique.roy", Role.AUDITOR)
HOSTILE = "<img src=x onerror=alert(1)> ${alert(1)} {{value}}"
MODEL, RULES = "qwen2.5-coder-1.5b-instruct-q4_k_m", "9c1f0b7e52aa"

ACTS = (
    (
        "Quel est le prix du repas à la cantine pour un enfant de la commune ?",
        "deliberations/2025-31_restauration-scolaire.pdf",
        "Le repas est facturé 3,40 € pour un enfant de la commune.",
        "Le repas coûte 3,40 € pour un enfant de la commune.",
    ),
    (
        "À quelle heure ouvre la déchèterie le samedi ?",
        "arretes/2024-112_decheterie.pdf",
        "La déchèterie est ouverte le samedi de 9 h à 17 h.",
        "Elle ouvre à 9 h le samedi.",
    ),
    (
        "Quand a lieu le marché de la place des Tilleuls ?",
        "arretes/2023-58_marche.odt",
        "Le marché se tient chaque jeudi matin sur la place des Tilleuls.",
        "Il a lieu chaque jeudi matin.",
    ),
)
REFUSED = (
    ("Où habite [PERSONNE_1], tél. [TÉLÉPHONE_1] ?", "personal_data", {"PERSON": 1, "PHONE": 1}),
    ("Est-ce que [PERSONNE_1] a droit à l'aide ?", "individual_verdict", {"PERSON": 1}),
    ("Qui a gagné le tournoi de pétanque ?", "not_answered", {}),
    ("Quel temps fera-t-il demain ?", "off_topic", {}),
)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question for the register. `ends`: answer, a reason, or nothing (left open); `also`: the
    acts of which a further sentence is said."""

    question: str
    ends: str = "answer"
    user: str = "agent-7"
    audience: str = "agent"
    hidden: dict[str, int] | None = None
    act: int = 0
    also: tuple[int, ...] = ()
    seconds: float = 2.0
    author: str = ""


def enter(register: Register, asked: Asked) -> str:
    """Enter one question as the pipeline does; return its exchange."""
    exchange, actor = register.new_exchange(), register.pseudonym(asked.user)
    file = ACTS[asked.act][1]

    def seal(kind: Kind, payload: dict[str, JsonValue]) -> None:
        register.append(
            AuditRecord(
                kind=kind, exchange=exchange, actor=actor, role=asked.audience, payload=payload
            )
        )

    passages: list[JsonValue] = [
        {"id": f"p{n}", "file": name, "page": n, "score": round(0.9 - n / 10, 3)}
        for n, name in enumerate((file, "proces-verbaux/2025-06-03.txt"), start=1)
    ]
    seal(
        Kind.INTENT,
        {
            "question": asked.question,
            "hidden": dict(asked.hidden or {}),
            "audience": asked.audience,
            "language": "fr",
            "collections": ["default"],
            "model": MODEL,
            "rules": RULES,
            "passages": passages,
        },
    )
    cost: dict[str, JsonValue] = {
        "seconds": asked.seconds,
        "energy_wh": round(asked.seconds * 0.008, 5),
        "energy_method": "cpu_time",
    }
    if asked.ends == "answer":
        whose: dict[str, JsonValue] = {"author": asked.author} if asked.author else {}
        for act in (asked.act, *asked.also):
            _, file, quote, sentence = ACTS[act]
            citation: dict[str, JsonValue] = {
                "number": 1, "document": CANTEEN, "file": file, "page": 1, "quote": quote,
                "start": 0, "end": len(quote), "verified": True,
            }  # fmt: skip
            seal(Kind.SENTENCE, {"text": sentence, **whose, "citations": [citation]})
        seal(Kind.OUTCOME, {"status": "answer", "text": f"{sentence} [1]", **cost})
    elif asked.ends == "abandoned":
        seal(Kind.OUTCOME, {"status": "abandoned", **cost})
    elif asked.ends:
        seal(Kind.OUTCOME, {"status": "refusal", "reason": asked.ends, **cost})
    return exchange


def early(path: Path) -> Home:
    """Where a register stands that begins before its weeks do."""
    return Home(path, clock=Clock(datetime(2026, 2, 2, 7, 0, tzinfo=UTC)))


def weeks(home: Home, register: Register, days: int = 38) -> None:
    """Fill a register with some weeks of questions, always the same."""
    chance = random.Random(7)
    for day in range(days):
        start = datetime(2026, 2, 2, 8, 0, tzinfo=UTC) + timedelta(days=day)
        if start.weekday() > 4:
            continue
        home.clock.moment = start
        for _ in range(chance.randint(2, 7)):
            home.clock.moment += timedelta(minutes=chance.randint(10, 80))
            enter(register, _drawn(chance))
    home.clock.moment += timedelta(hours=2)


def _drawn(chance: random.Random) -> Asked:
    user = f"agent-{chance.randint(1, 5)}"
    audience = chance.choice(("agent", "agent", "senior"))
    seconds = round(chance.uniform(0.8, 9.0), 2)
    if chance.random() < 0.3:
        question, reason, hidden = chance.choice(REFUSED)
        return Asked(
            question=question, ends=reason, user=user, audience=audience, hidden=hidden,
            seconds=seconds / 3,
        )  # fmt: skip
    act = chance.randrange(len(ACTS))
    ends = "abandoned" if chance.random() < 0.06 else "answer"
    return Asked(
        question=ACTS[act][0], act=act, user=user, audience=audience, seconds=seconds, ends=ends
    )


def screen(text: str) -> Screened:
    """A guard that knows one name."""
    return Screened(text.replace("Odile Ferrand", "[PERSONNE_1]"))


def auditor_app(
    register: Register, *, language: Language = "fr", person: Person = AUDITOR
) -> FastAPI:
    """The whole application, with an auditor in front of it."""
    services = AuditorServices(register=register, screen=screen, language=language, zone=UTC)
    settings = Settings.model_validate({"access": {"actions_per_minute": 6000}})

    async def made() -> FastAPI:
        return build_app(
            ScriptedAssistant(answering),
            Texts(language),
            town(),
            settings=settings,
            keeper=Everybody(person),
            workspaces=Workspaces(auditor=services),
        )

    return run_apart(made())  # Gradio makes locks in the loop that is running
