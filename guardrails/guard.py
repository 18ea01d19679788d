# SPDX-License-Identifier: EUPL-1.2
"""The guard: text goes in, text without personal data comes out, or nothing does.

    pages ─▶ one text ─▶ detectors ─▶ who stays ─▶ policy ─▶ merged ─▶ placeholders ─▶ Screened…
                 ▲                                              │
                 └──────── a second look at what is left ◀──────┘

Findings with a score below `HIDE_FROM` are near misses: reported by `explain`, not hidden.
Any detector that fails closes the guard (`examination.py`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from guardrails.errors import TextTooLong
from guardrails.examination import PATIENCE_SECONDS, examined
from guardrails.findings import LEARNED, Detector, Entity, Finding, Screened
from guardrails.known import Known
from guardrails.names.tagged import Tagger
from guardrails.offices import Offices
from guardrails.policy import DEFAULT_POLICY, Policy, Rules
from guardrails.redaction import View, redacted
from guardrails.spans import Pages, giving_way, merged, outside, trimmed

if TYPE_CHECKING:
    from guardrails.names.detector import NamesDetector

HIDE_FROM = 0.5
MAX_CHARS = 5_000_000
LOOKS = 3  # the last look found nothing new on every text that we measured

logger = logging.getLogger(__name__)


class Verdict(StrEnum):
    """What became of a finding."""

    HIDDEN = "hidden"
    IN_OFFICE = "in_office"
    POLICY = "policy"
    PUBLIC = "public"
    NEAR_MISS = "near_miss"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One finding, what became of it, and the layers that voted."""

    finding: Finding
    verdict: Verdict
    voters: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A screened text with each decision that was taken, in the order of the text."""

    screened: Screened
    decisions: tuple[Decision, ...]

    @property
    def near_misses(self) -> tuple[Decision, ...]:
        """What almost looked like personal data: worth a look by a person."""
        return tuple(d for d in self.decisions if d.verdict is Verdict.NEAR_MISS)


@dataclass(slots=True, kw_only=True)
class _Case:
    """One document on its way through the guard."""

    text: str
    hidden: list[Finding] = field(default_factory=list)
    kept: list[tuple[Finding, Verdict]] = field(default_factory=list)
    is_settled: bool = False

    @property
    def near_misses(self) -> list[Finding]:
        """What was doubted and is not hidden, not even by another finding."""
        missed = [finding for finding, verdict in self.kept if verdict is Verdict.NEAR_MISS]
        return merged(outside(missed, [(f.start, f.end) for f in self.hidden]))

    def hide(self, findings: Sequence[Finding]) -> None:
        """Add findings to what is hidden; with none, the case is settled."""
        self.hidden = merged([*self.hidden, *findings])
        self.is_settled = not findings


class Guard:
    """Hides personal data in French administrative text; in doubt hides, on failure refuses."""

    def __init__(
        self,
        detectors: Sequence[Detector],
        *,
        roster: Sequence[str] = (),
        known: Sequence[str] = (),
        policy: Policy = DEFAULT_POLICY,
        max_chars: int = MAX_CHARS,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._detectors = tuple(detectors)
        self._offices = Offices(roster)
        self._known = Known(known)
        self._policy = policy
        self._max_chars = max_chars
        self._patience = patience

    def under(self, *, roster: Sequence[str], known: Sequence[str], policies: Path | None) -> Guard:
        """Return the same guard, its detectors opened once for both, under other rules."""
        return Guard(
            self._detectors,
            roster=roster,
            known=known,
            policy=Policy.read(policies) if policies else DEFAULT_POLICY,
            max_chars=self._max_chars,
            patience=self._patience,
        )

    def screen(
        self,
        text: str,
        *,
        roster: Sequence[str] | None = None,
        policy: str | None = None,
        trust_placeholders: bool = False,
    ) -> Screened:
        """Return the text without personal data, or raise GuardrailError."""
        return self.screen_pages(
            [text], roster=roster, policy=policy, trust_placeholders=trust_placeholders
        )[0]

    def screen_pages(
        self,
        pages: Sequence[str],
        *,
        roster: Sequence[str] | None = None,
        policy: str | None = None,
        trust_placeholders: bool = False,
    ) -> list[Screened]:
        """Screen the pages of one document: names and numbers of placeholders hold over all."""
        return self.screen_documents(
            [pages], roster=roster, policy=policy, trust_placeholders=trust_placeholders
        )[0]

    def screen_documents(
        self,
        documents: Sequence[Sequence[str]],
        *,
        roster: Sequence[str] | None = None,
        policy: str | None = None,
        trust_placeholders: bool = False,
    ) -> list[list[Screened]]:
        """Screen many documents in one batch; each keeps to itself."""
        laid = [Pages(pages) for pages in documents]
        cases = [_Case(text=pages.text) for pages in laid]
        self._examine(cases, roster, self._policy.rules(policy), trusted=trust_placeholders)
        hidden = sum(len(case.hidden) for case in cases)
        logger.info("screened %d characters, hid %d", sum(len(c.text) for c in cases), hidden)
        return [
            _doubted(
                redacted(document, pages.split(case.hidden), trusted=trust_placeholders),
                pages.split(case.near_misses),
            )
            for document, pages, case in zip(documents, laid, cases, strict=True)
        ]

    def explain(
        self, text: str, *, roster: Sequence[str] | None = None, policy: str | None = None
    ) -> Explanation:
        """Screen the text and say how each decision was taken."""
        case = _Case(text=text)
        self._examine([case], roster, self._policy.rules(policy), trusted=False)
        taken = [(finding, Verdict.HIDDEN) for finding in case.hidden]
        covered = [(finding.start, finding.end) for finding in case.hidden]
        taken += [
            (finding, verdict)
            for finding, verdict in case.kept
            if outside([finding], covered) == [finding]
        ]
        return Explanation(
            screened=redacted([text], [case.hidden], trusted=False)[0],
            decisions=tuple(
                Decision(finding=finding, verdict=verdict, voters=tuple(finding.rule.split("+")))
                for finding, verdict in sorted(taken)
            ),
        )

    def _examine(
        self, cases: Sequence[_Case], roster: Sequence[str] | None, rules: Rules, *, trusted: bool
    ) -> None:
        """Fill the cases; look again at what is left until nothing more is found."""
        for case in cases:
            if len(case.text) > self._max_chars:
                raise TextTooLong(len(case.text), self._max_chars)
        offices = self._offices if roster is None else Offices(roster)
        for _ in range(LOOKS):
            pending = [case for case in cases if not case.is_settled]
            views = [View(case.text, case.hidden, trusted=trusted) for case in pending]
            each = examined(self._detectors, [view.text for view in views], patience=self._patience)
            for case, view, found in zip(pending, views, each, strict=True):
                clear = outside(found, view.off_limits)
                known, learned = _apart(clear)
                sure = [f for f in known if f.score >= HIDE_FROM]
                clear = [*known, *giving_way(learned, sure, view.text)]
                tight = [kept for f in clear if (kept := trimmed(f, view.text))]
                verdicts = list(_judged(view.text, tight, offices, self._known, rules))
                if not case.hidden:
                    case.kept = [(f, v) for f, v in verdicts if v is not Verdict.HIDDEN]
                case.hide([view.original(f) for f, v in verdicts if v is Verdict.HIDDEN])


def _apart(findings: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
    """Set what the learned layer alone takes for something apart from what others found."""
    learned = [f for f in findings if f.rule.startswith(LEARNED)]
    return [f for f in findings if not f.rule.startswith(LEARNED)], learned


def _doubted(pages: Sequence[Screened], doubts: Sequence[Sequence[Finding]]) -> list[Screened]:
    return [replace(page, doubts=tuple(some)) for page, some in zip(pages, doubts, strict=True)]


def _judged(
    text: str, findings: Sequence[Finding], offices: Offices, known: Known, rules: Rules
) -> Iterator[tuple[Finding, Verdict]]:
    """Yield each finding with what becomes of it."""
    persons = [f for f in findings if f.entity is Entity.PERSON and f.score >= HIDE_FROM]
    public = known.standing(text, findings)
    in_office = offices.acting(text, persons) if rules.officials else frozenset()
    for finding in findings:
        if finding.score < HIDE_FROM:
            yield finding, Verdict.NEAR_MISS
        elif finding in in_office:
            yield finding, Verdict.IN_OFFICE
        elif finding in public:
            yield finding, Verdict.PUBLIC
        elif finding.entity in rules.keep:
            yield finding, Verdict.POLICY
        else:
            yield finding, Verdict.HIDDEN


def open_guard(
    *, roster: Sequence[str] = (), known: Sequence[str] = (), policies: Path | None = None
) -> Guard:
    """Return the guard with its whole stack; `known`: public names and contacts of the town.

    The language model is loaded by the first text in which a word may be a name and the learned
    layer is unsure; a model that does not load closes the guard there. Imports hide here so that a
    guard with stand-in detectors loads no model library.
    """
    from guardrails.recognizers import RECOGNIZERS

    return Guard(
        [*RECOGNIZERS, open_names()],
        roster=roster,
        known=known,
        policy=Policy.read(policies) if policies else DEFAULT_POLICY,
    )


def open_names() -> NamesDetector:
    """Return the detector of persons, and of what the learned layer finds beside them."""
    from guardrails.french_model import WordVectors, everyday_words
    from guardrails.names.detector import NamesDetector
    from guardrails.names.learned import Learned
    from guardrails.names.lexicons import Lexicons
    from guardrails.names.network import read_networks
    from guardrails.names.tagged import Opening

    lexicons = Lexicons(everyday_words())
    learned = Learned(read_networks(), lexicons, WordVectors())
    return NamesDetector(Opening(_presidio), lexicons, learned)


def _presidio() -> Tagger:
    from guardrails.presidio import PresidioPersons

    return PresidioPersons()


def open_quick_guard() -> Guard:
    """Return a guard without language model, light enough for log lines and file names.

    Every word is unusual to it, so it hides more than `open_guard` does.
    """
    from guardrails.names.detector import NamesDetector
    from guardrails.names.lexicons import Dictionary, Lexicons
    from guardrails.names.tagged import NoTagger
    from guardrails.recognizers import RECOGNIZERS

    return Guard([*RECOGNIZERS, NamesDetector(NoTagger(), Lexicons(Dictionary()))])
