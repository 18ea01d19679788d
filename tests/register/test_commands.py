# SPDX-License-Identifier: EUPL-1.2
"""`greffier register …`, as a person or a script runs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.cards.card import PROPOSALS
from assistant.cli import run
from assistant.evaluation_kept import EVALUATION
from assistant.settings import Settings
from assistant.wiring import open_parts
from guardrails.register import AuditRecord, Kind
from guardrails.register.notes import read_note
from tests.register.homes import ask_in
from tests.table import each

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GREFFIER_KEYS", str(tmp_path / "keys"))
    with open_parts(tmp_path / "data", tmp_path / "keys", Settings()) as parts:
        ask_in(parts.register)
        ask_in(parts.register, reason="off_topic")
    return tmp_path / "data"


@pytest.fixture
def register(data: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*arguments: str, language: str = "fr") -> tuple[int, str, str]:
        code = run(["--data", str(data), "--lang", language, "register", *arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return command


def test_verify_says_in_one_sentence_what_holds(register: Run, data: Path) -> None:
    code, out, err = register("verify")
    assert (code, err) == (0, "")
    assert "tient : 6 entrées" in out
    assert "conforme à 1 point de contrôle conservé (" in out  # the one that stands with the keys
    code, out, _ = register("verify", "--json", language="en")
    told = json.loads(out)
    assert (code, told["holds"], told["size"], told["trouble"]) == (0, True, 6, None)


def test_verify_fails_with_a_checkpoint_that_does_not_fit(
    register: Run, data: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(register("checkpoint")[1], "utf-8")
    file = data / "register" / "register.sqlite3"
    copy = tmp_path / "copy.sqlite3"
    copy.write_bytes(file.read_bytes())
    assert register("verify", str(copy), "--checkpoint", str(kept))[0] == 0
    copy.write_bytes(file.read_bytes().replace(b"2026-", b"2025-", 1))
    code, out, err = register("verify", str(copy), "--checkpoint", str(kept))
    assert (code, out) == (1, "")
    assert "ne tient pas" in err
    assert register("verify", str(tmp_path / "none"))[0] == 3


def test_show_is_entered_and_shows_what_happened(register: Run) -> None:
    code, out, _ = register("show")
    assert code == 0
    assert "Quand ouvre la [LIEU_1] ?" in out
    assert "[off_topic]" in out
    code, out, _ = register("show", "--kind", "reading", "--jsonl")
    [reading] = [json.loads(line) for line in out.splitlines()]
    assert reading["payload"]["purpose"] == "show"
    assert register("show", "unknown")[0] == 1
    assert register("show", "--reason", "off_topic", "--jsonl")[1].count("\n") == 2


def test_export_writes_each_form_and_a_bundle_verifies(register: Run, tmp_path: Path) -> None:
    for form in ("csv", "jsonl", "bundle"):
        out = tmp_path / f"out.{form}"
        code, _, err = register("export", str(out), "--form", form, "--kind", "outcome")
        assert (code, "2 entrées exportées" in err) == (0, True)
    bundle, key = str(tmp_path / "out.bundle"), register("key")[1].strip()
    code, out_text, _ = register("verify", bundle, "--public-key", key, language="en")
    assert code == 0
    assert "2 entries" in out_text
    code, out_text, err = register("verify", bundle)
    assert (code, out_text, "autosigné, non authentifié" in err) == (4, "", True)
    told = json.loads(register("verify", bundle, "--json")[1])
    assert (told["holds"], told["authenticated"]) == (True, False)


def test_a_bundle_is_linked_to_a_checkpoint_that_its_reader_kept(
    register: Run, tmp_path: Path
) -> None:
    kept, key = tmp_path / "kept.txt", register("key")[1].strip()
    kept.write_text(register("checkpoint")[1], "utf-8")
    given = ("--public-key", key, "--checkpoint", str(kept))
    for name, options, wanted in (("a.zip", (), 4), ("b.zip", ("--checkpoint", str(kept)), 0)):
        out = str(tmp_path / name)
        assert register("export", out, "--form", "bundle", *options)[0] == 0
        assert register("verify", out, *given)[0] == wanted
    assert register("export", str(tmp_path / "c"), "--checkpoint", str(kept))[0] == 2


def test_a_copy_for_an_auditor_verifies_and_holds_no_key(register: Run, tmp_path: Path) -> None:
    copy, kept = tmp_path / "copy.sqlite3", tmp_path / "kept.txt"
    assert register("export", str(copy), "--form", "copy")[0] == 0
    kept.write_text(register("checkpoint")[1], "utf-8")
    code, out, _ = register("verify", str(copy), "--checkpoint", str(kept))
    assert (code, "tient" in out) == (0, True)
    assert register("export", str(copy), "--form", "copy")[0] == 1  # never overwritten
    assert register("export", str(copy), "--form", "copy", "--kind", "intent")[0] == 2


def test_stats_count_and_point(register: Run) -> None:
    code, out, _ = register("stats", "--json")
    told = json.loads(out)
    assert (code, told["answers"], told["refusals"]) == (0, 1, {"off_topic": 1})
    assert told["anomalies"] == []
    assert "Réponses : 1" in register("stats")[1]


@pytest.mark.parametrize("role", [PROPOSALS, EVALUATION])
def test_stats_leave_out_what_the_program_asked(data: Path, register: Run, role: str) -> None:
    with open_parts(data, data.parent / "keys", Settings()) as parts:
        exchange = parts.register.new_exchange()
        said = {"status": "answer", "text": "À 9 h."}
        for kind, payload in ((Kind.INTENT, {"question": "Quand ?"}), (Kind.OUTCOME, said)):
            parts.register.append(
                AuditRecord(kind=kind, exchange=exchange, role=role, payload=payload)
            )
    assert json.loads(register("stats", "--json")[1])["answers"] == 1


def test_a_sample_and_a_review(register: Run) -> None:
    code, out, err = register("sample", "1", "--seed", "abc")
    assert (code, len(out.split())) == (0, 1)
    place = err.split("entrée ")[1].rstrip(".\n")
    assert register("sample", "--again", place)[1] == out
    code, _, err = register("review", "2", "--disagree")
    assert (code, "entrée 2" in err) == (0, True)
    assert json.loads(register("stats", "--json")[1])["disagreements"] == 1


def test_checkpoint_goes_to_places_and_keys_rotate(register: Run, tmp_path: Path) -> None:
    places = ("--folder", str(tmp_path / "share"), "--page", str(tmp_path / "page"),
              "--mail", str(tmp_path / "mail"), "--to", "dpo@example.fr",
              "--request", str(tmp_path / "point.tsq"))  # fmt: skip
    code, out, _ = register("checkpoint", *places)
    assert code == 0
    assert read_note(out).checkpoint.size == 6
    assert (tmp_path / "share" / "checkpoint-latest.txt").read_text("utf-8") == out
    assert (tmp_path / "page" / "point-de-controle.html").exists()
    assert (tmp_path / "mail" / "point-de-controle.eml").exists()
    assert (tmp_path / "point.tsq").read_bytes()[:1] == b"\x30"
    before = register("key")[1].splitlines()
    after = register("key", "--rotate")[1].splitlines()
    assert (len(before), after[:1], len(after)) == (1, before, 2)
    assert register("verify", "--public-key", before[0])[0] == 0


def test_purge_and_erase(register: Run) -> None:
    assert "0 contenus" in register("purge")[2]
    assert "0 contenus" in register("purge", "--keep", "sentence=1", "--keep", "outcome=24")[2]
    assert register("purge", "--keep", "sentence")[0] == 2
    assert "1 contenus" in register("purge", "--months", "12", "--keep", "sentence=0")[2]
    assert register("erase", "--yes")[0] == 2  # nothing was named
    code, _, err = register("erase", "--reason", "off_topic", "--yes")
    assert (code, "2 contenus effacés" in err) == (0, True)
    assert "contenu effacé" in register("show")[1]
    code, out, _ = register("verify")
    assert (code, "effacés, selon le registre : 3" in out) == (0, True)


def test_purge_keeps_payloads_as_long_as_the_settings_say(register: Run, data: Path) -> None:
    (data / "greffier.toml").write_text("[register.months_by_kind]\nsentence = 0\n", "utf-8")
    assert "1 contenus" in register("purge")[2]
    shown = register("show", "--kind", "settings")[1]
    assert "[first_seen]" in shown
    assert "register" in shown


@pytest.mark.parametrize(
    "said", ["months = 100_000", "[register.months_by_kind]\nintent = -12", "months = 0"]
)
def test_a_time_that_no_calendar_has_is_refused(register: Run, data: Path, said: str) -> None:
    """The keeper of the register stopped at the one, and the other let all payloads go."""
    table = "" if said.startswith("[") else "[register]\n"
    (data / "greffier.toml").write_text(f"{table}{said}\n", "utf-8")
    code, _, err = register("purge")
    assert (code, "greffier.toml" in err) == (1, True)


def test_keys_are_protected_by_a_passphrase_from_then_on(
    register: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["un deux trois", "un deux trois"])
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda _: next(answers))
    code, _, err = register("key", "--protect")
    assert (code, "GREFFIER_REGISTER_PASSPHRASE" in err) == (0, True)
    code, _, err = register("show")
    assert (code, "verrouillées" in err) == (1, True)
    monkeypatch.setenv("GREFFIER_REGISTER_PASSPHRASE", "un deux trois")
    assert "[passphrase]" in register("show")[1]


def test_one_exchange_leaves_as_a_bundle(register: Run, tmp_path: Path) -> None:
    exchange = json.loads(register("show", "--jsonl", "--kind", "sentence")[1])["exchange"]
    out = tmp_path / "lot.zip"
    code, _, err = register("export", str(out), "--form", "bundle", "--exchange", exchange)
    assert (code, "3 entrées" in err) == (0, True)
    assert register("verify", str(out), "--public-key", register("key")[1].strip())[0] == 0


def test_timestamp_wants_a_response_or_a_server(register: Run, tmp_path: Path) -> None:
    note, roots = tmp_path / "n.txt", tmp_path / "r.pem"
    note.write_text("x", "utf-8")
    roots.write_text("x", "utf-8")
    assert register("timestamp", str(note), "--roots", str(roots))[0] == 2
    code, _, err = register("timestamp", str(note), "--roots", str(roots), "--response", str(roots))
    assert (code, len(err.splitlines())) == (1, 1)


def test_the_settings_name_a_register_once_and_a_bad_name_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GREFFIER_KEYS", str(tmp_path / "keys"))
    data = tmp_path / "data"
    data.mkdir()

    def command(origin: str) -> tuple[int, str, str]:
        (data / "greffier.toml").write_text(f'[register]\norigin = "{origin}"\n', "utf-8")
        code = run(["--data", str(data), "register", "key"])
        return code, *capsys.readouterr()

    code, _, err = command("https://mairie.example")
    assert (code, len(err.splitlines())) == (1, 1)
    assert "register.origin" in err
    assert "registre.mairie.example/greffier" in err
    code, out, _ = command("registre.mairie.example/greffier")
    assert (code, out.startswith("registre.mairie.example/greffier+")) == (0, True)
    assert command("autre.mairie.example")[1] == out


def rated(data: Path, *lines: dict[str, object]) -> str:
    """Write a file of ratings; return its path."""
    file = data.parent / "avis.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    return str(file)


def test_ratings_of_a_file_are_entered_and_counted(register: Run, data: Path) -> None:
    answer, refusal = register("sample", "9", "--seed", "abc")[1].split()
    shown = [json.loads(line) for line in register("show", answer, "--jsonl")[1].splitlines()]
    if shown[-1]["payload"]["status"] == "refusal":
        answer, refusal = refusal, answer
    sample = {"sample": 6}
    file = rated(
        data,
        {"exchange": answer, "ratings": [{"entry": 2, "said": "right"}], **sample,
         "comment": "Voir 06 12 34 56 78."},
        {"exchange": refusal, "ratings": [{"entry": 5, "said": "wrong"}], **sample},
    )  # fmt: skip
    code, _, err = register("review", "--ratings", file)
    assert (code, "2 avis inscrits" in err) == (0, True)
    assert "06 12 34" not in register("show", "--jsonl")[1]
    told = json.loads(register("stats", "--json")[1])
    (draw,) = told["ratings"]["draws"]
    assert (draw["answers"]["right"], draw["answers"]["total"]) == (1, 1)
    assert (draw["refusals"]["right"], draw["refusals"]["total"]) == (0, 1)
    assert (told["agreements"], told["disagreements"]) == (1, 1)
    assert (
        "réponses entièrement justes 1 sur 1 (intervalle à 95 % : 2 à 100 %)"
        in register("stats")[1]
    )
    assert "answers right throughout 1 of 1" in register("stats", language="en")[1]


@each("line", [
    {"exchange": "e"}, {"exchange": "e", "ratings": [{"entry": 2}]},
    {"exchange": "e", "ratings": [], "name": "x"},
    {"exchange": "e", "ratings": [{"entry": 2, "said": "Odile Ferrand"}]},
])  # fmt: skip
def test_a_line_that_is_no_rating_is_named_and_nothing_is_entered(
    register: Run, data: Path, line: dict[str, object]
) -> None:
    code, _, err = register("review", "--ratings", rated(data, line))
    assert (code, "ligne 1 n'est pas un avis" in err) == (1, True)
    assert "Odile" not in err
    assert json.loads(register("stats", "--json")[1])["entries"].get("review") is None


def test_a_rating_that_does_not_fit_is_named(register: Run, data: Path) -> None:
    line = {"exchange": "e", "ratings": [{"entry": 2, "said": "right"}]}
    code, _, err = register("review", "--ratings", rated(data, line))
    assert (code, "rating 1: this exchange has nothing to rate" in err) == (1, True)
    assert register("review", "--ratings", rated(data, {**line, "sample": 1}))[0] == 1


@each("arguments", [("2",), ("--agree",), ("2", "--agree", "--ratings", __file__), ()])
def test_a_review_is_of_an_entry_or_of_a_file(register: Run, arguments: tuple[str, ...]) -> None:
    assert register("review", *arguments)[0] == 2
