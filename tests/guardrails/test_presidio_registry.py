# SPDX-License-Identifier: EUPL-1.2
"""A stock AnalyzerEngine with our registry finds what ours finds, recogniser by recogniser."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

import pytest
from presidio_analyzer import AnalyzerEngine

from guardrails.findings import Entity
from guardrails.guard import HIDE_FROM, open_names
from guardrails.presidio import nlp_engine, registry
from guardrails.recognizers import RECOGNIZERS
from guardrails.recognizers.recognizer import Recognizer
from tests.markup import read_marked

pytestmark = pytest.mark.real

PERSONS = (
    "Mme Lucette Barrois, demeurant au village, a écrit à M. Yvon Tréhoux.",
    "Nom : TABOURET Prénom : Maël",
    "Cordialement,\nOdile Vasseur",
)
Places = set[tuple[int, str]]
"""Each hidden character, and as what."""


@pytest.fixture(scope="module")
def analyzer() -> AnalyzerEngine:
    return AnalyzerEngine(registry=registry(), nlp_engine=nlp_engine(), supported_languages=["fr"])


def marked(recognizer: Recognizer) -> list[str]:
    """Return the marked sentences of a recogniser, where something is found and where not."""
    cases = import_module(f"tests.guardrails.test_{recognizer.name}")
    texts: list[str] = []
    for table in (cases.FOUND, cases.STAYS):
        texts += table.values() if isinstance(table, dict) else table
    return [read_marked(text)[0] for text in texts]


def by_presidio(analyzer: AnalyzerEngine, text: str, entities: Sequence[Entity]) -> Places:
    names = [str(entity) for entity in entities]
    results = analyzer.analyze(text=text, language="fr", entities=names)
    return {(place, r.entity_type) for r in results for place in range(r.start, r.end)}


@pytest.mark.parametrize("recognizer", RECOGNIZERS, ids=lambda one: one.name)
def test_each_recogniser_finds_there_what_it_finds_here(
    analyzer: AnalyzerEngine, recognizer: Recognizer
) -> None:
    texts = marked(recognizer)
    assert len(texts) > 5
    [own] = [r for r in analyzer.registry.recognizers if r.name == f"greffier_{recognizer.name}"]
    names = [str(entity) for entity in recognizer.entities]
    found_anything = False
    for text in texts:
        here = {
            (place, str(found.entity))
            for found in recognizer.find(text)
            if found.score >= HIDE_FROM
            for place in range(found.start, found.end)
        }
        alone = own.analyze(text, names)
        assert {(p, r.entity_type) for r in alone for p in range(r.start, r.end)} == here
        assert here <= by_presidio(analyzer, text, recognizer.entities)
        found_anything = found_anything or bool(here)
    assert found_anything


def test_persons_are_found_there_as_here(analyzer: AnalyzerEngine) -> None:
    names = open_names()
    for text in PERSONS:
        here = {
            (place, str(found.entity))
            for found in names.find(text)
            if found.score >= HIDE_FROM and found.entity is Entity.PERSON
            for place in range(found.start, found.end)
        }
        assert here
        assert here <= by_presidio(analyzer, text, [Entity.PERSON])


def test_a_result_says_which_rule_found_it(analyzer: AnalyzerEngine) -> None:
    [found] = analyzer.analyze(
        text="NIR 2 69 05 49 588 157 80",
        language="fr",
        entities=["NIR"],
        return_decision_process=True,
    )
    assert (found.entity_type, found.score) == ("NIR", 1.0)
    assert found.analysis_explanation.pattern_name.startswith("nir.")


def test_what_a_recogniser_declares_is_what_it_finds() -> None:
    for recognizer in RECOGNIZERS:
        kinds = {f.entity for text in marked(recognizer) for f in recognizer.find(text)}
        assert kinds == set(recognizer.entities), recognizer.name
