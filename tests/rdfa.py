# SPDX-License-Identifier: EUPL-1.2
"""RDFa as others read it: a page parsed by html5lib, its graph made by pyRdfa."""

from __future__ import annotations

from typing import Any

import html5lib
from pyRdfa import pyRdfa
from rdflib import RDF, BNode, Graph
from rdflib.term import Node

SCHEMA_ORG = "https://schema.org/"


def rdfa(page: str) -> list[dict[str, Any]]:
    """Return the things that a page describes and that are part of no other, by their properties
    in schema.org; a thing inside is a thing of its own."""
    parsed = html5lib.parse(page, treebuilder="dom")
    graph = pyRdfa(media_type="text/html").graph_from_DOM(parsed)
    typed = set(graph.subjects(RDF.type))
    return [_described(graph, thing) for thing in typed - set(graph.objects())]


def _described(graph: Graph, thing: Node) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, value in graph.predicate_objects(thing):
        if name == RDF.type:
            told["@type"] = str(value).removeprefix(SCHEMA_ORG)
        else:
            is_thing = isinstance(value, BNode)
            key = str(name).removeprefix(SCHEMA_ORG)
            told[key] = _described(graph, value) if is_thing else str(value)
    return told
