# SPDX-License-Identifier: EUPL-1.2
"""The accessibility statement at /accessibilite: state, what was tried, contact, remedies, plan."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from importlib.metadata import version

from assistant.settings import Town
from ui.accessibility import CRITERIA, NOT_CONFORMING, PATH, PLAN, Criterion
from ui.public import pages
from ui.wording import Words


def page(say: Words, town: Town) -> str:
    """Return the statement; `say` has the words of the public pages."""
    own = Words("ui", say.language)
    lead = own("access.lead", town=town.name or own.plain("access.a_town"))
    made = own("access.made", program=version("greffier"))
    main = "".join((
        f'<p class="lead">{lead}</p>',
        _section(own, "state", f"<p><strong>{own('access.state')}</strong></p>"),
        _section(own, "not", _list(own, "not", NOT_CONFORMING)),
        _section(own, "contact", f"<p>{own('access.contact')}</p>{pages.contact(say, town)}"),
        _section(own, "remedies", f"<p>{own('access.remedies')}</p>"
                 + _list(own, "remedy", ("form", "delegate", "post"))),
        _section(own, "plan", _list(own, "plan", (*PLAN, "dates"))),
        _section(own, "results", f"<p>{own('access.results')}</p>{_tried(own)}"),
        _section(own, "made", f"<p>{made}</p>"),
    ))  # fmt: skip
    return pages.page(say, town.name, own.plain("access.title"), main, here=PATH)


def _section(own: Words, name: str, body: str) -> str:
    return f'<section id="{name}"><h2>{own(f"access.{name}_title")}</h2>{body}</section>'


def _list(own: Words, kind: str, keys: Iterable[str]) -> str:
    items = "".join(f"<li>{own(f'access.{kind}_{key}')}</li>" for key in keys)
    return f"<ul>{items}</ul>"


def _tried(own: Words) -> str:
    heads = "".join(
        f'<th scope="col">{own(f"access.head_{h}")}</th>' for h in ("number", "what", "how")
    )
    rows = "".join(_row(own, one) for one in CRITERIA)
    return pages.wide(
        own.plain("access.results_title"), f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>"
    )


def _row(own: Words, one: Criterion) -> str:
    how = ", ".join(own(f"access.how_{how}") for how in one.how)
    return (
        f'<tr><th scope="row">{escape(one.number)}</th><td>{own(one.words)}</td><td>{how}</td></tr>'
    )
