# SPDX-License-Identifier: EUPL-1.2
"""The only door to Presidio: the persons that its French model sees, and ours for its users.

    texts ─▶ AnalyzerEngine (spaCy fr_core_news_md, entity recognition alone) ─▶ (start, end)…
    registry() ─▶ each detector as an EntityRecognizer ─▶ anybody's AnalyzerEngine, in French

Presidio is built by hand, because of what its defaults do: `AnalyzerEngine()` downloads a model,
`EmailRecognizer` looks up a list on the network, a pattern that times out is skipped with a mere
warning. Here only the spaCy recogniser is registered, and a warning that says so raises.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import spacy
from presidio_analyzer import (
    AnalysisExplanation,
    AnalyzerEngine,
    BatchAnalyzerEngine,
    EntityRecognizer,
    RecognizerRegistry,
    RecognizerResult,
)
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
from presidio_analyzer.nlp_engine import NerModelConfiguration, NlpArtifacts, SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import SpacyRecognizer
from spacy.attrs import IDS
from spacy.tokens import Doc
from thinc.api import use_ops

from guardrails.findings import Detector, Entity
from guardrails.french_model import MODEL, whole
from guardrails.guard import HIDE_FROM, open_names
from guardrails.lastnet import Caught
from guardrails.recognizers import RECOGNIZERS

BATCH_TEXTS = 64  # its own default is 1: measured 12,000 characters a second instead of 21,000
# the entity recogniser carries its own vectors-to-tokens layer: the shared one serves the others
_UNUSED = ["tok2vec", "morphologizer", "parser", "attribute_ruler", "lemmatizer", "senter"]
_READ_OF_A_WORD = {IDS[name] for name in ("NORM", "PREFIX", "SUFFIX", "SHAPE", "IS_SPACE")}
"""What the entity recogniser reads of a word; spaCy would work out eighteen things more."""

_LABELS = {"PER": "PERSON", "LOC": "LOCATION", "ORG": "ORGANIZATION", "MISC": "MISC"}


class PatternSkipped(RuntimeError):
    """Presidio gave up on a pattern and would have gone on without it."""


class _RaiseOnTimeout(logging.Filter):
    """Turns Presidio's warning about a pattern that timed out into an error, in the thread that
    searches: a handler would hear of it once the last net has screened it, too late."""

    def filter(self, record: logging.LogRecord) -> bool:
        told = record.original_message() if isinstance(record, Caught) else record.getMessage()
        if record.levelno >= logging.WARNING and "timed out" in told:
            raise PatternSkipped("presidio skipped a pattern that timed out")
        return True


class _EntitiesOnly(SpacyNlpEngine):
    """Presidio's spaCy engine without the parts that it does not read, and without download."""

    def load(self) -> None:
        # numpy multiplies these matrices about three times as fast as the library thinc prefers
        with use_ops("numpy", use_blis=False):
            model = spacy.load(MODEL, exclude=_UNUSED)
        vocabulary: Any = model.vocab  # spaCy's stubs leave this attribute out
        for attribute in vocabulary.lex_attr_getters.keys() - _READ_OF_A_WORD:
            del vocabulary.lex_attr_getters[attribute]
        loaded = {"fr": model}
        self.nlp = loaded  # type: ignore[assignment]  # presidio says None, and means a dict

    def _doc_to_nlp_artifact(self, doc: Doc, language: str) -> NlpArtifacts:
        """Leave out lemmas and keywords: only the search for context words reads them."""
        entities, scores = self._get_updated_entities(
            self._get_entities(doc), self._get_scores_for_entities(doc)
        )
        return NlpArtifacts(entities, doc, [], [], self, language, scores)


class _NoContext(ContextAwareEnhancer):
    """No search for context words: the layers of `names` weigh what the model says."""

    def __init__(self) -> None:
        super().__init__(0.0, 0.0, 0, 0)

    def enhance_using_context(
        self,
        text: str,
        raw_results: list[RecognizerResult],
        nlp_artifacts: NlpArtifacts,
        recognizers: list[EntityRecognizer],
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        return raw_results


class PresidioPersons:
    """Points at the persons that the French model sees; loads it once."""

    name = "presidio"

    def __init__(self) -> None:
        watched = logging.getLogger("presidio-analyzer")
        if not any(isinstance(one, _RaiseOnTimeout) for one in watched.filters):
            watched.addFilter(_RaiseOnTimeout())
        registry = RecognizerRegistry(
            recognizers=[SpacyRecognizer(supported_language="fr", supported_entities=["PERSON"])],
            supported_languages=["fr"],
        )
        analyzer = AnalyzerEngine(
            registry=registry,
            nlp_engine=nlp_engine(),
            supported_languages=["fr"],
            context_aware_enhancer=_NoContext(),
        )
        self._batch = BatchAnalyzerEngine(analyzer_engine=analyzer)

    def persons(self, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        """Return start and end of each person seen in each text."""
        each = self._batch.analyze_iterator(
            map(whole, texts), language="fr", batch_size=BATCH_TEXTS, entities=["PERSON"]
        )
        return [[(found.start, found.end) for found in results] for results in each]


def nlp_engine() -> SpacyNlpEngine:
    """Return Presidio's spaCy engine for French, on the model that is installed: no download."""
    return _EntitiesOnly(
        models=[{"lang_code": "fr", "model_name": MODEL}],
        ner_model_configuration=NerModelConfiguration(
            model_to_presidio_entity_mapping=_LABELS,
            labels_to_ignore=["LOCATION", "ORGANIZATION", "MISC"],
        ),
    )


class FrenchRecognizer(EntityRecognizer):
    """One of our detectors as Presidio calls it; its results carry the rule that found them.

    What a detector only doubts is left out: nobody would hide it. A detector that fails raises.
    """

    def __init__(self, detector: Detector, entities: Sequence[Entity]) -> None:
        self._detector = detector
        self._label = f"greffier_{detector.name}"
        super().__init__(
            supported_entities=[str(entity) for entity in entities],
            name=self._label,
            supported_language="fr",
        )

    def load(self) -> None:
        """Nothing to load: the detector was given."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Return what the detector finds in a text, of these entities."""
        return [
            RecognizerResult(
                entity_type=str(found.entity),
                start=found.start,
                end=found.end,
                score=found.score,
                analysis_explanation=AnalysisExplanation(
                    recognizer=self._label, original_score=found.score, pattern_name=found.rule
                ),
            )
            for found in self._detector.find(text)
            if found.score >= HIDE_FROM and str(found.entity) in entities
        ]


def registry() -> RecognizerRegistry:
    """Return all recognisers of the guard, persons included, for an AnalyzerEngine of your own.

    Presidio's own are not in it. Who stays (officials, policies) is the guard's work, not theirs.
    """
    ours = [FrenchRecognizer(one, one.entities) for one in RECOGNIZERS]
    persons = FrenchRecognizer(open_names(), [*Entity])
    return RecognizerRegistry(recognizers=[*ours, persons], supported_languages=["fr"])
