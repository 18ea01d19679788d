# SPDX-License-Identifier: EUPL-1.2
"""An answer rated on the page: what is asked, what others found and when, what it comes to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC

import pytest
from lxml import html

from guardrails.register import Kind, Register, Selection
from guardrails.register.records import Entry
from tests.table import each
from tests.ui.auditor.stand import AUDITOR, SECOND, Asked, enter
from ui.access.person import Person
from ui.auditor.acts import Acts
from ui.auditor.asked import BadForm, rated_of
from ui.auditor.desk import Desk, Screen, Tone
from ui.auditor.services import AuditorServices
from ui.auditor.words import Words

TWO = Asked(question="Quel prix ?", also=(1,))  # entries 1 to 4: two sentences at 2 and 3
FINE = {"said-2": "right", "source-2": "right", "said-3": "right", "source-3": "right"}
WRONG = {**FINE, "said-3": "wrong"}
As = Callable[..., Screen]


@pytest.fixture
def as_(services: AuditorServices) -> As:
    """Do an act as somebody."""
    acts = Acts(services, Words("fr", UTC))

    def do(person: Person, act: str, desk: Desk | None = None, **form: str) -> Screen:
        *_, screen = acts({"act": act, **form}, desk or Desk(), person)
        return screen

    return do


def ratings(register: Register) -> list[Entry]:
    kinds = Selection(kinds=(Kind.REVIEW,))
    return [*register.unrecorded_entries(kinds, stop=register.size())]


def drawn(as_: As, person: Person = AUDITOR, again: int | None = None) -> Desk:
    told = {"index": str(again)} if again else {"count": "5", "seed": "mars2026"}
    desk = as_(person, "redraw" if again else "draw", **told).desk
    assert desk is not None
    return desk


def rate(as_: As, person: Person, desk: Desk, index: int = 1, **form: str) -> Screen:
    opened = as_(person, "open", desk, index=str(index), view="echantillon").desk
    return as_(person, "rate", opened, **form)


def test_each_sentence_is_asked_about_with_its_source(as_: As, register: Register) -> None:
    enter(register, TWO)
    page = html.fromstring(as_(AUDITOR, "open", index="1").entry or "")
    legends = [one.text_content() for one in page.xpath("//fieldset/legend")]
    assert [" ".join(legend.split()) for legend in legends] == [
        "Phrase 1 : elle est", "Phrase 1 : la source citée est",
        "Phrase 2 : elle est", "Phrase 2 : la source citée est",
    ]  # fmt: skip
    radios = page.xpath("//input[@type='radio']")
    assert {radio.get("form") for radio in radios} == {page.xpath("//form/@id")[-1]}
    assert {radio.get("name") for radio in radios} == {*FINE}
    assert all(radio.get("required") is not None for radio in radios)


def test_a_rating_is_entered_with_its_note_screened(as_: As, register: Register) -> None:
    enter(register, TWO)
    desk = as_(AUDITOR, "open", index="1").desk
    screen = as_(AUDITOR, "rate", desk, **WRONG, note="Dit par Odile Ferrand.")
    (review,) = ratings(register)
    assert review.payload["comment"] == "Dit par [PERSONNE_1]."
    assert (review.payload["mark"], review.public) == ("wrong", {"reviews": 4})
    assert review.actor == register.pseudonym(AUDITOR.name)
    page = screen.entry or ""
    assert "Odile" not in page and "Phrase 2 : fausse, source : la bonne" in told(page)
    assert "fausse" in (as_(AUDITOR, "browse").listing or "")
    chosen = html.fromstring(page).xpath("//input[@checked]")
    assert {one.get("name"): one.get("value") for one in chosen} == WRONG


def told(page: str) -> str:
    return " ".join(html.fromstring(page).text_content().split())


def test_a_refusal_is_rated_as_a_whole(as_: As, register: Register) -> None:
    enter(register, Asked(question="Quel temps ?", ends="off_topic"))
    opened = as_(AUDITOR, "open", index="1")
    assert "Ce refus est" in (opened.entry or "") and "Phrase" not in (opened.entry or "")
    as_(AUDITOR, "rate", opened.desk, **{"said-2": "wrong", "dangerous": "on"})
    (review,) = ratings(register)
    assert review.payload["mark"] == "dangerous"
    assert review.payload["ratings"] == [{"entry": 2, "said": "wrong", "source": "none"}]


def test_a_rating_asks_for_an_open_question_and_each_choice(as_: As, register: Register) -> None:
    enter(register, TWO)
    size = register.size()
    for desk, form in (
        (Desk(opened=1), {}),
        (Desk(opened=1), {**FINE, "said-3": "great"}),
        (Desk(opened=1), {name: value for name, value in FINE.items() if name != "source-2"}),
        (Desk(opened=0), FINE),
        (Desk(), FINE),
    ):
        assert as_(AUDITOR, "rate", desk, **form).tone is Tone.PROBLEM
    assert register.size() == size


@each("ends", ["abandoned", ""])
def test_what_has_neither_answer_nor_refusal_is_not_asked_about(
    as_: As, register: Register, ends: str
) -> None:
    enter(register, Asked(question="Quel prix ?", ends=ends))
    page = as_(AUDITOR, "open", index="1").entry or ""
    assert "Inscrire mon avis" not in page and "radio" not in page


def test_choices_are_read_with_distrust(register: Register) -> None:
    sentences = [e for e in register.unrecorded_exchange(enter(register, TWO))
                 if e.kind is Kind.SENTENCE]  # fmt: skip
    assert [one.index for one in rated_of(FINE, sentences)] == [2, 3]
    for form in ({}, {**FINE, "said-2": "<b>"}, {**FINE, "source-3": ""}):
        with pytest.raises(BadForm, match="bad_mark"):
            rated_of(form, sentences)


# -- others' ratings


def test_others_ratings_stay_hidden_until_one_s_own_is_entered(as_: As, register: Register) -> None:
    enter(register, TWO)
    desk = drawn(as_)
    rate(as_, AUDITOR, desk, **WRONG, note="Le tarif est dépassé.")
    (review,) = ratings(register)

    def seen(person: Person) -> list[str]:
        theirs = drawn(as_, person, again=desk.sample.sealed if desk.sample else 0)
        pages = (
            as_(person, "open", index="1").entry, as_(person, "browse").listing,
            as_(person, "browse", kind="review").listing,
            as_(person, "open", index=str(review.index)).entry,
            as_(person, "redraw", theirs, index=str(desk.sample and desk.sample.sealed)).drawn,
        )  # fmt: skip
        return [page or "" for page in pages]

    for page in seen(SECOND):
        assert "mark-wrong" not in page and "dépassé" not in page
    assert "1 avis d'un autre auditeur, montré une fois le vôtre inscrit." in told(seen(SECOND)[0])
    assert all("mark-wrong" in page for page in seen(AUDITOR))
    theirs = drawn(as_, SECOND, again=desk.sample.sealed if desk.sample else 0)
    rate(as_, SECOND, theirs, **FINE)
    assert "dépassé" in seen(SECOND)[0]
    assert all("mark-wrong" in page for page in seen(SECOND))


def test_only_one_s_own_ratings_count_as_done(as_: As, register: Register) -> None:
    enter(register, TWO)
    desk = drawn(as_)
    assert "1 / 1" in (rate(as_, AUDITOR, desk, **FINE).drawn or "")
    again = as_(SECOND, "redraw", index=str(desk.sample and desk.sample.sealed))
    assert "0 / 1" in (again.drawn or "")


# -- draws


def test_a_rating_counts_for_the_draw_on_the_desk(as_: As, register: Register) -> None:
    enter(register, TWO)
    desk = drawn(as_)
    enter(register, TWO)  # after the draw: entries 6 to 9
    sealed = desk.sample.sealed if desk.sample else 0
    assert f"compte pour le tirage inscrit à l'entrée {sealed}" in told(
        as_(AUDITOR, "open", desk, index="1").entry or ""
    )
    rate(as_, AUDITOR, desk, **FINE)
    later = {name.replace("2", "7").replace("3", "8"): value for name, value in FINE.items()}
    assert "Hors tirage" in told(as_(AUDITOR, "open", desk, index="6").entry or "")
    rate(as_, AUDITOR, desk, 6, **later)
    first, other = ratings(register)
    assert first.payload["sample"] == {"entry": sealed, "drawn": 1, "population": 1}
    assert "sample" not in other.payload


def test_the_page_says_how_many_to_draw_and_who_rates_twice(as_: As, register: Register) -> None:
    for _ in range(6):
        enter(register, TWO)
    page = told(as_(AUDITOR, "draw", count="6", seed="a").drawn or "")
    assert "± 0 points" in page and "Ces 2 questions sont notées aussi par un second" in page
    page = told(as_(AUDITOR, "draw", count="1", seed="a").drawn or "")
    assert "± 98 points" in page and "Cette question est notée aussi" in page
    assert "second" not in told(as_(AUDITOR, "draw", count="1", seed="a", outcome="refusal").drawn
                                or "")  # fmt: skip


def test_the_statistics_show_the_share_its_interval_and_the_dispute(
    as_: As, register: Register
) -> None:
    enter(register, TWO)
    desk = drawn(as_)
    before = told(as_(AUDITOR, "count").report or "")
    assert "Aucune réponse n'a été notée phrase par phrase" in before
    rate(as_, AUDITOR, desk, **FINE)
    once = told(as_(AUDITOR, "count").report or "")
    assert "1 sur 1 (intervalle à 95 % : 2 à 100 %)" in once
    assert "leur accord n'est pas connu" in once
    rate(as_, SECOND, drawn(as_, SECOND, again=desk.sample.sealed if desk.sample else 0), **WRONG)
    report = as_(AUDITOR, "count").report or ""
    assert "même avis 1 sur 2, kappa de Cohen : trop peu (il en faut 30)" in told(report)
    (dispute,) = html.fromstring(report).xpath("//button[@data-index='3']")
    assert dispute.get("aria-label") == "Ouvrir l'entrée 3"


def test_ratings_outside_a_draw_give_no_share(as_: As, register: Register) -> None:
    enter(register, TWO)
    as_(AUDITOR, "rate", as_(AUDITOR, "open", index="1").desk, **FINE)
    page = told(as_(AUDITOR, "count").report or "")
    assert "1 question notée phrase par phrase" in page and "aucune part n'est donnée" in page
    assert "intervalle à 95" not in page
