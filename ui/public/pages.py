# SPDX-License-Identifier: EUPL-1.2
"""The public pages in HTML: plain, readable without a script, all text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from assistant.settings import Town
from corpus.documents import PUBLIC, UNFILED
from ui.accessibility import mention
from ui.marking import GENERATOR
from ui.public.facts import Facts
from ui.public.remarks import KINDS, MAX_CHARS
from ui.wording import Words, model_note, typeset

HOME = "/transparence"
REMARKS = "/remarques"


def page(say: Words, town: str, title: str, main: str, *, here: str) -> str:
    """Return a whole page; `main` is HTML."""
    other = "en" if say.language == "fr" else "fr"
    return (
        f'<!doctype html><html lang="{say.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="same-origin">'  # or a form's origin would be unknown
        f"{GENERATOR}<title>{escape(title)} – {escape(town) or say('title')}</title>"
        '<link rel="icon" href="/ui/icon.svg"><link rel="stylesheet" href="/ui/style.css">'
        f'<link rel="stylesheet" href="{HOME}/public.css"></head>'
        f'<body class="public"><a class="skip" href="#main">{say("skip")}</a>'
        f'<header class="top"><p class="brand"><span class="seal" aria-hidden="true"></span>'
        f"<span><strong>{say('title')}</strong> {escape(town)}</span></p>"
        f'<nav aria-label="{say("pages")}">'
        f'<a href="{HOME}?lang={say.language}">{say("transparency")}</a> '
        f'<a href="{REMARKS}?lang={say.language}">{say("remarks")}</a> '
        f'<a href="{here}?lang={other}" lang="{other}">{say("other_language")}</a>'
        f'</nav></header><main id="main" tabindex="-1"><h1>{escape(title)}</h1>{main}</main>'
        f'<footer class="foot">{mention(say.language)}</footer></body></html>'
    )


def transparency(say: Words, facts: Facts, shown: str) -> str:
    """Return the transparency page; `shown` is the HTML of its figures."""
    parts = (
        *(_pause(say, who, sentence) for who, sentence in facts.pauses),
        f'<p class="lead">{say("lead", town=facts.town.name or say.plain("a_town"))}</p>',
        _section(say, "what", _list(say, ("what_ai", "what_quotes", "what_refuses", "what_human"))),
        _section(say, "person", _person(say, facts)),
        _section(say, "model", _model(say, facts)),
        _section(say, "documents", _documents(say, facts)),
        _section(say, "data", _list(say, (
            "data_hidden", *_leaves(facts), "data_register", "data_training"),
            months=facts.months, witnesses=facts.witnesses)),
        _section(say, "figures", shown),
        _section(say, "contest", _list(say, ("contest_record", "contest_person", "contest_cada",
                                             "contest_dpo"))),
        _section(say, "sheets", _sheets(say)),
    )  # fmt: skip
    return page(say, facts.town.name, say.plain("transparency"), "".join(parts), here=HOME)


def _leaves(facts: Facts) -> tuple[str, ...]:
    """Return the keys of what is told of the data that leave the machine."""
    stays = "data_stays" if facts.witnesses else "data_local"
    told = "data_elsewhere" if facts.runs_elsewhere else stays
    if not facts.witnesses:
        return (told,)
    return (told, "data_witness" if facts.witnesses == 1 else "data_witnesses")


def _section(say: Words, name: str, body: str) -> str:
    return f'<section id="{name}"><h2>{say(f"{name}_title")}</h2>{body}</section>'


def _list(say: Words, keys: Iterable[str], **facts: object) -> str:
    return f"<ul>{''.join(f'<li>{say(key, **facts)}</li>' for key in keys)}</ul>"


def _pause(say: Words, who: str, sentence: str) -> str:
    said = f"<p>{escape(sentence)}</p>" if sentence else ""
    return f'<div class="notice"><p><strong>{say(f"paused_{who}")}</strong></p>{said}</div>'


def _person(say: Words, facts: Facts) -> str:
    return f"<p>{say('person_words')}</p>{contact(say, facts.town)}"


def contact(say: Words, town: Town) -> str:
    """Return the contact sheet as a list; the desk, where nothing else is set."""
    sheet = [part for part in (town.phone, town.email, town.address, town.hours) if part]
    lines = "".join(f"<li>{escape(part)}</li>" for part in sheet)
    return f"<ul>{lines}</ul>" if lines else f"<p>{say('desk')}</p>"


def model_and_licence(say: Words, facts: Facts) -> tuple[str, str]:
    """Return the name and the licence of the model that writes, as far as they are known here."""
    if not facts.model.name:
        return say.plain("server_model"), "–"
    return facts.model.name, facts.model.licence or say.plain("own_model")


def _model(say: Words, facts: Facts) -> str:
    rows = [
        (say("model_answers"), *model_and_licence(say, facts)),
        (say("model_search"), facts.embedder.name, facts.embedder.licence),
    ]
    body = "".join(
        f'<tr><th scope="row">{use}</th><td>{escape(name)}</td><td>{escape(licence)}</td></tr>'
        for use, name, licence in rows
    )
    heads = "".join(f'<th scope="col">{say(f"head_{h}")}</th>' for h in ("use", "model", "licence"))
    words = say("model_words" if facts.model.name else "model_words_server")
    note = model_note(facts.model.name, say.language)
    return f"<p>{words}</p>{f'<p>{typeset(note)}</p>' if note else ''}" + wide(
        say.plain("model_title"), f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody>"
    )


def _documents(say: Words, facts: Facts) -> str:
    body = "".join(
        f'<tr><th scope="row">{escape(collection_name(say, h.collection))}</th>'
        f'<td class="n">{h.documents}</td><td class="n">{h.pages}</td></tr>'
        for h in facts.open_to_all
    )
    heads = f'<th scope="col">{say("head_collection")}</th>' + "".join(
        f'<th scope="col" class="n">{say(f"head_{h}")}</th>' for h in ("documents", "pages")
    )
    reserved = f"<p>{say('documents_reserved')}</p>"
    if not body:
        return f"<p>{say('documents_none')}</p>{reserved}"
    inner = f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody>"
    return f"<p>{say('documents_words')}</p>{wide(say.plain('documents_title'), inner)}{reserved}"


def collection_name(say: Words, name: str) -> str:
    """Return what a collection is called to residents, as text."""
    return say.plain(f"collection_{name}") if name in {UNFILED, PUBLIC} else name


def wide(label: str, inner: str) -> str:
    """Return a table that scrolls on its own where it is wider than the page."""
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(label)}">'
        f"<table>{inner}</table></div>"
    )


def _sheets(say: Words) -> str:
    files = (("sheet_csv", "algorithme.csv"), ("sheet_markdown", "algorithme.md"),
             ("sheet_use_case", "cas-d-usage.md"))  # fmt: skip
    lines = "".join(
        f'<li><a href="{HOME}/{file}?lang={say.language}">{say(key)}</a></li>'
        for key, file in files
    )
    links = "".join(
        f'<li><a href="{HOME}/{path}?lang={say.language}">{say(key)}</a></li>'
        for key, path in (("ia.link", "ia"), ("committee.link", "comite"))
    )
    return f"<ul>{links}</ul><p>{say('sheets_words')}</p><ul>{lines}</ul>"


def remark_form(
    say: Words, town: str, token: str, *, error: str = "", text: str = "", kind: str = "remark"
) -> str:
    """Return the page with the form; `error` is a key of the texts."""
    bad = f'<p class="bad" role="alert">{say(error, most=MAX_CHARS)}</p>' if error else ""
    kinds = "".join(
        f'<span class="check"><input type="radio" name="kind" id="kind-{k}" value="{k}"'
        f'{" checked" if k == kind else ""}><label for="kind-{k}">{say(f"kind_{k}")}</label></span>'
        for k in KINDS
    )
    form = (
        f'<form method="post" action="{REMARKS}?lang={say.language}">'
        f'<input type="hidden" name="token" value="{escape(token)}">'
        f"<fieldset><legend>{say('kind')}</legend>{kinds}</fieldset>"
        f'<div class="field"><label for="text">{say("text")}</label>'
        f'<p class="hint" id="text-hint">{say("text_hint", most=MAX_CHARS)}</p>'
        f'<textarea id="text" name="text" rows="6" maxlength="{MAX_CHARS}" required'
        f' aria-describedby="text-hint">\n{escape(text)}</textarea></div>'
        f'<p><button class="button main" type="submit">{say("send")}</button></p></form>'
    )
    main = f"<p>{say('remarks_words')}</p>{bad}{form}"
    return page(say, town, say.plain("remarks_title"), main, here=REMARKS)


def thanks(say: Words, town: str, kept: str, hidden: Sequence[str]) -> str:
    """Return what was kept of a remark, in its hidden form."""
    masked = f"<p>{say('thanks_hidden')}</p>" if hidden else ""
    main = (
        f'<p role="status">{say("thanks")}</p><h2>{say("thanks_kept")}</h2>'
        f"<blockquote>{escape(kept)}</blockquote>{masked}"
        f'<p><a href="{HOME}?lang={say.language}">{say("transparency")}</a></p>'
    )
    return page(say, town, say.plain("thanks_title"), main, here=REMARKS)
