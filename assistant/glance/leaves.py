# SPDX-License-Identifier: EUPL-1.2
"""The lines of a document in their order, without what stands on every page.

pages ─▶ Leaf(page, start, text, under, …)…  letterheads, running titles, stamps and lists of
                                             who was present are marked as no matter of the act
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.french import WORD, flat, fold
from corpus.signed import EXECUTES, ROLE
from corpus.structure import Kind, Line, Structure

BESIDE = re.compile(
    r"(?:envoye|recu|publie|affiche|transmis|depose)e?s?\b.{0,40}\b(?:le|prefecture)\b|id\s?:"
    r"|(?:mairie|commune|ville|hotel de ville)\b.*\b(?:tel|fax|\d{5})\b"
    r"|.*\b\d{3}-\d{9}-\d{8}-|acte rendu executoire|accuse de reception|acte certifie executoire"
    r"|(?:membres|nombre de|conseillers?)\b.{0,40}\b(?:en exercice|presents?|votants?|suffrages)\b"
    r"|(?:en exercice|presents?|pouvoirs?|procurations?|absents?|excuses?|ont donne|etaient"
    r"|secretaire de seance|date de (?:la )?convocation)\b.{0,24}[:(]"
)
"""What is written beside the act: stamps, the letterhead's address, who was present."""

VISA = re.compile(r"(?:-\s*)?(?:vu\b|visas?\b)")
GROUND = re.compile(r"(?:-\s*)?(?:considerant|attendu)\b")
SITTING = re.compile(
    r"(?:l'an\b|convoques?\b|l[ea] [\w-]+ [\w-]+ deux mille"
    r"|(?:seance|reunion) (?:ordinaire |publique )?du\b"
    r"|l[ea] conseil \w+ (?:de|legalement|dument|regulierement)\b)"
)
SIGNED = re.compile(
    r"fait (?:et delibere )?(?:a|en)\b|ainsi (?:fait|delibere)|pour (?:extrait|copie|ampliation)"
    r"|(?:le|la|les) (?:presente? )?(?:deliberation|arrete|decision|acte)s? (?:peut|peuvent|pourra)"
    r" (?:faire l'objet|etre (?:defere|conteste|attaque))"
    r"|(?:suivent les|ont signe)|le conseil\W+(?:municipal\W+)?adopte\b"
    r"|(?:resultats? du )?votes?\s*:|delibere en seance"
)
"""Where what is decided ends."""

SIGNED_ON = re.compile(r"fait (?:et delibere )?(?:a|en)\b|pour extrait")
SIGNATURE_CHARS = 80
RUNNING_PAGES = 2
HEAD_CHARS = 1_500
TITLE_CHARS = 110
AN_ARTICLE = re.compile(r"(?:article|art\.|annexe|\d{1,2}\s?[.)])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A line of a page. `under` are the lines that it stands under, the nearest last."""

    page: int
    start: int
    end: int
    text: str
    line: Line
    known: Structure
    under: tuple[str, ...]
    is_beside: bool
    title: str
    """The document's, folded."""
    follows_beside: bool = False
    """Whether the line before it is no matter of the act: the foot of a page, say."""

    @property
    def flat(self) -> str:
        return flat(self.text)

    @property
    def is_heading(self) -> bool:
        return self.line.kind is Kind.HEADING

    @property
    def is_row(self) -> bool:
        return bool(self.known.cells(self.line))

    @property
    def is_visa(self) -> bool:
        return bool(VISA.match(self.flat))

    @property
    def is_preamble(self) -> bool:
        return self.is_visa or bool(GROUND.match(self.flat))

    @property
    def tells_of_another_day(self) -> bool:
        """Whether it cites the law, opens the sitting, or says when it was signed."""
        return self.is_visa or bool(SITTING.match(self.flat) or SIGNED_ON.match(self.flat))

    @property
    def is_title(self) -> bool:
        return bool(self.title) and fold(self.text).strip(" .:;,") == self.title

    @property
    def ends_what_is_decided(self) -> bool:
        return bool(SIGNED.match(self.flat)) or self._is_of_who_signed

    @property
    def _is_of_who_signed(self) -> bool:
        is_short = len(self.text) <= SIGNATURE_CHARS
        return is_short and bool(ROLE.match(self.text)) and not EXECUTES.search(self.text)


def leaves(pages: Sequence[tuple[int, Structure]], *, title: str = "") -> tuple[Leaf, ...]:
    """Return the lines of a document, each with what it stands under."""
    running, titled = _running(pages), fold(title).strip(" .:;,")
    found = [
        Leaf(
            page=number,
            start=line.start,
            end=line.end,
            text=page.text[line.start : line.end],
            line=line,
            known=page,
            under=tuple(over for over in page.ancestors(line.start) if _key(over) not in running),
            is_beside=_key(words := page.text[line.start : line.end]) in running
            or bool(BESIDE.match(flat(words))),
            title=titled,
        )
        for number, page in pages
        for line in page.lines
    ]
    before = [False, *(leaf.is_beside for leaf in found)]
    return tuple(
        replace(leaf, follows_beside=is_cut) for leaf, is_cut in zip(found, before, strict=False)
    )


def _running(pages: Sequence[tuple[int, Structure]]) -> frozenset[str]:
    """Return the lines, without their figures, that begin or end several pages."""
    seen = Counter[str]()
    for _, page in pages:
        edges = [*page.lines[:3], *page.lines[-2:]]
        seen.update({_key(page.text[line.start : line.end]) for line in edges})
    often = {key for key, count in seen.items() if count >= RUNNING_PAGES and key}
    return frozenset(often | _titles_again(pages))


def _titles_again(pages: Sequence[tuple[int, Structure]]) -> set[str]:
    """Return the first lines of later pages that only say again what the head of the first says."""
    if not pages:
        return set()
    head = set(WORD.findall(fold(pages[0][1].text[:HEAD_CHARS])))
    firsts = [
        page.text[page.lines[0].start : page.lines[0].end] for _, page in pages[1:] if page.lines
    ]
    return {
        _key(line)
        for line in firsts
        if len(words := WORD.findall(fold(line))) >= 3
        and len(line) <= TITLE_CHARS
        and head.issuperset(words)
        and not AN_ARTICLE.match(flat(line))
    }


def _key(words: str) -> str:
    return re.sub(r"[\d\W]+", " ", flat(words)).strip()
