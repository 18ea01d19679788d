# SPDX-License-Identifier: EUPL-1.2
"""`corpus check`, `corpus watch`, and what narrows a search, by the command line."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from assistant.commands.upkeep import MOST_SHOWN
from assistant.policies import own_policies
from assistant.settings import Settings
from corpus.errors import CorpusBusy
from tests.assistant.terminal import RESIDENT, RosterGuard, Terminal, stand_in


@pytest.fixture
def terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    stand_in(monkeypatch, guard=RosterGuard(RESIDENT, trap="PIÈGE"))
    terminal = Terminal(tmp_path, capsys, monkeypatch)
    order = "ARRÊTÉ MUNICIPAL\nportant fermeture du parc floral\nARRÊTE\nArticle 1er. Il ferme."
    (terminal.town / "arrete.txt").write_text(order, "utf-8")
    (terminal.town / "vide.txt").write_text("", "utf-8")
    assert terminal("corpus", "add", str(terminal.town)).code == 0
    return terminal


def test_check_says_what_to_mend_in_a_few_lines(terminal: Terminal) -> None:
    done = terminal("corpus", "check")
    assert done.code == 0
    assert "default : 3 documents" in done.out
    assert "arrete.txt : date de l'acte introuvable, numéro de l'acte introuvable" in done.out
    assert len(done.out.splitlines()) <= MOST_SHOWN + 4


def test_check_gives_the_whole_report_as_json(terminal: Terminal) -> None:
    report = terminal("corpus", "check", "--json").json
    assert set(report) == {"documents", "not_in", "alike", "collections", "hidden"}
    assert [row["file"] for row in report["not_in"]] == ["vide.txt"]
    (order,) = [row for row in report["documents"] if row["file"] == "arrete.txt"]
    assert order["doubts"] == ["no_date", "no_number"]


def test_the_page_is_french_first_stands_alone_and_escapes(
    terminal: Terminal, tmp_path: Path
) -> None:
    (terminal.town / "a<b>&c.txt").write_text("Le parc floral ouvre à huit heures.", "utf-8")
    terminal("corpus", "add", str(terminal.town))
    page = tmp_path / "etat.html"
    assert terminal("corpus", "check", "--page", str(page)).code == 0
    html = page.read_text("utf-8")
    assert '<html lang="fr">' in html and "À reprendre" in html and "vide, ou sans texte" in html
    assert "a&lt;b&gt;&amp;c.txt" in html and "<b>" not in html
    assert not re.search(r"(?:src|href)=|https?:|<script|@import|url\(", html)
    terminal("--lang", "en", "corpus", "check", "--page", str(page))
    assert '<html lang="en">' in page.read_text("utf-8")


def test_a_search_keeps_to_a_collection_a_kind_and_an_audience(terminal: Terminal) -> None:
    path = terminal.town / "agents.txt"
    path.write_text("Le parc floral est gardé la nuit par une équipe de deux agents.", "utf-8")
    assert terminal("corpus", "add", str(path), "--collection", "agents").code == 0

    def files(*options: str) -> set[str]:
        found = terminal("search", "parc floral", "--json", *options).json
        return {row["file"] for row in found["passages"]}

    assert {"agents.txt", "arrete.txt"} <= files()
    assert files("--collection", "agents") == {"agents.txt"}
    assert files("--kind", "arrêté") == {"arrete.txt"}
    assert "agents.txt" not in files("--audience", "senior")
    assert files("--audience", "senior", "--collection", "agents") == set()
    assert "arrete.txt" not in files("--since", "1990-01-01")  # it has no date
    assert terminal("search", "parc", "--kind", "poème").code == 2


def test_watch_adds_what_changes_and_goes_on_after_an_error(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    (terminal.town / "neuf.txt").write_text("La patinoire ouvre en décembre.", "utf-8")

    def fake_watch(
        paths: Sequence[Path],
        sync: Callable[[], None],
        failed: Callable[[Exception], None],
        *,
        stop: threading.Event,
        poll: bool,
        passing: tuple[type[Exception], ...],
    ) -> None:
        assert list(paths) == [terminal.town] and not poll and not stop.is_set()
        sync()
        sync()
        failed(CorpusBusy())

    monkeypatch.setattr("corpus.watch.watch", fake_watch)
    done = terminal("corpus", "watch", str(terminal.town))
    assert done.code == 0
    assert done.out.count("1 ajoutés") == 1  # the second time nothing changed: nothing is said
    assert "La mise à jour a échoué (CorpusBusy)" in done.err
    shown = terminal("register", "show", "--kind", "ingestion", "--jsonl").out
    assert len(shown.splitlines()) == 4  # two runs, each begun and done


def test_watch_follows_the_rules_that_are_kept_meanwhile(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules: list[tuple[tuple[str, ...], bool]] = []

    def screening(settings: Settings, data: Path, **how: object) -> RosterGuard:
        rules.append((settings.roster, own_policies(data) is not None))
        return RosterGuard(RESIDENT, trap="PIÈGE")

    def fake_watch(
        paths: Sequence[Path],
        sync: Callable[[], None],
        *_: object,
        passing: tuple[type[Exception], ...],
        **how: object,
    ) -> None:
        sync()
        sync()
        (terminal.data / "greffier.toml").write_text(f'roster = ["{RESIDENT}"]\n', "utf-8")
        sync()
        (terminal.data / "policy.toml").write_text("[default]\nofficials = false\n", "utf-8")
        sync()
        (terminal.data / "policy.toml").write_text("[default\n", "utf-8")
        with pytest.raises(passing):  # told, tried again, and nothing is added under old rules
            sync()
        (terminal.data / "policy.toml").unlink()
        (terminal.data / "greffier.toml").write_text("[town\n", "utf-8")
        with pytest.raises(passing):
            sync()

    monkeypatch.setattr("assistant.wiring.open_screening", screening)
    monkeypatch.setattr("corpus.watch.watch", fake_watch)
    assert terminal("corpus", "watch", str(terminal.town)).code == 0
    assert rules == [((), False), ((RESIDENT,), False), ((RESIDENT,), True)]


def test_watch_refuses_a_path_that_is_not_there(terminal: Terminal) -> None:
    assert terminal("corpus", "watch", str(terminal.town / "absent")).code == 1


def test_documents_of_files_that_are_gone_go_when_a_person_agrees(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    (terminal.town / "arrete.txt").unlink()
    asked: list[int] = []

    def agrees(_: object, count: int) -> bool:
        asked.append(count)
        return len(asked) > 1

    monkeypatch.setattr("assistant.commands.corpus._agrees", agrees)
    assert "Fichiers qui ne sont plus" in terminal("corpus", "add", str(terminal.town)).err
    assert ", 1 retirés" in terminal("corpus", "add", str(terminal.town)).out
    assert asked == [1, 1]
