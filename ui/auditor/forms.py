# SPDX-License-Identifier: EUPL-1.2
"""The parts of the page that stay: banner, filter, and the forms of its four views.

Native fields in native forms: `static/auditor.js` sends what they hold, with the filter's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assistant.answers import Reason
from guardrails.intervals import wanted
from guardrails.register import Kind
from ui.auditor.asked import ALL, AUDIENCES, FORMS, MAX_DRAWN, OUTCOMES, QUESTIONS
from ui.auditor.words import Words

POPULATIONS = (100, 500, 5_000)
"""Questions of a period, for which the page says how many to draw."""

VIEWS = ("registre", "echantillon", "statistiques", "export")
"""What an address ends with after `#`."""


class Forms:
    """Lays out the forms in one language."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def banner(self, path: str) -> str:
        """Return what stands at the top."""
        say = self._words
        return (
            f'<link rel="stylesheet" href="{path}/static/auditor.css">'
            f'<a class="skip" href="#status">{say("skip")}</a>'
            f'<header><p class="brand"><span class="seal" aria-hidden="true"></span>'
            f"<span><strong>{say('brand')}</strong> {say('tagline')}</span></p>"
            f'<p class="quiet">{say("read_only")}</p>'
            f"</header><h1>{say('title')}</h1>"
        )

    def check(self) -> str:
        """Return the form that verifies the register, against what was kept elsewhere if given."""
        say = self._words
        checkpoint = self._checkpoint()
        key = _field(
            say("kept_key"), '<input type="text" name="key" autocomplete="off" spellcheck="false">'
        )
        return (
            f'<form data-act="verify"><p class="buttons"><button class="main">{say("verify")}'
            f"</button></p><details><summary>{say('compare')}</summary>"
            f"<p>{say('compare_note')}</p>{checkpoint}{key}</details></form>"
        )

    def views(self) -> str:
        """Return the links between the views."""
        links = "".join(f'<li><a href="#{v}">{self._words(f"view_{v}")}</a></li>' for v in VIEWS)
        return f'<nav aria-label="{self._words("views")}"><ul>{links}</ul></nav>'

    def filter(self) -> str:
        """Return the filter, which holds for all views."""
        say = self._words
        kinds = {QUESTIONS: say("all_questions"), ALL: say("all_entries")}
        kinds |= {kind.value: say.name("kind", kind.value) for kind in Kind}
        fields = (
            _field(say("since"), '<input type="date" name="since" max="2200-12-31">')
            + _field(say("until"), '<input type="date" name="until" max="2200-12-31">')
            + self._select("kind", kinds, is_optional=False)
            + self._select("outcome", self._named("outcome", OUTCOMES))
            + self._select("reason", self._named("reason", (r.value for r in Reason)))
            + self._select("audience", self._named("audience", AUDIENCES))
            + _field(
                say("col_actor"),
                '<input type="text" name="actor" maxlength="28" autocomplete="off" '
                'spellcheck="false">',
            )
        )
        return (
            f'<details class="filter" open><summary>{say("filter")}</summary>'
            f'<form id="filter" data-act="browse"><div class="fields">{fields}</div>'
            f'<p class="buttons"><button class="main">{say("browse")}</button>'
            f'<button type="reset">{say("reset")}</button></p></form></details>'
        )

    def find(self) -> str:
        """Return the form that opens an entry by its number."""
        say = self._words
        field = _field(say("entry"), '<input type="text" name="index" inputmode="numeric" '
                       'autocomplete="off" maxlength="12">')  # fmt: skip
        return (
            f'<h2 tabindex="-1">{say("view_registre")}</h2><form data-act="open" class="inline">'
            f"{field}<button>{say('open')}</button></form>"
        )

    def sample(self) -> str:
        """Return the forms that draw a sample, and draw one again."""
        say = self._words
        count = _field(
            say("sample_count", most=MAX_DRAWN),
            '<input type="text" name="count" inputmode="numeric" value="20" maxlength="3" '
            'autocomplete="off">',
        )
        seed = _field(
            say("sample_seed_field"),
            '<input type="text" name="seed" maxlength="64" autocomplete="off" spellcheck="false">',
        )
        again = _field(
            say("sample_index"),
            '<input type="text" name="index" inputmode="numeric" maxlength="12" '
            'autocomplete="off">',
        )
        return (
            f'<h2 tabindex="-1">{say("view_echantillon")}</h2><p>{say("sample_note")}</p>'
            f"<p>{self._sizes()}</p>"
            f'<form data-act="draw" class="inline">{count}{seed}'
            f'<button class="main">{say("draw")}</button></form>'
            f"<details><summary>{say('redraw_title')}</summary>"
            f'<form data-act="redraw" class="inline">{again}<button>{say("redraw")}</button></form>'
            "</details>"
        )

    def _sizes(self) -> str:
        """Return how many to draw out of how many, for two widths of the interval."""
        say = self._words
        sizes = {
            f"within_{points}": " / ".join(say.whole(wanted(n, points / 100)) for n in POPULATIONS)
            for points in (10, 5)
        }
        return say("sample_sizes", of=" / ".join(map(say.whole, POPULATIONS)), **sizes)

    def statistics(self) -> str:
        """Return the button that counts."""
        say = self._words
        return (
            f'<h2 tabindex="-1">{say("view_statistiques")}</h2><p>{say("count_note")}</p>'
            f'<form data-act="count" class="inline"><button class="main">{say("count")}</button>'
            "</form>"
        )

    def export(self, path: str) -> str:
        """Return what an auditor takes home once, and the form that prepares an export."""
        say = self._words
        taken = "".join(
            f'<a class="download" download href="{path}/{place}">{say(words)}</a>'
            for place, words in (("kit", "kit"), ("point-de-controle", "point"))
        )
        choices = "".join(
            f'<label class="choice"><input type="radio" name="form" value="{form}"'
            f"{' checked' if form == 'bundle' else ''}><span><strong>{say(f'form_{form}')}</strong>"
            f" {say(f'form_{form}_note')}</span></label>"
            for form in FORMS
        )
        return (
            f'<h2 tabindex="-1">{say("view_export")}</h2><p>{say("kit_note")}</p>'
            f'<p class="buttons">{taken}</p><p>{say("export_note")}</p>'
            f'<form data-act="prepare"><fieldset><legend>{say("export_form")}</legend>{choices}'
            f"</fieldset><details><summary>{say('bundle_since')}</summary>"
            f"<p>{say('bundle_since_note')}</p>{self._checkpoint()}</details>"
            f'<button class="main">{say("prepare")}</button></form>'
        )

    def _checkpoint(self) -> str:
        return (
            f'<label class="field wide"><span>{self._words("kept_checkpoint")}</span>'
            '<textarea name="checkpoint" rows="5" spellcheck="false" autocomplete="off">'
            "</textarea></label>"
        )

    def _named(self, section: str, values: Iterable[str]) -> dict[str, str]:
        return {value: self._words.name(section, value) for value in values}

    def _select(self, name: str, options: Mapping[str, str], *, is_optional: bool = True) -> str:
        any_ = f'<option value="">{self._words("any")}</option>' if is_optional else ""
        items = "".join(f'<option value="{v}">{words}</option>' for v, words in options.items())
        return _field(self._words(f"col_{name}"), f'<select name="{name}">{any_}{items}</select>')


def _field(name: str, control: str) -> str:
    return f'<label class="field"><span>{name}</span>{control}</label>'
