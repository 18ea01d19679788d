# SPDX-License-Identifier: EUPL-1.2
"""What each part of the guard and each sign of the judge is worth: switched off by name.

    python -m benchmarks.ablate --list                             the names of all parts
    python -m benchmarks.ablate --off recognizer:CAF layer:titles.civility
    python -m benchmarks.ablate --lots tests/privacy/lot_*.toml --json FILE --write-docs
    python -m benchmarks.ablate --eliminate                        one after the other, for good
    python -m benchmarks.ablate --signs READINGS.jsonl             signs of the judge, refitted

Each row stands beside the guard as it is, in the same run, on the same texts: which leaks come and
which go, which kept spans are touched or spared, seconds of the processor. Only what a part can
change is asked again; what the others found of a text is remembered.

    recognizer:NAME      one of RECOGNIZERS, whole
    part:MODULE.NAME     a search, a lead or a veto that a recogniser takes from a sibling
    layer:MODULE.NAME    a layer of names
    veto:NAME            what keeps a vote of names from counting
    step:NAME            what is done to names once they were voted
    learned[:ENTITY]     the trained network, or one of its outputs beside names
    tagger               the language model beside it
    look:second          the looks after the first one

A part that was written for these very texts, or learned from them, is told nothing by them: rows
that decide are those of lots that nothing was tuned on.
"""

from __future__ import annotations

import argparse
import inspect
import json
import math
import platform
import sys
import time
import types
import typing
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np

from benchmarks import calibration
from benchmarks.privacy_scores import Outcome, Sample, measure
from guardrails import guard as guard_module
from guardrails.findings import Detector, Finding
from guardrails.guard import Guard, open_guard
from guardrails.names import detector as names_module
from guardrails.names.detector import NamesDetector
from guardrails.names.learned import Reading
from guardrails.names.others import KINDS
from guardrails.names.tagged import NoTagger, Remembering
from guardrails.names.words import Words
from guardrails.recognizers import RECOGNIZERS
from tests.privacy.gold import FOLDER, read_gold

DOCS = Path(__file__).resolve().parents[1] / "docs" / "decisions" / "ablation.md"
BEGIN, END = "<!-- ablation:begin -->", "<!-- ablation:end -->"
RECOGNIZERS_ROOM = "guardrails.recognizers."
NAMES = "names"
STEPS: Mapping[str, Callable[..., object]] = {
    "without_firms": lambda words, names: names,
    "propagated": lambda words, names: [],
    "doubted": lambda name, chances: name,
    "trimmed": lambda words, name: name,
    "whole": lambda words, name: name,
}
"""What is done to names after the vote, and what stands there instead."""

LISTED = ("neighbours", "filled_columns")
WRONG_SHARES = (0.01, 0.02, 0.03)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What changed when parts were switched off; `came` and `went` count against today's."""

    off: str
    leaks_came: int
    leaks_went: int
    touched_came: int
    touched_went: int
    clean: int
    chars_beside: int
    seconds: float
    by_entity: Mapping[str, int]

    @property
    def is_useless(self) -> bool:
        """No leak more, no kept span touched more."""
        return self.leaks_came <= self.leaks_went and self.touched_came <= self.touched_went


class Remembered:
    """A detector that finds again what it found before, by text."""

    def __init__(self, detector: Detector) -> None:
        self.name = detector.name
        self.detector = detector
        self.seconds = 0.0
        self._found: dict[str, Sequence[Finding]] = {}

    def find(self, text: str) -> Sequence[Finding]:
        return self.find_each([text])[0]

    def find_each(self, texts: Sequence[str]) -> list[Sequence[Finding]]:
        new = [text for text in dict.fromkeys(texts) if text not in self._found]
        start = time.process_time()
        self._found.update(zip(new, _asked(self.detector, new), strict=True))
        self.seconds += time.process_time() - start
        return [self._found[text] for text in texts]


class RememberedReadings:
    """The trained networks, which read again what they read before, by text."""

    def __init__(self, learned: object) -> None:
        self._learned = learned
        self._read: dict[str, Reading] = {}

    def read(self, documents: Sequence[Words]) -> list[Reading]:
        new = [words for words in documents if words.text not in self._read]
        read = self._learned.read(new)  # type: ignore[attr-defined]
        self._read.update(zip((words.text for words in new), read, strict=True))
        return [self._read[words.text] for words in documents]


class LargeRemembering(Remembering):
    """The language model's votes on all the texts of a run."""

    MOST = 10_000_000


def _asked(detector: Detector, texts: Sequence[str]) -> Sequence[Sequence[Finding]]:
    if isinstance(detector, NamesDetector):
        return detector.find_each(texts)
    return [detector.find(text) for text in texts]


class Bench:
    """The guard, part by part, on some texts."""

    def __init__(self, samples: Sequence[Sample], guard: Guard | None = None) -> None:
        self._samples = samples
        self._guard = guard or open_guard()
        self._detectors: dict[str, Remembered] = {
            detector.name: Remembered(detector) for detector in self._guard._detectors
        }
        names = self._names()
        names._tagger = LargeRemembering(names._tagger)
        if names._learned is not None:
            names._learned = RememberedReadings(names._learned)  # type: ignore[assignment]
        self.today = self._outcomes(self._detectors.values())
        self._spent = {name: one.seconds for name, one in self._detectors.items()}
        # A second reading of names, the networks' and the model's votes being there: what the rules
        # alone take is what a row may win.
        again = Remembered(names)
        again.find_each([sample.text for sample in samples])
        self._spent[NAMES] = again.seconds

    def _names(self) -> NamesDetector:
        names = self._detectors[NAMES].detector
        assert isinstance(names, NamesDetector)
        return names

    def row(self, *off: str) -> Row:
        """Return what changes with these parts off."""
        with ExitStack() as stack:
            gone, touched = set[str](), set[str]()
            for name in off:
                kind, _, rest = name.partition(":")
                if kind == "recognizer":
                    gone.add(recognizer_named(rest).name)
                else:
                    touched |= stack.enter_context(switched(name, self._names()))
            left = [
                Remembered(one.detector) if name in touched else one
                for name, one in self._detectors.items()
                if name not in gone
            ]
            outcomes = self._outcomes(left)
        now = {one.name: one.seconds for one in left if one.name in touched}
        before = sum(self._spent[name] for name in touched | gone)
        return self._compared("+".join(off), outcomes, sum(now.values()) - before)

    def _outcomes(self, detectors: typing.Iterable[Detector]) -> list[Outcome]:
        with patch.object(self._guard, "_detectors", tuple(detectors)):
            return [
                measure(
                    sample,
                    [
                        (finding.start, finding.end)
                        for finding in self._guard.screen(
                            sample.text, roster=sample.roster
                        ).findings
                    ],
                )
                for sample in self._samples
            ]

    def _compared(self, off: str, outcomes: Sequence[Outcome], seconds: float) -> Row:
        leaks, touched = Counter[str](), Counter[str]()
        by_entity = Counter[str]()
        for old, new in zip(self.today, outcomes, strict=True):
            came, went = set(new.leaks) - set(old.leaks), set(old.leaks) - set(new.leaks)
            leaks.update(came=len(came), went=len(went))
            by_entity.update(mark.label for mark in came)
            by_entity.subtract(mark.label for mark in went)
            touched.update(
                came=len(set(new.touched) - set(old.touched)),
                went=len(set(old.touched) - set(new.touched)),
            )
        return Row(
            off=off,
            leaks_came=leaks["came"],
            leaks_went=leaks["went"],
            touched_came=touched["came"],
            touched_went=touched["went"],
            clean=_clean(outcomes) - _clean(self.today),
            chars_beside=_beside(outcomes) - _beside(self.today),
            seconds=round(seconds, 2),
            by_entity={label: n for label, n in sorted(by_entity.items()) if n},
        )


def _clean(outcomes: Sequence[Outcome]) -> int:
    return sum(not outcome.leaks for outcome in outcomes)


def _beside(outcomes: Sequence[Outcome]) -> int:
    return sum(outcome.chars_beside for outcome in outcomes)


# -- what can be switched off


def recognizer_named(name: str) -> Detector:
    return next(one for one in RECOGNIZERS if one.name.upper() == name.upper())


def switches() -> list[str]:
    """Return the names of everything that can be switched off alone."""
    return [
        *(f"recognizer:{one.name.upper()}" for one in RECOGNIZERS),
        *(f"part:{name}" for name in sorted(_parts())),
        *(f"layer:{_layer_name(layer)}" for layer in names_module.LAYERS),
        *(f"veto:{name}" for name in sorted(_vetoes())),
        *(f"step:{name}" for name in (*STEPS, *LISTED)),
        "learned",
        *(f"learned:{entity}" for entity in _learned_entities()),
        "tagger",
        "look:second",
    ]


@contextmanager
def switched(name: str, names: NamesDetector) -> Iterator[set[str]]:
    """Switch a part off while the block lasts; yield the detectors that it can change."""
    kind, _, rest = name.partition(":")
    with ExitStack() as stack:
        match kind:
            case "part":
                function = _parts()[rest]
                for module in _rooms(RECOGNIZERS_ROOM):
                    for own, value in list(vars(module).items()):
                        if value is function:
                            stack.enter_context(patch.object(module, own, _nothing(function)))
                yield _users(function)
            case "layer":
                kept = tuple(one for one in names_module.LAYERS if _layer_name(one) != rest)
                if len(kept) == len(names_module.LAYERS):
                    raise SystemExit(f"there is no layer {rest}")
                stack.enter_context(patch.object(names_module, "LAYERS", kept))
                yield {NAMES}
            case "veto":
                stack.enter_context(patch.object(names_module, rest, _nothing(_vetoes()[rest])))
                yield {NAMES}
            case "step" if rest in LISTED:
                none: Callable[..., list[object]] = lambda words, votes: []  # noqa: E731
                stack.enter_context(patch.object(names_module.lists, rest, none))
                yield {NAMES}
            case "step":
                stack.enter_context(patch.object(names_module, rest, STEPS[rest]))
                yield {NAMES}
            case "learned" if rest:
                real = names_module.found

                def without(*given: typing.Any) -> list[Finding]:
                    return [one for one in real(*given) if one.entity != rest]

                stack.enter_context(patch.object(names_module, "found", without))
                yield {NAMES}
            case "learned":
                stack.enter_context(patch.object(names, "_learned", None))
                yield {NAMES}
            case "tagger":
                stack.enter_context(patch.object(names, "_tagger", NoTagger()))
                yield {NAMES}
            case "look":
                stack.enter_context(patch.object(guard_module, "LOOKS", 1))
                yield set()
            case _:
                raise SystemExit(f"there is nothing named {name}: see --list")


def _rooms(prefix: str) -> list[types.ModuleType]:
    return [module for name, module in sorted(sys.modules.items()) if name.startswith(prefix)]


def _parts() -> dict[str, types.FunctionType]:
    """Return what a recogniser takes from a sibling and can do without, by its name."""
    found = {}
    for module in _rooms(RECOGNIZERS_ROOM):
        for value in vars(module).values():
            if (
                isinstance(value, types.FunctionType)
                and value.__module__.startswith(RECOGNIZERS_ROOM)
                and value.__module__ != module.__name__
                and _is_switchable(value)
            ):
                room = value.__module__.removeprefix(RECOGNIZERS_ROOM)
                found[f"{room}.{value.__name__}"] = value
    return found


def _vetoes() -> dict[str, types.FunctionType]:
    return {
        name: value
        for name, value in vars(names_module).items()
        if isinstance(value, types.FunctionType)
        and name.startswith("is_")
        and name != "is_doubtful"  # vetoes nothing: what the tagger reads
        and value.__module__ != names_module.__name__
        and value.__annotations__.get("return") == "bool"
    }


def _learned_entities() -> list[str]:
    return [kind.entity for kind in KINDS.values()]


def _is_switchable(function: types.FunctionType) -> bool:
    said = str(function.__annotations__.get("return", ""))
    return said == "bool" or said.startswith(("Iterator", "Iterable", "list", "Sequence"))


def _nothing(function: types.FunctionType) -> Callable[..., object]:
    """Return what stands for a function that is off: it vetoes nothing, it finds nothing."""
    is_veto = function.__annotations__.get("return") == "bool"
    return (lambda *a, **k: False) if is_veto else (lambda *a, **k: [])


def _users(function: types.FunctionType) -> set[str]:
    """Return the recognisers whose room leads, over its imports, to the function's own room."""
    rooms = {module.__name__: module for module in _rooms(RECOGNIZERS_ROOM)}

    def leads(room: str, seen: frozenset[str]) -> bool:
        if room == function.__module__:
            return True
        sources = {getattr(value, "__module__", None) or "" for value in vars(rooms[room]).values()}
        return any(
            leads(other, seen | {other}) for other in sources & set(rooms) if other not in seen
        )

    return {
        one.name
        for one in RECOGNIZERS
        if leads(inspect.unwrap(one.search).__module__, frozenset())  # type: ignore[attr-defined]
    }


def _layer_name(layer: Callable[..., object]) -> str:
    return f"{layer.__module__.rpartition('.')[2]}.{layer.__name__}"


# -- one after the other


def eliminated(bench: Bench, names: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of parts that stay off: each on top of those before, as long as no leak and
    no touched span comes that today's guard does not have."""
    off: list[str] = []
    for name in names:
        row = bench.row(*off, name)
        if row.is_useless:
            off.append(name)
            yield row


# -- the judge


def judged_without(file: Path) -> Iterator[tuple[str, float, list[int]]]:
    """Yield, for all signs and without each, the area under the curve and how many are right
    where so many are wrong, each set judged by a fit on the others."""
    rows = list(calibration.loaded(file))
    for sign in ("", *calibration.NAMES):
        some = [_without(row, sign) for row in rows] if sign else rows
        verdicts = calibration.judged_by_others(some)
        right = [v.sure for v in verdicts if v.is_right]
        wrong = [v.sure for v in verdicts if not v.is_right and len(v.row.signs)]
        area = float(np.mean([(a > b) + 0.5 * (a == b) for a in right for b in wrong]))
        yield sign or "all", area, [_right_at(verdicts, share) for share in WRONG_SHARES]


def _without(row: calibration.Row, sign: str) -> calibration.Row:
    signs = row.signs.copy()
    signs[:, calibration.NAMES.index(sign)] = 0.0
    return typing.cast(
        calibration.Row,
        type(row)(**{name: getattr(row, name) for name in row.__slots__} | {"signs": signs}),
    )


def _right_at(verdicts: Sequence[calibration.Verdict], share: float) -> int:
    """Return how many are right at the lowest threshold that shows no larger share wrong."""
    most = math.floor(share * len(verdicts))
    shown = sorted((v for v in verdicts if len(v.row.signs)), key=lambda v: -v.sure)
    best = right = wrong = 0
    for verdict in shown:
        right, wrong = right + verdict.is_right, wrong + (not verdict.is_right)
        if wrong > most:
            break
        best = right
    return best


# -- the program


def table(bench: Bench, rows: Sequence[Row]) -> str:
    """Return the rows as Markdown, the most useful part first."""
    marks = sum(len(one.leaks) for one in bench.today)
    lines = [
        f"As it is: {marks} leaks, {sum(len(one.touched) for one in bench.today)} kept spans "
        f"touched, {_clean(bench.today)} of {len(bench.today)} texts without a leak. "
        f"{_machine()}.",
        "",
        "| off | leaks that come / go | kept spans touched, spared | texts without a leak "
        "| characters beside | seconds | by entity |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in sorted(rows, key=lambda r: (r.leaks_went - r.leaks_came, r.off)):
        entities = ", ".join(f"{label} {n:+d}" for label, n in row.by_entity.items())
        lines.append(
            f"| `{row.off}` | {row.leaks_came} / {row.leaks_went} | {row.touched_came}, "
            f"{row.touched_went} | {row.clean:+d} | {row.chars_beside:+d} | {row.seconds:+.1f} "
            f"| {entities} |"
        )
    return "\n".join(lines) + "\n"


def _machine() -> str:
    return f"{platform.machine()}, Python {platform.python_version()}, one process"


def main() -> None:
    """Run what the arguments ask for."""
    given = _arguments()
    if given.list:
        print("\n".join(switches()))
        return
    if given.signs:
        print("| without | area | right at " + ", ".join(f"{s:.0%} wrong" for s in WRONG_SHARES))
        for sign, area, right in judged_without(given.signs):
            print(f"| {sign} | {area:.3f} | " + " | ".join(map(str, right)) + " |", flush=True)
        return
    lots = given.lots or sorted(FOLDER.glob("dev_*.toml"))
    samples = [
        Sample(id=p.id, text=p.text, marks=p.marks, roster=p.roster)
        for path in lots
        for p in read_gold(path)
    ]
    bench = Bench(samples)
    names = [name for name in switches() if not given.only or name.startswith(given.only)]
    rows: list[Row] = []
    if given.off:
        rows.append(bench.row(*given.off))
    elif given.eliminate:
        rows.extend(eliminated(bench, names))
    else:
        for name in names:
            rows.append(bench.row(name))
            print(rows[-1], flush=True)
    print(table(bench, rows))
    if given.json:
        given.json.write_text(json.dumps([asdict(row) for row in rows], indent=1), "utf-8")
    if given.write_docs:
        before, _, rest = DOCS.read_text("utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        DOCS.write_text(f"{before}{BEGIN}\n\n{table(bench, rows)}\n{END}{after}", "utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ablate")
    parser.add_argument("--list", action="store_true", help="the names of all parts")
    parser.add_argument("--off", nargs="+", help="these parts together, one row")
    parser.add_argument("--only", default="", help="parts whose name begins so")
    parser.add_argument("--lots", nargs="+", type=Path, help="gold files; default: the dev part")
    parser.add_argument("--eliminate", action="store_true", help="off for good, one by one")
    parser.add_argument("--signs", type=Path, help="what benchmarks.calibration left")
    parser.add_argument("--json", type=Path, help="write the rows there")
    parser.add_argument("--write-docs", action="store_true", help="rewrite the table of the docs")
    return parser.parse_args()


if __name__ == "__main__":
    main()
