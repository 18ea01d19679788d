# SPDX-License-Identifier: EUPL-1.2
"""What a session remembers, what it limits, and what it keeps to be taken away."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.answers import Reason
from assistant.following import Understood, by_rules
from assistant.settings import Settings
from assistant.texts import Texts
from corpus.documents import Filters
from tests.fakes import WordGuard
from tests.ui.town import ScriptedAssistant, answering
from tests.ui.workspace import RESIDENT, linked_town
from ui.access.person import Person, Role
from ui.agent.conversation import MAX_TURNS, Conversation
from ui.agent.filters import fields, in_words, read, read_query
from ui.agent.history import history
from ui.agent.services import AgentServices, AgentTools
from ui.agent.shelf import KEPT_SECONDS, MAX_KEPT, Shelf
from ui.agent.view import IDLE, Phase, View
from ui.agent.words import Words
from ui.reply import Reply

FR = Words("fr")


def asked(number: int, question: str = "Quels sont les horaires de la piscine ?") -> View:
    return View(phase=Phase.ANSWERED, question=question, record=f"{number:032x}")


def test_a_question_is_completed_from_the_last_one_that_was_searched() -> None:
    talk = Conversation().followed(asked(1))
    refused = replace(
        asked(2, "Où habite [PERSONNE_1] ?"), phase=Phase.REFUSED, reason=Reason.PERSONAL_DATA
    )

    for conversation in (talk, talk.followed(refused)):
        found = conversation.heard("Et le samedi ?", AgentTools())
        assert found and found.text == "Quels sont les horaires de la piscine le samedi ?"
    assert Conversation().heard("Et le samedi ?", AgentTools()) is None


def test_a_model_is_never_given_what_would_be_hidden() -> None:
    given = list[str]()

    def follow(question: str, before: str) -> Understood | None:
        given.append(question)
        return by_rules(question, before)

    talk = Conversation().followed(asked(1, "Quel est le tarif du repas pour un enfant ?"))
    tools = AgentTools(guard=WordGuard(RESIDENT), following=follow)
    assert talk.heard(f"Et pour {RESIDENT} ?", tools) and given == []
    assert talk.heard("Et pour un adulte ?", tools) and given == ["Et pour un adulte ?"]
    assert talk.heard("merci bien", tools) is None and len(given) == 1
    no_guard = AgentTools(following=follow)
    assert talk.heard("Et pour un adulte ?", no_guard) and len(given) == 1


@pytest.mark.parametrize("phase", [Phase.SEARCHING, Phase.FOUND, Phase.ANSWERING, Phase.FAILED])
def test_a_question_under_way_or_failed_is_not_remembered(phase: Phase) -> None:
    assert Conversation().followed(replace(asked(1), phase=phase)).turns == ()


def test_a_screen_shown_twice_counts_once_and_old_ones_go() -> None:
    talk = Conversation()
    for number in range(MAX_TURNS + 5):
        talk = talk.followed(asked(number)).followed(asked(number))

    assert len(talk.turns) == MAX_TURNS
    assert talk.turns[-1].record == f"{MAX_TURNS + 4:032x}"


def test_the_history_shows_what_was_asked_before_and_escapes_it() -> None:
    settings = Settings.model_validate({})
    reply = Reply(Texts("fr"), settings.town, lambda document, file: file)
    talk = Conversation().followed(asked(1, "<script>x</script> ?")).followed(asked(2))

    html = history(talk, talk.turns[-1], reply, FR)

    assert html.count("<details>") == 1
    assert "&lt;script&gt;" in html
    assert "<script>" not in html
    assert history(talk, IDLE, reply, FR).count("<details>") == 2
    assert history(Conversation(), IDLE, reply, FR) == ""


@pytest.mark.parametrize(
    ("written", "filters"),
    [
        ("", Filters()),
        ("kind=arr%C3%AAt%C3%A9", Filters(kinds=frozenset({"arrêté"}))),
        ("kind=chanson", Filters()),
        ("since=2024&until=2024", Filters(since="2024-01-01", until="2024-12-31")),
        ("since=2024-02-30&until=hier", Filters()),
        ("collection=conseil", Filters(collections=frozenset({"conseil"}))),
        ("kind=arr%C3%AAt%C3%A9&" + "x" * 500, Filters()),
        ("since=2024-01-01'%20OR%201=1", Filters()),
    ],
)
def test_filters_are_read_and_what_is_none_limits_nothing(written: str, filters: Filters) -> None:
    assert read_query(written) == filters


def test_filters_are_shown_again_as_they_were_chosen() -> None:
    chosen = read({"kind": "arrêté", "collection": "conseil", "since": "2024", "until": ""})
    html = fields(FR, ["conseil", "<b>"], chosen, "f")

    assert '<option value="arrêté" selected>' in html
    assert '<option value="conseil" selected>' in html
    assert "&lt;b&gt;" in html
    assert in_words(FR, chosen) == "conseil, arrêté, depuis le 1er janvier 2024"
    assert in_words(FR, Filters()) == ""
    assert "f-collection" not in fields(FR, ["conseil"], chosen, "f")


@pytest.mark.parametrize(
    ("own", "asked_for", "allowed"),
    [
        (None, None, None),
        (("conseil",), None, {"conseil"}),
        (("conseil",), {"conseil"}, {"conseil"}),
        (("conseil",), {"paie"}, set()),
        ((), None, set()),
    ],
)
def test_what_is_asked_for_never_widens_what_a_person_may_see(
    own: tuple[str, ...] | None, asked_for: set[str] | None, allowed: set[str] | None
) -> None:
    services = AgentServices(
        assistant=ScriptedAssistant(answering),
        texts=Texts("fr"),
        store=linked_town(),
        settings=Settings.model_validate({}),
    )
    wanted = Filters(collections=None if asked_for is None else frozenset(asked_for))
    found = services.filters(Person("agnes", Role.AGENT, own), wanted).collections

    assert (None if found is None else set(found)) == allowed


def test_an_answer_is_kept_for_who_was_shown_it_and_for_a_while() -> None:
    now = 0.0
    shelf = Shelf(lambda: now)
    shelf.put("agnes", asked(1))
    shelf.put("agnes", replace(asked(2), record=""))

    assert shelf.get("agnes", asked(1).record) == asked(1)
    assert shelf.get("bruno", asked(1).record) is None
    assert shelf.get("agnes", "") is None
    now = KEPT_SECONDS + 1
    assert shelf.get("agnes", asked(1).record) is None


def test_an_answer_is_judged_once_by_who_was_shown_it() -> None:
    shelf = Shelf()
    shelf.put("agnes", asked(1))

    assert not shelf.judge("bruno", asked(1).record)
    assert shelf.judge("agnes", asked(1).record)
    assert not shelf.judge("agnes", asked(1).record)
    shelf.unjudge("agnes", asked(1).record)
    assert shelf.judge("agnes", asked(1).record)


def test_what_a_session_forgets_is_not_kept_either() -> None:
    shelf = Shelf()
    for who, number in (("agnes", 1), ("agnes", 2), ("bruno", 3)):
        shelf.put(who, asked(number))
    shelf.drop("agnes", [asked(1).record, asked(3).record, "unknown"])

    assert shelf.get("agnes", asked(1).record) is None
    assert shelf.get("agnes", asked(2).record)
    assert shelf.get("bruno", asked(3).record)


def test_the_shelf_never_grows_without_end() -> None:
    shelf = Shelf()
    for number in range(MAX_KEPT + 3):
        shelf.put("agnes", asked(number))

    assert shelf.get("agnes", asked(2).record) is None
    assert shelf.get("agnes", asked(MAX_KEPT + 2).record)
