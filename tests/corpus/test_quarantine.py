# SPDX-License-Identifier: EUPL-1.2
"""Papers about somebody's private life: apart until a person decides, and the decision holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.catalogue import ActsQuery, acts_where
from corpus.quarantine import Decision, Quarantine, decisions
from corpus.report import Waiting
from tests.corpus.conftest import KEY, Town

PRIVATE = (
    "Madame le Maire, je soussignée Zuliani vous écris au sujet du compteur du lavoir.\n\n"
    "Je perçois le RSA depuis mars. Le compteur du lavoir tourne trop vite."
)
PUBLIC = "La commune verse une subvention au CCAS pour l'aide sociale et les bénéficiaires du RSA."


@pytest.fixture
def quarantine(town: Town) -> Quarantine:
    return Quarantine(town.store, town.index, town.embedder, key=KEY)


def _only(town: Town) -> str:
    (document,) = town.store.documents()
    return document.id


def test_a_private_paper_waits_and_is_not_found(town: Town, quarantine: Quarantine) -> None:
    town.write("lettre.txt", PRIVATE)
    town.write("budget.txt", PUBLIC)
    report = town.add()
    assert report.waiting == (Waiting(file="lettre.txt", needs="decision_social_aid"),)
    assert town.search("compteur du lavoir") == ["budget.txt"]
    (case,) = quarantine.cases()
    assert (case.document.file, case.decision) == ("lettre.txt", None)
    assert {str(c.category) for c in case.concerns} == {"social_aid"}
    assert town.is_in_step()


def test_it_still_waits_when_added_again(town: Town) -> None:
    town.write("lettre.txt", PRIVATE)
    town.add()
    town.guard.texts.clear()
    report = town.add()
    assert (report.unchanged, [w.needs for w in report.waiting]) == (1, ["decision_social_aid"])
    assert town.guard.texts == []


def test_kept_it_is_found_whole_and_stays_so(town: Town, quarantine: Quarantine) -> None:
    path = town.write("lettre.txt", PRIVATE)
    town.add()
    assert quarantine.decide(_only(town), Decision.KEEP) is False
    assert town.search("compteur du lavoir") == ["lettre.txt"]
    assert "RSA" in (town.store.page(_only(town), 1) or "")
    assert town.is_in_step()
    (town.folder / "copie").mkdir()
    path.rename(town.folder / "copie" / "autre.txt")
    assert town.add().waiting == ()
    assert town.search("compteur du lavoir") == ["copie/autre.txt"]


def test_hidden_it_is_found_without_what_is_told(town: Town, quarantine: Quarantine) -> None:
    town.write("lettre.txt", PRIVATE)
    town.add()
    quarantine.decide(_only(town), Decision.HIDE)
    text = town.store.page(_only(town), 1) or ""
    assert "RSA" not in text
    assert "compteur du lavoir" in text
    assert town.search("compteur du lavoir") == ["lettre.txt"]
    assert town.is_in_step()


def test_rejected_its_text_is_nowhere(town: Town, quarantine: Quarantine) -> None:
    town.write("lettre.txt", PRIVATE)
    town.add()
    quarantine.decide(_only(town), Decision.REJECT)
    assert town.search("compteur du lavoir") == []
    assert town.store.page(_only(town), 1) == ""
    for path in Path(town.data).rglob("*"):
        assert path.is_dir() or b"compteur du lavoir" not in path.read_bytes()
    assert town.add().waiting == ()
    assert town.search("compteur du lavoir") == []


def test_a_decision_holds_under_other_rules(town: Town, quarantine: Quarantine) -> None:
    town.write("lettre.txt", PRIVATE)
    town.add()
    quarantine.decide(_only(town), Decision.REJECT)
    from corpus.ingest import Ingestion

    other = Ingestion(town.store, town.index, town.embedder, town.guard, key=KEY, rules="other")
    assert other.add([town.folder]).waiting == ()
    assert town.store.page(_only(town), 1) == ""


def test_what_was_erased_comes_back_with_the_next_reading(
    town: Town, quarantine: Quarantine
) -> None:
    town.write("lettre.txt", PRIVATE)
    town.add()
    quarantine.decide(_only(town), Decision.REJECT)
    assert quarantine.decide(_only(town), Decision.KEEP) is True
    town.add()
    assert town.search("compteur du lavoir") == ["lettre.txt"]


def test_a_changed_file_waits_again(town: Town, quarantine: Quarantine) -> None:
    town.write("lettre.txt", PRIVATE)
    town.add()
    quarantine.decide(_only(town), Decision.KEEP)
    town.write("lettre.txt", PRIVATE + "\nEt mon fils est hospitalisé.")
    report = town.add()
    assert (report.updated, len(report.waiting)) == (1, 1)
    assert town.search("compteur du lavoir") == []


def test_only_a_case_is_decided_on(town: Town, quarantine: Quarantine) -> None:
    town.write("budget.txt", PUBLIC)
    town.add()
    with pytest.raises(LookupError):
        quarantine.decide(_only(town), Decision.REJECT)
    assert decisions(town.store) == {}


def test_an_act_keeps_only_the_passages_that_tell_of_somebody_apart(
    town: Town, quarantine: Quarantine
) -> None:
    act = (
        "Délibération n° 2024-12\n\nArticle 1 - Le lavoir\nLe lavoir est restauré.\n\n"
        "Article 2 - Les secours\nZuliani perçoit le RSA depuis mars.\n"
    )
    town.write("acte.txt", act)

    report = town.add()

    assert [w.needs for w in report.waiting] == ["decision_social_aid"]
    assert acts_where(town.store, ActsQuery(kind="délibération")) == []
    assert town.search("lavoir restauré") == ["acte.txt"]
    assert not any("RSA" in passage.text.text for passage in town.store.passages_of(_only(town)))
    assert quarantine.decide(_only(town), Decision.KEEP) is False
    assert len(acts_where(town.store, ActsQuery(kind="délibération"))) == 1
    assert any("RSA" in passage.text.text for passage in town.store.passages_of(_only(town)))
