# SPDX-License-Identifier: EUPL-1.2
"""What a person may look at: what was asked for, narrowed to their collections.

    filters_of(person, asked) ─▶ Filters ─▶ assistant.steps(filters=…)

The assistant narrows it further to what the audience may see; nothing here widens.
"""

from __future__ import annotations

from dataclasses import replace

from corpus.documents import Filters
from corpus.rights import NO_FILTER
from ui.access.person import Person


def filters_of(person: Person, asked: Filters = NO_FILTER) -> Filters:
    """Return what a person asked for, within their own collections.

    >>> from ui.access.person import Role
    >>> filters_of(Person("marie", Role.AGENT, ("a", "b")), Filters(collections=frozenset("bc")))
    Filters(collections=frozenset({'b'}), documents=None, kinds=None, since='', until='')
    """
    if person.collections is None:
        return asked
    own = frozenset(person.collections)
    return replace(asked, collections=own if asked.collections is None else own & asked.collections)
