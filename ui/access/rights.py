# SPDX-License-Identifier: EUPL-1.2
"""What a person may look at: what was asked for, narrowed to their collections.

    filters_of(person, asked) ─▶ Filters ─▶ assistant.steps(filters=…)

The assistant narrows it further to what the audience may see; nothing here widens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from corpus.documents import Filters
from corpus.rights import NO_FILTER, Rights
from ui.access.person import Person, Role

AUDIENCES: Mapping[Role, str] = {
    Role.RESIDENT: "senior",
    Role.AGENT: "agent",
    Role.AUDITOR: "agent",
    Role.ADMIN: "agent",
}
"""What each role sees when nothing is said of its collections."""


def filters_of(person: Person, asked: Filters = NO_FILTER) -> Filters:
    """Return what a person asked for, within their own collections.

    >>> filters_of(Person("marie", Role.AGENT, ("a", "b")), Filters(collections=frozenset("bc")))
    Filters(collections=frozenset({'b'}), documents=None, kinds=None, since='', until='')
    """
    if person.collections is None:
        return asked
    own = frozenset(person.collections)
    return replace(asked, collections=own if asked.collections is None else own & asked.collections)


def may_see(person: Person, collection: str, rights: Rights) -> bool:
    """Whether a person may read the documents of a collection."""
    allowed = rights.filters(AUDIENCES[person.role], filters_of(person)).collections
    return allowed is None or collection in allowed
