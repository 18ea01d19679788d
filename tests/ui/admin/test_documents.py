# SPDX-License-Identifier: EUPL-1.2
"""Documents by the administrator: sent, read, told file by file, taken out with a proof."""

from __future__ import annotations

import re
import zipfile
from contextlib import suppress
from io import BytesIO
from threading import Event

import pytest

from assistant.checkup import Examined
from assistant.in_force import InForce
from assistant.settings import Settings
from assistant.texts import Texts
from corpus import audience
from tests.assistant.conftest import CANTEEN, LIBRARY, RESIDENT
from tests.fakes import open_head
from tests.table import each
from tests.ui.admin.house import Browser, House, words
from ui.admin import deposit
from ui.admin.deposit import safe_name
from ui.admin.jobs import Busy

HOSTILE = "<img src=x onerror=alert(1)>.txt"


def names(house: House) -> set[str]:
    return {d.file for d in house.parts.store.documents()}


def test_what_is_sent_is_read_told_and_gone(house: House, browser: Browser) -> None:
    page = browser.send(
        ("actes/cantine.txt", CANTEEN.encode()), ("vide.txt", b""), ("photo.xyz", b"\x00\x01")
    ).text
    said = words(page)
    assert names(house) == {"actes/cantine.txt"}
    assert "Ajoutés : 1" in said
    assert re.search(r"actes/cantine.txt 1 Dans les documents", said)
    assert re.search(r"vide.txt 0 \S", said) and re.search(r"photo.xyz 0 \S", said)
    assert not (house.data / deposit.FOLDER).exists()
    begun, entry = house.entries("ingestion")
    assert begun == {"status": "begun", "collection": entry["collection"]}
    assert (entry["added"], entry["failed"], entry["collection"]) == (1, 2, "default")


def test_what_a_reader_does_not_see_is_told_beside_the_file(house: House, browser: Browser) -> None:
    hidden = f'<p style="display:none">{RESIDENT} habite ici.</p>'
    page = f"<html><body><p>{CANTEEN}</p>{hidden}</body></html>"
    said = words(browser.send(("tarifs.html", page.encode()), ("a.txt", LIBRARY.encode())).text)
    assert re.search(r"tarifs.html 1 Dans les documents À regarder : .*texte caché", said)
    assert said.index("tarifs.html") < said.index("a.txt")  # what asks for a look comes first
    assert said.count("À regarder") == 1
    assert RESIDENT not in said


def test_a_file_sent_again_replaces_what_it_was(house: House, browser: Browser) -> None:
    browser.send(("cantine.txt", CANTEEN.encode()))
    page = browser.send(("cantine.txt", CANTEEN.replace("4,20", "5,10").encode()))
    assert "Ajoutés : 0 ; mis à jour : 1" in words(page.text)
    (document,) = house.parts.store.documents()
    assert "5,10" in (house.parts.store.page(document.id, 1) or "")


def test_two_collections_are_two_documents(house: House, browser: Browser) -> None:
    browser.send(("cantine.txt", CANTEEN.encode()))
    browser.send(("cantine.txt", CANTEEN.encode()), collection="plu")
    assert [d.collection for d in house.parts.store.documents()] == ["default", "plu"]


def test_a_name_with_html_and_a_residents_name_is_shown_as_text_and_hidden(
    house: House, browser: Browser
) -> None:
    page = browser.send((HOSTILE, CANTEEN.encode()), (f"{RESIDENT}.txt", LIBRARY.encode())).text
    assert "<img" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;.txt" in page
    assert RESIDENT not in page
    assert "[PERSONNE_1].txt" in page
    assert RESIDENT not in browser.get("/admin/documents")


@each(
    "name, kept",
    [
        ("../../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("a/./b/../c.txt", "a/b/c.txt"),
        ("C:\\Mairie\\note.pdf", "Mairie/note.pdf"),
        ("a\x00b\n.txt", "ab.txt"),
        ("", None),
        ("../..", None),
        ("...", None),
    ],
)
def test_no_name_leads_out_of_the_folder(name: str, kept: str | None) -> None:
    found = safe_name(name)
    assert (found.as_posix() if found else None) == kept


def test_a_long_name_keeps_its_ending() -> None:
    found = safe_name("é" * 300 + ".pdf")
    assert found is not None
    assert found.suffix == ".pdf"
    assert len(found.name.encode()) <= deposit.MAX_NAME_BYTES


def test_too_much_is_refused_in_plain_words_and_nothing_is_kept(
    house: House, browser: Browser
) -> None:
    settings = Settings.model_validate({"uploads": {"documents_mb": 1}})
    house.parts.now = InForce(house.parts, settings)
    answer = browser.send(("gros.txt", b"a" * 3_000_000))
    assert answer.status_code == 400
    assert "pèse 3 Mo, 1 Mo au plus. Rien n'a été gardé." in words(answer.text)
    assert names(house) == set()
    assert not (house.data / deposit.FOLDER).exists()


def test_nothing_chosen_is_told(browser: Browser) -> None:
    answer = browser.send(("", b""))
    assert answer.status_code == 400
    assert "Aucun fichier n'a été reçu" in words(answer.text)


def test_a_form_of_another_site_sends_nothing(house: House, browser: Browser) -> None:
    answer = browser.client.post(
        "/admin/documents/depot",
        data={"token": "made.up"},
        files=[("files", ("cantine.txt", CANTEEN.encode()))],
    )
    assert answer.status_code == 409
    assert names(house) == set()
    assert not (house.data / deposit.FOLDER).exists()


def test_a_folder_of_the_machine_is_read_where_it_is(house: House, browser: Browser) -> None:
    page = browser.post("/admin/documents/dossier", path=str(house.town), audience="default")
    assert "Ajoutés : 2" in words(page.text)
    (house.town / "cantine.txt").unlink()
    browser.post("/admin/documents/dossier", path=str(house.town), audience="default")
    assert len(names(house)) == 2
    browser.post("/admin/documents/dossier", path=str(house.town), audience="default", prune="yes")
    assert names(house) == {"bibliotheque.txt"}


@pytest.mark.parametrize("path", ["", "/nowhere/at/all"])
def test_a_folder_that_is_not_there_is_told(browser: Browser, path: str) -> None:
    answer = browser.post("/admin/documents/dossier", path=path)
    assert answer.status_code == 400
    assert "n'existe pas sur cette machine" in words(answer.text)


def test_one_run_at_a_time_and_its_progress_is_told(house: House, browser: Browser) -> None:
    go_on = Event()
    job = house.desk.jobs.start("adding", lambda tell: (tell(1, 3), go_on.wait(10))[1])
    while not job.total:
        pass
    told = browser.client.get("/admin/job").json()
    assert told == {"running": True, "done": 1, "total": 3, "words": told["words"]}
    assert "2 sur 3" in words(browser.get("/admin/documents"))
    answer = browser.client.post(
        "/admin/documents/dossier",
        data={"token": browser.token(), "path": str(house.town), "audience": "default"},
    )
    assert answer.status_code == 409
    assert "Un autre travail est en cours" in words(answer.text)
    with pytest.raises(Busy):
        house.desk.jobs.start("adding", lambda tell: None)
    go_on.set()
    house.desk.jobs.wait()
    assert browser.client.get("/admin/job").json() == {"running": False}


def test_two_sendings_at_once_do_not_share_a_folder(house: House, browser: Browser) -> None:
    house.desk.is_receiving = True
    answer = browser.send(("cantine.txt", CANTEEN.encode()))
    assert answer.status_code == 409
    assert names(house) == set()
    house.desk.is_receiving = False
    browser.send(("cantine.txt", CANTEEN.encode()))
    assert names(house) == {"cantine.txt"}


def test_a_run_that_fails_is_told_and_leaves_no_file(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object, **kwargs: object) -> object:
        raise OSError(28, f"No space left for {RESIDENT}")

    monkeypatch.setattr(deposit, "add", full)
    page = browser.send(("cantine.txt", CANTEEN.encode())).text
    assert "disque" in words(page)
    assert RESIDENT not in page
    assert not (house.data / deposit.FOLDER).exists()


def test_a_document_is_removed_with_a_certificate(house: House, browser: Browser) -> None:
    browser.send(("cantine.txt", CANTEEN.encode()), ("biblio.txt", LIBRARY.encode()))
    (document,) = (d for d in house.parts.store.documents() if d.file == "cantine.txt")
    assert "Retirer ce document" in browser.get(f"/admin/documents/retirer/{document.id}")
    page = browser.post(f"/admin/documents/retirer/{document.id}").text
    assert "rien n'a été retrouvé" in words(page)
    assert names(house) == {"biblio.txt"}
    begun, entry = house.entries("erasure")
    assert begun == {"status": "begun", "documents": [document.id]}
    assert entry["documents"] == [document.id]
    found = re.search(r'href="(/admin/documents/certificat/\w+)"', page)
    assert found
    answer = browser.client.get(found[1])
    assert "attachment" in answer.headers["content-disposition"]
    assert zipfile.ZipFile(BytesIO(answer.content)).testzip() is None


def test_removing_what_is_not_there_is_told(browser: Browser) -> None:
    answer = browser.post("/admin/documents/retirer/" + "0" * 32)
    assert answer.status_code == 400
    assert "n'existe pas" in words(answer.text)


def test_a_certificate_that_is_not_there_is_told(browser: Browser) -> None:
    for name in ("x" * 32, "a.b", "0" * 32):
        assert browser.client.get(f"/admin/documents/certificat/{name}").status_code in {400, 404}


def test_documents_are_found_by_name(browser: Browser) -> None:
    browser.send(("cantine.txt", CANTEEN.encode()), ("biblio.txt", LIBRARY.encode()))
    led = browser.post("/admin/documents", q="BIBLIO")
    assert "BIBLIO" not in str(led.url)
    page = led.text.partition('id="list"')[2]
    assert "biblio.txt" in page and "cantine.txt" not in page


def test_the_quality_of_the_corpus_is_reckoned_when_asked(browser: Browser) -> None:
    browser.send(("cantine.txt", CANTEEN.encode()), ("copie.txt", CANTEEN.encode() + b"\n"))
    assert browser.client.get("/admin/etat/complet").status_code == 400
    page = browser.post("/admin/etat").text
    assert "Identiques ou presque" in page and "100%" in page
    whole = browser.client.get("/admin/etat/complet")
    assert whole.headers["content-type"] == "application/octet-stream"
    assert "cantine.txt" in whole.text


def test_the_state_of_the_machine_is_told_worst_first(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [Examined("disque", "ok", "9 Go"), Examined("<b>modèle</b>", "bad", "absent")]
    monkeypatch.setattr("ui.admin.health.examine", lambda *args: found)
    page = browser.post("/admin/health").text
    assert words(page).index("absent") < words(page).index("9 Go")
    assert "Il manque quelque chose" in page and "<b>modèle" not in page


def test_nothing_is_public_because_nobody_said_anything(house: House, browser: Browser) -> None:
    page = browser.get("/admin/documents")
    assert page.count('name="audience" value="public" required') == 2
    assert "checked" not in page.partition("<form")[2]
    answer = browser.send(("cantine.txt", CANTEEN.encode()), collection="")
    assert answer.status_code == 400
    assert "Dites si ce sont des actes publics ou des courriers" in words(answer.text)
    assert names(house) == set()
    answer = browser.post("/admin/documents/dossier", path=str(house.town))
    assert answer.status_code == 400
    assert names(house) == set()


def test_what_is_declared_public_is_public_and_a_letter_among_it_is_not(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audience, "_read", lambda name: open_head("veuillez"))
    (house.town / "lettre.txt").write_text("Le fossé déborde. Veuillez agréer.", "utf-8")
    page = browser.post("/admin/documents/dossier", path=str(house.town), audience="public")
    assert "Réservés aux agents : 1" in words(page.text)
    places = {d.file: d.collection for d in house.parts.store.documents()}
    assert places == {
        "bibliotheque.txt": "public", "cantine.txt": "public", "lettre.txt": "correspondance",
    }  # fmt: skip
    assert "Courriers et demandes" in words(page.text)


def test_a_person_opens_a_document_and_closes_it_and_the_register_knows_first(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audience, "_read", lambda name: open_head("veuillez"))
    browser.send(("lettre.txt", b"Le fosse. Veuillez agr\xc3\xa9er."), collection="default")
    (letter,) = house.parts.store.documents()
    page = browser.post(f"/admin/documents/pour/{letter.id}", readers="residents")
    assert "Document rendu public" in words(page.text)
    assert [d.collection for d in house.parts.store.documents()] == ["public"]
    browser.post(f"/admin/documents/pour/{letter.id}", readers="agents")
    assert [d.collection for d in house.parts.store.documents()] == ["correspondance"]
    told = [e for e in house.entries("settings") if "reads_as" in e and "change" not in e]
    assert [(e["audience"], e["before"]) for e in told] == [
        ("public", "correspondance"), ("agents", "public"),
    ]  # fmt: skip

    def full(*_: object) -> None:
        raise OSError(28, "disk")

    monkeypatch.setattr(type(house.parts.register), "append", full)
    with suppress(OSError):
        browser.post(f"/admin/documents/pour/{letter.id}", readers="residents")
    assert [d.collection for d in house.parts.store.documents()] == ["correspondance"]


def test_a_folder_form_keeps_what_was_chosen_and_tells_why_beside_it(browser: Browser) -> None:
    answer = browser.post(
        "/admin/documents/dossier", path="/nowhere", audience="correspondance", prune="yes"
    )
    assert answer.status_code == 400
    form = answer.text.partition('action="/admin/documents/dossier"')[2]
    assert 'value="/nowhere"' in form and 'id="path-problem"' in form
    assert re.search(r'value="correspondance" required checked', form)
    assert 'value="yes" checked' in form
    sent = browser.send(("a.txt", b"a"), collection="x" * 65)
    assert sent.status_code == 400
    assert 'id="sent-collection-problem"' in sent.text and f'value="{"x" * 65}"' in sent.text


def test_a_point_of_health_leads_to_the_page_that_mends_it(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = Texts("fr")
    found = [
        Examined(texts("doctor", "contact"), "weak", "x"),
        Examined(texts("doctor", "roster"), "ok", "x"),
        Examined(texts("doctor", "disk"), "bad", "x"),
    ]
    monkeypatch.setattr("ui.admin.health.examine", lambda *args: found)
    rows = browser.post("/admin/health").text.partition("<tbody>")[2].partition("</tbody>")[0]
    assert rows.count("<a ") == 1 and '<a href="/admin/town">Fiche de contact</a>' in rows
