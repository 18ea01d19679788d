# SPDX-License-Identifier: EUPL-1.2
"""Who stays visible: elected members and signatories acting in office, occurrence by occurrence.

« Le Maire, Ana PETIT »            a role beside the name: stays
« M. PETIT rapporte le point 4 »   on the roster, nothing says a resident: stays
« M. PETIT, demeurant 3 rue … »    the same man as a resident: hidden
« Ana PETIT ⏎ 3 rue … »            a letter from home: hidden, down to its signature
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from guardrails import role_forms as forms
from guardrails.findings import Finding
from guardrails.residents import is_resident, writes_from_home
from guardrails.roster import Official, parts, read_roster, sex_of
from guardrails.scanned import mended
from guardrails.sittings import sitting

_OF_BOTH = re.compile(r"(?<!\w)(?:Mmes\set\sMM\.|MM\.\set\sMmes)\s{1,2}\Z")
"""`Présents : Mmes et MM. Ana PETIT, Luc ROY`: it tells nobody's sex."""


class Offices:
    """Tells who acts in office, by the role beside the name and by the town's roster."""

    def __init__(self, roster: Sequence[str]) -> None:
        self._officials = read_roster(roster)

    def acting(self, text: str, persons: Sequence[Finding]) -> frozenset[Finding]:
        """Return the findings that stand for someone acting in office."""
        ordered = sorted(persons)
        ends = [0, *(person.end for person in ordered)][: len(ordered)]
        roles = [
            self._has_role(text, person, end) for person, end in zip(ordered, ends, strict=True)
        ]
        _spread(text, ordered, roles)
        seated = sitting(text, ordered, roles)
        roles = [has_role or place in seated for place, has_role in enumerate(roles)]
        in_office = [person for person, has_role in zip(ordered, roles, strict=True) if has_role]
        named = read_roster([_with_civility(text, person) for person in in_office])
        at_home = read_roster(
            [text[p.start : p.end] for p in ordered if writes_from_home(text, p.end)]
        )
        return frozenset(
            person
            for person, has_role in zip(ordered, roles, strict=True)
            if has_role
            or (
                not _is_listed(text, person, at_home, alone=True)  # who signs such a letter too
                and (
                    _is_listed(text, person, self._officials, alone=True)
                    or _is_listed(text, person, named, alone=False)
                )
            )
        )

    def _has_role(self, text: str, person: Finding, previous: int) -> bool:
        """`previous`: where the person before ends, whose role may stand in between."""
        before = _near(text, person.start)
        after = mended(text[person.end : person.end + forms.REACH_CHARS])
        if (
            forms.DESIGNATED.match(after)
            or forms.IS_MAYOR.search(before)
            or forms.SIGNS_FOR.search(before)
        ):
            return True
        if forms.FOR_THE_TOWN.search(before) and not forms.NO_MEMBER.match(after):
            return True
        if forms.PRESIDENT.search(before) and forms.PUBLIC_BODY.search(text[: person.start]):
            return not forms.PRIVATE_BODY.search(text[: person.start])
        role = None if after[:3].isspace() else forms.ROLE_AFTER.match(after)  # another column
        if role and forms.ANOTHER.match(after, role.end()) and forms.ARTICLE.match(after):
            role = None  # `Luc Roy, le maire Ana Petit`, `Luc Roy⏎Le maire, Ana Petit, lit`
        if role and forms.TURN.match(after):
            role = None  # `Véro : le maire a dit`
        if role and "\n" in role[0] and forms.OPENS.match(after, role.end()):
            role = None  # `mandataire : Luc Roy⏎Le commissaire-enquêteur : Ana Petit`
        if role and not forms.FORMER.search(before) and not _is_private(text, person, role[0]):
            return True
        if forms.NOUS.search(before):
            return bool(
                re.match(
                    rf"[\s,]+(?:le\s+|la\s+)?(?:{forms.ELECTED}|{forms.SWORN})",
                    after,
                    re.VERBOSE | re.IGNORECASE,
                )
            )
        if forms.LINKS_ROLE_AWAY.search(before):
            return False
        found = forms.ROLE_BEFORE.search(before) if forms.HINTS_AT_ROLE.search(before) else None
        if not found and forms.ENDS_LINE.match(after):  # a signature; elsewhere a mere mention
            found = forms.SIGNED_BEFORE.search(before)
        if found and forms.BARE_LABEL.match(found[0]):
            return bool(forms.FOR_THE_MAYOR.search(before[: found.start()]))
        if not found or forms.FORMER.search(before[: found.start()]):
            return False
        if "\n" in found[0] and forms.OPENS.match(after):
            return False  # `préviens le maire⏎Bruno : fait`
        if "\n" in found[0] and forms.ADDRESSED.search(before) and forms.GREETED.match(after):
            return False  # `Le vice-président⏎Madame Petit,`: a letter begins
        between = text[previous : person.start]
        if (
            previous
            and "\n" in found[0]
            and between[:1] in ",("
            and forms.ROLE_AFTER.match(between)
        ):
            return False  # `Mme Roy, adjointe⏎M. Petit quitte la salle`
        return not _is_private(text, person, found[0])


def _is_listed(text: str, person: Finding, officials: Sequence[Official], *, alone: bool) -> bool:
    """Tell whether an official bears the name, and nothing says a resident.

    `alone`: a surname without civility is enough, as it is where the town told who sits. Where
    only the document did (`Mme Roy, adjointe`, then `Mme Roy répond`), it is not.
    """
    if not officials:
        return False
    name = parts(text[person.start : person.end])
    before = text[max(0, person.start - forms.REACH_CHARS) : person.start]
    civility = None if _OF_BOTH.search(before) else forms.CIVILITY_BEFORE.search(before)
    if not (alone or civility or len(name) > 1):
        return False
    sex = sex_of(civility[1]) if civility else sex_of(text[person.start : person.end].split()[0])
    borne = any(official.bears(name, sex) for official in officials)
    after = text[person.end : person.end + forms.REACH_CHARS]
    is_initial = forms.INITIAL_BEFORE.search(before) or forms.INITIAL_AFTER.match(after)
    if not borne and is_initial:  # `J. Roy, M. Ba`: the M. of Mireille
        borne = any(official.bears(("m", *name), "x") for official in officials)
    if not borne and alone and forms.INITIALS.fullmatch(text, person.start, _end(text, person)):
        borne = sum(official.has_initials(name) for official in officials) == 1
    if not borne:
        return False
    return not is_resident(before, text[person.end : person.end + forms.REACH_CHARS])


def _end(text: str, person: Finding) -> int:
    """Return where the name ends, its last stop included: `O. R.`."""
    return person.end + (text[person.end : person.end + 1] == ".")


def _with_civility(text: str, person: Finding) -> str:
    """Return the name as a roster would write it: `Mme Roy`."""
    civility = forms.CIVILITY_BEFORE.search(
        text[max(0, person.start - forms.REACH_CHARS) : person.start]
    )
    told = f"{civility[1]} " if civility and sex_of(civility[1]) != "x" else ""
    return told + text[person.start : person.end]


def _is_private(text: str, person: Finding, role: str) -> bool:
    """Tell whether a president or treasurer is one of an association that the passage speaks of."""
    around = text[max(0, person.start - 3 * forms.REACH_CHARS) : person.start]
    stands_for = forms.DELEGATION.sub("", role.lstrip(" .;,(\n"))
    if forms.OF_PUBLIC.search(stands_for):
        return False
    return bool(forms.PRESIDES.match(stands_for) and forms.PRIVATE_BODY.search(around))


def _near(text: str, end: int) -> str:
    """Return what stands just before; the blanks that place a signature on its page count once."""
    before = forms.WIDE_BLANK.sub(" ", text[max(0, end - 4 * forms.REACH_CHARS) : end])
    return mended(before[-forms.REACH_CHARS :])


def _spread(text: str, persons: Sequence[Finding], roles: list[bool]) -> None:
    """Give a role in the plural to the whole list that it closes or opens."""
    for index in range(len(persons) - 1, 0, -1):
        after = mended(text[persons[index].end : persons[index].end + 40]).removeprefix(")")
        if forms.PLURAL.search(after) and forms.ROLE_AFTER.match(after):
            roles[index] = True
            place = index
            while place and forms.LIST_GAP.fullmatch(
                text[persons[place - 1].end : persons[place].start]
            ):
                place -= 1
                roles[place] = True
    is_open = False  # inside a list that such a heading opened
    for index, person in enumerate(persons):
        heading = text[max(0, person.start - forms.REACH_CHARS) : person.start]
        gap = text[persons[index - 1].end : person.start] if index else "."
        is_open = bool(forms.LIST_HEADING.search(heading)) or (
            is_open and bool(forms.LIST_GAP.fullmatch(gap))
        )
        roles[index] = roles[index] or (is_open and not forms.NO_MEMBER.match(text, person.end))
