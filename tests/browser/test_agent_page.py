# SPDX-License-Identifier: EUPL-1.2
"""An agent's morning in a real browser, with an assistant that follows a script."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from threading import Event

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from assistant.answers import Looking, Reason, Said, Step
from assistant.following import Understood
from assistant.leaving import stop_if_gone
from assistant.settings import Settings
from corpus.acts import Act
from corpus.french import stem
from guardrails.errors import RegisterUnavailable
from tests.browser.conftest import PATIENCE_MS, Open, Serve
from tests.fakes import WordGuard
from tests.ui.api.test_following import until
from tests.ui.building import built
from tests.ui.town import (
    CANTEEN,
    EVIDENCE,
    FIRST,
    LEAD,
    MINUTES,
    RECORD,
    ScriptedAssistant,
    answering,
    no_town,
    refusing,
    town,
)
from ui.agent.conversation import Conversation
from ui.agent.services import AgentTools

pytestmark = [
    pytest.mark.real,
    # Gradio's queue reckons its own waiting times with old ways of pandas.
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]

HOSTILE = "<img src=x onerror=alert(1)> [ici](http://exemple.invalid) ${alert(1)} {{value}} $$x$$"


class Script:
    """What the town answers: to some questions it waits to be let go on."""

    def __init__(self) -> None:
        self.go_on = Event()
        self.assistant = ScriptedAssistant(self.answer, self.pause)

    def answer(self, question: str) -> Sequence[Step]:
        if "gagné" in question:
            return refusing(question)
        if "disque" in question:
            raise RegisterUnavailable("full")
        if "imprévu" in question:
            raise ZeroDivisionError
        if "lecture" in question:
            first, *others = answering(question)
            return [first, Looking(passages=(EVIDENCE[0].passage,)), *others]
        if "mot à mot" in question:
            first, *others = answering(question)
            return [replace(first, sought=frozenset({frozenset({stem("repas")})})), *others]
        if "Martin" in question:
            return answering("Prix du repas de [PERSONNE_1] ?")
        return answering(question)

    def pause(self, step: Step) -> None:
        if isinstance(step, Said) and not self.go_on.is_set():
            self.go_on.wait(20)


@pytest.fixture(scope="module")
def script() -> Script:
    return Script()


@pytest.fixture(scope="module")
def address(serve: Serve, script: Script) -> str:
    tools = AgentTools(
        guard=WordGuard("Zoé"), sought=lambda asked: frozenset({frozenset({stem("repas")})})
    )
    return serve(built(script.assistant, town(), tools=tools))


@pytest.fixture(autouse=True)
def let_go(script: Script) -> None:
    script.go_on.set()


def ask(page: Page, question: str, keys: str = "Enter") -> None:
    box = page.get_by_label("Votre question")
    box.fill(question)
    box.press(keys)


def answered(page: Page) -> None:
    expect(page.locator(".status [data-phase=answered]")).to_be_visible()


def test_sources_come_at_once_then_the_answer_and_its_citation_opens_the_page(
    visit: Open, address: str, script: Script
) -> None:
    script.go_on.clear()
    page = visit(address)
    expect(page.get_by_text("2 documents, 3 pages. Mis à jour le 2 mars 2026.")).to_be_visible()

    ask(page, "Quel est le prix du repas ?")
    expect(page.locator(".sources li")).to_have_count(2)
    expect(page.locator(".status p").filter(has_text="2 passages trouvés")).to_be_visible()
    expect(page.locator(".sentences")).to_have_count(0)

    script.go_on.set()
    answered(page)
    expect(page.locator(".sentence")).to_have_count(2)
    expect(page.get_by_text(f"Registre\u00a0: échange {RECORD}")).to_be_visible()
    expect(page.get_by_text("rédigée par une IA")).to_be_visible()
    expect(page.get_by_role("img", name="intelligence artificielle")).to_have_text("IA")
    made = page.locator(".answer link[property=digitalSourceType]").get_attribute("href")
    assert made == "https://schema.org/CompositeSyntheticDigitalSource"
    assert page.locator("meta[name=generator]").get_attribute("content") == "Greffier"

    page.get_by_label("Citation 1").click()
    panel = page.get_by_role("dialog")
    expect(panel.locator("mark")).to_have_text(FIRST.quote)
    expect(panel.locator("mark")).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(page.get_by_label("Citation 1")).to_be_focused()


@pytest.mark.parametrize("keys", ["Enter", "Control+Enter"])
def test_the_keyboard_sends_the_question(visit: Open, address: str, keys: str) -> None:
    page = visit(address)
    expect(page.get_by_text("2 documents, 3 pages.")).to_be_visible()  # Gradio listens by then

    ask(page, "Quel est le prix du repas ?", keys)

    answered(page)


def test_shift_and_enter_go_to_the_next_line(visit: Open, address: str, script: Script) -> None:
    before = len(script.assistant.asked)
    page = visit(address)

    ask(page, "Prix du repas", "Shift+Enter")
    page.keyboard.type("pour un adulte ?")

    expect(page.get_by_label("Votre question")).to_have_value("Prix du repas\npour un adulte ?")
    assert len(script.assistant.asked) == before


def test_an_example_is_asked_with_one_click(visit: Open, address: str) -> None:
    page = visit(address)

    page.get_by_role("button", name="Quels sont les tarifs de la cantine ?").click()

    answered(page)
    expect(page.locator(".asked .question")).to_have_text("Quels sont les tarifs de la cantine ?")


def test_a_question_stands_once_above_its_answer_and_its_lines_are_marked(
    visit: Open, address: str
) -> None:
    page = visit(address)
    question = "Quel est le prix du repas ?"
    ask(page, question)
    answered(page)

    expect(page.get_by_label("Votre question")).to_have_value("")
    expect(page.get_by_text(question, exact=True).filter(visible=True)).to_have_count(1)
    expect(page.locator(".asked .question")).to_have_text(question)
    expect(page.locator(".sources mark").first).to_have_text(FIRST.quote)
    expect(page.locator(".sources li").first).to_have_attribute("title", re.compile("page 2$"))


def test_words_that_were_found_are_underlined_beside_the_answer_and_on_the_page_of_a_source(
    visit: Open, address: str, script: Script
) -> None:
    def underlined(word: Locator) -> None:
        style = "word => [getComputedStyle(word).textDecorationLine, word.textContent]"
        assert word.evaluate(style) == ["underline", "repas"]

    script.go_on.clear()
    page = visit(address)
    ask(page, "Le prix du repas, mot à mot ?")
    passage = page.locator(".sources li").first
    underlined(passage.locator(".excerpt mark.word").first)
    passage.locator("a.source").click()  # while the answer is looked for
    underlined(page.locator("dialog .page-text mark.word").first)
    assert "repas" not in page.url
    script.go_on.set()


def test_who_waits_is_told_what_is_read_the_seconds_and_what_is_usual(
    visit: Open, address: str, script: Script
) -> None:
    page = visit(address)
    for number in range(3):
        ask(page, f"Combien, après lecture {number} ?")
        expect(page.locator(".asked .question")).to_have_text(f"Combien, après lecture {number} ?")
        answered(page)
    script.go_on.clear()
    ask(page, "Combien, après lecture ?")

    expect(page.locator(".waiting")).to_contain_text(re.compile("Lecture.: Délib.*, page.2"))
    expect(page.locator(".waiting .seconds")).to_have_text(re.compile(r"^[1-9]\d*\ss$"))
    usual = page.locator(".estimate")
    expect(usual).to_have_count(1)
    expect(usual).to_be_hidden()
    usual.evaluate("hint => (hint.dataset.after = '1')")
    expect(usual).to_contain_text(re.compile("plus que d'ordinaire .6.s"))
    script.go_on.set()
    answered(page)
    expect(usual).to_have_count(0)


def test_who_wants_the_passages_anyway_gets_quotes_and_no_answer(visit: Open, serve: Serve) -> None:
    def quotes(question: str) -> list[Step]:
        return [replace(step, record="0f") for step in refusing(question, leads=(LEAD,))]

    quoting = ScriptedAssistant(quotes)
    refused = ScriptedAssistant(
        lambda question: refusing(
            question, Reason.PERSONAL_DATA if "Martin" in question else Reason.NOT_ANSWERED
        )
    )
    tools = AgentTools(quoting=lambda: quoting)
    page = visit(serve(built(refused, town(), tools=tools)))
    anyway = page.get_by_role("button", name="Citer quand même ces passages")
    ask(page, "Combien gagne Paul Martin ?")
    expect(page.locator(".card.refused")).to_be_visible()
    expect(anyway).to_have_count(0)  # nothing is quoted to what is refused whatever is written

    ask(page, "Qui a gagné le tournoi ?")
    expect(page.locator(".asked .question")).to_have_text("Qui a gagné le tournoi ?")
    text, button, passages = (
        (at.bounding_box() or {})["y"]
        for at in (page.locator(".card.refused"), anyway, page.locator(".sources"))
    )
    assert text < button < passages  # seen beside the refusal's text, not under what is long
    anyway.dblclick()
    expect(page.locator(".leads mark")).to_have_text(FIRST.quote)
    expect(page.get_by_role("heading", name="Je ne suis pas sûr")).to_be_visible()
    expect(page.locator(".answer")).to_have_count(0)
    expect(anyway).to_have_count(0)
    assert quoting.asked == ["Qui a gagné le tournoi ?"]
    expect(page.get_by_text("Registre\u00a0: échange 0f")).to_be_visible()
    expect(page.locator(".history > ol > li")).to_have_count(0)  # in the place of the refusal


def test_a_link_of_documents_limits_the_question_to_one(
    visit: Open, address: str, script: Script
) -> None:
    page = visit(f"{address}/documents")
    page.get_by_role("link", name="Poser une question sur ce document").first.click()
    expect(page.get_by_label("Document", exact=True)).to_have_value(CANTEEN)
    ask(page, "Quel est le prix du repas ?")
    answered(page)
    expect(page.locator(".note")).to_contain_text("Tarifs de la restauration scolaire")
    assert script.assistant.filters[-1].documents == frozenset({CANTEEN})


def test_a_link_opens_the_question_again_hidden_and_sends_nothing(
    visit: Open, address: str, script: Script
) -> None:
    page = visit(address)
    ask(page, "Quel est le prix du repas de Paul Martin ?")
    answered(page)
    link = page.get_by_role("link", name="Reposer cette question").get_attribute("href") or ""
    assert "Martin" not in link and "%5BPERSONNE_1%5D" in link

    before, heard = len(script.assistant.asked), list[str]()
    other = visit("about:blank")
    other.on("request", lambda request: heard.append(request.url))
    other.goto(f"{address}{link}")
    box = other.get_by_label("Votre question")
    expect(box).to_have_value("Prix du repas de [PERSONNE_1] ?")
    assert other.url == f"{address}/"
    assert not any("PERSONNE" in told for told in heard)
    assert len(script.assistant.asked) == before
    box.press("Enter")
    answered(other)
    other.reload()
    expect(other.get_by_label("Votre question")).to_have_value("")


def test_a_question_that_may_mean_two_things_is_asked_back_and_one_wording_is_chosen(
    visit: Open, address: str, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    script.go_on.set()
    choices = ("Le prix de la halle ?", "Le prix de la salle pour la halle ?")

    def heard(talk: Conversation, question: str, tools: AgentTools) -> Understood | None:
        return Understood(choices) if question == "Et la halle ?" else None

    monkeypatch.setattr(Conversation, "heard", heard)
    page = visit(address)
    box = page.get_by_label("Votre question")
    box.fill("Et la halle ?")
    box.press("Enter")
    expect(page.locator("[data-ask]")).to_have_text(list(choices))
    assert "Et la halle ?" not in script.assistant.asked
    page.locator("[data-ask]").first.click()
    expect(page.locator(".asked .question")).to_have_text(choices[0])
    expect(page.locator("[data-ask]")).to_have_count(0)
    answered(page)  # Enter asks nothing while one is being answered
    box.fill("Et la halle ?")
    box.press("Enter")
    page.get_by_role("button", name="Poser la question telle que je l'ai écrite").click()
    expect(page.locator(".asked .question")).to_have_text("Et la halle ?")


def test_what_was_hidden_in_the_question_is_shown(visit: Open, address: str) -> None:
    page = visit(address)

    ask(page, "Prix du repas de Paul Martin ?")
    answered(page)

    expect(page.locator(".hidden-line .placeholder")).to_have_text("[PERSONNE_1]")
    assert "Martin" not in page.locator(".reply").inner_text()


def test_a_refusal_says_why_and_what_to_do(visit: Open, address: str) -> None:
    page = visit(address)

    ask(page, "Qui a gagné le tournoi ?")

    expect(page.get_by_role("heading", name="Cette question reste sans réponse")).to_be_visible()
    expect(page.get_by_role("heading", name="Que faire")).to_be_visible()
    expect(page.locator(".sources li")).to_have_count(2)  # what was shown stays


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("   ", "Écrivez d'abord votre question."),
        ("Le disque est plein ?", "Le registre ne peut pas être écrit"),
        ("Un imprévu ?", "Quelque chose a échoué sur la machine."),
    ],
)
def test_a_failure_is_told_in_plain_words_and_one_can_go_on(
    visit: Open, address: str, question: str, words: str
) -> None:
    page = visit(address)

    ask(page, question)
    expect(page.locator(".card.failed")).to_contain_text(words)
    expect(page.locator(".toast-wrap")).to_have_text("")
    expect(page.get_by_text("Erreur", exact=True).filter(visible=True)).to_have_count(0)
    expect(page.get_by_role("button", name="Effacer", exact=True)).to_have_count(0)

    ask(page, "Quel est le prix du repas ?")
    answered(page)


def test_stopping_keeps_the_sources_and_closes_the_question(
    visit: Open, address: str, script: Script
) -> None:
    script.go_on.clear()
    before = script.assistant.left
    page = visit(address)
    ask(page, "Quel est le prix du repas ?")
    expect(page.locator(".sources li")).to_have_count(2)

    page.get_by_role("button", name="Arrêter").click()
    expect(page.locator(".status p").filter(has_text="Arrêté.")).to_be_visible()
    script.go_on.set()

    expect(page.get_by_role("button", name="Demander")).to_be_enabled()
    page.wait_for_timeout(1000)  # what was given up says nothing more
    assert script.assistant.left == before + 1
    expect(page.locator(".status p").filter(has_text="Arrêté.")).to_be_visible()
    expect(page.locator(".card.stopped")).to_be_visible()
    expect(page.locator(".sources li")).to_have_count(2)

    script.go_on.clear()
    ask(page, "Quel est le prix du repas ?")
    expect(page.locator(".reply[data-phase=found]")).to_be_visible()
    page.get_by_role("button", name="Arrêter").click()
    expect(page.get_by_role("button", name="Demander")).to_be_enabled()
    ask(page, "Et pour un adulte ?")  # while the one before is not over yet
    expect(page.locator(".reply[data-phase=found]")).to_be_visible()
    script.go_on.set()
    answered(page)
    page.wait_for_timeout(500)
    expect(page.locator(".reply-place .reply[data-phase=answered]")).to_be_visible()

    ask(page, "Un imprévu ?")
    expect(page.locator(".card.failed")).to_contain_text("Quelque chose a échoué")


def test_a_double_click_asks_once_and_a_refresh_begins_anew(
    chromium: Browser, address: str, script: Script
) -> None:
    script.go_on.clear()
    asked, left = len(script.assistant.asked), script.assistant.left
    page = chromium.new_page(locale="fr-FR")  # Gradio complains of its own stream that is cut
    page.set_default_timeout(PATIENCE_MS)
    page.goto(address)
    page.get_by_label("Votre question").fill("Quel est le prix du repas ?")
    page.get_by_role("button", name="Demander").dblclick()
    expect(page.locator(".sources li")).to_have_count(2)
    page.reload()
    expect(page.get_by_label("Votre question")).to_have_value("")
    expect(page.locator(".reply")).to_have_count(0)
    script.go_on.set()

    ask(page, "Quel est le prix du repas ?")
    answered(page)
    assert len(script.assistant.asked) == asked + 2
    assert script.assistant.left > left  # the one that was left is closed
    page.close()


def test_enter_twice_asks_once_and_what_is_typed_meanwhile_stays(
    visit: Open, address: str, script: Script
) -> None:
    script.go_on.clear()
    asked = len(script.assistant.asked)
    page = visit(address)
    expect(page.locator(".corpus p")).to_be_visible()
    ask(page, "Quel est le prix du repas ?")
    page.keyboard.press("Enter")
    expect(page.locator(".sources li")).to_have_count(2)
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    page.get_by_label("Votre question").fill("Et pour un adulte ?")
    script.go_on.set()
    answered(page)

    assert len(script.assistant.asked) == asked + 1
    expect(page.get_by_label("Votre question")).to_have_value("Et pour un adulte ?")


def test_an_example_then_enter_asks_once(visit: Open, address: str, script: Script) -> None:
    script.go_on.clear()
    asked = len(script.assistant.asked)
    page = visit(address)
    expect(page.locator(".corpus p")).to_be_visible()
    page.get_by_role("button", name="Quels sont les tarifs de la cantine ?").dblclick()
    expect(page.locator(".sources li")).to_have_count(2)
    page.get_by_label("Votre question").press("Enter")
    script.go_on.set()
    answered(page)

    assert len(script.assistant.asked) == asked + 1


@pytest.mark.parametrize("leaving", ["close", "reload"])
def test_a_tab_that_is_left_is_noticed_while_the_work_stands_still(
    chromium: Browser,
    address: str,
    script: Script,
    leaving: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stands(step: Step) -> None:
        while isinstance(step, Said) and not script.go_on.wait(0.05):
            stop_if_gone()

    monkeypatch.setattr(script.assistant, "_pause", stands)
    script.go_on.clear()
    before = script.assistant.left
    page = chromium.new_page(locale="fr-FR")
    page.set_default_timeout(PATIENCE_MS)
    page.goto(address)
    ask(page, "Quel est le prix du repas ?")
    expect(page.locator(".sources li")).to_have_count(2)

    getattr(page, leaving)()

    assert until(lambda: script.assistant.left == before + 1)
    assert not script.go_on.is_set()
    page.close()


def test_going_back_in_the_middle_of_an_answer_closes_it_and_begins_anew(
    chromium: Browser, address: str, script: Script
) -> None:
    script.go_on.clear()
    asked, left = len(script.assistant.asked), script.assistant.left
    page = chromium.new_page(locale="fr-FR")  # Gradio complains of its own stream that is cut
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{address}/documents")
    page.goto(address)
    ask(page, "Quel est le prix du repas ?")
    expect(page.locator(".sources li")).to_have_count(2)
    page.go_back()
    expect(page.get_by_role("heading", name="Documents")).to_be_visible()
    script.go_on.set()
    page.go_forward()
    expect(page.get_by_label("Votre question")).to_have_value("")
    expect(page.locator(".reply")).to_have_count(0)

    ask(page, "Quel est le prix du repas ?")
    answered(page)
    assert len(script.assistant.asked) == asked + 2
    assert script.assistant.left > left
    page.close()


def test_a_person_beside_the_agent_has_the_simple_page_where_it_is_open(
    visit: Open, address: str, serve: Serve
) -> None:
    page = visit(address)
    with page.context.expect_page() as opening:
        page.get_by_role("link", name="Page simple").click()
    expect(opening.value.get_by_label("Votre question")).to_be_visible()
    assert opening.value.url.endswith("/simple")

    closed = Settings.model_validate({"senior": {"open": False}})
    page.goto(serve(built(ScriptedAssistant(answering), town(), settings=closed)))
    expect(page.get_by_role("link", name="Documents")).to_be_visible()
    expect(page.get_by_role("link", name="Page simple")).to_have_count(0)


def test_a_hostile_question_and_a_hostile_source_show_as_text(visit: Open, address: str) -> None:
    page = visit(address)
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))

    ask(page, HOSTILE)
    answered(page)
    expect(page.locator(".question")).to_have_text(HOSTILE)
    expect(page.locator(".reply img")).to_have_count(0)

    page.locator(f'.sources a[href^="/source/{MINUTES}"]').click()
    expect(page.locator("dialog .page-text")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(page.locator("dialog img")).to_have_count(0)


def test_a_hostile_name_of_a_file_shows_as_text(visit: Open, serve: Serve) -> None:
    pages = town()
    pages.add("d" * 64, ["Texte."], Act(), HOSTILE.replace("/", "") + ".txt")
    page = visit(f"{serve(built(ScriptedAssistant(answering), pages))}/documents")
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))

    page.locator(".documents a.title").filter(has_text="onerror").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("${alert(1)} {{value}}")
    page.get_by_role("link", name="Page 1").click()
    expect(page.locator("main")).to_contain_text("onerror=alert(1)>")
    expect(page.locator("img")).to_have_count(0)


def test_an_answer_is_announced_once(visit: Open, address: str) -> None:
    page = visit(address)
    expect(page.locator(".corpus p")).to_be_visible()
    page.evaluate(
        """() => {
          const region = document.querySelector("[role=status].unseen");
          window.said = [];
          new MutationObserver(() => window.said.push(region.textContent)).observe(
            region, { childList: true, characterData: true, subtree: true });
        }"""
    )
    ask(page, "Quel est le prix du repas ?")
    answered(page)
    page.wait_for_function("window.said.at(-1) === ''", timeout=PATIENCE_MS)  # said, and gone again
    said = [words for words in page.evaluate("window.said") if words]
    stages = [
        "Recherche dans les documents…",
        "2 passages trouvés. Rédaction et vérification de la réponse…",
        "Réponse prête, appuyée sur 2 citations.",
    ]
    # What comes at once is told at once: stages that nobody could have read are left out.
    assert said == [words for words in stages if words in said]
    assert said[-1] == stages[-1]


def test_two_visitors_see_only_their_own_question(
    visit: Open, address: str, script: Script
) -> None:
    first, second = visit(address), visit(address)
    ask(first, "Première question ?")
    ask(second, "Deuxième question ?")
    answered(first)
    answered(second)

    assert "Deuxième" not in first.content()
    assert "Première" not in second.content()


def test_the_browser_keeps_nothing(visit: Open, address: str) -> None:
    page = visit(address)
    ask(page, "Quel est le prix du repas de Paul Martin ?")
    answered(page)

    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "Martin" not in kept
    assert "repas" not in kept
    assert page.evaluate("indexedDB.databases().then(all => all.length)") == 0
    assert page.evaluate("caches.keys().then(all => all.length)") == 0
    assert page.context.cookies() == []

    page.reload()
    expect(page.get_by_label("Votre question")).to_have_value("")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 375, 640, 1280])  # 640: a wide screen at 200 %
def test_nothing_sticks_out_sideways(visit: Open, address: str, width: int, dark: bool) -> None:
    page = visit(address, width=width, dark=dark)
    ask(page, "Quel est le prix du repas de Paul Martin ? " + "x" * 90)
    answered(page)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_label("Citation 2").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate("document.querySelector('dialog').scrollWidth") <= width
    page.goto(f"{address}/source/{CANTEEN}/2?start=0&end=9")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_of_a_source_needs_no_script(visit: Open, address: str) -> None:
    span = f"start={FIRST.start}&end={FIRST.end}"
    page = visit(f"{address}/source/{CANTEEN}/2?{span}", script=False)

    expect(page.locator("mark")).to_have_text(FIRST.quote)
    page.get_by_role("link", name="Page précédente").click()
    expect(page.get_by_text("Page 1 sur 2")).to_be_visible()


def test_a_town_without_documents_says_how_to_add_them(visit: Open, serve: Serve) -> None:
    page = visit(serve(built(ScriptedAssistant(answering), no_town())))

    expect(page.get_by_text("Aucun document n'a encore été ajouté.")).to_be_visible()


def test_the_page_speaks_english_too(visit: Open, serve: Serve) -> None:
    page = visit(serve(built(ScriptedAssistant(answering), town(), language="en")))

    page.get_by_label("Your question").fill("What does a lunch cost?")
    page.get_by_role("button", name="Ask").click()

    expect(page.get_by_text("The answer is ready, resting on 2 citations.")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
