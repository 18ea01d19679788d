# SPDX-License-Identifier: EUPL-1.2
"""A person asks one question without any script, as an old tablet would."""

from __future__ import annotations

import re
from threading import Event

import httpx
import pytest
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser

from assistant.answers import Said
from assistant.glance import Glance
from assistant.glance.finding import glance_of
from assistant.plain.facts import same_facts
from corpus.rights import NO_FILTER
from corpus.rows import StoredDocument
from tests.ui.senior.conftest import HERE, Visit, script, senior_app, settings
from tests.ui.town import (
    CANTEEN,
    FIRST,
    LEAD,
    SECOND,
    SENTENCES,
    MemoryPages,
    ScriptedAssistant,
    town,
)
from ui.made import Made
from ui.source import Pages


def token_of(browser: TestClient, query: str = "") -> str:
    field = LexborHTMLParser(browser.get(f"/simple{query}").text).css_first("[name=token]")
    assert field is not None
    return str(field.attributes["value"])


def ask(browser: TestClient, question: str, **fields: str) -> httpx.Response:
    body = {"question": question, "token": token_of(browser), **fields}
    return browser.post("/simple", data=body, headers={"origin": HERE})


def texts(page: str, selector: str) -> list[str]:
    return [" ".join(node.text().split()) for node in LexborHTMLParser(page).css(selector)]


def test_the_first_page_says_what_it_is_and_who_can_help(visit: Visit) -> None:
    page = visit().get("/simple").text

    assert "Vous parlez à une machine." in texts(page, ".machine")[0]
    assert "Elle peut se tromper." in texts(page, ".machine")[0]
    assert "pas obligé" in texts(page, ".machine")[0]
    assert len(texts(page, ".example")) == 6
    call = LexborHTMLParser(page).css_first(".help a.call")
    assert call is not None and call.attributes["href"] == "tel:0353012000"
    assert texts(page, ".today") == [
        "Aujourd’hui, l’accueil est ouvert de 8 h 30 à 12 h et de 13 h 30 à 17 h."
    ]
    assert "2, place du Puits, Valclair" in texts(page, ".help")[0]


def test_the_answer_holds_the_facts_of_the_agent_and_where_they_are_written(visit: Visit) -> None:
    answer = ask(visit(), "Quel est le prix du repas ?")
    page = answer.text

    said = " ".join(texts(page, ".answer .said p"))
    assert same_facts(" ".join(sentence.text for sentence in SENTENCES), said)
    quotes = texts(page, ".written blockquote")
    assert quotes == [FIRST.quote, SECOND.quote]
    where = texts(page, ".where")[0]
    assert where.startswith("Délibération n° 2025-31 du 3 juin 2025")
    assert where.endswith("à la page 2")
    assert "Elle peut se tromper." in texts(page, ".machine")[0]
    assert texts(page, ".help a.call")


def test_it_is_asked_as_a_resident_whom_the_senior_rules_serve(
    visit: Visit, assistant: ScriptedAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[dict[str, object]] = []
    steps = assistant.steps

    def spied(question: str, **who: object):  # type: ignore[no-untyped-def]
        kept.append(who)
        return steps(question, **who)

    monkeypatch.setattr(assistant, "steps", spied)
    ask(visit(), "Quel est le prix du repas ?")

    who = {"role": "resident", "audience": "senior", "filters": NO_FILTER, "language": "fr"}
    assert kept == [who]


def test_what_was_hidden_is_shown_and_what_was_typed_is_nowhere(visit: Visit) -> None:
    page = ask(visit(), "Prix du repas de Paul Martin ?").text

    assert texts(page, ".hidden-note .placeholder") == ["[PERSONNE_1]"]
    assert "Martin" not in page


def test_one_line_to_read_stands_apart_below_whom_to_call(visit: Visit) -> None:
    page = ask(visit(), "Une piste ?").text

    assert texts(page, ".refused h2") == ["Je ne suis pas sûr"]
    assert texts(page, ".lead blockquote") == [LEAD.citation.quote]  # one, of two
    assert "n’est pas une réponse" in texts(page, ".lead")[0]
    assert not texts(page, ".said blockquote")
    assert page.index("Appelez, ou venez.") < page.index('class="lead"')
    assert page.index('href="tel:0353012000"') < page.index('class="lead"')


@pytest.mark.parametrize(
    ("question", "why"),
    [("Qui a gagné ?", "pas trouvé la réponse"), ("Ai-je droit à cette aide ?", "ne décide pas")],
)
def test_a_refusal_is_gentle_and_names_a_person(visit: Visit, question: str, why: str) -> None:
    page = ask(visit(), question).text

    assert why in texts(page, ".refused .said")[0]
    assert "Une personne de la mairie peut vous répondre." in texts(page, ".refused .said")[0]
    assert texts(page, ".help a.call")


def test_a_refusal_names_a_person_then_papers_that_open(visit: Visit) -> None:
    browser = visit()
    page = ask(browser, "Qui a gagné ?", size="150").text

    assert page.index("Appelez, ou venez.") < page.index('href="tel:0353012000"')
    assert page.index('href="tel:0353012000"') < page.index('class="nearest"')
    links = LexborHTMLParser(page).css(".refused .nearest li a")
    assert [link.text() for link in links][:1] == [
        "Délibération n° 2025-31 du 3 juin 2025 – Tarifs de la restauration scolaire"
    ]
    opened = browser.get(str(links[0].attributes["href"]).partition("#")[0]).text
    assert texts(opened, "mark")[0].startswith("Article 1er")
    assert 'class="size-150"' in opened


def test_a_paper_is_named_without_a_link_on_a_tablet_of_everybody_s(visit: Visit) -> None:
    page = ask(visit(senior={"kiosk": True}), "Qui a gagné ?").text

    assert texts(page, ".nearest li")[0].startswith("Délibération n° 2025-31")
    assert not texts(page, ".nearest a")


def test_nothing_is_named_of_a_paper_that_is_not_for_who_asks(visit: Visit) -> None:
    answer = ask(visit(collections={"senior": ["plu"]}), "Qui a gagné ?")

    assert answer.status_code == 404 and "2025-31" not in answer.text


@pytest.mark.parametrize("question", ["Le disque est plein ?", "Un imprévu ?"])
def test_a_failure_is_nobodys_fault(visit: Visit, question: str) -> None:
    page = ask(visit(), question).text

    assert "Ce n’est pas votre faute." in texts(page, ".failed")[0]
    assert texts(page, ".help a.call")


def test_an_interrupted_question_can_be_asked_again(visit: Visit) -> None:
    page = ask(visit(), "Une coupure ?").text

    assert "Posez votre question encore une fois." in texts(page, ".failed")[0]
    assert texts(page, ".help a.call")


def test_urgent_numbers_come_before_everything_even_the_search() -> None:
    go_on = Event()
    assistant = ScriptedAssistant(script, lambda step: go_on.wait(20))
    app = senior_app(assistant, settings())
    browser = TestClient(app, base_url=HERE)
    timer = None
    try:
        from threading import Timer

        timer = Timer(0.5, go_on.set)
        timer.start()
        page = ask(browser, "On m’a volé mon sac, c’est une arnaque").text
    finally:
        go_on.set()
        app.state.close()
    assert page.index('class="urgent"') < page.index('class="question"') < page.index("outcome")
    assert texts(page, ".urgent li .call") == ["17", "0 805 805 817"]
    assert texts(page, ".urgent li .number") == ["17cyber.gouv.fr"]
    (card,) = LexborHTMLParser(page).css(".urgent")
    assert card.attributes["role"] == "alert"
    assert page.index("urgent") < page.index('class="voice"') < page.index("outcome")


def test_sources_come_first_and_the_wait_is_said_once() -> None:
    go_on = Event()
    assistant = ScriptedAssistant(
        script, lambda step: go_on.wait(20) if isinstance(step, Said) else None
    )
    app = senior_app(assistant, settings())
    browser = TestClient(app, base_url=HERE)
    try:
        body = {"question": "Prix du repas ?", "token": token_of(browser)}
        to = browser.post("/simple", data=body, follow_redirects=False).headers["location"]
        from threading import Timer

        Timer(0.8, go_on.set).start()
        page = browser.get(to).text
    finally:
        go_on.set()
        app.state.close()
    assert page.count('class="waiting"') == 1
    assert page.index('class="waiting"') < page.index("/ready.css") < page.index("outcome")
    assert texts(page, ".waiting li")[0].startswith("Délibération n° 2025-31")


def test_the_note_for_the_counter_holds_the_hidden_question_and_the_sources(visit: Visit) -> None:
    browser = visit()
    answer = ask(browser, "Qui a gagné le tournoi de Martin ?")
    link = LexborHTMLParser(answer.text).css_first(".next a[href*='/note/']")
    assert link is not None
    page = browser.get(str(link.attributes["href"])).text

    note = texts(page, ".note")[0]
    assert "Qui a gagné" in note
    assert "Délibération n° 2025-31 du 3 juin 2025" in note
    assert "page 2" in note
    assert "24 novembre 2026" in note


def test_a_button_that_is_pressed_twice_asks_once(
    visit: Visit, assistant: ScriptedAssistant
) -> None:
    browser = visit()
    body = {"question": "Quel est le prix du repas ?", "token": token_of(browser)}
    sent = [
        browser.post("/simple", data=body, follow_redirects=False).headers["location"]
        for _ in range(2)
    ]
    other = {**body, "token": token_of(browser)}
    anew = browser.post("/simple", data=other, follow_redirects=False).headers["location"]

    assert sent[0] == sent[1] != anew
    browser.get(anew)
    assert assistant.asked == [body["question"]] * 2


def test_done_erases_the_answer(visit: Visit) -> None:
    browser = visit()
    answer = ask(browser, "Quel est le prix du repas ?")
    key = str(answer.url).rsplit("/", 1)[1]
    browser.post("/simple/done", data={"key": key})

    gone = browser.get(f"/simple/answer/{key}")
    assert gone.status_code == 404
    assert "effacée" in gone.text
    assert "3,40" not in gone.text


def test_nothing_is_kept_on_the_device(visit: Visit) -> None:
    browser = visit()
    for answer in (browser.get("/simple"), ask(browser, "Quel est le prix du repas ?")):
        assert answer.headers["cache-control"] == "no-store"
        assert "set-cookie" not in answer.headers


def test_a_form_of_another_place_is_turned_away(visit: Visit, assistant: ScriptedAssistant) -> None:
    browser = visit()
    foreign = {"origin": "http://exemple.invalid"}
    body = {"question": "Prix ?", "token": token_of(browser)}
    assert browser.post("/simple", data=body, headers=foreign).status_code == 403
    for token in ("", "0.0", "é"):
        page = browser.post("/simple", data={"question": "Prix <b> ?", "token": token})
        assert page.status_code == 400
        assert "Appuyez encore une fois" in page.text
        assert "Prix &lt;b&gt; ?</textarea>" in page.text
    assert assistant.asked == []


@pytest.mark.parametrize(
    ("question", "words"), [("  ", "Écrivez d’abord"), ("mot " * 600, "trop longue")]
)
def test_a_question_that_cannot_be_asked_stays_in_the_box(
    visit: Visit, question: str, words: str
) -> None:
    answer = ask(visit(), question)

    assert answer.status_code == 400
    assert words in texts(answer.text, "#problem")[0]


def test_hostile_words_show_as_text(visit: Visit) -> None:
    page = ask(visit(), "<script>alert(1)</script> \"' &").text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_policy_of_the_page_lets_nothing_in(visit: Visit) -> None:
    headers = visit().get("/simple").headers

    assert "unsafe" not in headers["content-security-policy"]
    assert not re.search(r"https?:|\*", headers["content-security-policy"])
    assert "microphone=(self)" in headers["permissions-policy"]


def test_a_page_of_a_document_shows_the_quote_but_not_to_everybody(visit: Visit) -> None:
    span = f"start={FIRST.start}&end={FIRST.end}"
    address = f"/simple/page/{CANTEEN}/2?{span}"

    assert texts(visit().get(address).text, "mark") == [FIRST.quote]
    closed = visit(collections={"senior": ["plu"]}).get(address)
    assert closed.status_code == 404
    assert FIRST.quote not in closed.text


def test_a_page_of_a_document_has_the_whole_folded_at_a_glance(visit: Visit) -> None:
    browser = visit()
    shown = browser.get(f"/simple/page/{CANTEEN}/2?size=150").text

    assert texts(shown, "details.folded > summary") == ["D'un coup d'œil"]
    told = " ".join(texts(shown, "details.folded"))
    assert "3,40 €" in told and "1er septembre 2025" in told
    links = [a.attributes["href"] or "" for a in LexborHTMLParser(shown).css("details.folded a")]
    assert links and all("size=150" in link for link in links)
    assert browser.get(links[0].partition("#")[0]).status_code == 200


def test_a_tablet_of_everybodys_has_no_way_out_of_a_glance(visit: Visit) -> None:
    browser = visit(senior={"kiosk": True, "rest_seconds": 45})
    shown = LexborHTMLParser(browser.get(f"/simple/page/{CANTEEN}/2").text)
    assert shown.css("details.folded") and not shown.css("details.folded a")


def test_a_town_may_keep_the_page_closed(visit: Visit) -> None:
    assert visit(senior={"open": False}).get("/simple").status_code == 404


def test_a_tablet_of_everybodys_leads_nowhere_else(visit: Visit) -> None:
    browser = visit(senior={"kiosk": True, "rest_seconds": 45})
    pages = [browser.get("/simple").text, ask(browser, "Quel est le prix du repas ?").text]

    for page in pages:
        links = [node.attributes["href"] or "" for node in LexborHTMLParser(page).css("a")]
        assert links
        assert all(link.startswith(("/simple", "#")) and "/page/" not in link for link in links)
        body = LexborHTMLParser(page).css_first("body.kiosk")
        assert body is not None and body.attributes["data-rest"] == "45"


def test_a_glance_is_made_once_for_all_who_open_the_document(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever opens page after page, and act after act, keeps no core busy."""
    made, browser = list[str](), visit()

    def counted(store: Pages, document: StoredDocument, *given: object, **named: object) -> Glance:
        made.append(document.id)
        return glance_of(store, document, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr("ui.senior.routes.glance_of", counted)
    for number in (1, 2, 2):
        assert texts(browser.get(f"/simple/page/{CANTEEN}/{number}").text, "details.folded")
    assert made == [CANTEEN]


def test_a_page_opens_without_its_glance_while_others_are_made(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Made, "find", lambda *_: None)
    shown = visit().get(f"/simple/page/{CANTEEN}/2")
    assert shown.status_code == 200
    assert not texts(shown.text, "details.folded")


@pytest.mark.parametrize("kind", ["answer", "note", "voice"])
def test_an_answer_that_rests_on_a_page_which_is_withheld_since_is_gone(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    store = town()
    monkeypatch.setattr("tests.ui.senior.conftest.town", lambda: store)
    browser = visit()
    answer = ask(browser, "Quel est le prix du repas ?")
    address = answer.url.path.replace("/answer/", f"/{kind}/")
    assert answer.status_code == 200 and browser.get(address).status_code != 404
    monkeypatch.setattr(MemoryPages, "document", lambda self, document: None)
    assert browser.get(address).status_code == 404
    monkeypatch.undo()  # it is forgotten, not only hidden
    assert browser.get(answer.url.path).status_code == 404
