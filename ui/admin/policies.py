# SPDX-License-Identifier: EUPL-1.2
"""What each collection may show: boxes to tick; what is not ticked is hidden."""

from __future__ import annotations

from assistant.policies import own_policies
from guardrails.findings import Entity
from guardrails.policy import DEFAULT_POLICY, Policy, Rules
from ui.admin.desk import Desk, collection_name
from ui.admin.html import Markup, checkbox, group, hidden, join, paragraph
from ui.admin.kept import Invalid, Kept
from ui.admin.typed import Typed

DEFAULT = "default"
MAX_COLLECTIONS = 100


def policies_now(desk: Desk) -> dict[str, str]:
    own = own_policies(desk.services.data)
    policy = Policy.read(own) if own else DEFAULT_POLICY
    named = sorted({*policy.collections, *desk.services.collections()} - {DEFAULT})
    typed = {f"name.{n}": name for n, name in enumerate([DEFAULT, *named])}
    for number, name in enumerate([DEFAULT, *named]):
        rules = policy.default if name == DEFAULT else policy.rules(name)
        typed |= {f"box.{number}:{entity.value}": entity.value for entity in rules.keep}
        if rules.officials:
            typed[f"box.{number}:officials"] = "officials"
    return typed


def policies_fields(desk: Desk, typed: Typed) -> Markup:
    say = desk.say
    numbers = sorted(int(key[5:]) for key in typed if _is_name(key))
    names = {number: typed[f"name.{number}"] for number in numbers}
    return join((
        paragraph(say.plain("policies.intro")),
        *(_collection(desk, typed, number, name) for number, name in names.items()),
        typed.field("new", say.plain("policies.new"), maxlength="64",
                    hint=say.plain("policies.new_hint")),
    ))  # fmt: skip


def _is_name(key: str) -> bool:
    return key.startswith("name.") and key[5:].isdecimal()


def _collection(desk: Desk, typed: Typed, number: int, name: str) -> Markup:
    say, box = desk.say, f"box.{number}"
    title = say.plain("policies.default") if name == DEFAULT else collection_name(desk, name)
    boxes = [
        checkbox(box, e.value, say.plain(f"entity.{e.value}"), checked=f"{box}:{e.value}" in typed)
        for e in Entity
    ]
    officials = checkbox(
        box, "officials", say.plain("policies.officials"), checked=f"{box}:officials" in typed
    )
    inner = join((hidden(f"name.{number}", name), officials,
                  f'<p class="hint">{say("policies.shown")}</p>',
                  f'<div class="boxes">{"".join(boxes)}</div>'))  # fmt: skip
    return group(title, [inner])


def keep_policies(desk: Desk, kept: Kept, typed: Typed) -> None:
    content: dict[str, object] = {}
    collections: dict[str, object] = {}
    names = {key[5:]: name.strip() for key, name in typed.items() if _is_name(key)}
    if len(names) > MAX_COLLECTIONS:
        raise Invalid("policies.many", most=MAX_COLLECTIONS)
    for number, name in names.items():
        ticked = {key.partition(":")[2] for key in typed if key.startswith(f"box.{number}:")}
        rules = {
            "keep": sorted(ticked - {"officials"}),
            "officials": "officials" in ticked,
        }
        if name == DEFAULT:
            content["default"] = rules
        elif name and name.isprintable() and len(name) <= 64:
            collections[name] = rules
    new = typed.get("new", "").strip()
    if new and new not in {*collections, DEFAULT}:
        if not new.isprintable() or len(new) > 64:
            raise Invalid("documents.bad_collection", field="new")
        default = Rules()
        collections[new] = {"keep": [], "officials": default.officials}
    kept.write("policy", content | {"collections": collections})
