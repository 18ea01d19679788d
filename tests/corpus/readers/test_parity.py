# SPDX-License-Identifier: EUPL-1.2
"""The same text as PDF, HTML and plain text gives the same passages, give or take white space."""

from __future__ import annotations

import gzip
import io
import re
from collections import Counter
from pathlib import Path

import pytest
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate

from corpus.readers import read_data
from corpus.split import split
from tests.fakes import HashEmbedder

DEBIAN = Path(__file__).parents[4] / "shared" / "data" / "debian_docs_fr"

TITLE = "Règlement du marché hebdomadaire"
ARTICLES = [
    (
        f"Article {number} : {title}",
        [
            f"{title} : la commune de Brumeval fixe chaque année, par délibération du conseil"
            " municipal, les règles qui suivent et les porte à la connaissance des commerçants.",
            "Toute demande est écrite, datée et signée, puis déposée à l'accueil de la mairie,"
            " aux heures d'ouverture, au moins quinze jours avant la date souhaitée.",
        ],
    )
    for number, title in enumerate(
        ("Emplacements", "Horaires", "Droits de place", "Propreté", "Sanctions"), 1
    )
]


def as_text() -> bytes:
    parts = [TITLE]
    for title, paragraphs in ARTICLES:
        parts += [title, *paragraphs]
    return "\n\n".join(parts).encode()


def as_html() -> bytes:
    body = f"<h1>{TITLE}</h1>"
    for title, paragraphs in ARTICLES:
        body += f"<h2>{title}</h2>" + "".join(f"<p>{p}</p>" for p in paragraphs)
    return f"<html><body><main>{body}</main></body></html>".encode()


def as_pdf() -> bytes:
    styles = getSampleStyleSheet()
    story = [Paragraph(TITLE, styles["Heading1"])]
    for title, paragraphs in ARTICLES:
        story.append(Paragraph(title, styles["Heading2"]))
        story += [Paragraph(p, styles["BodyText"]) for p in paragraphs]
    out = io.BytesIO()
    SimpleDocTemplate(out).build(story)
    return out.getvalue()


def passages(data: bytes, name: str) -> list[str]:
    embedder = HashEmbedder()
    pages = [(page.number, page.text) for page in read_data(data, name=name).pages]
    texts = dict(pages)
    pieces = split(
        pages, label="", count_tokens=embedder.count_tokens, max_tokens=embedder.max_tokens
    )
    return [" ".join(texts[p.page][p.start : p.end].split()) for p in pieces]


def test_one_text_in_three_formats_gives_the_same_passages() -> None:
    plain = passages(as_text(), "a.txt")
    assert len(plain) > 1
    assert passages(as_html(), "a.html") == plain
    assert passages(as_pdf(), "a.pdf") == plain


@pytest.mark.skipif(not DEBIAN.exists(), reason="../shared/data/debian_docs_fr is not here")
def test_a_real_guide_says_the_same_in_three_formats() -> None:
    """The guide was laid out by three programs: menus, numbers of pages and notes differ."""
    said = {
        "pdf": gzip.decompress((DEBIAN / "debian-faq.fr.pdf.gz").read_bytes()),
        "txt": gzip.decompress((DEBIAN / "debian-faq.fr.txt.gz").read_bytes()),
    }
    words = {
        form: _words(page.text for page in read_data(data, name=f"a.{form}").pages)
        for form, data in said.items()
    }
    words["html"] = _words(
        page.text
        for path in sorted((DEBIAN / "faq_html").rglob("*.html"))
        for page in read_data(path.read_bytes(), name=path.name).pages
    )
    assert min(shared(words["txt"], words[form]) for form in ("pdf", "html")) > 0.95


def _words(texts: object) -> Counter[str]:
    return Counter(
        word
        for text in texts  # type: ignore[attr-defined]
        for word in re.findall(r"[^\W\d_]{4,}", text.lower())
    )


def shared(one: Counter[str], other: Counter[str]) -> float:
    """Return the share of the first's words that the second holds too."""
    return (one & other).total() / one.total()
