# SPDX-License-Identifier: EUPL-1.2
"""The town's own words: groups that mean the same for a search, and what hard words mean.

Synonyms are written one group a line (`poubelles, ordures ménagères`), meanings one a line
(`arrêté = une décision écrite du maire`).
"""

from __future__ import annotations

import tomllib

from corpus.french import terms
from ui.admin.desk import Desk
from ui.admin.html import Markup, join, paragraph
from ui.admin.kept import Invalid, Kept
from ui.admin.typed import Typed

GLOSSARY = ("glosses", "everyday", "abbreviations")
MAX_LINES = 5_000


def _read(desk: Desk, name: str) -> dict[str, object]:
    path = desk.services.data / f"{name}.toml"
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise Invalid("invalid.file", name=path.name) from error


# -- synonyms


def synonyms_now(desk: Desk) -> dict[str, str]:
    groups = _read(desk, "synonyms").get("groups", [])
    assert isinstance(groups, list)
    return {"groups": "\n".join(", ".join(map(str, group)) for group in groups)}


def synonyms_fields(desk: Desk, typed: Typed) -> Markup:
    say = desk.say
    return join((
        paragraph(say.plain("synonyms.intro")),
        typed.area("groups", say.plain("synonyms.groups"), rows=16,
                   hint=say.plain("synonyms.hint")),
    ))  # fmt: skip


def keep_synonyms(desk: Desk, kept: Kept, typed: Typed) -> None:
    groups = []
    for number, line in _numbered(typed.get("groups", "")):
        forms = [form.strip() for form in line.split(",") if form.strip()]
        if len(forms) < 2 or not all(terms(form) for form in forms):
            raise Invalid("synonyms.bad_line", field="groups", number=number)
        groups.append(list(dict.fromkeys(forms)))
    kept.write("synonyms", {"groups": groups})


# -- the glossary


def glossary_now(desk: Desk) -> dict[str, str]:
    read = _read(desk, "glossary")
    typed = {}
    for name in GLOSSARY:
        table = read.get(name, {})
        pairs = table.items() if isinstance(table, dict) else ()
        typed[name] = "\n".join(f"{word} = {meaning}" for word, meaning in pairs)
    return typed


def glossary_fields(desk: Desk, typed: Typed) -> Markup:
    say = desk.say
    return join((
        paragraph(say.plain("glossary.intro")),
        *(
            typed.area(name, say.plain(f"glossary.{name}"), rows=12 if name == "glosses" else 6,
                       hint=say.plain(f"glossary.{name}_hint"))
            for name in GLOSSARY
        ),
    ))  # fmt: skip


def keep_glossary(desk: Desk, kept: Kept, typed: Typed) -> None:
    content: dict[str, dict[str, str]] = {}
    for name in GLOSSARY:
        for number, line in _numbered(typed.get(name, "")):
            word, sign, meaning = (part.strip() for part in line.partition("="))
            if not word or not sign:
                where = desk.say.plain(f"glossary.{name}")
                raise Invalid("glossary.bad_line", field=name, where=where, number=number)
            content.setdefault(name, {})[word] = meaning
    kept.write("glossary", content)


def _numbered(written: str) -> list[tuple[int, str]]:
    """Return the lines that hold something, with their numbers from 1."""
    lines = written.split("\n")
    if len(lines) > MAX_LINES:
        raise Invalid("invalid.many_lines", most=MAX_LINES)
    return [(n, line.strip()) for n, line in enumerate(lines, start=1) if line.strip()]
