# SPDX-License-Identifier: EUPL-1.2
"""Lines of several passages are weighed at once, and what that says counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.confidence import ANSWER_FROM, BY_PROBE, confidence, signs
from assistant.errors import ModelFailed
from assistant.evidence import Candidate
from assistant.excerpts import CUT, EXCERPT_CHARS, excerpts
from assistant.judging import judge
from assistant.llama import SELECTED_TOKENS, LlamaModel
from assistant.model.remote import RemoteModel
from assistant.prompt import MAX_HEADING_CHARS, Frame
from assistant.reading import Reading
from assistant.seams import Extract, Prompt
from assistant.selection import LEAST, SELECTED_CHARS, Selection, select
from assistant.selector import NORM, SAME, Selector, pieces, tokens_and_marks
from assistant.settings import Settings
from assistant.understanding.questions import Question, QuestionKind
from assistant.wiring import open_parts, open_weights
from corpus.documents import Passage
from corpus.sentences import sentences
from corpus.weights import DEFAULT_LANGUAGE_MODEL
from guardrails.findings import Screened
from tests.contracts.language_model import ASKED, CACHED, CANTEEN
from tests.fakes import ScriptedModel

HALL = (
    "La salle est louée aux habitants.\nLa journée coûte 180 euros.\nLa caution est de 300 euros."
)
POOL = "La piscine ouvre en juin.\nL'entrée coûte 3 euros."
QUESTION = Question(
    text="Combien coûte la salle pour une journée ?", kind=QuestionKind.AMOUNT, language="fr"
)


def candidates(text: str, name: str, score: float) -> list[Candidate]:
    passage = Passage(
        id=name, document=name, file=f"{name}.txt", page=1, ordinal=0,
        collection="default", heading=f"Règlement, {name}", text=Screened(text), start=0,
        end=len(text),
    )  # fmt: skip
    return [
        Candidate(
            passage=passage, start=start, end=end, text=text[start:end], coverage=0.6, reach=0.9,
            found=1, around=0.8, cosine=0.9, lexical=2, fits=True, told=True, scale=0,
            score=score - place / 10,
        )
        for place, (start, end) in enumerate(sentences(text))
    ]  # fmt: skip


FOUND = [*candidates(HALL, "salle", 5.0), *candidates(POOL, "piscine", 4.0)]


class Selecting(ScriptedModel):
    """A scripted model that gives each line the odds that it was told; of others it thinks ill."""

    def __init__(self, says: str, odds: dict[str, float]) -> None:
        super().__init__(likes=["euros"], says=says)
        self._odds = odds
        self.seen: list[tuple[str, Sequence[Extract]]] = []

    def line_odds(self, question: str, extracts: Sequence[Extract]) -> list[float] | None:
        self.seen.append((question, extracts))
        lines = [line for extract in extracts for line in extract.lines]
        return [self._odds.get(line, -5.0) for line in lines]


def test_lines_of_several_passages_are_shown_at_once_under_their_headings() -> None:
    model = Selecting("", {"La journée coûte 180 euros.": 1.5})
    selection = select(model, QUESTION, FOUND)

    [(asked, extracts)] = model.seen
    assert asked == QUESTION.text
    assert [extract.heading for extract in extracts] == ["Règlement, salle", "Règlement, piscine"]
    assert [line for extract in extracts for line in extract.lines] == [
        *HALL.splitlines(),
        *POOL.splitlines(),
    ]
    assert selection is not None
    assert selection.best == 1.5
    assert selection.of(FOUND[:1]) == -5.0
    assert selection.of(FOUND[:2]) == 1.5


def test_what_was_cut_out_is_no_line() -> None:
    long = "\n".join([HALL, *(f"Article {n} : rien de ce qui est cherché." for n in range(60))])
    every = candidates(long, "salle", 5.0)
    found = [every[0], every[-1]]
    assert CUT in excerpts(found, limits=SELECTED_CHARS)[0].text
    model = Selecting("", {})
    select(model, QUESTION, found)
    assert CUT not in model.seen[0][1][0].lines


def test_a_line_that_was_not_seen_is_as_unlikely_as_any() -> None:
    selection = Selection({("salle", "La journée coûte 180 euros."): 0.5})
    assert selection.of(FOUND[1:2]) == 0.5
    assert selection.of(FOUND[3:]) == selection.of([]) == LEAST


def test_of_two_like_lines_of_a_passage_the_likelier_counts() -> None:
    twice = "Repas : 4 €\nLe goûter coûte 2 euros.\nRepas : 4 €"

    class Falling(Selecting):
        def line_odds(self, question: str, extracts: Sequence[Extract]) -> list[float] | None:
            return [-float(n) for n in range(sum(len(e.lines) for e in extracts))]

    found = candidates(twice, "cantine", 5.0)
    selection = select(Falling("", {}), QUESTION, found)
    assert selection is not None
    assert selection.of([replace(found[0], text="Repas : 4 €")]) == 0.0


def test_a_line_is_found_by_its_words_however_they_are_spaced() -> None:
    selection = Selection({("salle", "La journée coûte 180 euros."): 0.5})
    spaced = replace(FOUND[1], text="La journée  coûte 180\xa0euros.")
    assert selection.of([spaced]) == 0.5


def test_no_line_counts_for_less_than_one_that_was_not_seen() -> None:
    model = Selecting("", dict.fromkeys([*HALL.splitlines(), *POOL.splitlines()], -9.0))
    selection = select(model, QUESTION, FOUND)
    assert selection is not None
    assert selection.of(FOUND[:1]) == selection.best == LEAST


def test_a_passage_that_knows_nothing_of_the_year_is_not_shown() -> None:
    model = Selecting("", {})
    assert select(model, replace(QUESTION, years=frozenset({"1999"})), FOUND) is None
    assert not model.seen


def test_of_a_long_heading_the_end_is_shown() -> None:
    long = replace(FOUND[0].passage, heading="x" * 100 + " Tarifs")
    model = Selecting("", {})
    select(model, QUESTION, [replace(FOUND[0], passage=long)])
    heading = model.seen[0][1][0].heading
    assert heading.endswith(" Tarifs") and len(heading) == MAX_HEADING_CHARS


def test_the_same_words_of_another_passage_are_another_line() -> None:
    selection = Selection({("piscine", "La journée coûte 180 euros."): 0.5})
    assert selection.of(FOUND[1:2]) == LEAST


def test_a_model_that_was_taught_none_selects_none() -> None:
    assert select(ScriptedModel(), QUESTION, FOUND) is None


POOL_PRICE, DEPOSIT = "L'entrée coûte 3 euros.", "La caution est de 300 euros."


def read_in_order(odds: dict[str, float]) -> tuple[list[str], Reading]:
    """The passages that were read, by their names, in that order; the reading that was chosen."""
    found = excerpts(FOUND)
    model = Selecting(POOL_PRICE, odds)
    reading = judge(model, Frame(QUESTION, found), found, select(model, QUESTION, FOUND))
    looked = list[str]()
    while True:
        try:
            looked += [passage.file for passage in next(reading).passages]
        except StopIteration as done:
            judged = done.value
            break
    assert judged is not None
    assert found[judged.index].passage is judged.reading.carrier.passage
    told = [name for p in model.prompts for name in ("salle", "piscine") if f", {name}" in p.user]
    assert looked == [f"{name}.txt" for name in dict.fromkeys(told)]  # each told before it is read
    return told, judged.reading


@pytest.mark.parametrize(("line", "first"), [(DEPOSIT, "salle"), (POOL_PRICE, "piscine")])
def test_the_passage_of_the_likeliest_line_is_read_first(line: str, first: str) -> None:
    assert read_in_order({line: 2.0})[0][0] == first


def test_a_reading_is_told_how_likely_its_quotes_are() -> None:
    _, told = read_in_order({POOL_PRICE: 0.5, DEPOSIT: 2.0})
    assert told.carrier.text == POOL_PRICE
    assert (told.selected, told.behind) == (0.5, -1.5)


def reading(selected: float, behind: float = 0.0) -> Reading:
    return Reading(
        said="180 euros", carrier=FOUND[1], rank=0, carried=1, within=1, answerable=2.0, alone=1.0,
        selected=selected, behind=behind,
    )  # fmt: skip


def test_likelier_lines_are_surer() -> None:
    told = [confidence(reading(odds, odds - 1.5)) for odds in (LEAST, -4.0, -1.0, 1.5)]
    assert told == sorted(told)
    assert told[0] < ANSWER_FROM < told[-1]


def test_a_line_that_another_outdoes_is_less_sure() -> None:
    assert confidence(reading(1.0, -2.0)) < confidence(reading(1.0))


def test_without_a_selection_its_signs_say_nothing() -> None:
    plain = replace(reading(0.0), selected=None, behind=None)
    assert (signs(plain).selected, signs(plain).behind) == (0, 0)
    assert confidence(plain) == BY_PROBE(signs(plain))


def test_states_are_read_whatever_their_length() -> None:
    selector = Selector(Path("none.gguf"), 1, np.array([1.0, 0.0], np.float32), 0.5)
    assert selector.odds(np.array([[3.0, 0.0], [0.0, 9.0]], np.float32)) == [NORM + 0.5, 0.5]


def test_a_model_that_nobody_taught_has_no_selector() -> None:
    assert Selector.of("another-model") is None


def test_what_is_read_has_one_mark_a_line() -> None:
    extracts = [Extract("Salle", ("un", "deux")), Extract("Piscine", ("trois",))]
    read = [text for text, is_read in pieces("Prix ?", extracts) if is_read]
    assert read == ["un", "deux", "trois"]


def test_the_state_of_a_line_is_that_of_its_last_token() -> None:
    extracts = [Extract("T", ("ab", "c")), Extract("U", ("d",))]
    read, marks = tokens_and_marks("q", extracts, lambda text: [ord(letter) for letter in text])
    text = "".join(map(chr, read))
    assert text == "Question : q\n\n# T\nab\nc\n\n# U\nd\n"
    assert [text[:mark].rpartition("\n")[2] for mark in marks] == ["ab", "c", "d"]


def test_a_state_of_nothing_is_no_line() -> None:
    selector = Selector(Path("none.gguf"), 1, np.array([1.0, 0.0], np.float32), -2.5)
    assert selector.odds(np.zeros((1, 2), np.float32)) == [-2.5]


def test_more_passages_are_shown_than_are_read() -> None:
    found = [one for n in range(6) for one in candidates(HALL, f"papier {n}", 5.0 - n)]
    model = Selecting("", {})
    select(model, QUESTION, found)
    assert len(model.seen[0][1]) == len(SELECTED_CHARS) > len(EXCERPT_CHARS)


@pytest.fixture(scope="module")
def taught() -> Iterator[LlamaModel]:
    path = open_weights(Settings()).path(DEFAULT_LANGUAGE_MODEL)
    selector, comparer = (Selector.of(DEFAULT_LANGUAGE_MODEL, kind) for kind in ("", SAME))
    model = LlamaModel(path, context_tokens=1024, selector=selector, comparer=comparer)
    yield model
    model.close()


ROOM = Extract(
    "Tarifs de location",
    (
        "La grande salle est louée 250 euros la journée aux habitants de la commune.",
        "La petite salle est louée 90 euros la journée aux habitants de la commune.",
        "Une caution de 300 euros est demandée pour chaque salle.",
    ),
)
OTHER = Extract("Déchèterie", ("La déchèterie est ouverte le samedi de 9 h à 12 h.",))


@pytest.mark.real
class TestSelectingLlama:
    @pytest.mark.parametrize(
        ("asked", "place"),
        [
            ("Combien coûte la petite salle pour une journée ?", 1),
            ("caution salle communale", 2),
            ("la dechetterie ouvre a quelle heure le samedi", 3),
        ],
    )
    def test_the_line_that_answers_is_the_likeliest(
        self, taught: LlamaModel, asked: str, place: int
    ) -> None:
        odds = taught.line_odds(asked, [ROOM, OTHER])
        assert odds is not None
        assert len(odds) == 4
        assert int(np.argmax(odds)) == place

    def test_where_nothing_answers_no_line_is_likely(self, taught: LlamaModel) -> None:
        there, none = (
            taught.line_odds("Combien coûte la petite salle pour une journée ?", extracts)
            for extracts in ([ROOM, OTHER], [OTHER])
        )
        assert there is not None and none is not None
        assert max(none) < 0 and max(none) < max(there) - 2

    def test_what_was_read_before_changes_nothing(self, taught: LlamaModel) -> None:
        first = taught.line_odds(ASKED, [ROOM])
        taught.line_odds(ASKED, [OTHER])
        "".join(taught.write(CANTEEN, max_tokens=4, stop="\n"))
        assert taught.line_odds(ASKED, [ROOM]) == first

    def test_what_was_learnt_changes_nothing_that_is_said(self, taught: LlamaModel) -> None:
        plain = LlamaModel(
            open_weights(Settings()).path(DEFAULT_LANGUAGE_MODEL), context_tokens=1024
        )
        told = [model.log_probability(CANTEEN, ASKED) for model in (plain, taught)]
        taught.line_odds(ASKED, [ROOM])
        told.append(taught.log_probability(Prompt(system="", user="Rien."), ASKED))
        told.append(taught.log_probability(CANTEEN, ASKED))
        plain.close()
        assert told[1] == pytest.approx(told[0], abs=CACHED)
        assert told[3] == pytest.approx(told[0], abs=CACHED)

    def test_lines_beyond_one_batch_are_read_too(self, taught: LlamaModel) -> None:
        """More than 512 tokens are computed in several goes; each gives its rows."""
        many = Extract(
            "Registre", tuple(f"Ligne {n} : rien à signaler ce jour." for n in range(60))
        )
        odds = taught.line_odds("caution salle communale", [many, ROOM])
        assert odds is not None
        assert int(np.argmax(odds)) == 62

    def test_a_validated_question_is_told_from_its_neighbour(self, taught: LlamaModel) -> None:
        card = "Combien coûte la petite salle pour une journée ? — 90 euros pour un habitant."
        same, other, far = (
            taught.same_odds(asked, card)
            for asked in (
                "on veut la ptite salle samedi toute la journée, c cb pour des gens d'ici",
                "Faut-il une caution pour la petite salle ?",
                "La déchèterie est-elle ouverte le samedi ?",
            )
        )
        assert same is not None and other is not None and far is not None
        assert same > max(other, far) + 2

    def test_each_is_read_with_its_own_additions(self, taught: LlamaModel) -> None:
        lines, card = taught.line_odds(ASKED, [ROOM]), taught.same_odds(ASKED, ASKED)
        assert taught.line_odds(ASKED, [ROOM]) == lines
        assert taught.same_odds(ASKED, ASKED) == card
        assert taught.same_odds("🙂" * SELECTED_TOKENS, ASKED) is None
        path, comparer = (
            open_weights(Settings()).path(DEFAULT_LANGUAGE_MODEL),
            Selector.of(DEFAULT_LANGUAGE_MODEL, SAME),
        )
        alone = LlamaModel(path, context_tokens=1024, comparer=comparer)
        assert alone.same_odds(ASKED, ASKED) == pytest.approx(card, abs=CACHED)
        assert alone.line_odds(ASKED, [ROOM]) is None
        alone.close()

    def test_a_question_that_fills_the_context_is_left_to_the_other_way(
        self, taught: LlamaModel
    ) -> None:
        assert taught.line_odds("🙂" * SELECTED_TOKENS, [ROOM]) is None

    def test_marks_of_the_chat_form_are_letters(
        self, taught: LlamaModel, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[int] = []

        class Adapted:
            max_tokens = SELECTED_TOKENS

            def __call__(
                self, tokens: Sequence[int], layer: int, *, adapter: Path | None = None
            ) -> np.ndarray:
                seen.append(len(tokens))
                return np.ones((len(tokens), 1536), np.float32)

        monkeypatch.setattr(taught, "_read", Adapted())
        for line in ("Repas", "Repas<|im_end|>"):
            taught.line_odds("Prix ?", [Extract("Cantine", (line,))])
        assert seen[1] - seen[0] > 3

    def test_states_that_are_missing_are_no_odds(
        self, taught: LlamaModel, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert taught._selector
        monkeypatch.setattr(taught, "_selector", replace(taught._selector, layer=99))
        with pytest.raises(ModelFailed):
            taught.line_odds(ASKED, [ROOM])

    def test_additions_that_cannot_be_read_are_no_model(self, tmp_path: Path) -> None:
        path = open_weights(Settings()).path(DEFAULT_LANGUAGE_MODEL)
        selector = Selector.of(DEFAULT_LANGUAGE_MODEL)
        assert selector is not None
        (tmp_path / "torn.gguf").write_bytes(selector.adapter.read_bytes()[:5000])
        with pytest.raises(ModelFailed):
            LlamaModel(path, selector=replace(selector, adapter=tmp_path / "torn.gguf"))

    @pytest.mark.parametrize("by_path", [False, True], ids=["of the catalogue", "by its path"])
    def test_only_a_model_whose_file_was_checked_selects(
        self, tmp_path: Path, by_path: bool
    ) -> None:
        path = open_weights(Settings()).path(DEFAULT_LANGUAGE_MODEL)
        chosen = {"model": {"name": str(path), "context_tokens": 1024}} if by_path else {}
        with open_parts(tmp_path / "data", tmp_path / "keys", Settings(**chosen)) as parts:
            assert isinstance(parts.model, RemoteModel)
            assert (parts.model.line_odds(ASKED, [ROOM]) is None) is by_path
