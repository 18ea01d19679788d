# SPDX-License-Identifier: EUPL-1.2
"""Breaks each rule of the guard in turn, and says which one no test would miss.

    python -m tools.break_rules                 every rule
    python -m tools.break_rules email names     the modules whose name holds one of these words

A rule is a pattern or a word list of a module, a name that a recogniser gives to what it finds,
a layer that votes for names, or a test that says no to a vote. Broken: the pattern matches
nothing, the list is empty, the finding, the layer or the test is gone. Then the tests of its
module run, without the language model; where none fails, the rule is printed. Exit code 1.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest

import guardrails.names
import guardrails.recognizers
from guardrails.findings import Finding
from guardrails.names import detector
from guardrails.recognizers.recognizer import Recognizer

ROOT = Path(__file__).resolve().parents[1]
TESTS = ROOT / "tests" / "guardrails"
ALONE = (
    "guardrails.offices",
    "guardrails.residents",
    "guardrails.special",
    "guardrails.known",
    "guardrails.injection",
    "guardrails.normalise",
)
TESTED_BY = {
    "columns": ("birth",),
    "fields": ("address", "file_number", "birth"),
    "owners": ("address",),
    "address_fields": ("address",),
    "foreign": ("address",),
    "first_names": ("phone", "siret", "address"),
    "public": ("phone", "email", "address"),
    "street": ("address",),
    "dates": ("birth",),
    "recognizer": ("nir", "cni", "spi"),
    "special": ("special",),
    "residents": ("offices",),
    "normalise": ("normalise", "nir"),
}
"""Where the tests of a module are, when not in the file of its name."""

NEVER = re.compile(r"(?!)")
RULE = re.compile(r"\"((?:[a-z_]+)\.[a-z_]+)\"")
FILES = frozenset({"tsv", "txt", "toml"})
VETOES = re.compile(r"is_(?:protected|namesake|firm|variety|regnal)")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, how to break it (which returns how to mend it), and the tests that should see."""

    name: str
    tests: tuple[Path, ...]
    breaking: Callable[[], Callable[[], None]]


def rules(wanted: Sequence[str]) -> Iterator[Rule]:
    """Yield the rules of every module whose name holds one of `wanted`, or of all."""
    for module in _modules():
        if wanted and not any(word in module.__name__ for word in wanted):
            continue
        tests = _tests_of(module)
        for attribute, value in sorted(vars(module).items()):
            if _is_defined_in(module, attribute) and (instead := _nothing(value)) is not None:
                name = f"{module.__name__}.{attribute}"
                yield Rule(name, tests, _everywhere(value, instead))
        for rule in sorted(set(RULE.findall(Path(str(module.__file__)).read_text("utf-8")))):
            short = module.__name__.rsplit(".", 1)[1]
            if rule.split(".", 1)[0] == short and rule.split(".", 1)[1] not in FILES:
                yield Rule(f"finding {rule}", tests, _without_finding(rule))
    if not wanted or "names" in wanted:
        yield from _of_the_detector()


def _of_the_detector() -> Iterator[Rule]:
    tests = (TESTS / "test_names.py",)
    for layer in detector.LAYERS:
        rest = tuple(other for other in detector.LAYERS if other is not layer)
        yield Rule(f"layer {layer.__name__}", tests, _set(detector, "LAYERS", rest))
    for attribute in sorted(vars(detector)):
        if VETOES.fullmatch(attribute):
            yield Rule(f"veto {attribute}", tests, _set(detector, attribute, lambda *_: False))


def _modules() -> Iterator[ModuleType]:
    for package in (guardrails.recognizers, guardrails.names):
        for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(found.name)
    for name in ALONE:
        yield importlib.import_module(name)


def _tests_of(module: ModuleType) -> tuple[Path, ...]:
    short = module.__name__.rsplit(".", 1)[1]
    if module.__name__.startswith("guardrails.names."):
        return (TESTS / "test_names.py",)
    paths = (TESTS / f"test_{name}.py" for name in TESTED_BY.get(short, (short,)))
    return tuple(path for path in paths if path.exists())


def _is_defined_in(module: ModuleType, attribute: str) -> bool:
    """Tell whether the module's own text gives the name its value: not an import."""
    text = Path(str(module.__file__)).read_text("utf-8")
    return bool(re.search(rf"^{re.escape(attribute)}(?::[^=\n]+)? = ", text, re.MULTILINE))


def _nothing(value: object) -> object:
    """Return what finds nothing in a rule's place, None for what is no rule."""
    if isinstance(value, re.Pattern):
        return NEVER
    return frozenset() if isinstance(value, frozenset) else None


def _everywhere(value: object, instead: object) -> Callable[[], Callable[[], None]]:
    def broken() -> Callable[[], None]:
        places = [
            (module, name, held)
            for key, module in list(sys.modules.items())
            if key.startswith("guardrails.")
            for name, held in list(vars(module).items())
            if _swapped(held, value, instead) is not held
        ]
        for module, name, held in places:
            setattr(module, name, _swapped(held, value, instead))

        def mend() -> None:
            for module, name, held in places:
                setattr(module, name, held)

        return mend

    return broken


def _swapped(held: object, value: object, instead: object) -> object:
    """Return `instead` for the value, also inside a table of rules; anything else as it was."""
    if held is value:
        return instead
    if type(held) is tuple:
        inside = tuple(_swapped(part, value, instead) for part in held)
        if any(new is not old for new, old in zip(inside, held, strict=True)):
            return inside
    return held


def _without_finding(rule: str) -> Callable[[], Callable[[], None]]:
    whole = Recognizer.find

    def find(self: Recognizer, text: str) -> Sequence[Finding]:
        return [finding for finding in whole(self, text) if finding.rule != rule]

    return _set(Recognizer, "find", find)


def _set(owner: Any, attribute: str, instead: object) -> Callable[[], Callable[[], None]]:
    def broken() -> Callable[[], None]:
        value = vars(owner)[attribute]
        setattr(owner, attribute, instead)
        return lambda: setattr(owner, attribute, value)

    return broken


def is_missed(rule: Rule) -> bool:
    """Break the rule, run its tests, mend it; tell whether one of them failed."""
    mend = rule.breaking()
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            arguments = ["-q", "-x", "--tb=no", "-p", "no:cacheprovider", "-m", "not real"]
            code = pytest.main([*arguments, *map(str, rule.tests)])
    finally:
        mend()
    return code == pytest.ExitCode.TESTS_FAILED


def main() -> int:
    """Print every rule that no test would miss, as it is found, and how many there are."""
    unseen, count = 0, 0
    for rule in rules(sys.argv[1:]):
        count += 1
        if not rule.tests or not is_missed(rule):
            unseen += 1
            click.echo(rule.name)
    click.echo(f"{unseen} of {count} rules could break without a failing test")
    return 1 if unseen else 0


if __name__ == "__main__":
    sys.exit(main())
