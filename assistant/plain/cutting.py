# SPDX-License-Identifier: EUPL-1.2
"""A long sentence as short ones: cut only where both parts stand alone.

    « Le repas coûte 4 euros ; il se paie en ligne, et la famille reçoit une facture (par mois). »
      ─▶ « Le repas coûte 4 euros. Il se paie en ligne. La famille reçoit une facture. … »

A part stands alone if it has a conjugated verb of its own, or is a table's cell. In doubt the
sentence stays long: a bracket is taken out only where it ends the sentence, for it must not end
up beside other words than its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.sentences import sentences

MAX_WORDS = 15
MIN_WORDS = 3
MIN_ITEMS = 3
LINE = "\n"

_VERB = re.compile(
    r"""\b(?:est|sont|était|étaient|sera|seront|serait|a|ont|avait|aura|auront|n'est|n'a
    |peut|peuvent|pourra|pourront|doit|doivent|devra|devront|faut|va|vont|font
    |disent|prend|prennent|rend|rendent|reçoit|reçoivent|paie|paient|paye|payent|vaut
    |permet|permettent|comprend|comprennent|tient|tiennent|vient|viennent
    |(?:coût|ouvr|ferm|commenc|dur|donn|demand|vot|décid|autoris|approuv|accord|rest
    |appliqu|concern|compt|habit|propos|rappell|indiqu|command|dépos|arriv|termin|pass|bénéfici
    |vers|gard|contrôl|vérifi|exist|utilis|augment|assur|précèd|adress|figur|inform|désign|nomm
    |adopt|modifi|cess|organis|trouv|install|emport|remplac|complèt|rembours)
    (?:e|ent|era|eront|aient|ait))\b""",
    re.VERBOSE,
)
_BEFORE_A_NOUN = frozenset(
    {
        *("le", "la", "les", "l", "un", "une", "des", "du", "de", "d", "à", "au", "aux", "ce"),
        *("cet", "cette", "ces", "son", "sa", "ses", "leur", "leurs", "par", "en", "sur", "pour"),
        *("sans", "chaque", "tout", "toute"),
    }
)
"""« la garde », « sur demande »: after these, what reads as a verb is a noun."""

_SUBJECT = (
    r"(?:le|la|les|l['’]|il|elle|ils|elles|on|ce|cette|ces|cela|un|une|chaque|tout|toute|tous"
    r"|aucune?|leur|leurs|son|sa|ses|vous|je)\b"
)
_JOINT = re.compile(
    # without a comma, what follows « et » may be one more subject of the same verb
    rf"(?:,\s+(?:et|(mais|donc|or|car))\s+(?={_SUBJECT})|\s+et\s+(?=(?:ils?|elles?|on)\b))",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\s*\(([^()]{3,200})\)(?=\W*$)")
_RELATIVE = re.compile(r"\b(?:qui|que|dont|où|lequel|laquelle)\b|\bqu['’]", re.IGNORECASE)
_PREAMBLE = re.compile(r"(?:vu|considérant|entre|attendu|après|lorsque|quand|si)\b", re.IGNORECASE)
_ORDER = re.compile(
    r"(?<=\w),\s+(?:(?:et|puis)\s+)?(?=(?!chez\b|assez\b|rendez-vous)[^\W\d_]{3,}ez\b)"
)
_EXCEPT = re.compile(r",\s+(?=(?:sauf|hors|sous réserve)\s[^,;:]+$)", re.IGNORECASE)
_GOES_ON = re.compile(r"(?:sauf|hors|dont|qui|que|sans|avec|sur|puis|[^\W\d_]+(?:ée|és|ées)\s)")
_ITEM = re.compile(r"[,;]\s+(?![^()]*\))")
_CELL = re.compile(r"^[^:;.]{1,60} : [^:;]+$")


def short_sentences(text: str) -> str:
    """Return a text whose long sentences are cut where they can be."""
    said = ""
    for start, end in sentences(text):
        for piece in _cut(text[start:end]):
            said += (LINE if LINE in said else " ") * bool(said) + piece
    return said


def _cut(sentence: str) -> Iterator[str]:
    """Yield short sentences that say what one says; itself if it is short or cannot be cut."""
    if count_words(sentence) <= MAX_WORDS or LINE in sentence:
        yield sentence
        return
    for way in WAYS:
        if parts := way(sentence):
            for part in parts:
                yield from _cut(part)
            return
    yield sentence


def _cells(sentence: str) -> list[str]:
    """Cut a table's row, or clauses that stand apart, at its semicolons."""
    parts = [part.strip(" .") for part in sentence.split(";")]
    if len(parts) < 2 or not all(_stands_alone(part) for part in parts):
        return []
    return [_closed(part) for part in parts]


def _halves(sentence: str) -> list[str]:
    for joint in _JOINT.finditer(sentence):
        before, after = sentence[: joint.start()].strip(" ,"), sentence[joint.end() :]
        if _is_clause(before) and _is_clause(after):
            link = f"{joint[1]} " if joint[1] else ""
            return [_closed(before), _closed(link + after.strip())]
    return []


def _orders(sentence: str) -> list[str]:
    """Cut a list of things to do: « dégagez la voie, fermez les volets, rentrez le tuyau »."""
    parts = _ORDER.split(sentence)
    if len(parts) > 1 and not re.search(r"[^\W\d_]{3,}ez\b", parts[0]):
        # « En cas de feu, » belongs to the first thing to do
        parts[:2] = [f"{parts[0]}, {parts[1]}"]
    return [_closed(part) for part in parts] if len(parts) > 1 and not _is_open(parts[0]) else []


def _detail(sentence: str) -> list[str]:
    """Cut at a colon between two clauses; a colon that opens a list stays."""
    before, colon, after = sentence.partition(" : ")
    return [_closed(before), _closed(after)] if colon and _is_clause(before, after) else []


def _listed(sentence: str) -> list[str]:
    """Lay what a colon announces out as a list, an item a line."""
    before, colon, after = sentence.partition(" : ")
    items = [item.strip().removeprefix("et ") for item in _ITEM.split(after.rstrip(" .;"))]
    if not colon or len(items) < MIN_ITEMS or any(_is_open(item) for item in (before, *items)):
        return []
    if any(_GOES_ON.match(item) or _verb(item) >= 0 for item in items):
        return []  # a clause with commas, or an item that only completes the one before
    return [LINE.join([f"{before} :", *(f"– {item}" for item in items)])]


def _exception(sentence: str) -> list[str]:
    """Cut a closing « , sauf … »."""
    found = _EXCEPT.search(sentence)
    if not found or not _is_clause(sentence[: found.start()]):
        return []
    return [_closed(sentence[: found.start()]), _closed(sentence[found.start() :])]


def _without_aside(sentence: str) -> list[str]:
    aside = _ASIDE.search(sentence)
    if aside is None or count_words(aside[1]) < MIN_WORDS or sentence.count("(") > 1:
        return []
    rest = sentence[: aside.start()] + sentence[aside.end() :]
    return [_closed(rest), _closed(f"Précision : {aside[1].strip()}")]


WAYS = (_cells, _halves, _orders, _detail, _listed, _without_aside, _exception)
"""From the safest way to cut to the least; the first that can is taken."""


def _stands_alone(part: str) -> bool:
    return bool(_CELL.match(part)) or _is_clause(part)


def _is_clause(*parts: str) -> bool:
    """Whether each part has a verb of its own: not that of a relative, nor of a preamble."""
    return all(
        count_words(part) >= MIN_WORDS
        and (verb := _verb(part)) >= 0
        and not _RELATIVE.search(part[:verb])
        and not _PREAMBLE.match(part)
        and not _is_open(part)
        for part in parts
    )


def _verb(part: str) -> int:
    """Return where the first conjugated verb stands, or -1."""
    for verb in _VERB.finditer(part):
        before = re.findall(r"\w+", part[: verb.start()].lower())
        if before and before[-1] not in _BEFORE_A_NOUN:
            return verb.start()
    return -1


def _is_open(part: str) -> bool:
    """Whether a part waits for its end: a relative, an opened bracket."""
    return part.count("(") != part.count(")") or part.count("«") != part.count("»")


def _closed(part: str) -> str:
    part = part.strip(" ,;")
    part = part[:1].upper() + part[1:]
    return part if part.endswith((".", "!", "?", "…", "»")) else f"{part}."


def count_words(text: str) -> int:
    """Return how many words a reader counts: a number and its thousands are one.

    >>> count_words("Le repas coûte 1 450,20 euros : c'est tout.")
    7
    """
    grouped = re.sub(r"(?<=\d)[ \u00a0\u202f](?=\d{3}\b)", "", text)
    return len(re.findall(r"\w[\w'’,./-]*", grouped))
