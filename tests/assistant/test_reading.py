# SPDX-License-Identifier: EUPL-1.2
"""What the model answers from an excerpt is bound to the sentences that carry it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

import pytest

from assistant.confidence import (
    ANSWER_FROM,
    BY_DOUBT,
    BY_PROBE,
    BY_SELECTOR,
    Signs,
    confidence,
)
from assistant.errors import OddsUnknown
from assistant.evidence import Candidate
from assistant.excerpts import CUT, EXCERPT_CHARS, Excerpt, excerpts
from assistant.judging import choose
from assistant.prompt import Frame
from assistant.reading import CARRIED_FROM, HOPELESS, Reading, carried, is_hidden, read
from assistant.seams import Prompt
from assistant.understanding.questions import Question, QuestionKind, understand
from corpus.documents import Passage
from corpus.sentences import sentences
from guardrails.findings import Screened
from tests.fakes import UNKNOWN, ScriptedModel
from tests.table import each

RULES = (
    "La salle des fêtes est louée aux habitants. Le tarif de la journée est de 180 euros. "
    "Une caution de 300 euros est demandée. Le ménage reste à la charge du locataire."
)
ASKED = "Combien coûte la salle des fêtes pour une journée ?"


def question(text: str = ASKED) -> Question:
    return Question(text=text, kind=QuestionKind.AMOUNT, language="fr")


def candidates(text: str, name: str = "a") -> list[Candidate]:
    passage = Passage(
        id=name, document=name, file=f"{name}.txt", page=1, ordinal=0,
        collection="default", heading="Salle", text=Screened(text), start=0, end=len(text),
    )  # fmt: skip
    return [
        Candidate(
            passage=passage, start=start, end=end, text=text[start:end], coverage=0.6, reach=0.9,
            found=1, around=0.8, cosine=0.9, lexical=2, fits=True, told=True, scale=0,
            score=5 - place,
        )
        for place, (start, end) in enumerate(sentences(text))
    ]  # fmt: skip


def reading_of(says: str, text: str = RULES) -> tuple[Reading | None, Excerpt]:
    (excerpt,) = excerpts(candidates(text))
    frame = Frame(question(), [excerpt])
    return read(ScriptedModel(["caution", "tarif"], says), frame, 0, excerpt), excerpt


def test_the_sentence_that_holds_the_figure_carries_the_answer() -> None:
    reading, _ = reading_of("La salle coûte 180 euros.")

    assert reading is not None
    assert reading.carrier.text == "Le tarif de la journée est de 180 euros."
    assert reading.carried == 1


def test_a_figure_that_stands_nowhere_is_not_carried() -> None:
    reading, _ = reading_of("La salle coûte 250 euros.")

    assert reading is not None
    assert reading.within < 0.5


def test_the_row_that_the_question_names_is_taken_for_the_one_that_the_model_slipped_to() -> None:
    table = "Club : Football ; 2025 : 3 200 €\nClub : Judo ; 2025 : 1 650 €"
    slipped, meant = (
        replace(c, missed=m) for c, m in zip(candidates(table), (0.4, 0.0), strict=True)
    )
    excerpt = Excerpt(slipped.passage, table, (slipped, meant))
    frame = Frame(question("Combien touche le club de judo ?"), [excerpt])

    found = read(ScriptedModel(["Judo"], "Il touche 3 200 €."), frame, 0, excerpt)

    assert found is not None
    assert (found.said, found.carrier) == (meant.text, meant)


@pytest.mark.parametrize("asked", ["la tranche C", "la tranche c, c'est combien", "des enfants"])
def test_a_letter_tells_a_row_from_its_like(asked: str) -> None:
    table = "Tranche : A ; Repas : 1,00 €\nTranche : C ; Repas : 3,40 €"
    slipped, meant = candidates(table)
    excerpt = Excerpt(slipped.passage, table, (slipped, meant))
    frame = Frame(question(f"Combien coûte le repas de {asked} ?"), [excerpt])

    found = read(ScriptedModel(["repas"], "Il coûte 1,00 €."), frame, 0, excerpt)

    assert found is not None
    assert found.carrier is (slipped if asked == "des enfants" else meant)


def test_a_line_that_fits_is_taken_for_the_row_of_another_service() -> None:
    text = "Service : Urbanisme ; Tél. : 03 53 01 20 30\nArbre tombé, la nuit : 03 53 01 20 99."
    other, meant = (
        replace(c, fits=fits, coverage=coverage, rank=rank)
        for c, fits, coverage, rank in zip(
            candidates(text), (False, True), (0.0, 0.7), (1, 0), strict=True
        )
    )
    excerpt = Excerpt(other.passage, text, (meant, other))
    frame = Frame(question("Qui contacter pour un arbre tombé ?"), [excerpt])
    found = read(ScriptedModel(["Arbre"], "03 53 01 20 30"), frame, 0, excerpt)
    assert found is not None
    assert (found.said, found.carrier) == (meant.text, meant)


@each(
    "says",
    [
        *UNKNOWN,
        "",
        "L'extrait ne précise pas le tarif.",
        "Le texte fourni ne dit rien de la salle.",
        "Ce document ne donne pas d'information sur la salle.",
        "Le passage ne répond pas à la question.",
        "Le règlement de la salle ne mentionne pas le tarif.",
        "L'extrait n'indique aucun tarif.",
        "Les extraits ne permettent pas de répondre.",
        "Ce n'est pas précisé.",
        "Il n'y a pas de réponse dans l'extrait.",
        "The extract does not say.",
        "I don't know.",
    ],
)
def test_a_model_that_does_not_know_gives_no_reading(says: str) -> None:
    assert reading_of(says)[0] is None


@each(
    "rule",
    [
        "La location annulée ne donne pas lieu à remboursement.",
        "Le document remis ne donne pas droit à la salle.",
        "La commune ne répond pas de la perte des objets.",
        "La place est perdue si la famille ne répond pas.",
        "Pas de réponse dans les deux mois vaut refus.",
        "Les documents qui ne mentionnent pas la salle sont refusés.",
        "L'enfant qui ne sait pas nager porte des brassards.",
        "L'arrêté ne dispense pas du permis.",
    ],
)
def test_a_rule_that_denies_is_an_answer(rule: str) -> None:
    reading, _ = reading_of(rule, f"{RULES} {rule}")
    assert reading is not None
    assert reading.said == rule


SCALE = (
    "Quotient : de 801 à 1 200 ; Maternelle : 3,10 €\n"
    "Quotient : de 1 201 à 1 600 ; Maternelle : 4,20 €\n"
    "Quotient : hors commune ; Maternelle : 6,70 €"
)


@pytest.mark.parametrize("says", ["6,70 €", "3,10 €"])
def test_the_row_whose_range_holds_the_figure_asked_about_is_the_answer(says: str) -> None:
    asked = "Combien paye une famille au quotient de 1300 pour un enfant de maternelle ?"
    rows = [replace(c, scale=scale) for c, scale in zip(candidates(SCALE), (-1, 1, 0), strict=True)]
    (excerpt,) = excerpts(rows)
    frame = Frame(question(asked), [excerpt])
    reading = read(ScriptedModel(["Quotient"], says), frame, 0, excerpt)

    assert reading is not None
    assert reading.carrier.text == "Quotient : de 1 201 à 1 600 ; Maternelle : 4,20 €"


def test_a_row_of_another_table_does_not_take_its_place() -> None:
    text = "Quotient : hors commune ; Maternelle : 6,70 €\nDurée : de 1 000 à 1 500 h ; Prime : 9 €"
    rows = [replace(c, scale=scale) for c, scale in zip(candidates(text), (0, 1), strict=True)]
    (excerpt,) = excerpts(rows)
    frame = Frame(question("Et pour un quotient de 1300 ?"), [excerpt])
    reading = read(ScriptedModel(["Quotient"], "6,70 €"), frame, 0, excerpt)

    assert reading is not None
    assert reading.carrier.text.startswith("Quotient : hors commune")


def test_an_answer_in_two_sentences_has_two_carriers_in_their_order() -> None:
    reading, excerpt = reading_of("Caution de 300 euros, journée à 180 euros.")

    assert reading is not None
    texts = [c.text for c in reading.carriers(excerpt, ASKED)]
    assert texts == [
        "Le tarif de la journée est de 180 euros.",
        "Une caution de 300 euros est demandée.",
    ]


def test_one_sentence_that_carries_all_is_quoted_alone() -> None:
    reading, excerpt = reading_of("La salle coûte 180 euros.")

    assert reading is not None
    assert [c.text for c in reading.carriers(excerpt, ASKED)] == [reading.carrier.text]


def test_excerpts_are_few_short_and_cut_around_the_best_sentence() -> None:
    long = " ".join(f"La phrase numéro {n} ne dit rien de particulier du tout." for n in range(40))
    best_last = [replace(c, score=9 + place) for place, c in enumerate(candidates(long))][::-1]
    others = [c for name in "bcde" for c in candidates(RULES, name)]
    found = excerpts([*best_last, *others])

    assert [e.passage.id for e in found] == ["a", "b"]
    assert len(found) == len(EXCERPT_CHARS)
    for excerpt, limit in zip(found, EXCERPT_CHARS, strict=True):
        assert len(excerpt.text) <= limit + len(CUT) * 5
    assert "numéro 39" in found[0].text
    assert found[1].text == RULES.replace(". ", ".\n")


def test_a_passage_that_is_near_as_a_whole_is_read_first() -> None:
    far, near = candidates(RULES, "a"), candidates(RULES, "b")
    found = excerpts([*far, *(replace(c, around=0.9) for c in near)])

    assert [e.passage.id for e in found] == ["b", "a"]


def test_where_the_likeliest_sentence_stands_is_read_though_others_promise_more() -> None:
    alone = candidates(RULES, "a")
    others = [replace(c, around=0.9) for name in "bcde" for c in candidates(RULES, name)]

    assert [e.passage.id for e in excerpts([*alone, *others])] == ["b", "a"]
    assert [e.passage.id for e in excerpts([*others, *alone])] == ["b", "c"]


def test_what_may_answer_is_kept_before_what_stands_beside_the_best() -> None:
    half = "Cette phrase ne répond à rien " + "de rien " * (EXCERPT_CHARS[0] // 16 - 7) + "du tout."
    text = f"{half} La salle coûte 180 euros. {half} Le ménage coûte 45 euros de plus."
    each = candidates(text)
    best, second = each[1], each[3]

    (excerpt,) = excerpts([best, second])
    assert best.text in excerpt.text
    assert second.text in excerpt.text


class TimidModel(ScriptedModel):
    """Says that it does not know, unless it is barred from it; `doubt` is how surely."""

    def __init__(self, doubt: float) -> None:
        super().__init__([], "La salle coûte 180 euros.")
        self.doubt = doubt

    def log_probability(self, prompt: Prompt, reply: str) -> float:
        return self.doubt


@pytest.mark.parametrize(("doubt", "said"), [(-0.1, None), (-0.9, "La salle coûte 180 euros.")])
def test_a_model_that_only_leans_to_not_knowing_is_asked_again(
    doubt: float, said: str | None
) -> None:
    (excerpt,) = excerpts(candidates(RULES))
    reading = read(TimidModel(doubt), Frame(question(), [excerpt]), 0, excerpt)

    assert (reading.said if reading else None) == said
    assert reading is None or reading.unknown == doubt


class Mute(ScriptedModel):
    """A server that tells no odds."""

    def log_probability(self, prompt: Prompt, reply: str) -> float:
        raise OddsUnknown(self.name)


def test_what_a_model_without_odds_writes_is_read_and_its_not_knowing_too() -> None:
    (excerpt,) = excerpts(candidates(RULES))
    frame = Frame(question(), [excerpt])
    found = read(Mute(["180"], "Le tarif est de 180 euros."), frame, 0, excerpt)
    assert found and "180" in found.said and found.unknown is None
    assert read(Mute([], UNKNOWN[0]), frame, 0, excerpt) is None


def test_placeholders_of_two_documents_are_not_one_person() -> None:
    one, other = "[PERSONNE_1] loue la salle.", "[PERSONNE_1] dirige la crèche."
    found = excerpts([*candidates(one, "a"), *candidates(other, "b")])
    frame = Frame(question(), found)

    assert "[PERSONNE_1] loue" in frame.read(0).user
    assert "[PERSONNE_2] dirige" in frame.read(1).user
    assert frame.in_the_words_of(1, "C'est [PERSONNE_2].") == "C'est [PERSONNE_1]."


def reading(unknown: float, *, held: float = 1.0) -> Reading:
    best = candidates(RULES)[1]
    return Reading(
        said="180 euros", unknown=unknown, carrier=best, rank=0, carried=held, within=held
    )


def test_the_reading_with_less_doubt_is_chosen() -> None:
    judged = choose(enumerate([reading(-0.5, held=0.5), None, reading(-4.0, held=0.8)]))

    assert judged is not None
    assert judged.index == 2
    assert choose(enumerate([None, None])) is None


def test_rows_that_the_question_does_not_tell_apart_share_the_best_place() -> None:
    week = "Jour : Lundi ; Matin : 9 h – 12 h\nJour : Mardi ; Matin : 14 h – 18 h"
    (excerpt,) = excerpts(
        [replace(c, rank=n) for n, c in enumerate(candidates(week))],
    )
    model = ScriptedModel(["Jour"], "De 14 h à 18 h.")
    for asked, rank in (("Quels sont les horaires ?", 0), ("Et le mardi ?", 1)):
        found = read(model, Frame(question(asked), [excerpt]), 0, excerpt)
        assert found is not None
        assert (found.carrier.text, found.rank) == (week.splitlines()[1], rank)


def test_what_no_sentence_carries_is_not_chosen_but_who_is_hidden_is_told() -> None:
    assert choose(enumerate([reading(-6.0, held=CARRIED_FROM - 0.01)])) is None
    assert choose(enumerate([replace(reading(-6.0, held=0.0), said="M. [PERSONNE_1]")])) is not None


@pytest.mark.parametrize(("held", "asked_for"), [(1.0, 1), (0.0, 3)], ids=["sure", "doubtful"])
def test_an_answer_without_doubt_ends_the_reading(held: float, asked_for: int) -> None:
    asked: list[Reading] = []

    def told() -> Iterator[Reading]:
        for _ in range(3):
            asked.append(reading(-6.0, held=held))
            yield asked[-1]

    choose(enumerate(told()))
    assert len(asked) == asked_for


def test_what_stands_nowhere_is_less_sure_than_what_a_sentence_carries() -> None:
    held, loose = (choose(enumerate([reading(-3.0, held=held)])) for held in (1.0, CARRIED_FROM))

    assert held is not None and loose is not None
    assert held.confidence > ANSWER_FROM > loose.confidence


def test_a_sentence_that_the_weigher_put_far_back_is_less_sure() -> None:
    near = reading(-3.0)
    far = replace(near, rank=12)

    assert confidence(far) < confidence(near)


def probed(odds: float) -> Reading:
    return replace(reading(0.0), unknown=None, answerable=odds)


def test_a_probe_tells_in_place_of_the_doubt() -> None:
    told = [confidence(probed(odds)) for odds in (-2.0, 0.0, 2.0, 4.0, 9.0)]
    assert told[0] < told[1] < told[2] < told[3] == told[4]
    assert told[0] < ANSWER_FROM < told[3]


class ProbedModel(ScriptedModel):
    """A scripted model whose probe says of each extract what it was told to say."""

    def __init__(self, odds: float | None, says: str) -> None:
        super().__init__(says=says)
        self._odds = odds

    def answerability(self, prompt: Prompt) -> float | None:
        return self._odds


@pytest.mark.parametrize(
    ("odds", "is_read"), [(HOPELESS - 0.1, False), (HOPELESS + 0.1, True), (3.0, True)]
)
def test_what_the_probe_gives_no_hope_is_not_asked(odds: float, is_read: bool) -> None:
    (found,) = excerpts(candidates(RULES))
    model = ProbedModel(odds, "La salle coûte 180 euros.")
    answered = read(model, Frame(question(), [found]), 0, found)
    assert (answered is not None) is is_read
    assert answered is None or (answered.answerable, answered.unknown) == (odds, None)
    assert bool(model.prompts) is is_read


def test_a_model_whose_probe_is_missing_is_judged_by_its_doubt() -> None:
    (found,) = excerpts(candidates(RULES))
    assert read(ProbedModel(None, "180 euros."), Frame(question(), [found]), 0, found) is None


class ProbedByLength(ScriptedModel):
    """A scripted model whose probe says of an extract how long the prompt is."""

    def answerability(self, prompt: Prompt) -> float | None:
        return float(len(prompt.user))


def test_the_probe_is_asked_of_the_quotes_alone_too() -> None:
    (found,) = excerpts(candidates(RULES))
    model = ProbedByLength(says="La salle coûte 180 euros.")
    frame = Frame(question(), [found])
    told = read(model, frame, 0, found)
    assert told is not None and told.answerable is not None and told.alone is not None
    quotes = [c.text for c in told.carriers(found, ASKED)]
    assert told.answerable - told.alone == len(found.text) - len("\n".join(quotes)) > 0
    assert found.text not in frame.alone(0, quotes).user


def test_quotes_that_do_alone_are_surer() -> None:
    whole = probed(1.0)
    told = [confidence(replace(whole, alone=odds)) for odds in (-3.0, 0.0, 3.0)]
    assert told[0] < told[1] < told[2]


def test_a_bare_yes_is_carried_by_the_likeliest_sentence_of_all() -> None:
    rules = "La salle des fêtes est louée aux habitants.\nLe chauffage est compris."
    asked = "La salle des fêtes est louée ?"
    for rank, held in ((0, 1.0), (4, 0.0)):
        (found,) = excerpts([replace(c, rank=rank + n) for n, c in enumerate(candidates(rules))])
        model = ProbedModel(3.0, "Oui, la salle des fêtes est louée.")
        told = read(model, Frame(question(asked), [found]), 0, found)
        assert told is not None and (told.carried, told.within) == (held, held)


def test_no_sign_at_all_is_no_answer() -> None:
    nothing = Signs(**dict.fromkeys((one.name for one in fields(Signs)), 0.0))
    assert max(by(nothing) for by in (BY_DOUBT, BY_PROBE, BY_SELECTOR)) < ANSWER_FROM


def test_a_yes_or_a_no_is_not_looked_for_in_the_source() -> None:
    assert carried("Non, il est interdit.", "Le feu est interdit.", "Puis-je faire un feu ?") == 1


def test_an_answer_that_adds_nothing_to_its_question_is_carried_by_nothing() -> None:
    assert carried("La salle des fêtes pour une journée.", RULES, ASKED) == 0


@pytest.mark.parametrize(
    ("said", "asked", "hidden"),
    [
        ("[PERSONNE_2], [ADRESSE_1], [TÉLÉPHONE_1]", "Donne-moi les noms des signataires.", True),
        ("M. [PERSONNE_2]", "Qui a signé la pétition ?", True),
        ("[PERSONNE_2] paie 180 euros.", "Combien coûte la salle ?", False),
        ("La maire.", "Qui a signé l'arrêté ?", False),
    ],
)
def test_an_answer_that_is_what_the_guard_hid_is_none(said: str, asked: str, hidden: bool) -> None:
    assert is_hidden(said, understand(Screened(asked))) is hidden


def test_a_passage_that_knows_nothing_of_the_year_asked_for_is_not_read() -> None:
    old = candidates("Le tarif de la salle est de 90 euros en 2019.", "a")
    dated = [
        replace(c, passage=replace(c.passage, dated="2025-03-01"))
        for c in candidates("Le tarif de la salle est de 180 euros.", "b")
    ]

    assert [e.passage.id for e in excerpts([*old, *dated], frozenset({"2025"}))] == ["b"]
    assert [e.passage.id for e in excerpts([*old, *dated], frozenset({"2031"}))] == []
    assert len(excerpts([*old, *dated])) == 2


WEEK = """Lundi : 8 h 30 – 12 h
Mardi : 13 h 45 – 17 h 15
Mercredi : 9 h – 11 h
Jeudi : 14 h – 19 h
Vendredi : 10 h – 16 h"""
WHEN = Question(text="Quand ouvre la mairie ?", kind=QuestionKind.HOURS, language="fr")


def test_days_that_answer_together_bear_a_reading_that_none_bears_alone() -> None:
    (excerpt,) = excerpts(candidates(WEEK))
    said = "Lundi de 8 h 30 à 12 h, mardi de 13 h 45 à 17 h 15, mercredi de 9 h à 11 h, \
jeudi de 14 h à 19 h et vendredi de 10 h à 16 h."
    reading = read(ScriptedModel(["Lundi"], said), Frame(WHEN, [excerpt]), 0, excerpt)
    assert reading is not None
    assert reading.carried < CARRIED_FROM < reading.together == 1
    assert reading.is_borne
    alone = replace(reading, together=0.0)
    assert not alone.is_borne
    assert confidence(reading) > confidence(alone)


def test_a_day_has_the_rank_of_its_own_week_alone() -> None:
    other = "Mairie\nLundi : 9 h – 12 h\nMardi : 9 h – 12 h\nBibliothèque\nJeudi : 14 h – 18 h"
    ranked = [replace(one, rank=place) for place, one in enumerate(reversed(candidates(other)))]
    (excerpt,) = excerpts(ranked)
    frame = Frame(WHEN, [excerpt])
    reading = read(ScriptedModel(["Lundi"], "Le mardi de 9 h à 12 h."), frame, 0, excerpt)
    assert reading is not None
    assert (reading.carrier.text, reading.rank) == ("Mardi : 9 h – 12 h", 2)
