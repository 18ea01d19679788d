# SPDX-License-Identifier: EUPL-1.2
"""A model is calibrated: questions asked, a judge fitted, its file kept and used, or set aside."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from assistant.answers import Answer, Refusal
from assistant.backup.snapshot import LEFT_OUT, kept_files
from assistant.calibrating import asking, best_way, fitted, own, running, shipped, towns
from assistant.calibrating.asking import Row, kept, loaded, ways_of
from assistant.calibrating.fitting import bound_of, by_others, threshold_of, weights_of
from assistant.calibrating.towns import Asked
from assistant.calibration import (
    ALONE,
    FEATURES,
    LINES,
    TOGETHER,
    Calibration,
    calibration_file,
    identity_of_file,
    identity_of_server,
    keep_calibration,
    kept_calibration,
)
from assistant.evaluation import EvalQuestion
from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.wiring import Parts, open_parts
from guardrails.register import Kind, Register
from tests.assistant.conftest import Opener
from tests.assistant.terminal import ANSWER, Terminal, stand_in
from tests.fakes import ScriptedModel, SeveralModel

JUDGE = Calibration(
    model="scripted", identity="one", bias=-1.0, weights={"lead": 1.0}, threshold=0.5,
    questions=300, answerable=200, right=90, wrong=4, refused_rightly=98, bound=0.03,
    made="2026-11-30",
)  # fmt: skip
ASKED = "Combien coûte le repas de la cantine ?"


# -- the fit


def row(town: str, number: int, *, lead: float, right: bool, answerable: bool = True) -> Row:
    return Row(
        town=town,
        question=f"{town} {number} ?",
        is_answerable=answerable,
        options=(({"lead": lead}, right), ({"lead": lead - 4}, False)),
    )


def rows_of(town: str, count: int = 60, sign: int = 1) -> list[Row]:
    """Questions whose first option is right where its lead is high; a third have no answer."""
    told = [(number, number % 3 > 0) for number in range(count)]
    return [
        row(town, n, lead=sign * (3.0 if ok else -3.0) + 0.01 * n, right=ok, answerable=ok)
        for n, ok in told
    ]


def test_what_speaks_for_right_options_is_found_and_the_judge_answers_by_it() -> None:
    rows = [*rows_of("a"), *rows_of("b"), *rows_of("c")]
    found = fitted(rows, model="m", identity="i", made="2026-11-30")
    judge = found.judge
    assert judge and judge.weights["lead"] > 0.5 and set(judge.weights) == set(FEATURES)
    assert (judge.questions, judge.answerable, judge.right, judge.wrong) == (180, 120, 120, 0)
    assert (judge.refused_rightly, found.is_better) == (60, True)
    assert judge.probability({"lead": 3.0}) > judge.threshold > judge.probability({"lead": -3.0})
    assert found.before.right == 0  # nothing was shown without it


def test_a_town_is_judged_by_a_fit_on_the_others() -> None:
    """Two towns of which each says the contrary: by both together nothing would be sure."""
    rows = [
        replace(row, options=row.options[:1]) for row in (*rows_of("a"), *rows_of("odd", sign=-1))
    ]
    odd = by_others(rows)[60:]
    assert sum(sure > 0.9 and not ok for sure, ok in odd) == 20
    assert abs(weights_of(rows)[1]["lead"]) < 0.2


def test_questions_of_one_town_are_judged_in_folds() -> None:
    told = by_others(rows_of("alone"))
    assert all((sure > 0.5) == ok for sure, ok in told)


def test_the_threshold_stops_at_the_first_that_is_not_bounded() -> None:
    right = [(0.9, True)] * 200
    assert threshold_of(right) == 0.3
    # from .6 down too many are wrong to be bounded
    assert threshold_of([*right, *[(0.6, False)] * 12]) == 0.62
    assert threshold_of([(0.99, False)] * 12 + right) is None
    assert threshold_of(right[:40]) is None  # none of 40 wrong: 7 % may be
    assert threshold_of([]) is None
    assert bound_of(7, 300) <= 0.045 < bound_of(8, 300)


def test_a_judge_that_answers_less_than_before_is_left_where_that_was_bounded_too() -> None:
    rows = [replace(one, before=(0.9, True)) for one in rows_of("a") if one.is_answerable]
    rows += [replace(one, before=(0.9, True)) for one in rows_of("b") if one.is_answerable]
    fit = fitted(rows, model="m", identity="i", made="2026-11-30")
    assert fit.judge and fit.is_better
    less = replace(fit, judge=replace(fit.judge, right=fit.judge.right - 1))
    assert not less.is_better
    unbounded = replace(less, before=replace(less.before, wrong=9, bound=0.2))
    assert unbounded.is_better


def test_questions_without_an_option_are_refused() -> None:
    bare = [Row(town="a", question=str(n), is_answerable=False) for n in range(80)]
    fit = fitted(bare, model="m", identity="i", made="2026-11-30")
    assert fit.judge and (fit.judge.right, fit.judge.wrong) == (0, 0)
    assert fit.judge.refused_rightly == 80


# -- ways of reading


def test_the_way_that_answers_more_is_kept_and_the_first_of_two_as_good() -> None:
    made = {"model": "m", "identity": "i", "made": "2026-11-30"}
    good = [*rows_of("a"), *rows_of("b"), *rows_of("c")]
    poor = [replace(one, options=one.options[1:]) for one in good]
    alone, together = (
        fitted(rows, **made, way=way, ways=2) for rows, way in ((poor, ALONE), (good, TOGETHER))
    )
    assert alone.judge and together.judge and together.judge.right > alone.judge.right
    kept = best_way([alone, together])
    assert kept.judge and kept.judge.way == TOGETHER
    assert best_way([replace(together, way=ALONE), together]).way == ALONE
    none = replace(together, judge=None)
    assert best_way([alone, none]) is alone and best_way([none, together]) is together
    assert best_way([none, none]).judge is None


def test_the_better_of_two_ways_must_be_bounded_at_half_the_risk() -> None:
    told = [(0.9, True)] * 293 + [(0.9, False)] * 7
    assert (threshold_of(told), threshold_of(told, ways=2)) == (0.3, 0.92)
    assert bound_of(5, 300, ways=2) <= 0.045 < bound_of(7, 300, ways=2)


def test_only_a_model_of_some_size_is_asked_of_several_at_once() -> None:
    small = SeveralModel()
    small.reads_several = False
    assert ways_of(ScriptedModel()) == ways_of(small) == (LINES, ALONE)
    assert ways_of(SeveralModel()) == (LINES, ALONE, TOGETHER)


# -- the file


def test_what_is_kept_is_read_back_and_is_sealed(tmp_path: Path, register: Register) -> None:
    path = keep_calibration(tmp_path, register, JUDGE, by="x", role="administrator")
    assert kept_calibration(tmp_path, "scripted", "one") == JUDGE
    assert path.stat().st_mode & 0o077 == 0 or path.parent.stat().st_mode & 0o077 == 0
    (entry,) = [one for one in register.entries() if one.kind is Kind.SETTINGS]
    assert entry.payload["status"] == "calibrated" and entry.payload["threshold"] == 0.5


def test_another_model_under_the_name_and_a_broken_file_are_set_aside(
    tmp_path: Path, register: Register
) -> None:
    assert kept_calibration(tmp_path, "scripted", "one") is None
    path = keep_calibration(tmp_path, register, JUDGE, by="x", role="administrator")
    assert kept_calibration(tmp_path, "scripted", "two") is None
    told = asdict(JUDGE)
    for broken in (
        "", "[]", "{}", "{", json.dumps(told | {"bias": "x"}), json.dumps(told | {"more": 1}),
        json.dumps(told | {"weights": {"unheard": 1.0}}), json.dumps(told | {"bias": float("nan")}),
        json.dumps(told | {"weights": []}), json.dumps(told | {"model": "another"}),
    ):  # fmt: skip
        path.write_text(broken, "utf-8")
        assert kept_calibration(tmp_path, "scripted", "one") is None, broken


def test_a_calibration_of_an_earlier_version_is_read_as_it_was_made(
    tmp_path: Path, register: Register
) -> None:
    path = keep_calibration(tmp_path, register, JUDGE, by="x", role="administrator")
    told = asdict(JUDGE) | {"weights": dict.fromkeys(FEATURES[:9], 0.5)}
    del told["way"]
    path.write_text(json.dumps(told), "utf-8")
    earlier = kept_calibration(tmp_path, "scripted", "one")
    assert earlier and earlier.way == ALONE and len(earlier.weights) == 9
    path.write_text(json.dumps(told | {"way": "otherwise"}), "utf-8")
    assert kept_calibration(tmp_path, "scripted", "one") is None


def test_names_with_any_sign_have_a_file_of_their_own(tmp_path: Path) -> None:
    names = ("a/b", "../a", "a b", "é" * 300, "http://x")
    files = {calibration_file(tmp_path, name) for name in names}
    assert len(files) == len(names) and {one.parent for one in files} == {tmp_path / "judges"}


def test_a_file_is_told_from_another_of_its_size_and_a_server_by_what_it_says(
    tmp_path: Path,
) -> None:
    one, two = tmp_path / "one.gguf", tmp_path / "two.gguf"
    one.write_bytes(b"a" * 3_000_000)
    two.write_bytes(b"a" * 2_999_999 + b"b")
    assert identity_of_file(one) != identity_of_file(two)
    two.write_bytes(one.read_bytes())
    assert identity_of_file(one) == identity_of_file(two)
    says, other = ScriptedModel(["conseil"], "Une assemblée."), ScriptedModel(["conseil"], "Dix.")
    assert identity_of_server(says) == identity_of_server(says) != identity_of_server(other)


# -- what a calibrated model answers


def calibrated(assistant: Assistant, judge: Calibration) -> None:
    assistant._calibration = judge


def test_a_line_is_the_answer_where_it_is_surest(open_assistant: Opener) -> None:
    silent = open_assistant(ScriptedModel())  # it knows nothing, and writes nothing
    assert isinstance(silent.ask(ASKED), Refusal)
    calibrated(silent, replace(JUDGE, bias=9.0, weights={"written": -20.0}))
    told = silent.ask(ASKED)
    assert isinstance(told, Answer), told
    assert "4,20 euros" in told.text and told.citations[0].file == "cantine.txt"
    assert told.sentences[0].author.value == "source"


def test_where_lines_alone_answered_more_nothing_is_read(open_assistant: Opener) -> None:
    model = ScriptedModel(likes=["4,20"], says="Le repas coûte 4,20 euros.")
    assistant = open_assistant(model)
    calibrated(assistant, replace(JUDGE, bias=9.0, weights={"written": 20.0}, way=LINES))
    told = assistant.ask(ASKED)
    assert isinstance(told, Answer) and "4,20 euros" in told.text
    assert told.sentences[0].author.value == "source"
    assert model.prompts == []
    calibrated(assistant, replace(JUDGE, threshold=0.999, way=LINES))
    refused = assistant.ask(ASKED)
    assert isinstance(refused, Refusal) and refused.leads


def test_below_its_threshold_nothing_is_shown_and_leads_stand(open_assistant: Opener) -> None:
    sure = open_assistant(ScriptedModel(likes=["4,20"], says="Le repas coûte 4,20 euros."))
    assert isinstance(sure.ask(ASKED), Answer)
    calibrated(sure, replace(JUDGE, threshold=0.999))
    assert isinstance(sure.ask(ASKED), Refusal)


def test_what_the_model_read_is_the_answer_where_that_is_surest(open_assistant: Opener) -> None:
    reads = open_assistant(ScriptedModel(likes=["4,20"], says="Le repas coûte 4,20 euros."))
    calibrated(reads, replace(JUDGE, bias=-5.0, weights={"written": 20.0}))
    told = reads.ask(ASKED)
    assert isinstance(told, Answer) and "4,20 euros" in told.text


def test_a_line_that_hides_who_was_asked_for_is_no_answer(open_assistant: Opener) -> None:
    silent = open_assistant(ScriptedModel())
    calibrated(silent, replace(JUDGE, bias=9.0, weights={"written": -20.0}))
    told = silent.ask("Qui a déposé le dossier le 3 mai 2024 ?")
    assert isinstance(told, Refusal) and told.reason.value == "personal_data"


# -- what is asked


def test_eight_towns_are_shipped_with_questions_of_both_kinds_and_no_scan() -> None:
    each = shipped(320)
    assert len(each) == 8 and all(one.papers and one.papers.is_dir() for one in each)
    asked = [question for one in each for question in one.questions]
    assert len(asked) >= 300 and not any(q.file.startswith("scans/") for q in asked)
    assert 60 <= sum(not question.answers for question in asked) <= 160
    assert [len(one.questions) for one in shipped(16)] == [2] * 8


def test_rows_are_read_back_and_a_line_that_was_cut_is_asked_again(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    one, two = rows_of("a", 2)
    file.write_text(kept(one) + kept(two)[:-30], "utf-8")
    assert [*loaded(file)] == [one]
    assert [*loaded(tmp_path / "none")] == []
    earlier = kept(one).replace(', "way": "alone"', "")
    assert earlier != kept(one)
    file.write_text(earlier, "utf-8")
    assert [*loaded(file)] == [one]


PAPER = "# Cantine\n\nLe repas coûte {price} euros.\n\nLe menu est affiché le lundi.\n"
QUESTIONS = """
[[question]]
question = "Combien coûte le repas ?"
answers = ["{price} euros"]
file = "cantine.md"
page = 1

[[question]]
question = "Combien coûte la piscine municipale ?"
"""


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two small shipped towns, with stand-ins for what is heavy."""
    folder = tmp_path / "towns"
    for name, price in (("amont", "4,20"), ("aval", "5,10")):
        (folder / name / "papers").mkdir(parents=True)
        (folder / name / "papers" / "cantine.md").write_text(PAPER.format(price=price), "utf-8")
        (folder / f"{name}.toml").write_text("", "utf-8")
        file = folder / f"{name}_calibration.toml"
        file.write_text(QUESTIONS.format(price=price), "utf-8")
    monkeypatch.setattr(towns, "TOWNS", folder)
    stand_in(monkeypatch)
    monkeypatch.setattr(Parts, "model_identity", lambda self: "one")
    return tmp_path


def terminal(
    town: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    return Terminal(town / "machine", capsys, monkeypatch)


def test_the_command_asks_each_town_of_its_own_papers_and_keeps_nothing_of_too_few(
    town: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = terminal(town, capsys, monkeypatch)
    done = run("models", "calibrate", "--json")
    told = json.loads(done.out)
    assert (done.code, told["kept"], told["judge"]) == (1, False, None)
    assert (told["model"], told["questions"], told["answerable"]) == ("scripted", 4, 2)
    assert "4 questions sur 4" in done.err
    assert not (run.data / "judges").exists() and not (run.data / running.FOLDER).exists()


def test_a_calibration_that_was_cut_goes_on_where_it_was(
    town: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = terminal(town, capsys, monkeypatch)
    asked: list[str] = []
    real = asking.asked

    def cut(parts: Parts, one: EvalQuestion, name: str) -> Iterator[Row]:
        asked.append(f"{name} {one.question}")
        if len(asked) == 3:
            raise KeyboardInterrupt
        return real(parts, one, name)

    monkeypatch.setattr(running, "asked", cut)
    with suppress(KeyboardInterrupt, SystemExit):
        run("models", "calibrate", "--json")
    assert len(asked) == 3
    done = run("models", "calibrate", "--json")
    assert json.loads(done.out)["questions"] == 4
    assert len(asked) == 5 and len({*asked}) == 4  # only what was cut is asked again


def test_every_way_is_asked_shown_and_resumed(
    town: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = terminal(town, capsys, monkeypatch)
    model = SeveralModel(["4,20", "5,10"], None)
    monkeypatch.setattr(Parts, "model", property(lambda self: model))
    asked: list[str] = []
    real = asking.asked

    def cut(parts: Parts, one: EvalQuestion, name: str) -> Iterator[Row]:
        asked.append(f"{name} {one.question}")
        for row in real(parts, one, name):
            if len(asked) == 3 and row.way == ALONE:
                raise KeyboardInterrupt
            yield row

    def enough(rows: Sequence[Row], **how: Any) -> object:
        """Together, what a town's own rows say; else, nothing that could be told apart."""
        known = [*rows_of("a"), *rows_of("b"), *rows_of("c")]
        if how["way"] != TOGETHER:
            known = [replace(one, options=one.options[1:]) for one in known]
        return fitted([*known, *rows], **how)

    monkeypatch.setattr(running, "asked", cut)
    monkeypatch.setattr(running, "fitted", enough)
    with suppress(KeyboardInterrupt, SystemExit):
        run("models", "calibrate", "--json")
    done = run("models", "calibrate")
    assert done.code == 0, done.err
    assert "4 questions sur 4" in done.err
    assert len(asked) == 5 and len({*asked}) == 4  # only what was cut is asked again
    for way in ("la ligne seule ", "un à un ", "ensemble ", "ensemble : "):
        assert f"calibré, {way}" in done.out, done.out
    with open_parts(run.data, run.keys, Settings()) as parts:
        assert parts.calibration and parts.calibration.way == TOGETHER
        assert parts.assistant._calibration == parts.calibration


def test_what_is_read_together_has_features_of_its_own_and_nothing_else_has(
    town: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = terminal(town, capsys, monkeypatch)
    run("corpus", "add", str(run.town))
    one = EvalQuestion(question=ASKED, answers=("4,20",), file="cantine.txt", page=1)
    model = SeveralModel(["4,20"], ANSWER)
    monkeypatch.setattr(Parts, "model", property(lambda self: model))
    with open_parts(run.data, run.keys, Settings()) as parts:
        lines, alone, together = asking.asked(parts, one, "t")
    assert not any({"together", "again"} & {*told} for told, _ in alone.options)
    read = [told for told, is_right in together.options if told.get("written") and is_right]
    assert read and all(told["together"] == told["again"] == 1.0 for told in read)
    assert (lines.way, alone.way, together.way) == (LINES, ALONE, TOGETHER)
    assert lines.options and not any(told.get("written") for told, _ in lines.options)
    assert lines.before == (0.0, False) and lines.seconds > 0


def test_what_is_kept_judges_from_the_next_opening_on_until_the_model_is_another(
    town: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = terminal(town, capsys, monkeypatch)

    def enough(rows: Sequence[Row], **how: Any) -> object:
        return fitted([*rows_of("a"), *rows_of("b"), *rows], **how)

    monkeypatch.setattr(running, "fitted", enough)
    done = run("models", "calibrate")
    assert done.code == 0, done.err
    assert "Gardé" in done.out and "sans calibrage" in done.out
    with open_parts(run.data, run.keys, Settings()) as parts:
        assert parts.calibration and parts.calibration.model == "scripted"
        assert parts.assistant._calibration == parts.calibration
        entries = [entry for entry in parts.register.entries() if entry.kind is Kind.SETTINGS]
        assert "calibrated" in [entry.payload.get("status") for entry in entries]
    monkeypatch.setattr(Parts, "model_identity", lambda self: "two")
    with open_parts(run.data, run.keys, Settings()) as parts:
        assert parts.calibration is None


def test_a_town_s_own_questions_are_asked_of_its_documents_and_kept_hidden(
    town: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = terminal(town, capsys, monkeypatch)
    run("corpus", "add", str(run.town))
    mine = town / "mine.toml"
    mine.write_text(
        QUESTIONS.format(price="4,20").replace("cantine.md", "cantine.txt")
        + '\n[[question]]\nquestion = "Où habite Zoé Quillebec ?"\n',
        "utf-8",
    )
    left: list[str] = []

    def seen(rows: Sequence[Row], **how: Any) -> object:
        left.extend(row.question for row in rows)
        return fitted(rows, **how)

    monkeypatch.setattr(running, "fitted", seen)
    done = run("models", "calibrate", "--questions", str(mine), "--json")
    assert json.loads(done.out)["questions"] == 3, done.err
    assert len({*left}) == 3 and not any("Quillebec" in question for question in left)
    assert own(mine) == [Asked(name="mine", questions=own(mine)[0].questions)]


def test_a_name_and_an_address_or_no_question_are_refused(
    town: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = terminal(town, capsys, monkeypatch)
    both = run("models", "calibrate", "x.gguf", "--endpoint", "http://127.0.0.1:1/v1")
    assert both.code != 0 and "pas les deux" in both.err
    missing = run("models", "calibrate", "--questions", str(town / "none.toml"))
    assert missing.code != 0 and "Traceback" not in missing.err


def test_a_backup_keeps_judges_and_leaves_out_what_a_calibration_is_about(tmp_path: Path) -> None:
    for name in ("judges/a.json", f"{running.FOLDER}/amont/data/passages.db", "greffier.toml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}", "utf-8")
    told = {path.relative_to(tmp_path).as_posix() for path in kept_files(tmp_path, LEFT_OUT)}
    assert told == {"judges/a.json", "greffier.toml"}
