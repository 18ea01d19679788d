# SPDX-License-Identifier: EUPL-1.2
"""Which model suits a machine: what fits, what it costs, what is advised; nothing is changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assistant import advice, llama
from assistant.advice import Advice, Cost, Machine, advised, known_costs
from assistant.calibration import Calibration, calibration_file, identity_of_file
from assistant.commands.models import models
from assistant.commands.session import Session
from assistant.exposure import held_bytes
from assistant.model.process import knows_graphics
from assistant.paces import LEAST_MEASURED, Pace
from assistant.settings import Settings
from assistant.wiring import open_parts
from corpus.machine import available_bytes, memory_bytes
from corpus.weights import DEFAULT_LANGUAGE_MODEL, Purpose, WeightsStatus
from corpus.weights_catalogue import CONTEXT_TOKENS, catalogue
from guardrails.register import AuditRecord, Kind
from tests.table import each

GB = 1_000_000_000
LANGUAGE = [one for one in catalogue() if one.purpose is Purpose.LANGUAGE_MODEL]
SIZES = {one.name: one.size_bytes for one in LANGUAGE}
DEFAULT, SMALL, MIDDLE, LARGE = SIZES
ROOMY = Machine(
    memory_bytes=25 * GB, available_bytes=20 * GB, card_bytes=0, uses_card=False, cores=4, watts=15
)
CARD = replace(ROOMY, card_bytes=24 * GB, uses_card=True)
STANDING = [
    WeightsStatus(weights=one, state="missing", path=Path(one.file), have_bytes=0, fits=True)
    for one in catalogue()
]
ONE = Cost(10.0, 0.2)
MOST_SECONDS = 60.0


def told(
    machine: Machine, known: Mapping[str, Cost] | None = None, context: int = CONTEXT_TOKENS
) -> dict[str, Advice]:
    found = advised(machine, STANDING, known or {}, context, MOST_SECONDS)
    return {one.weights.name: one for one in found}


# -- what fits


@each(
    "machine, context, places, best",
    [
        (ROOMY, 4096, ("memory", "memory", "memory", "memory"), LARGE),
        (replace(ROOMY, memory_bytes=8 * GB), 4096, ("memory", "memory", "", ""), SMALL),
        (replace(ROOMY, memory_bytes=6 * GB), 4096, ("memory", "memory", "", ""), SMALL),
        (replace(ROOMY, memory_bytes=6 * GB - 1), 4096, ("memory", "", "", ""), DEFAULT),
        (replace(ROOMY, available_bytes=5 * GB), 4096, ("memory", "memory", "", ""), SMALL),
        (replace(ROOMY, available_bytes=5 * GB - 1), 4096, ("memory", "", "", ""), DEFAULT),
        (replace(ROOMY, memory_bytes=2 * GB), 4096, ("", "", "", ""), None),
        (replace(ROOMY, memory_bytes=8 * GB), 32768, ("memory", "", "", ""), DEFAULT),
        (replace(ROOMY, memory_bytes=8 * GB), 1024, ("memory", "memory", "", ""), SMALL),
        (CARD, 4096, ("card", "card", "card", "card"), LARGE),
        (replace(CARD, memory_bytes=5 * GB), 4096, ("card", "card", "card", "card"), LARGE),
        (replace(CARD, memory_bytes=2 * GB), 4096, ("", "", "", ""), None),
        (replace(CARD, card_bytes=4 * GB), 4096, ("card", "card", "memory", "memory"), SMALL),
        (replace(CARD, card_bytes=4 * GB), 32768, ("card", "memory", "memory", "memory"), DEFAULT),
        (
            replace(CARD, card_bytes=4 * GB, memory_bytes=6 * GB), 4096, ("card", "card", "", ""),
            SMALL,
        ),
        (
            replace(CARD, uses_card=False), 4096, ("memory", "memory", "memory", "memory"), LARGE,
        ),
    ],
    ids=[
        "no card", "8 GB", "just enough", "a byte less", "others hold the rest",
        "others hold a byte more", "nothing fits", "a long context", "a short one", "card",
        "a card spares memory", "a card without memory", "a small card", "small, long context",
        "small card and memory", "a card that llama.cpp does not know",
    ],
)  # fmt: skip
def test_what_fits_and_the_largest_of_it(
    machine: Machine, context: int, places: tuple[str, ...], best: str | None
) -> None:
    found = told(machine, {DEFAULT: Cost(1.0, 0.1)}, context)
    assert tuple(one.fits for one in found.values()) == places
    assert [name for name, one in found.items() if one.is_advised] == ([best] if best else [])


@each(
    "seconds, best",
    [(1.0, LARGE), (MOST_SECONDS / SIZES[MIDDLE] * SIZES[DEFAULT], MIDDLE), (60.0, DEFAULT)],
    ids=["quick", "the next larger takes just a minute", "none but the default"],
)
def test_none_is_advised_that_keeps_who_asks_next_waiting_for_too_long(
    seconds: float, best: str
) -> None:
    found = told(ROOMY, {DEFAULT: Cost(seconds, 0.1)})
    assert [name for name, one in found.items() if one.is_advised] == [best]
    for known in ({DEFAULT: Cost(MOST_SECONDS + 1, 0.1)}, {}):
        assert not any(one.is_advised for one in told(ROOMY, known).values())


def test_only_language_models_are_advised_and_each_knows_its_cache() -> None:
    assert [*told(ROOMY)] == [*SIZES]
    assert all(one.token_bytes > 0 for one in LANGUAGE)
    longer = told(ROOMY, context=CONTEXT_TOKENS + 1000)[DEFAULT].memory_bytes
    usual = told(ROOMY)[DEFAULT].memory_bytes
    assert longer - usual == 28_672_000
    assert told(ROOMY, context=1024)[DEFAULT].memory_bytes == usual


# -- the machine

MEMINFO = "MemTotal:  9000000 kB\nMemFree: 1 kB\nMemAvailable:    8000000 kB\n"
FREE = 8_000_000 * 1024
V1 = "memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "memory/memory.stat"
V2 = "memory.max", "memory.current", "memory.stat"
KEPT_1 = "active_file 9\ntotal_inactive_file 1000000000\ntotal_active_file 500000000\n"
KEPT_2 = "anon 9\ninactive_file 1000000000\nactive_file 500000000\n"


@each(
    "files, contents, expected",
    [
        ((), (), FREE),
        (V2, ("4000000000\n", "3000000000\n", KEPT_2), 2_500_000_000),
        (V1, ("4000000000\n", "3000000000\n", KEPT_1), 2_500_000_000),
        (V2, ("max\n", "3000000000\n", KEPT_2), FREE),
        (V1, ("9223372036854771712\n", "3000000000\n", KEPT_1), FREE),
        (V2, ("99000000000\n", "3000000000\n", KEPT_2), FREE),
        (V2, ("4000000000\n", "6000000000\n", ""), 0),
        (V2[:1], ("4000000000\n",), 4_000_000_000),
    ],
    ids=["none", "v2", "v1", "v2 open", "v1 open", "wider", "held beyond", "untold"],
)
def test_a_containers_limit_counts_where_it_is_less(
    tmp_path_factory: pytest.TempPathFactory,
    files: tuple[str, ...],
    contents: tuple[str, ...],
    expected: int,
) -> None:
    groups = tmp_path_factory.mktemp("groups")
    (groups / "memory").mkdir()
    (groups / "meminfo").write_text(MEMINFO, "ascii")
    for name, content in zip(files, contents, strict=True):
        (groups / name).write_text(content, "ascii")
    assert available_bytes(groups / "meminfo", groups) == expected
    is_less = contents[:1] == ("4000000000\n",)
    assert (memory_bytes(groups) == 4 * GB) is is_less


def test_a_kernel_that_tells_nothing_leaves_nothing(tmp_path: Path) -> None:
    assert available_bytes(tmp_path / "none", tmp_path) == 0
    assert held_bytes(tmp_path) == 0


def test_what_our_own_service_holds_is_left_to_the_next_model(tmp_path: Path) -> None:
    ran = {
        1: "/usr/bin/python3\0/opt/bin/greffier\0serve\0",
        2: "/usr/bin/python3\0-P\0-m\0assistant.model.worker\x007\x001\0",
        3: "/usr/bin/python3\0/opt/bin/greffier\0ask\0",
        4: "/usr/bin/postgres\0",
    }
    for number, words in ran.items():
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "cmdline").write_text(words, "ascii")
        (folder / "status").write_text(f"VmRSS: 99 kB\nRssAnon:\t {10**number} kB\n", "ascii")
    assert held_bytes(tmp_path) == (10 + 100) * 1024


@pytest.mark.parametrize(
    ("free", "layers", "knows", "uses"),
    [
        (9 * GB, None, True, True), (9 * GB, -1, True, True), (9 * GB, 0, True, False),
        (9 * GB, 12, True, False), (9 * GB, None, False, False),
    ],
)  # fmt: skip
def test_a_card_counts_where_the_settings_and_the_library_use_it(
    free: int, layers: int | None, knows: bool, uses: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(advice, "free_bytes", lambda: free)
    monkeypatch.setattr(advice, "knows_graphics", lambda: knows)
    settings = Settings.model_validate({"model": {"gpu_layers": layers, "threads": 3}})
    found = Machine.this(settings)
    assert (found.uses_card, found.card_bytes, found.cores) == (uses, free, 3)


def test_the_library_is_not_loaded_where_there_is_no_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advice, "free_bytes", lambda: 0)
    monkeypatch.setattr(advice, "knows_graphics", lambda: pytest.fail("asked"))
    monkeypatch.setattr(advice, "available_bytes", lambda: 5)
    monkeypatch.setattr(advice, "held_bytes", lambda: 2)
    found = Machine.this(Settings())
    assert (found.uses_card, found.available_bytes) == (False, 7)
    monkeypatch.setattr(advice, "memory_bytes", lambda: 6)
    assert Machine.this(Settings()).available_bytes == 6


def test_the_library_is_asked_in_a_process_of_its_own_which_may_end() -> None:
    assert knows_graphics() == llama.knows_graphics()
    assert knows_graphics("raise SystemExit(0)")
    assert not knows_graphics("raise SystemExit(1)")
    assert not knows_graphics("import os; os.kill(os.getpid(), 4)")
    assert not knows_graphics("raise ImportError")


# -- what it costs


def cost_of(ratio: float) -> Cost:
    return Cost(pytest.approx(10.0 * ratio), pytest.approx(0.2 * ratio))


@each(
    "machine, known, model, cost, measured",
    [
        (ROOMY, {}, DEFAULT, None, ""),
        (ROOMY, {DEFAULT: ONE}, DEFAULT, ONE, "here"),
        (ROOMY, {DEFAULT: ONE}, LARGE, cost_of(SIZES[LARGE] / SIZES[DEFAULT]), "proportion"),
        (
            ROOMY, {DEFAULT: Cost(1.0, 1.0), MIDDLE: ONE}, LARGE,
            cost_of(SIZES[LARGE] / SIZES[MIDDLE]), "proportion",
        ),
        (replace(ROOMY, memory_bytes=5 * GB), {DEFAULT: ONE}, SMALL, None, ""),
        (replace(ROOMY, memory_bytes=5 * GB), {LARGE: ONE}, LARGE, ONE, "here"),
        (replace(ROOMY, memory_bytes=5 * GB), {LARGE: ONE}, DEFAULT, None, ""),
        (replace(ROOMY, memory_bytes=5 * GB), {LARGE: ONE}, MIDDLE, None, ""),
        (CARD, {DEFAULT: ONE}, LARGE, cost_of(SIZES[LARGE] / SIZES[DEFAULT]), "proportion"),
        (replace(CARD, card_bytes=3 * GB), {DEFAULT: ONE}, LARGE, None, ""),
    ],
    ids=[
        "nothing measured", "itself", "another", "the nearest of two", "fits nowhere",
        "measured, fits no more", "measured where it fits no more", "neither fits", "card",
        "card and memory",
    ],
)  # fmt: skip
def test_a_cost_was_measured_or_follows_from_one_that_was(
    machine: Machine, known: Mapping[str, Cost], model: str, cost: Cost | None, measured: str
) -> None:
    found = told(machine, known)[model]
    assert (found.cost, found.measured) == (cost, measured)


JUDGE = Calibration(
    model=Path(LANGUAGE[0].file).stem, identity="", bias=0.0, weights={}, threshold=0.5,
    questions=9, answerable=6, right=5, wrong=0, refused_rightly=3, bound=0.04, made="2026-11-30",
    seconds=7.0, energy_wh=0.1,
)  # fmt: skip


PACE = Pace(seconds=9.0, energy_wh=0.3, answers=LEAST_MEASURED)


@each(
    "state, changes, pace, expected",
    [
        ("present", {}, None, Cost(7.0, 0.1)),
        ("present", {}, PACE, Cost(7.0, 0.1)),
        ("present", {"identity": "another"}, PACE, Cost(9.0, 0.3)),
        ("present", {"identity": "another"}, None, None),
        ("present", {"energy_wh": 0.0}, None, Cost(7.0, 7.0 * 4 * 15 / 3600)),
        ("present", {"seconds": 0.0}, None, None),
        ("missing", {}, PACE, None),
    ],
    ids=["calibrated", "both", "another file", "neither", "no energy", "no seconds", "not there"],
)
def test_what_was_measured_here_is_of_the_file_that_is_here(
    tmp_path: Path,
    state: str,
    changes: Mapping[str, object],
    pace: Pace | None,
    expected: Cost | None,
) -> None:
    file = tmp_path / LANGUAGE[0].file
    file.write_bytes(b"a model")
    kept = asdict(JUDGE) | {"identity": identity_of_file(file)} | dict(changes)
    place = calibration_file(tmp_path, JUDGE.model)
    place.parent.mkdir(exist_ok=True)
    place.write_text(json.dumps(kept), "utf-8")
    standing = [replace(STANDING[0], path=file, state=state)]
    paces = {JUDGE.model: pace} if pace else {}
    found = known_costs(tmp_path, standing, paces, ROOMY)
    assert found == ({DEFAULT: expected} if expected else {})


# -- the command


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GREFFIER_MODELS", str(tmp_path / "models"))
    monkeypatch.delenv("GREFFIER_SHARES", raising=False)
    return tmp_path


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, machine: Machine, *arguments: str) -> Result:
    monkeypatch.setattr(Machine, "this", lambda settings: machine)
    session = Session(folder / "data", folder / "keys", "fr")
    return CliRunner().invoke(
        models, ["advise", *arguments], obj=session, standalone_mode=False, catch_exceptions=False
    )


SMALL_MACHINE = replace(ROOMY, memory_bytes=8 * GB, available_bytes=7 * GB)


@pytest.mark.parametrize(
    ("machine", "seconds", "lines"),
    [
        (
            SMALL_MACHINE,
            2.0,
            [
                "8,0 Go de mémoire, dont 7,0 Go à la disposition de Greffier ; cœurs : 4",
                "carte graphique : aucune",
                f"Conseillé : {SMALL}, le plus grand qui tient et ne fait pas attendre plus d'une",
                f"le modèle utilisé reste {DEFAULT}.",
            ],
        ),
        (
            SMALL_MACHINE,
            None,
            [
                f"non mesuré : greffier models calibrate {DEFAULT}",
                "Conseillé : mesurer d'abord, rien ne l'est encore ici : greffier models calibrate",
            ],
        ),
        (
            replace(ROOMY, memory_bytes=5 * GB),
            2.0,
            [f"Conseillé : {DEFAULT}, le modèle par défaut, est le plus grand qui tient"],
        ),
        (
            SMALL_MACHINE,
            70.0,
            [f"Conseillé : aucun. Le plus rapide, {DEFAULT}, mettrait 70 s à répondre"],
        ),
        (
            replace(ROOMY, memory_bytes=2 * GB),
            None,
            [f"Conseillé : aucun. Le moins exigeant, {DEFAULT}, demande 4,0 Go."],
        ),
        (CARD, None, ["carte graphique : 24,0 Go libres.", "sur la carte"]),
        (replace(CARD, uses_card=False), None, ["24,0 Go libres, inutilisés"]),
    ],
    ids=["another", "unknown", "the default", "slow", "none", "card", "idle card"],
)
def test_a_person_reads_what_is_advised_and_nothing_is_made(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    machine: Machine,
    seconds: float | None,
    lines: list[str],
) -> None:
    known = {DEFAULT: Cost(seconds, 0.1)} if seconds else {}
    monkeypatch.setattr(advice, "known_costs", lambda *given: known)
    result = run(folder, monkeypatch, machine)
    assert not result.return_value
    for line in lines:
        assert line in result.stdout, line
    assert [*folder.iterdir()] == []


def test_a_script_reads_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = json.loads(run(folder, monkeypatch, ROOMY, "--json").stdout)
    assert found["machine"] == asdict(ROOMY)
    assert {one["name"]: one["fits"] for one in found["models"]} == dict.fromkeys(SIZES, "memory")
    assert found["models"][-1] == {
        "name": LARGE, "size_bytes": SIZES[LARGE], "memory_bytes": 13 * GB, "fits": "memory",
        "present": False, "licence": "Apache-2.0",
        "languages": ["fr", "en", "es", "de", "it", "pt", "nl", "ar", "zh"],
        "seconds": None, "energy_wh": None, "measured": "", "advised": False,
    }  # fmt: skip


def test_answers_that_were_given_here_tell_what_a_question_costs(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = next(one for one in LANGUAGE if one.name == DEFAULT_LANGUAGE_MODEL)
    monkeypatch.setattr(advice, "identity_of_file", lambda path: "one")
    standing = [replace(one, state="present") if one.weights is weights else one
                for one in STANDING]  # fmt: skip
    shelf = type("Shelf", (), {"status": lambda self: standing})
    monkeypatch.setattr("assistant.commands.advise.open_weights", lambda settings: shelf())
    with open_parts(folder / "data", folder / "keys", Settings()) as parts:
        for _ in range(LEAST_MEASURED):
            exchange = parts.register.new_exchange()
            for kind, payload in (
                (Kind.INTENT, {"question": "Quel prix ?", "model": Path(weights.file).stem}),
                (Kind.OUTCOME, {"status": "answer", "via": "documents", "seconds": 4.0,
                                "energy_wh": 0.05}),
            ):  # fmt: skip
                parts.register.append(AuditRecord(kind=kind, exchange=exchange, payload=payload))
    rows = json.loads(run(folder, monkeypatch, ROOMY, "--json").stdout)["models"]
    assert [row["measured"] for row in rows] == ["here", *["proportion"] * 3]
    assert (rows[0]["seconds"], rows[0]["energy_wh"]) == (4.0, 0.05)
    assert rows[0]["present"] and not rows[1]["present"]
    altered = next(at for at, one in enumerate(standing) if one.weights.name == SMALL)
    standing[altered] = replace(standing[altered], state="wrong")
    text = run(folder, monkeypatch, ROOMY).stdout
    assert [text.count(word) for word in ("présent", "altéré", "absent")] == [1, 1, 2]
    assert "4,0 s et 0,050 Wh, mesuré ici" in text
    assert "environ 7,7 s et 0,096 Wh, par proportion de la taille" in text
