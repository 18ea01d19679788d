# SPDX-License-Identifier: EUPL-1.2
"""The form of a validated answer: as it is shown, typed, and read into drafts.

A wording for seniors makes two cards of it, one for each audience: each is validated, suspended
and confirmed as any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

from starlette.datastructures import FormData

from assistant.cards import Audience, Draft, Fault, GivenQuote
from assistant.cards.card import MOST_CHARS, MOST_SERVICE_CHARS
from assistant.cards.ends import NEVER
from assistant.sheet.facts import TONGUES, Tongue
from corpus.acts import date_in_words
from ui.access.person import Person
from ui.agent.services import AgentServices, CardTools
from ui.agent.validating.lines import Spot, given, picker
from ui.forms import value
from ui.senior.words import RIGHT_TO_LEFT

HERE = "/valider"
MOST_LINES = 400
FOREIGN: tuple[Tongue, ...] = tuple(one for one in TONGUES if one != "fr")
NAMES = {"en": "English", "ar": "العربية", "pt": "Português", "es": "Español", "tr": "Türkçe"}
UNTIL_HINT = ' aria-describedby="until-hint"'
SUITE = '<input type="hidden" name="suite" value="1">'
AUDIENCES = {"": "all", "agent": "agent", "senior": "senior"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What stands in the form. `replaces`: the card that this one takes the place of; `goes_on`:
    the next proposal comes after it; `ends`: the last day that was read in the lines and shown."""

    question: str = ""
    spots: tuple[Spot, ...] = ()
    wordings: str = ""
    answer: str = ""
    senior: str = ""
    audience: Audience = ""
    until: str = ""
    service: str = ""
    replaces: str = ""
    goes_on: bool = False
    ends: str = ""
    translations: tuple[tuple[Tongue, str], ...] = ()

    @classmethod
    def read(cls, form: FormData) -> Typed:
        """Read a form that was sent."""
        boxes = [box for box in form.getlist("line") if isinstance(box, str)][:MOST_LINES]
        pages = [box for box in form.getlist("page") if isinstance(box, str)][:MOST_LINES]
        spots = [spot for box in (*boxes, *pages) if (spot := Spot.read(box))]
        audience = value(form, "audience")
        return cls(
            question=value(form, "question"),
            spots=tuple(spots),
            wordings=value(form, "wordings"),
            answer=value(form, "answer"),
            senior=value(form, "senior"),
            audience="agent" if audience == "agent" else "senior" if audience == "senior" else "",
            until=value(form, "until"),
            service=value(form, "service"),
            replaces=value(form, "replaces"),
            goes_on=bool(value(form, "suite")),
            ends=value(form, "ends"),
            translations=tuple(
                (one, said) for one in FOREIGN if (said := value(form, f"answer_{one}"))
            ),
        )

    @property
    def ticked(self) -> list[Spot]:
        """The lines that were picked, without those that only keep a page in sight."""
        return [spot for spot in self.spots if spot.end > spot.start]

    def drafts(self, quotes: Sequence[GivenQuote]) -> list[Draft]:
        """Return what is to be validated."""
        one = Draft(
            question=self.question,
            quotes=tuple(quotes),
            answer=self.answer,
            wordings=tuple(line.strip() for line in self.wordings.split("\n") if line.strip()),
            audience=self.audience,
            until=self.until or (NEVER if self.ends else ""),  # what was shown was taken away
            service=self.service,
            translations=self.translations,
        )
        if not self.senior:
            return [one]
        return [replace(one, audience="agent"), replace(one, audience="senior", answer=self.senior)]


def with_end(services: AgentServices, cards: CardTools, person: Person, typed: Typed) -> Typed:
    """Return a form with the last day that its lines give, where nobody said another."""
    quotes = given(services, person, typed.ticked)
    ends = cards.desk.end_of(typed.question, quotes)
    return replace(typed, ends=ends, until=typed.until or ends)


def form_page(
    services: AgentServices, person: Person, typed: Typed, token: str, fault: Fault | None = None
) -> str:
    """Return the form; `fault` says why what was sent is no card."""
    say = services.words
    problem = ""
    if fault:
        why = escape(services.texts("card_fault", fault.value))
        problem = f'<p class="problem" id="problem" role="alert">{say("card_refused")} {why}.</p>'
    options = "".join(
        f'<option value="{whom}"{" selected" if whom == typed.audience else ""}>'
        f"{say(f'card_audience_{key}')}</option>"
        for whom, key in AUDIENCES.items()
    )
    pages = {(spot.document, spot.page) for spot in typed.spots}
    kept = "".join(
        f'<input type="hidden" name="page" value="{escape(str(Spot(document, page)))}">'
        for document, page in sorted(pages)
    )
    read = ""
    if typed.ends:
        day = date_in_words(typed.ends) if say.language == "fr" else typed.ends
        read = f'<span class="quiet" id="until-hint">{say("card_until_read", day=day)}</span>'
    hint, has_focus = say("card_question_hint"), typed.goes_on
    asked = _area("question", say("card_question"), typed.question, hint, has_focus=has_focus)
    return (
        f'{problem}<form method="post" action="{HERE}" class="stack validate">'
        f'<input type="hidden" name="token" value="{token}">'
        f'<input type="hidden" name="replaces" value="{escape(typed.replaces)}">{kept}'
        f"{SUITE if typed.goes_on else ''}"
        f'<input type="hidden" name="ends" value="{escape(typed.ends)}">'
        f"{asked}"
        f"{picker(services, person, typed.spots)}"
        f"{_area('answer', say('card_answer'), typed.answer, say('card_answer_hint'))}"
        f"{_area('senior', say('card_senior'), typed.senior, say('card_senior_hint'))}"
        f"{_translations(services, typed)}"
        f"{_area('wordings', say('card_wordings'), typed.wordings, say('card_wordings_hint'), 3)}"
        '<div class="fields">'
        f'<p class="field"><label for="audience">{say("card_audience")}</label>'
        f'<select id="audience" name="audience">{options}</select></p>'
        f'<p class="field"><label for="until">{say("card_until")}</label>{read}'
        f'<input id="until" name="until" type="date" value="{escape(typed.until)}"'
        f"{UNTIL_HINT if read else ''}></p>"
        f'<p class="field"><label for="service">{say("card_service")}</label>'
        f'<input id="service" name="service" maxlength="{MOST_SERVICE_CHARS}" '
        f'value="{escape(typed.service)}"></p></div>'
        f'<p><button type="submit" class="button">{say("card_validate")}</button></p></form>'
    )


def _translations(services: AgentServices, typed: Typed) -> str:
    """Return the answer's words in the other languages of the simple page, folded until used."""
    said = dict(typed.translations)
    areas = "".join(
        f'<p class="field"><label for="answer_{one}" lang="{one}">{NAMES[one]}</label>'
        f'<textarea id="answer_{one}" name="answer_{one}" rows="2" maxlength="{MOST_CHARS}" '
        f'lang="{one}" dir="{"rtl" if one in RIGHT_TO_LEFT else "ltr"}">\n'
        f"{escape(said.get(one, ''))}</textarea></p>"
        for one in FOREIGN
    )
    return (
        f"<details{' open' if said else ''}><summary>{services.words('card_languages')}</summary>"
        f'<p class="quiet">{services.words("card_languages_hint")}</p>{areas}</details>'
    )


def _area(
    name: str, label: str, value: str, hint: str, rows: int = 2, *, has_focus: bool = False
) -> str:
    return (
        f'<p class="field"><label for="{name}">{label}</label>'
        f'<span class="quiet" id="{name}-hint">{hint}</span>'
        f'<textarea id="{name}" name="{name}" rows="{rows}" maxlength="{MOST_CHARS * 4}" '
        f'aria-describedby="{name}-hint"{" autofocus" if has_focus else ""}>'
        f"\n{escape(value)}</textarea></p>"
    )
