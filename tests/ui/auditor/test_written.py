# SPDX-License-Identifier: EUPL-1.2
"""Whatever the code writes into the register under a name that auditors read has its words."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from guardrails.register.events import Backup
from tests.table import each
from ui.auditor.words import Words

ROOT = Path(__file__).resolve().parents[3]
FOLDERS = ("assistant", "corpus", "guardrails", "ui")
SECTIONS = {"status": "outcome", "purpose": "purpose", "form": "purpose"}
"""Fields of an entry, and the section of their words."""

ELSEWHERE = {
    "ui/app.py",  # whether the service is alive, in JSON
    "corpus/opaque.py",  # what a key is derived for
    "assistant/prompt.py",  # what a model is asked to write
    "assistant/sheet/said.py",  # how a date is given
}
"""Modules whose values of these names are not of the register."""

CALLED = {"enter_look": ("purpose", 1), "enter_export": ("form", 2)}
"""Where the field stands in a call of another module."""

TREES = {
    str(path.relative_to(ROOT)): ast.parse(path.read_text("utf-8"))
    for folder in FOLDERS
    for path in sorted((ROOT / folder).rglob("*.py"))
}


def constants() -> dict[str, set[str]]:
    """Return the texts that modules give names to."""
    found = defaultdict[str, set[str]](set)
    for tree in TREES.values():
        for node in tree.body:
            if not isinstance(node, ast.Assign):
                continue
            for target in node.targets:
                several = isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
                names = target.elts if several else [target]
                values = node.value.elts if several else [node.value]
                for name, value in zip(names, values, strict=False):
                    if isinstance(name, ast.Name) and isinstance(value, ast.Constant):
                        found[name.id] |= {value.value} if isinstance(value.value, str) else set()
    return found


NAMED = constants()


def texts(value: ast.expr | None) -> set[str]:
    """Return the texts that an expression may be, as far as it says so itself."""
    match value:
        case ast.Constant(value=str(text)):
            return {text} - {""}
        case ast.Name(id=name):
            return NAMED.get(name, set())
        case ast.IfExp(body=body, orelse=orelse):
            return texts(body) | texts(orelse)
        case _:
            return set()


def fields(tree: ast.Module) -> Iterator[tuple[str, ast.expr | None]]:
    """Yield each field with what it is given: in a call, as a default, in a mapping."""
    places = dict(CALLED)
    nodes = list(ast.walk(tree))
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            args = [*node.args.posonlyargs, *node.args.args]
            given = [arg.arg for arg in args if arg.arg != "self"]
            for field in ("status", "purpose"):
                if field in given:
                    places[node.name] = field, given.index(field)
            late = args[len(args) - len(node.args.defaults) :]
            for arg, value in (
                *zip(late, node.args.defaults, strict=True),
                *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True),
            ):
                yield arg.arg, value
    for node in nodes:
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant):
                    yield str(key.value), value
        elif isinstance(node, ast.Call):
            yield from ((keyword.arg or "", keyword.value) for keyword in node.keywords)
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            field, place = places.get(name, ("", 0))
            if len(node.args) > place:
                yield field, node.args[place]


WRITTEN = {
    (SECTIONS[field], text)
    for module, tree in TREES.items()
    if module not in ELSEWHERE
    for field, value in fields(tree)
    if field in SECTIONS
    for text in texts(value)
} | {("purpose", what.value) for what in Backup}


def test_what_is_written_is_found() -> None:
    """By a call, by place, by the name of a constant, in a mapping."""
    assert {
        ("purpose", "own"), ("purpose", "newcomers"), ("outcome", "announced"),
        ("outcome", "restart"), ("outcome", "decided"),
    } <= WRITTEN  # fmt: skip


@each("section, text", sorted(WRITTEN))
def test_it_has_its_words_in_both_languages(section: str, text: str) -> None:
    for language in ("fr", "en"):
        assert text in Words(language).names(section)
