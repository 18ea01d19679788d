# SPDX-License-Identifier: EUPL-1.2
"""What an act is about, as it says itself: after `Objet :`, after `portant`, above its report."""

from __future__ import annotations

import re

from corpus.french import flat
from corpus.sentences import shortened

OBJECT_CHARS = 160
MAX_LINES = 5

SAID = re.compile(r"^[ \t*_]*(?:objets?|r[ée]f[ée]rence|intitul[ée])[*_]*\s*:\s*(.*)$", re.I | re.M)
BEARING = re.compile(
    r"^\s*(?=(?:portant|relati(?:f|ve)|fixant|modifiant|abrogeant|r[ée]glementant|autorisant"
    r"|interdisant|instituant|approuvant|constatant)\s)(.+)$",
    re.I | re.M,
)
REPORTED = re.compile(
    r"\n[ \t]*\n?((?:[^\n]{3,200}\n){1,6})(?:[ \t]*\n)*[^\n]{0,70}\brapporte\s*(?:l'affaire)?\s*:",
)
STOPS = re.compile(
    r"(?:l'an\b|l[ea] [\w-]+ [\w-]+ deux mille|le conseil|l[ea] maire|seance|vu\b|considerant"
    r"|article\b|(?:arrete|decide|delibere)\b\W*$"
    r"|rapporteu|nombre de|presents?|etaient|date de|membres|convoque|madame|monsieur|\d{1,2}/"
    r"|(?:de|a|cc|copie|date|envoye)\s*:)"
)
"""What ends an object: the sitting, the preamble, or the next line of a mail's head."""


STATED = re.compile(r"^[ \t]*\d{1,2}\s?[.)]\s*objet[^\n.:]{0,40}[.:]\s*([^\n]+)$", re.I | re.M)
"""The point of a notice that says what is bought."""


def find_object(head: str, text: str, kind: str) -> str:
    """Return an act's object on one line, or nothing; `text` goes further than `head`."""
    if said := SAID.search(head):
        return _shown(_from(head[said.start(1) :]))
    if kind == "délibération" and (reported := REPORTED.search(text)):
        return _shown(_last_block(reported[1]))
    if kind == "marché public" and (stated := STATED.search(text)):
        return _shown(stated[1])
    bearing = BEARING.search(head)
    return _shown(_from(bearing[1] + head[bearing.end() :])) if bearing else ""


def _from(text: str) -> str:
    """Return the lines of an object: up to a blank one, or one that says something else."""
    kept: list[str] = []
    for line in text.split("\n")[:MAX_LINES]:
        words = line.strip(" \t*_")
        if not words and not kept:
            continue
        if not words or (kept and STOPS.match(flat(words))):
            break
        kept.append(re.split(r"(?<=\S)\s+(?=L[ea] maire\b)", words)[0])
    return " ".join(kept)


def _last_block(lines: str) -> str:
    kept = [line.strip() for line in lines.rstrip().split("\n")]
    while "" in kept:
        kept = kept[kept.index("") + 1 :]
    kept = [line for line in kept if not re.match(r"(?:absents?|presents?)\b", flat(line))]
    return " – ".join(kept) if all(line[:1].isupper() for line in kept) else " ".join(kept)


def _shown(line: str) -> str:
    line = line.strip(" .\t;,-")
    return shortened(line[:1].upper() + line[1:], OBJECT_CHARS)
