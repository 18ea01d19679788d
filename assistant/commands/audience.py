# SPDX-License-Identifier: EUPL-1.2
"""Whom papers are for: asked when they are added, and said of one paper afterwards.

add, watch ─declared▶ the collection named │ that of the folder before │ asked │ `default`
audience FILE… --public │ --agents ══register══▶ its collection, until somebody says otherwise
"""

from __future__ import annotations

import getpass
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import click

from assistant.commands.session import Session
from assistant.operations import decide_audience
from assistant.settings import Settings
from assistant.texts import Texts
from assistant.wiring import Parts, open_parts
from corpus.documents import CORRESPONDENCE, PUBLIC, UNFILED
from corpus.folder import read_key
from corpus.opaque import Opaque
from corpus.packs import is_pack
from corpus.rights import Rights
from corpus.rows import StoredDocument
from guardrails.register.records import JsonValue

FR = Texts("fr")
ROLE = "administrator"
ANSWERS = {"a": PUBLIC, "c": CORRESPONDENCE, "?": UNFILED}
"""What a person may answer to « actes publics ou courriers ? »; nothing opens by itself."""


class Declared(NamedTuple):
    """Where papers go; `was_said`: somebody said so, now or when they were added first."""

    collection: str
    was_said: bool = True


def declared(
    session: Session, parts: Parts, paths: Sequence[Path], collection: str | None
) -> Declared:
    """Return the collection of what is added: the one named, else the one that these folders were
    added with before, else what a person answers, else the one that agents alone see."""
    if collection is not None:
        return Declared(collection)
    before = _known_before(parts, paths)
    if len(before) == 1:
        return Declared(before.pop())
    if session.is_terminal and sys.stdin.isatty():
        answer = click.prompt(
            session.texts("cli", "ask_audience"),
            type=click.Choice([*ANSWERS]),
            default="?",
            err=True,
        )
        return Declared(ANSWERS[answer])
    return Declared(UNFILED, was_said=False)


def tell_unless_said(session: Session, given: Declared) -> None:
    """Say how papers that agents alone see are declared public, once they are in."""
    if not given.was_said:
        session.tell(session.texts("cli", "audience_not_said"))


def _known_before(parts: Parts, paths: Sequence[Path]) -> set[str]:
    """Return the collections with which any of these folders or files was added."""
    files, key, found = parts.store.files(), read_key(parts.keys, "corpus"), set[str]()
    for collection in {seen.collection for seen in files}:
        opaque = Opaque(key, collection)
        roots = {opaque.root(path.resolve()) for path in paths} - {""}
        names = {opaque.path(path.resolve()) for path in paths}
        if any(seen.root in roots or seen.path in names for seen in files):
            found.add(collection)
    return found


def open_collection(settings: Settings, document: StoredDocument) -> str:
    """Return the collection in which residents may read a document that is declared public: its
    own if they see that one, else `public`, else the first that they see; "" if there is none."""
    return public_collection(settings.rights, document.declared)


def public_collection(rights: Rights, own: str) -> str:
    """Return the same for a document that was added with the collection `own`.

    >>> public_collection(Rights({"senior": frozenset({"public", "plu"})}), "plu")
    'plu'
    >>> public_collection(Rights({"senior": frozenset({"public", "plu"})}), "default")
    'public'
    """
    seen = rights.filters("senior").collections
    names = {own, PUBLIC} if seen is None else {n for n in seen if n == own or not is_pack(n)}
    return next((name for name in (own, PUBLIC, *sorted(names)) if name in names), "")


@click.command("audience", help=FR("help", "corpus_audience"))
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--public", "word", flag_value="public", help=FR("help", "audience_public"))
@click.option("--agents", "word", flag_value="agents", help=FR("help", "audience_agents"))
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def audience(session: Session, files: tuple[str, ...], word: str | None, as_json: bool) -> None:
    if word is None:
        raise session.fail("audience_missing")
    rows: list[dict[str, JsonValue]] = []
    with open_parts(session.data, session.keys_base, session.settings) as parts:
        me = parts.register.pseudonym(getpass.getuser())
        for document in _named(session, parts, files):
            place = CORRESPONDENCE
            if word == "public" and not (place := open_collection(session.settings, document)):
                raise session.fail("nothing_public")
            now = decide_audience(parts, document, place, by=me, role=ROLE)
            rows.append(
                {"id": now.id, "file": now.file, "collection": now.collection, "audience": word}
            )
    if as_json:
        session.print_json({"decided": rows})
        return
    for row in rows:
        session.say(session.texts("cli", f"audience_{word}", **row))


def _named(session: Session, parts: Parts, files: Sequence[str]) -> list[StoredDocument]:
    """Return the documents of these ids or names, as `corpus list` shows them."""
    every = parts.store.documents()
    found: dict[str, StoredDocument] = {}
    for name in files:
        named = [document for document in every if name in (document.id, document.file)]
        if not named:  # not repeated: a name may hold a person's
            raise session.fail("no_such_paper", position=files.index(name) + 1)
        if len(named) > 1:  # what is opened to residents is never guessed
            raise session.fail("two_such_papers", position=files.index(name) + 1)
        found |= {document.id: document for document in named}
    return list(found.values())
