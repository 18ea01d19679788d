# SPDX-License-Identifier: EUPL-1.2
"""The screen as HTML: what an agent reads, and nothing that a text could smuggle in."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import unquote

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from assistant.answers import Author, Leading, Looking, Reason, Refusal, Sentence, Via, Waiting
from assistant.settings import Town, TownService
from assistant.texts import Texts
from corpus.french import stem
from tests.table import each
from tests.ui.town import (
    CANTEEN,
    EVIDENCE,
    FILES,
    FIRST,
    LEAD,
    RECORD,
    answering,
    refusing,
    town,
)
from ui.agent import IDLE, Phase, View, after
from ui.agent.actions import Actions
from ui.agent.pace import LAST, Lap, Pace, Usual, foreseen
from ui.agent.taken import answer_content
from ui.agent.words import Words
from ui.drawn import marked
from ui.reply import ASKS_NOBODY, Reply, file_title
from ui.source import title_of

FR = Texts("fr")
VALCLAIR = Town(
    name="Commune de Valclair",
    phone="01 99 00 12 34",
    email="accueil@valclair.example",
    address="1 place de la Mairie",
    hours="du lundi au vendredi",
)

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "[ici](http://exemple.invalid)",
    "![](http://exemple.invalid/p.png)",
    "$\\frac{1}{2}$ $$x$$ \\(y\\)",
    "${alert(1)} {{value}} {{{value}}}",
    "&lt;b&gt; &#60;",
    "**gras** _italique_ # titre",
]


def reply(view: View, sheet: Town = VALCLAIR) -> LexborHTMLParser:
    store = town()
    return LexborHTMLParser(
        Reply(FR, sheet, lambda document, file: title_of(store, document, file))(view)
    )


def last(question: str = "Prix du repas pour [PERSONNE_1] ?") -> View:
    view = IDLE
    for step in answering(question):
        view = after(view, step)
    return view


def words(page: LexborHTMLParser, selector: str) -> str:
    return " ".join(only(page, selector).text().split())


def only(page: LexborHTMLParser, selector: str) -> LexborNode:
    node = page.css_first(selector)
    assert node is not None
    return node


def test_nothing_is_shown_before_a_question() -> None:
    assert Reply(FR, VALCLAIR, lambda document, file: file)(IDLE) == ""


def test_an_answer_is_read_with_its_citations_its_notice_and_its_record() -> None:
    page = reply(last())

    assert words(page, ".sentences") == (
        "Le repas coûte 3,40 € pour un enfant de la commune. 1 "
        "Ce tarif s'applique depuis le 1er septembre 2025. 2"
    )
    assert words(page, ".citations li") == (
        "1Le repas est facturé 3,40 € pour un enfant de la commune."
        "Délibération n° 2025-31 du 3 juin 2025 – Tarifs de la restauration scolaire page 2"
    )
    assert "Rédigée par une IA" in words(page, ".notice")
    assert words(page, ".record") == f"Registre : échange {RECORD} 6,4 s, 0,053 Wh (estimation)"


def test_a_citation_opens_the_page_where_it_stands() -> None:
    link = only(reply(last()), ".cite").attributes

    assert link["href"] == f"/source/{CANTEEN}/2?start={FIRST.start}&end={FIRST.end}#quote"
    assert (link["aria-label"] or "").startswith("Citation 1\u00a0: Délibération n° 2025-31")


def test_the_passages_say_which_of_them_is_cited() -> None:
    page = reply(last())

    assert [words(page, ".sources h2"), len(page.css(".sources li"))] == ["Passages trouvés", 2]
    badges = [[b.text() for b in li.css(".badge")] for li in page.css(".sources li")]
    assert badges == [["citée 1", "citée 2"], []]


def test_a_passage_is_shown_and_opens_at_the_line_that_is_cited_led_to_or_likeliest() -> None:
    likely = FIRST.start, FIRST.end
    found = replace(after(IDLE, answering("Prix ?")[0]), lines={EVIDENCE[0].passage.id: likely})
    third = EVIDENCE[0].passage.text.text.index("Article 3")
    led = replace(LEAD, citation=replace(FIRST, start=third, end=third + 9))
    for view, begin in ((found, FIRST.start), (replace(found, leads=(led,)), third)):
        card = only(reply(view), ".sources li")
        mark = only(reply(view), ".sources li mark")
        whole = EVIDENCE[0].passage.text.text
        assert whole[begin:].startswith(mark.text())
        assert f"start={begin}&" in (card.css("a.source")[0].attributes["href"] or "")
        assert (card.attributes["title"] or "").endswith("scolaire, page 2")
    marks = reply(last()).css(".sources li:first-child mark")
    assert next(mark.text() for mark in marks) == FIRST.quote


def test_passages_beyond_the_first_five_are_one_click_away() -> None:
    page = reply(replace(last(), evidence=EVIDENCE * 4))

    assert len(page.css(".sources > ol > li")) == 5
    assert words(page, ".sources summary") == "Autres passages (3)"
    assert len(page.css(".sources details li")) == 3


def test_what_was_hidden_in_the_question_is_shown() -> None:
    assert "[PERSONNE_1]" in words(reply(last()), ".hidden-line")
    assert reply(last("Prix du repas ?")).css_first(".hidden-line") is None


@pytest.mark.parametrize("reason", Reason)
def test_every_refusal_says_why_what_next_and_whom_to_ask(reason: Reason) -> None:
    page = reply(after(IDLE, refusing("Prix ?", reason)[1]))
    said = words(page, ".card.refused")

    assert (FR.section("refusal_agent").get(reason) or FR("refusal", reason)) in said
    assert FR("next_agent", reason) in said
    for words_of_residents in ("pièce d'identité", "guichet", "ppelez", "demander à la mairie"):
        assert words_of_residents not in said  # who reads it sits in the town hall
    assert bool(page.css(".contact")) is (reason not in ASKS_NOBODY)


def test_an_agent_is_sent_to_the_service_that_the_question_names_not_to_the_public_number() -> None:
    services = (
        TownService(name="Urbanisme", phone="01 99 00 12 30"),
        TownService(
            name="Enfance et éducation", also=("cantine",), email="enfance@valclair.example"
        ),
    )
    town_with = VALCLAIR.model_copy(update={"services": services})
    refused = after(IDLE, refusing("Prix ?")[1])

    named = reply(replace(refused, question="Combien coûte la cantine ?"), town_with)
    assert [one.text() for one in named.css(".contact strong")] == ["Enfance et éducation"]
    assert named.css_first('a[href="mailto:enfance@valclair.example"]')
    folded = reply(replace(refused, question="Qui a gagné ?"), town_with)
    assert len(folded.css("details .contact")) == 2
    for page in (named, folded):
        assert not page.css('a[href="tel:0199001234"]')
    without = reply(refused)
    assert "À donner à un habitant" in words(without, ".card.refused").replace("\xa0", " ")
    assert only(without, 'a[href="tel:0199001234"]').text() == "01 99 00 12 34"
    assert without.css_first('a[href="mailto:accueil@valclair.example"]')


def test_the_words_of_a_question_are_marked_in_its_passages_and_where_these_open() -> None:
    found = replace(answering("Prix du repas ?")[0], sought=frozenset({frozenset({stem("repas")})}))
    page = reply(after(IDLE, found))

    assert {mark.text() for mark in page.css(".sources mark.word")} == {"repas"}
    links = [str(link.attributes["href"]) for link in page.css(".sources a.source")]
    assert links and all(link.endswith(f"&recherche={RECORD}#quote") for link in links)
    assert "recherche" not in (reply(after(IDLE, answering("Prix ?")[0])).html or "")


def test_what_is_read_now_is_told_with_its_page_and_how_long_it_usually_takes() -> None:
    usual = Usual((23.0, 4.0, 31.0))
    told = Reply(FR, VALCLAIR, lambda document, file: "Règlement <b>", usual=lambda: usual)
    found = after(IDLE, answering("Prix ?")[0])
    passages = tuple(one.passage for one in EVIDENCE)

    one = LexborHTMLParser(told(after(found, Looking(passages=passages[:1]))))
    assert words(one, ".waiting") == "Lecture : Règlement <b>, page 2"
    hints = one.css(".estimate")
    assert all("hidden" in hint.attributes for hint in hints)  # until ten seconds went by
    assert [hint.attributes["data-after"] for hint in hints] == ["10", "30"]
    assert "23 s" in hints[0].text().replace("\xa0", " ")
    several = LexborHTMLParser(told(after(found, Looking(passages=passages))))
    assert words(several, ".waiting") == "Comparaison des lignes de 2 passages…"
    waits = LexborHTMLParser(told(after(found, Waiting(position=2))))
    assert words(waits, ".waiting") == ""
    assert words(waits, ".estimate") == (
        "Votre tour vient d'ici 46 s environ : 2 × 23 s, la durée ordinaire d'une lecture."
    )
    assert "hidden" not in only(waits, ".estimate").attributes
    unknown = LexborHTMLParser(
        Reply(FR, VALCLAIR, lambda document, file: "")(after(found, Looking(passages=passages)))
    )
    assert "n'est pas encore mesuré" in words(unknown, ".estimate")


SEVEN = (5.0, 6.0, 7.0, 7.0, 7.0, 8.0, 11.0, 13.0, 14.0)


@each(
    "times, told",
    [
        (SEVEN, ["10: (7 s). Celles qui dépassent 10 s finissent d'habitude vers 13 s.",
                 "15: presque toutes les 9 dernières"]),
        ((30.0, 40.0, 50.0, 31.0, 41.0), ["10: dure d'ordinaire 40 s.",
                                          "45: presque toutes les 5 dernières"]),
        ((4.0, 5.0, 6.0), ["10: presque toutes les 3 dernières"]),
    ],
)  # fmt: skip
def test_an_estimate_is_of_those_that_took_as_long(
    times: tuple[float, ...], told: list[str]
) -> None:
    said = [f"{at}: {words}" for at, words in foreseen(Usual(times), 0, FR)]
    assert len(said) == len(told)
    for words_, expected in zip(said, told, strict=True):
        at, _, end = expected.partition(": ")
        assert words_.startswith(f"{at}: ") and end in words_, words_


def test_what_is_usual_is_of_answers_that_were_read_and_never_invented() -> None:
    now = [100.0]
    pace, read = Pace(lambda: now[0]), replace(last(), looking=(EVIDENCE[0].passage,))
    for seconds in (4.0, 30.0):
        Lap(pace).saw(replace(read, seconds=seconds))
        Lap(pace).saw(replace(read, phase=Phase.STOPPED, seconds=900))
        Lap(pace).saw(replace(read, looking=(), seconds=0.1))  # of the town's own sheet
    assert pace.usual() is None
    waited = Lap(pace)
    waited.saw(replace(read, phase=Phase.FOUND, waiting=2))
    now[0] += 40
    waited.saw(replace(read, phase=Phase.FOUND))
    waited.saw(replace(read, phase=Phase.REFUSED, seconds=61.6))
    usual = pace.usual()
    assert usual is not None
    assert (usual.seconds, len(usual.times)) == (22, 3)  # its turn alone
    for _ in range(LAST):
        Lap(pace).saw(replace(read, seconds=5.0))
    assert pace.usual() == Usual((5.0,) * LAST)


def test_a_question_is_called_as_it_is_treated_only_where_something_was_hidden() -> None:
    assert words(reply(last()), ".asked h2") == FR("ui", "asked")
    assert words(reply(last("Prix ?")), ".asked h2") == FR("ui", "question")


def test_a_greeting_is_answered_without_a_title_that_refuses() -> None:
    assert not reply(after(IDLE, refusing("Bonjour", Reason.TALK)[1])).css(".refused h2")


def test_lines_to_read_stand_beside_a_refusal_each_with_its_page_and_what_it_stands_under() -> None:
    page = reply(after(IDLE, refusing("Prix ?", leads=(LEAD,))[1]))
    said = words(page, ".card.refused")

    assert words(page, ".card.refused h2") == FR("ui", "unsure")
    assert FR("ui", "leads_beside") in said
    assert "aucun ne répond" not in said  # a line may
    assert words(page, ".leads mark") == FIRST.quote
    assert words(page, ".leads .under") == LEAD.under[0]
    link = only(page, ".leads a.source").attributes["href"] or ""
    assert f"start={FIRST.start}&end={FIRST.end}" in link
    assert "ne sont pas une réponse" in said
    assert said.index("ne sont pas une réponse") < said.index("1 place de la Mairie")


def test_where_sources_disagree_what_they_say_comes_first_and_no_line_twice() -> None:
    steps = refusing("Prix ?", Reason.CONTRADICTION, leads=(LEAD,))
    page = reply(after(IDLE, steps[1]))
    said = words(page, ".card.refused")
    assert said.index(FR("refusal", "contradiction")) < said.index(FR("ui", "leads_beside"))
    refusal = steps[1]
    assert isinstance(refusal, Refusal)
    page = reply(after(IDLE, replace(refusal, told=(FIRST,))))
    assert not page.css(".leads")
    assert words(page, ".citations blockquote") == FIRST.quote


def test_a_line_to_read_while_the_answer_is_looked_for_gives_way_to_it() -> None:
    steps = answering("Prix ?")
    view = after(after(IDLE, steps[0]), Leading(leads=(LEAD,)))
    page = reply(view)
    assert view.is_busy
    assert words(page, ".leads mark") == FIRST.quote
    assert words(page, ".waiting") == FR("ui", "reading")
    for step in steps[1:]:
        view = after(view, step)
        assert not reply(view).css(".leads")


def test_a_lead_smuggles_nothing_in() -> None:
    for hostile in HOSTILE:
        lead = replace(LEAD, citation=replace(FIRST, quote=hostile), under=(hostile,))
        page = reply(after(IDLE, refusing("Prix ?", leads=(lead,))[1]))
        assert words(page, ".leads mark") == " ".join(hostile.split())
        assert not page.css("img, script:not([type='application/ld+json']), svg")


def test_a_town_without_a_contact_sheet_still_sends_to_a_person() -> None:
    page = reply(after(IDLE, refusing("Prix ?")[1]), Town.model_validate({}))

    assert FR("ui", "inside_none") in words(page, ".card.refused")


def test_a_failure_keeps_what_was_already_checked() -> None:
    page = reply(replace(last(), phase=Phase.FAILED, error="Le disque est plein."))

    assert words(page, ".card.failed") == "Le disque est plein."
    assert "3,40 €" in words(page, ".sentences")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_shows_as_it_is_written_and_does_nothing(text: str) -> None:
    passage = replace(EVIDENCE[0].passage, text=replace(EVIDENCE[0].passage.text, text=text))
    view = replace(
        last(text),
        sentences=(Sentence(text=text, citations=(1,)),),
        citations=(replace(FIRST, quote=text, file=text, document=text),),
        evidence=(replace(EVIDENCE[0], passage=replace(passage, document=text, file=text)),),
        reason=Reason.OFF_TOPIC,
        record=text,
        error=text,
    )
    for phase in Phase:
        html = Reply(FR, VALCLAIR, lambda document, file: file)(replace(view, phase=phase))
        page = LexborHTMLParser(f"<body>{html}</body>")
        tags = {node.tag for node in page.body.traverse()} if page.body else set()
        assert tags <= {
            "body", "div", "section", "aside", "h2", "h3", "p", "span", "strong", "a", "ol", "li",
            "blockquote", "br", "meta", "link", "mark",
        }  # fmt: skip
        known = page.css("meta[property=identifier]")
        assert all(meta.attributes["content"] == text for meta in known)
        assert not page.css("link[rel]") and not page.css("meta[http-equiv]")
        links = [node.attributes["href"] or "" for node in page.css("a")]
        assert all(re.match(r"/source/|tel:|mailto:", link) for link in links)
        assert not [n for n in page.css("*") if any(a.startswith("on") for a in n.attributes)]
    assert words(reply(view), ".question") == " ".join(text.split())
    assert LexborHTMLParser(marked(text)).text() == text


def test_a_document_without_a_title_is_called_by_its_file() -> None:
    assert title_of(town(), CANTEEN, FILES[CANTEEN]).startswith("Délibération n° 2025-31")
    assert title_of(town(), "removed", "a/b/compte_rendu.pdf") == "compte rendu"
    assert file_title("note.txt") == "note"


def test_a_pause_shows_the_town_s_own_sentence_as_text() -> None:
    paused = replace(last(), phase=Phase.REFUSED, reason=Reason.SUSPENDED)
    told = Reply(FR, VALCLAIR, lambda document, file: file, suspended=lambda: "<b>Retour lundi")

    assert "<b>Retour lundi" in words(LexborHTMLParser(told(paused)), ".card.refused")
    other = replace(paused, reason=Reason.NO_EVIDENCE)
    assert "Retour lundi" not in told(other)


def actions(view: View, *, is_judged: bool = True) -> LexborHTMLParser:
    store = town()
    made = Actions(
        FR, Words("fr"), lambda document, file: title_of(store, document, file), is_judged=is_judged
    )
    return LexborHTMLParser(made(view))


def test_an_answer_can_be_copied_with_its_citations_and_its_mark() -> None:
    button = only(actions(last()), "[data-copy]")
    text = button.attributes["data-copy"] or ""

    assert "Le repas coûte 3,40 € pour un enfant de la commune. [1]" in text
    assert "« Le repas est facturé 3,40 € pour un enfant de la commune. »" in text
    assert "intelligence artificielle" in text
    assert f"échange {RECORD}" in text


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_is_copied_cannot_break_the_page(hostile: str) -> None:
    view = replace(last(), question=hostile, citations=(replace(FIRST, quote=hostile),))
    page = actions(view)

    assert not page.css("img, svg, script, b, i")
    assert hostile in (only(page, "[data-copy]").attributes["data-copy"] or "")


def test_a_refusal_is_judged_and_not_taken_away_and_a_question_under_way_is_neither() -> None:
    refused = replace(last(), phase=Phase.REFUSED, reason=Reason.NO_EVIDENCE, sentences=())
    assert actions(refused).css("form[data-judge]")
    assert not actions(refused).css("[data-copy]")
    taken = [link.attributes["href"] for link in actions(refused).css("[download]")]
    assert taken == [f"/reponse/{RECORD}/preuve"]  # of a refusal only its proof is taken
    assert not actions(replace(last(), phase=Phase.ANSWERING)).css("form, button, p")
    assert not actions(last(), is_judged=False).css("form[data-judge]")


def test_useful_or_not_is_one_click_and_a_word_waits_behind_it() -> None:
    page = actions(last())
    buttons = page.css(".judge > form button[name=verdict]")
    assert [(b.text(), b.attributes["value"]) for b in buttons] == [
        ("Utile", "right"), ("Pas utile", "incomplete"),
    ]  # fmt: skip
    assert "hidden" in only(page, ".judge > details").attributes
    assert only(page, ".judge details input[name=mot]").attributes["value"] == "1"


def test_a_link_opens_the_question_again_and_holds_it_hidden_where_no_server_is_told() -> None:
    link = only(actions(last("Prix pour [PERSONNE_1] & moi ?")), 'a[href*="question="]')
    address = link.attributes["href"] or ""

    assert address.startswith("/#question=")  # what follows a # is never sent
    assert unquote(address.removeprefix("/#question=")) == "Prix pour [PERSONNE_1] & moi ?"


def test_wherever_an_answer_is_read_a_person_can_be_asked_and_nothing_is_learnt() -> None:
    for phase in (Phase.ANSWERED, Phase.REFUSED, Phase.STOPPED):
        told = words(actions(replace(last(), phase=phase)), ".reminder")
        assert "Une personne de la mairie peut toujours être interrogée" in told
        assert "n'entraînent aucun modèle" in told


WEEK = tuple(
    Sentence(text=text, citations=(1,)) for text in ("Lundi : 9 h – 12 h", "Mardi : 14 h – 17 h")
)


def test_rows_that_answer_together_stand_on_a_line_each() -> None:
    page = reply(replace(last(), sentences=WEEK))
    shown = page.css(".sentences .entry")
    assert [words_of.text().split("\u202f")[0] for words_of in shown] == [s.text for s in WEEK]
    assert not reply(last()).css(".sentences .entry")


def test_rows_are_taken_away_a_line_each_and_sentences_as_one_paragraph() -> None:
    def said(view: View) -> list[str]:
        content = answer_content(view, FR, Words("fr"), lambda document, file: file)
        texts = [paragraph.text for paragraph in content.paragraphs]
        return texts[texts.index(FR("ui", "answer")) + 1 : texts.index(FR("ui", "citations"))]

    assert said(replace(last(), sentences=WEEK)) == [f"{one.text} [1]" for one in WEEK]
    assert len(said(last())) == 1


def test_what_the_town_established_is_not_said_to_be_chosen_by_a_machine() -> None:
    quoted = tuple(replace(one, author=Author.SOURCE) for one in last().sentences)
    view = replace(last(), sentences=quoted)

    assert "choisies par une IA" in words(reply(replace(view, via=Via.ACTS)), ".notice")
    assert "établie par la mairie" in words(reply(replace(view, via=Via.CARD)), ".notice")


def test_titles_come_with_the_passages() -> None:
    def asked(document: str, file: str) -> str:
        raise AssertionError("a database was asked for what the search told")

    evidence = tuple(
        replace(one, passage=replace(one.passage, label=label))
        for one, label in zip(EVIDENCE, ("Délibération <n° 3>", ""), strict=False)
    )
    page = LexborHTMLParser(
        Reply(FR, VALCLAIR, asked)(View(phase=Phase.FOUND, question="Prix ?", evidence=evidence))
    )
    titles = [node.text() for node in page.css(".sources .source > span:first-child")]
    assert titles == ["Délibération <n° 3>", file_title(EVIDENCE[1].passage.file)]
