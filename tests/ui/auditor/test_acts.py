# SPDX-License-Identifier: EUPL-1.2
"""What an auditor does, and that each reading is entered before anything is shown."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from lxml import html

from assistant.texts import Texts
from guardrails.errors import DetectorFailed, RegisterUnavailable
from guardrails.findings import Screened
from guardrails.register import AuditRecord, Kind, Register
from guardrails.register.events import AccountChange, changing_account
from guardrails.register.proving import verify_bundle
from guardrails.register.records import Entry
from guardrails.register.streams import leaving
from guardrails.register.witness_client import Reply, WitnessTrouble, WitnessTroubled
from guardrails.register.witnesses import Witnesses
from tests.rdfa import rdfa
from tests.register.homes import Home
from tests.register.witnessed import NAMES, WAIT_SECONDS, Neighbours
from tests.table import each
from tests.ui.auditor.conftest import Do
from tests.ui.auditor.stand import AUDITOR, HOSTILE, Asked, enter
from ui.auditor.acts import NEWCOMER_DAYS, Acts
from ui.auditor.desk import Desk, Screen, Tone
from ui.auditor.reading import PAGE_LINES, SEARCH_SECONDS, Reader
from ui.auditor.services import AuditorServices
from ui.auditor.words import Words


def newest(register: Register) -> Entry:
    (entry,) = register.unrecorded_entries(Desk().selection, start=register.size() - 1,
                                           stop=register.size())  # fmt: skip
    return entry


def numbers(listing: str | None) -> list[int]:
    table = (listing or "").partition("</table>")[0]
    return [int(n) for n in re.findall(r'data-act="open" data-index="(\d+)"', table)]


def fill(register: Register, count: int) -> None:
    for number in range(count):
        enter(register, Asked(question=f"Question {number} ?", ends="off_topic"))


# -- who became an auditor


def test_an_auditor_that_an_administrator_made_is_told_to_all_auditors(
    services: AuditorServices, register: Register
) -> None:
    """An administrator who makes an auditor of themselves would read the whole register unseen."""
    acts = Acts(services, Words("fr", UTC))
    assert acts.newcomers(AUDITOR) == ""
    for what, user, role in (
        (AccountChange.CREATED, "agnes", "agent"),
        (AccountChange.CREATED, "aude", "auditor"),
        (AccountChange.RIGHTS, "agnes", "auditor"),
        (AccountChange.DISABLED, "aude", "auditor"),
    ):
        changed(register, what, user, role)
    enter(register, Asked(question="Quel prix ?"))
    told = acts.newcomers(AUDITOR)

    assert "2 fois, un accès d" in told
    for name in ("agnes", "aude", "adele"):
        assert register.pseudonym(name) in told
        assert name not in told
    assert newest(register).payload["purpose"] == "newcomers"


def changed(
    register: Register, what: AccountChange, user: str, role: str = "auditor", by: str = "adele"
) -> None:
    with changing_account(register, what, user=user, account_role=role, by=by, role="admin"):
        pass


@pytest.mark.parametrize(
    ("what", "user", "said"),
    [
        (AccountChange.LINK, "aude", "lien remis"),
        (AccountChange.PASSWORD, "aude", "mot de passe choisi"),
        (AccountChange.KEY_CREATED, "key:veille", "clef créée"),
        (AccountChange.ENABLED, "aude", "compte rouvert"),
        (AccountChange.TIED, "aude", "relié au fournisseur"),
    ],
)
def test_whatever_lets_somebody_in_as_an_auditor_is_told(
    services: AuditorServices, register: Register, what: AccountChange, user: str, said: str
) -> None:
    """An administrator needs no new account to read the register: a link to an old one does."""
    changed(register, what, user)
    told = Acts(services, Words("fr", UTC)).newcomers(AUDITOR)
    assert said in told
    assert told.count("<li>") == 1
    assert register.pseudonym(user) in told


def test_a_password_that_an_auditor_chose_themselves_is_no_news(
    services: AuditorServices, register: Register
) -> None:
    changed(register, AccountChange.PASSWORD, "aude", by="aude")
    assert Acts(services, Words("fr", UTC)).newcomers(AUDITOR) == ""


def test_a_way_in_is_told_though_its_outcome_never_came_and_not_if_nothing_came_of_it(
    services: AuditorServices, register: Register
) -> None:
    for error in (KeyboardInterrupt, ValueError):
        with (
            suppress(KeyboardInterrupt, ValueError),
            changing_account(
                register, AccountChange.KEY_CREATED, user="key:veille", account_role="auditor",
                by="adele", role="admin",
            ),
        ):  # fmt: skip
            raise error
    assert Acts(services, Words("fr", UTC)).newcomers(AUDITOR).count("<li>") == 1


def test_a_way_in_is_not_hidden_under_many_changes(
    services: AuditorServices, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever changes many accounts pushes the one that counts out of what is read."""
    monkeypatch.setattr("ui.auditor.acts.MAX_SETTINGS", 6)
    changed(register, AccountChange.LINK, "aude")
    acts = Acts(services, Words("fr", UTC))
    assert "plus nombreux" not in acts.newcomers(AUDITOR)
    for _ in range(4):
        changed(register, AccountChange.RIGHTS, "agnes", "agent")
    told = acts.newcomers(AUDITOR)
    assert "plus nombreux que cette page" in told
    assert "<li>" not in told


def test_who_became_an_auditor_long_ago_is_told_no_more(
    services: AuditorServices, home: Home
) -> None:
    with home.open() as register:
        changed(register, AccountChange.CREATED, "aude")
        acts = Acts(replace(services, register=register), Words("fr", UTC))
        assert "Un accès d" in acts.newcomers(AUDITOR)
        home.clock.moment += timedelta(days=NEWCOMER_DAYS + 1)
        assert acts.newcomers(AUDITOR) == ""


def test_nothing_is_told_that_cannot_be_entered(
    services: AuditorServices, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> NoReturn:
        raise RegisterUnavailable("full")

    changed(register, AccountChange.CREATED, "aude")
    monkeypatch.setattr(register, "append", full)
    with pytest.raises(RegisterUnavailable):
        Acts(services, Words("fr", UTC)).newcomers(AUDITOR)


# -- the list


def test_the_newest_questions_come_first_each_with_how_it_ended(do: Do, register: Register) -> None:
    enter(register, Asked(question="Quel prix ?"))
    enter(register, Asked(question="Qui ?", ends="personal_data", audience="senior"))
    screen = do("browse")
    assert numbers(screen.listing) == [4, 1]
    assert screen.listing and "donnée personnelle" in screen.listing
    assert screen.desk and (screen.desk.listed, screen.desk.further) == ((4, 1), 0)
    assert "2 entrées affichées" in screen.status


def test_a_list_is_entered_under_the_pseudonym_with_its_filter(do: Do, register: Register) -> None:
    fill(register, 1)
    do("browse", reason="off_topic")
    entry = newest(register)
    assert (entry.kind, entry.role) == (Kind.READING, "auditor")
    assert entry.actor == register.pseudonym(AUDITOR.name) != ""
    assert entry.payload["selection"] == {"kinds": ["intent"], "reasons": ["off_topic"]}


def test_pages_go_back_and_forth_and_each_is_entered(do: Do, register: Register) -> None:
    fill(register, PAGE_LINES + 3)
    first = do("browse")
    size = register.size()
    second = do("older", first.desk)
    assert len(numbers(first.listing)) == PAGE_LINES
    assert len(numbers(second.listing)) == 3
    assert second.desk and second.desk.further == 0
    back = do("newer", second.desk)
    assert back.listing == first.listing
    assert register.size() == size + 2


def test_nothing_is_shown_when_the_reading_cannot_be_entered(
    do: Do, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(register, 1)

    def full(*_: object, **__: object) -> NoReturn:
        raise RegisterUnavailable("full")

    monkeypatch.setattr(register, "append", full)
    for act in ("browse", "count", "draw"):
        screen = do(act, count="5")
        assert (screen.tone, screen.listing, screen.report) == (Tone.PROBLEM, None, None)
        assert "rien n&#x27;est montré" in screen.status
    opened = do("open", index="1")
    assert (opened.tone, opened.entry) == (Tone.PROBLEM, None)


def test_a_long_search_pauses_and_goes_on_from_where_it_was(
    services: AuditorServices, register: Register
) -> None:
    wanted = register.append(AuditRecord(kind=Kind.FEEDBACK)).index
    register.append_many([AuditRecord(kind=Kind.INCIDENT)] * 1000)
    moments = iter(float(n) * SEARCH_SECONDS for n in range(1000))
    reader = Reader(services, Words("fr", UTC), ticks=lambda: next(moments))
    form = {"kind": "feedback"}
    *_, screen = reader.browse(form, Desk(), AUDITOR)
    assert screen.desk and screen.desk.further > wanted
    assert screen.listing and "Chercher plus loin" in screen.listing
    while screen.desk and screen.desk.further:
        *_, screen = reader.older(form, screen.desk, AUDITOR)
    assert numbers(screen.listing) == [wanted]


def test_a_filter_that_fits_nothing_says_so(do: Do) -> None:
    screen = do("browse", audience="senior")
    assert screen.listing and "Aucune entrée ne répond" in screen.listing


# -- one entry


def test_a_question_is_shown_with_all_that_came_of_it(do: Do, register: Register) -> None:
    enter(register, Asked(question="Prix pour [PERSONNE_1] ?", hidden={"PERSON": 1}))
    page = do("open", index="1").entry or ""
    for words in (
        "Prix pour", "personne × 1", "Le repas coûte 3,40 € pour un enfant de la commune.",
        "Le repas est facturé 3,40 € pour un enfant de la commune.",
        "Citation retrouvée mot pour mot", "proces-verbaux/2025-06-03.txt", "0,800",
        "0,016", "estimation d&#x27;après le temps de calcul", "qwen2.5-coder",
        "« Coder » dans un nom", "9c1f0b7e52aa",
    ):  # fmt: skip
        assert words in page.replace("\u00a0", " "), words
    leaves = [entry.leaf.hex() for entry in register.unrecorded_entries(Desk().selection, stop=4)]
    assert all(leaf in page for leaf in leaves[1:4])
    entry = newest(register)
    assert (entry.kind, entry.payload["purpose"]) == (Kind.READING, "exchange")


@pytest.mark.parametrize(
    ("author", "source", "words"),
    [
        ("model", "CompositeSynthetic", "Phrase écrite par le modèle"),
        ("source", "Composite", "Phrase d&#x27;un document"),
        ("", "CompositeSynthetic", ""),  # sealed before sentences had an author
    ],
)
def test_the_auditor_s_view_of_a_question_is_marked_as_the_answer_was(
    do: Do, register: Register, author: str, source: str, words: str
) -> None:
    exchange = enter(register, Asked(question="Quel prix ?", author=author))
    shown = do("open", index="1").entry or ""
    (told,) = rdfa(shown)
    assert told["digitalSourceType"] == f"https://schema.org/{source}DigitalSource"
    assert told["identifier"] == exchange
    (sign,) = html.fromstring(shown).xpath("//*[@class='by-machine']")
    assert " ".join(sign.text_content().split()) == "IA Réponse d'une machine"
    assert shown.index("by-machine") < shown.index("Le repas coûte")
    assert "<script" not in shown  # Gradio warns of every one
    assert words in shown
    assert ("Phrase écrite" in shown or "Phrase d" in shown) is bool(words)


def test_any_entry_of_a_question_opens_the_question(do: Do, register: Register) -> None:
    enter(register, Asked(question="Quel prix ?"))
    assert "Quel prix" in (do("open", index="3").entry or "")


def test_an_entry_that_is_no_question_is_shown_as_it_was_sealed(do: Do, register: Register) -> None:
    register.append(AuditRecord(kind=Kind.FEEDBACK, payload={"comment": HOSTILE}))
    page = do("open", index="1").entry or ""
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "Inscrire mon avis" not in page
    assert newest(register).payload["purpose"] == "entry"


def test_a_removal_or_an_ingestion_is_no_question_though_it_has_two_entries(
    do: Do, register: Register
) -> None:
    for status in ("begun", "failed"):
        register.append(
            AuditRecord(kind=Kind.INGESTION, exchange="run", payload={"status": status})
        )
    page = do("open", index="2").entry or ""
    assert "ingestion" in page and "failed" in page
    assert "Inscrire mon avis" not in page


def test_what_was_erased_is_told_as_erased(do: Do, register: Register) -> None:
    exchange = enter(register, Asked(question="Quel prix ?"))
    register.erase(Desk(selection=Desk().selection).selection, why="request")
    page = do("open", index="1").entry or ""
    assert "contenu effacé" in page and "Quel prix" not in page
    assert exchange in page
    assert "contenu effacé" in (do("browse").listing or "")


@pytest.mark.parametrize("index", ["", "-1", "99999", "1e3", "<b>"])
def test_a_number_that_no_entry_has_is_refused(do: Do, register: Register, index: str) -> None:
    size = register.size()
    screen = do("open", index=index)
    assert (screen.tone, screen.entry) == (Tone.PROBLEM, None)
    assert register.size() == size


def test_one_steps_through_what_is_listed(do: Do, register: Register) -> None:
    fill(register, 3)
    listed = do("browse").desk
    middle = do("open", listed, index="3")
    assert numbers(middle.entry) == [] and "2 sur 3" in (middle.entry or "")
    steps = re.findall(r'data-view="registre" data-index="(\d+)"', middle.entry or "")
    assert steps == ["5", "1"]


def test_all_that_anybody_wrote_is_escaped(do: Do, register: Register) -> None:
    enter(register, Asked(question=HOSTILE, user=HOSTILE, hidden={HOSTILE: 1}, ends=HOSTILE))
    register.append(AuditRecord(kind=Kind.REVIEW, exchange="e", payload={"mark": HOSTILE}))
    opened, other = do("open", index="1").entry, do("open", index="3").entry
    report = do("count").report
    listed, drawn = do("browse", kind="all").listing, do("draw", count="5").drawn
    for page in (opened, other, listed, drawn, report):
        assert page and "<img" not in page and "onerror=alert(1)>" not in page
    assert "&lt;img" in (opened or "")


# -- ratings (what they say is in test_rating.py)

FINE = {"said-2": "right", "source-2": "right"}


@pytest.mark.parametrize("error", [DetectorFailed("names"), RegisterUnavailable("full")])
def test_a_note_that_cannot_be_examined_is_not_entered(
    register: Register, services: AuditorServices, error: Exception
) -> None:
    enter(register, Asked(question="Quel prix ?"))

    def fail(_: str) -> Screened:
        raise error

    broken = AuditorServices(register=register, screen=fail, zone=UTC)
    acts = Acts(broken, Words("fr", UTC))
    size = register.size()
    *_, screen = acts({"act": "rate", **FINE, "note": "x"}, Desk(opened=1), AUDITOR)
    assert screen.tone is Tone.PROBLEM
    assert register.size() == size


# -- samples


def test_a_sample_shows_its_seed_and_is_the_same_again(do: Do, register: Register) -> None:
    fill(register, 12)
    first = do("draw", count="5", seed="mars2026")
    assert first.desk and first.desk.sample and first.desk.sample.seed == "mars2026"
    assert first.drawn and "mars2026" in first.drawn and len(numbers(first.drawn)) == 5
    sealed = first.desk.sample.sealed
    again = do("redraw", index=str(sealed))
    assert again.drawn == first.drawn
    other = do("draw", count="5", seed="avril2026")
    assert numbers(other.drawn) != numbers(first.drawn)
    entry = next(e for e in register.entries() if e.index == sealed)
    assert (entry.kind, entry.public) == (Kind.SAMPLE, {"seed": "mars2026", "count": 5})


def test_a_sample_is_drawn_from_the_filter(do: Do, register: Register) -> None:
    fill(register, 4)
    enter(register, Asked(question="Quel prix ?"))
    screen = do("draw", count="10", outcome="answer", kind="all")
    assert screen.desk and screen.desk.sample and screen.desk.sample.population == 1


def test_marking_a_drawn_question_tells_how_many_are_left(do: Do, register: Register) -> None:
    fill(register, 3)
    drawn = do("draw", count="3").desk
    opened = do("open", drawn, index=str((drawn or Desk()).drawn[0]), view="echantillon")
    assert "Retour à l&#x27;échantillon" in (opened.entry or "")
    marked = do("rate", opened.desk, **{f"said-{opened.desk.opened + 1}": "right"})
    assert "1 / 3" in (marked.drawn or "")


def test_only_a_draw_is_drawn_again(do: Do, register: Register) -> None:
    fill(register, 1)
    assert do("redraw", index="1").tone is Tone.PROBLEM


# -- figures, verification, exports


def test_figures_are_of_all_kinds_and_are_entered(do: Do, register: Register) -> None:
    fill(register, 2)
    enter(register, Asked(question="Quel prix ?", seconds=4.0))
    screen = do("count")  # the form's kind is `questions`: it must not leave outcomes out
    assert screen.report and "hors sujet" in screen.report
    entry = newest(register)
    assert entry.payload == {"purpose": "statistics", "selection": {}}


def test_verification_says_one_sentence_and_is_not_entered(do: Do, register: Register) -> None:
    size = register.size()
    screen = do("verify")
    assert screen.check and 'data-holds="yes"' in screen.check
    assert register.verify().sentence("fr").split(" tient")[0] in screen.check
    assert register.size() == size


def test_a_kept_checkpoint_is_compared_and_a_false_one_is_told(
    do: Do, services: AuditorServices, register: Register
) -> None:
    note = register.checkpoint()
    assert 'data-holds="yes"' in (do("verify", checkpoint=note.strip()).check or "")
    assert 'data-holds="yes"' in (do("verify", checkpoint=note.replace("\n", "\r\n").strip(),
                                     key=str(register.key_chain()[0])).check or "")  # fmt: skip
    forged = do("verify", checkpoint=note.replace("\n1\n", "\n9\n").strip())
    assert forged.tone is Tone.PROBLEM
    assert services.last_check.verdict
    assert do("verify", checkpoint="autre chose").status == Words("fr")("bad_checkpoint")


def test_an_export_is_prepared_for_one_person(do: Do, services: AuditorServices) -> None:
    screen = do("prepare", form="csv", outcome="refusal")
    (ticket,) = re.findall(r'href="/auditeur/export/([\w-]+)"', screen.taken or "")
    asked = services.tickets.find(ticket, AUDITOR.name)
    assert asked and (asked.form, asked.selection.outcomes) == ("csv", ("refusal",))
    assert services.tickets.find(ticket, "somebody.else") is None


def test_a_bundle_goes_on_from_what_an_auditor_kept_and_says_by_which_key(
    do: Do, services: AuditorServices, register: Register, tmp_path: Path
) -> None:
    """Without either, whoever verifies the download is told that it is self-signed."""
    note = register.checkpoint()
    enter(register, Asked(question="Quel prix ?"))
    screen = do("prepare", form="bundle", checkpoint=note.strip())
    page = html.fromstring(screen.taken or "")
    key = page.xpath("string(//code)")
    assert key == str(register.key_chain()[0])
    name = page.xpath("string(//a/@href)").rpartition("/")[2]
    asked = services.tickets.find(name, AUDITOR.name)
    assert asked is not None
    path = tmp_path / "lot.zip"
    pieces = leaving(
        register, asked.selection, asked.form, by="a", role="auditor", sizes=asked.sizes
    )
    path.write_bytes(b"".join(pieces))
    told = verify_bundle(path, notes=[note], keys=[key])
    assert told.holds and not told.asides("fr")
    wrong = do("prepare", form="bundle", checkpoint=note.replace("\n1\n", "\n9999\n").strip())
    assert wrong.status == Words("fr")("bad_checkpoint")
    assert wrong.taken is None


@pytest.mark.parametrize(
    ("act", "form"),
    [("browse", {"actor": "Odile Ferrand"}), ("draw", {"count": "0"}), ("prepare", {"form": "x"})],
)
def test_a_form_that_cannot_be_taken_is_told_and_nothing_is_entered(
    do: Do, register: Register, act: str, form: dict[str, str]
) -> None:
    size = register.size()
    screen = do(act, **form)
    assert screen.tone is Tone.PROBLEM and "Odile" not in screen.status
    assert register.size() == size


def test_an_act_that_nobody_knows_does_nothing(services: AuditorServices) -> None:
    acts = Acts(services, Words("fr", UTC))
    assert list(acts({"act": "erase"}, Desk(), AUDITOR)) == []
    assert list(acts({}, Desk(), AUDITOR)) == []


def test_a_busy_line_comes_before_each_answer(services: AuditorServices) -> None:
    acts = Acts(services, Words("fr", UTC))
    first: Screen = next(iter(acts({"act": "verify"}, Desk(), AUDITOR)))
    assert first.tone is Tone.BUSY


# -- what strangers verify


def test_an_entry_s_proof_is_offered_once_it_is_said_that_it_outlives_an_erasure(
    do: Do, register: Register
) -> None:
    exchange = enter(register, Asked(question="Quel prix ?"))
    index = register.unrecorded_exchange(exchange)[0].index
    for shown, record in ((str(index), exchange), ("0", "0")):
        page = do("open", index=shown).entry or ""
        assert page.index("survit à un effacement") < page.index(
            f'href="/auditeur/preuve/{record}"'
        )


def test_the_page_says_what_the_witnesses_saw_and_what_is_wrong(home: Home) -> None:
    neighbours = Neighbours(home.path / "witnesses").found()
    answers = {"away": False}

    def post(address: str, body: bytes) -> Reply:
        if answers["away"] and address == NAMES[0]:
            raise WitnessTroubled(WitnessTrouble.AHEAD, 1_234)
        return neighbours.post(address, body)

    watching = Witnesses(neighbours.places(), post=post)
    with home.open(places=[watching]) as register:
        acts = Acts(AuditorServices(register=register, screen=Screened), Words("fr", UTC))
        assert "témoin" not in acts.state()
        neighbours.watch(register, watching)
        assert "Aucun témoin n'a encore vu ce registre." in shown(acts)
        register.checkpoint_seen(seconds=WAIT_SECONDS)
        assert "Vu par 2 témoins le 02/03/2026 09:00:00, à " in shown(acts)
        answers["away"] = True
        enter(register, Asked(question="Quel prix ?"))
        register.checkpoint_seen(seconds=WAIT_SECONDS)
        assert "Vu par un témoin le 02/03/2026 09:00:00, à " in shown(acts)
        assert f"{NAMES[0]} : dit avoir vu 1 234 entrées" in shown(acts)


def shown(acts: Acts) -> str:
    """What a person reads of the register's state."""
    return " ".join(html.fromstring(f"<div>{acts.state()}</div>").text_content().split())


@each("trouble", WitnessTrouble)
def test_every_trouble_of_a_witness_has_its_words(trouble: WitnessTrouble) -> None:
    for language in ("fr", "en"):
        assert Words(language, UTC)(f"witness_{trouble.value}", known="3")
        facts = {"name": "w.example", "known": 3, "size": 5, "at": ""}
        assert "w.example" in Texts(language)("register", f"witness_{trouble.value}", **facts)
