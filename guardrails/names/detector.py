# SPDX-License-Identifier: EUPL-1.2
"""The detector of persons, and of what the learned layer finds beside them.

Layers vote on words, the whole document decides.

texts ─Words─▶ layers (rules) ──────────────────────────────────────────┐
    ├─▶ learned layer ── doubtful paragraphs ─▶ tagger (language model) ┴▶ votes ─▶ Finding…
    │   ├── doubts what the rules found ───────────────────────────────────┘
    │   └─▶ addresses, births, numbers (`others.py`) ─▶ Finding…
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from guardrails.findings import Finding
from guardrails.names import (
    arabic,
    called,
    cues,
    files,
    forms,
    given,
    initials,
    lists,
    small,
    strangers,
    subjects,
    titles,
)
from guardrails.names.acronyms import is_acronym_of_a_body
from guardrails.names.edges import trimmed, whole
from guardrails.names.firms import without_firms
from guardrails.names.leads import NAMED
from guardrails.names.learned import (
    ALONE,
    LEARNED,
    Learned,
    Reading,
    doubted,
    is_doubtful,
    learned_votes,
)
from guardrails.names.lexicons import Lexicons
from guardrails.names.network import OUTPUTS
from guardrails.names.ordinary import without_ordinary
from guardrails.names.others import found
from guardrails.names.propagation import propagated
from guardrails.names.protected import (
    is_firm,
    is_named_thing,
    is_namesake,
    is_protected,
    is_regnal,
    is_variety,
)
from guardrails.names.tagged import Remembering, Tagger, tagged
from guardrails.names.unlike import (
    is_bidder,
    is_body,
    is_end_of_sentence,
    is_lone_letter,
    is_lone_unknown,
    is_noise,
    is_phrase,
    is_priced,
)
from guardrails.names.votes import Layer, Vote, as_finding, weighed
from guardrails.names.word import Shape, Word
from guardrails.names.words import Words
from guardrails.normalise import plain

LAYERS: tuple[Layer, ...] = (
    titles.civility,
    titles.family,
    titles.power,
    given.first_name,
    initials.initial,
    given.relation,
    subjects.subject,
    small.lower_case,
    small.lower_alone,
    initials.lower_initial,
    given.foreign,
    forms.label,
    forms.signature,
    forms.born,
    files.mail_header,
    files.cells,
    files.opponents,
    files.file_of,
    lists.columns,
    lists.blank_columns,
    strangers.stranger,
    called.called,
    called.introduced,
    subjects.bare_subject,
    subjects.after_small_word,
    subjects.plural_article,
    initials.spelled,
    called.nicknamed,
    cues.aged,
    cues.speakers,
    arabic.arabic,
)
_ANCHORED = ("civility", "power", "spelled")
_MEANT = (*_ANCHORED, "title", "label", "relation", "aged", "speaker")
_READERS = (LEARNED, "model", "truecased", "stranger")
_NEAR_MISS = 0.25
_BELIEVED = 0.7
_HOME = OUTPUTS.index("ADDRESS")


class NamesDetector:
    """Points at persons in French text, with the layers that voted as the rule."""

    name = "names"

    def __init__(self, tagger: Tagger, lexicons: Lexicons, learned: Learned | None = None) -> None:
        self._tagger = Remembering(tagger)
        self._lexicons = lexicons
        self._learned = learned

    def find(self, text: str) -> Sequence[Finding]:
        """Return what is found in one document; scores under 0.5 are near misses."""
        return self.find_each([text])[0]

    def find_each(self, texts: Sequence[str]) -> list[Sequence[Finding]]:
        """Return what is found in each document; the language model reads all in one batch."""
        copies = [plain(text) for text in texts]
        each = [Words(copy.text, self._lexicons) for copy in copies]
        readings = self._learned.read(each) if self._learned else None
        chances = [reading.names for reading in readings] if readings else None
        doubtful = [[is_doubtful(c) for c in some] for some in chances] if chances else None
        seen = tagged(each, self._tagger, doubtful)
        result: list[Sequence[Finding]] = []
        for number, (copy, words, votes) in enumerate(zip(copies, each, seen, strict=True)):
            names = decided(words, votes, readings[number] if readings else None)
            findings = [as_finding(vote, words) for vote in names]
            if readings:
                reading = readings[number]
                each_word = zip(words, reading.names, strict=True)
                persons = [word.start for word, chance in each_word if chance >= ALONE]
                findings.extend(found(words.text, reading.others, persons))
            result.append(
                [_back(finding, copy.original(finding.start, finding.end)) for finding in findings]
            )
        return result


def decided(words: Words, seen: Sequence[Vote], reading: Reading | None = None) -> list[Vote]:
    """Return the names of a document, near misses included."""
    chances = reading.names if reading else None
    votes = [vote for layer in LAYERS for vote in layer(words)]
    if chances is not None:
        votes.extend(learned_votes(words, chances))
    names = weighed(vote for vote in [*votes, *seen] if not _is_vetoed(words, vote))
    names = [
        name
        for name in names
        if _is_anchored(name) or not _is_thing(words, name) or _is_believed(name, chances)
    ]
    names = without_firms(words, names)
    listed = [*lists.neighbours(words, names), *lists.filled_columns(words, names)]
    near = [
        vote
        for vote in listed
        if not (
            is_protected(words, vote.first)
            or is_namesake(words, vote.first, vote.last)
            or is_regnal(words, vote.first, vote.last)
        )
    ]
    names = weighed([*names, *near])
    names = without_firms(words, weighed([*names, *propagated(words, names)]))
    if reading:
        anywhere = _anywhere(words, _personal(words, reading))
        names = [doubted(name, anywhere) for name in names]
    ended = (whole(words, trimmed(words, name)) for name in without_ordinary(words, names))
    return [vote for vote in ended if vote.weight >= _NEAR_MISS]


def _personal(words: Words, reading: Reading) -> list[float]:
    """Return each word's chance to be of a name, or of a home: « Parcelle de Maugeret »."""
    homes = {told.start: float(told.chances[_HOME]) for told in reading.others}
    return [
        max(chance, homes.get(word.start, 0.0))
        for word, chance in zip(words, reading.names, strict=True)
    ]


def _anywhere(words: Words, chances: Sequence[float]) -> list[float]:
    """Return, for each word, the best chance of its like: who is named once is not taken back."""
    best: dict[str, float] = {}
    for word, chance in zip(words, chances, strict=True):
        if word.is_cased and chance > best.get(word.fold, 0.0):
            best[word.fold] = chance
    return [
        max(chance, best.get(word.fold, 0.0)) if word.is_cased or word.is_unusual else chance
        for word, chance in zip(words, chances, strict=True)
    ]


def _is_slug_of_a_place(word: Word) -> bool:
    """`denomination-rue-germaine-tallandier`: a file's name that tells of a street or a school."""
    return word.shape is Shape.LOWER and any(part in NAMED for part in word.text.split("-")[:-1])


def _is_vetoed(words: Words, vote: Vote) -> bool:
    """Tell whether a vote is for the name of a thing, or of somebody of whom things are named."""
    first, last = vote.first, vote.last
    if (
        is_variety(words, first, last)
        or is_priced(words, first, last)
        or is_end_of_sentence(words, first, last)
    ):
        return True
    if vote.layer in _ANCHORED:
        return False
    if is_namesake(words, first, last) or is_regnal(words, first, last):
        return True
    if vote.layer in _READERS and is_acronym_of_a_body(words, first, last):
        return True
    if vote.layer == LEARNED and (
        _is_slug_of_a_place(words[first])
        or is_phrase(words, first, last, vote.weight)
        or is_lone_letter(words, first, last)
        or is_lone_unknown(words, first, last)
        or is_body(words, first, last)
    ):
        return True
    if vote.layer == LEARNED:  # it reads firms and bidders by itself, and may take `Prix` along
        begin = first
        while begin and words[begin - 1].is_cased and words.joins(begin - 1):
            begin -= 1  # the school is called `Thuy Nguyen`, of which it saw `Nguyen`
        return is_named_thing(words, first, last) or any(
            is_protected(words, place) for place in range(begin, last + 1)
        )
    return (
        is_protected(words, first)
        or is_firm(words, first, last)
        or is_named_thing(words, first, last)
        or is_noise(words, first, last)
        or is_bidder(words, first, last)
    )


def _is_believed(vote: Vote, chances: Sequence[float] | None) -> bool:
    """`le gardien Maurice`: the layer is sure of a word that is a country's or a firm's too."""
    return chances is not None and max(chances[vote.first : vote.last + 1]) >= _BELIEVED


def _is_anchored(vote: Vote) -> bool:
    return any(layer in vote.layer.split("+") for layer in _MEANT)


def _is_thing(words: Words, vote: Vote) -> bool:
    """Tell whether each word is explained by the list of things: `France`, `Irlande`."""
    return all(
        word.is_thing or word.is_particle for word in words.items[vote.first : vote.last + 1]
    )


def _back(finding: Finding, span: tuple[int, int]) -> Finding:
    return replace(finding, start=span[0], end=span[1])
