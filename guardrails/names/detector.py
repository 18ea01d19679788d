# SPDX-License-Identifier: EUPL-1.2
"""The detector of persons: layers vote on words, the whole document decides.

texts ─Words─▶ layers ─┐
    └─paragraphs─▶ tagger (language model), as written and truecased ─┴▶ votes ─▶ Finding…
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from guardrails.findings import Finding
from guardrails.names import forms, given, lists, titles
from guardrails.names.lexicons import Lexicons
from guardrails.names.propagation import propagated
from guardrails.names.protected import is_firm, is_namesake, is_protected
from guardrails.names.tagged import Remembering, Tagger, tagged
from guardrails.names.votes import Layer, Vote, as_finding, weighed
from guardrails.names.words import Words
from guardrails.normalise import plain

LAYERS: tuple[Layer, ...] = (
    titles.civility,
    titles.family,
    titles.power,
    given.first_name,
    given.initial,
    given.relation,
    given.subject,
    given.lower_case,
    given.lower_alone,
    given.lower_initial,
    given.foreign,
    forms.label,
    forms.signature,
    forms.born,
    forms.mail_header,
    forms.cells,
    forms.opponents,
    forms.file_of,
    lists.columns,
)
_ANCHORED = ("civility", "power")
_NEAR_MISS = 0.25


class NamesDetector:
    """Points at persons in French text, with the layers that voted as the rule."""

    name = "names"

    def __init__(self, tagger: Tagger, lexicons: Lexicons) -> None:
        self._tagger = Remembering(tagger)
        self._lexicons = lexicons

    def find(self, text: str) -> Sequence[Finding]:
        """Return the persons of one document; scores under 0.5 are near misses."""
        return self.find_each([text])[0]

    def find_each(self, texts: Sequence[str]) -> list[Sequence[Finding]]:
        """Return the persons of each document; the language model reads all in one batch."""
        copies = [plain(text) for text in texts]
        each = [Words(copy.text, self._lexicons) for copy in copies]
        seen = tagged(each, self._tagger)
        result: list[Sequence[Finding]] = []
        for copy, words, votes in zip(copies, each, seen, strict=True):
            findings = [as_finding(vote, words) for vote in decided(words, votes)]
            result.append(
                [_back(finding, copy.original(finding.start, finding.end)) for finding in findings]
            )
        return result


def decided(words: Words, seen: Sequence[Vote]) -> list[Vote]:
    """Return the names of a document, near misses included."""
    votes = [vote for layer in LAYERS for vote in layer(words)]
    names = weighed(
        vote
        for vote in [*votes, *seen]
        if vote.layer in _ANCHORED
        or not (
            is_protected(words, vote.first)
            or is_namesake(words, vote.first, vote.last)
            or is_firm(words, vote.first, vote.last)
        )
    )
    near = [v for v in lists.neighbours(words, names) if not is_protected(words, v.first)]
    names = weighed([*names, *near])
    names = weighed([*names, *propagated(words, names)])
    return [vote for vote in names if vote.weight >= _NEAR_MISS]


def _back(finding: Finding, span: tuple[int, int]) -> Finding:
    return replace(finding, start=span[0], end=span[1])
