# SPDX-License-Identifier: EUPL-1.2
"""The administrator's guide (docs/fr/administrateur.md) followed step by step in a real browser.

Every page stands behind the real door, whose policy lets nothing in from elsewhere; axe-core looks
at each state.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect

from assistant.queue import UnderWay
from assistant.texts import Texts
from corpus.weights import Purpose, Weights
from corpus.weights_catalogue import Hub, WeightsFile
from tests.assistant.conftest import CANTEEN, LIBRARY, RESIDENT
from tests.browser.conftest import Open, Serve
from tests.browser.looks import each_look, holds_on_paper
from tests.corpus.hub import LoopbackHub, loopback_hub
from tests.ui.admin.house import LETTER, House, opened
from ui.access.person import Person, Role
from ui.admin.frame import SECTIONS
from ui.admin.jobs import Jobs
from ui.band import Band, Bands
from ui.door import Door
from ui.public import PublicServices
from ui.public import build as public_pages
from ui.restarting import Restarting

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

pytestmark = [pytest.mark.real]

SHEET = '[town]\nname = "Mirelande"\nphone = "03 53 01 20 00"\n'


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("hall")
    (folder / "data").mkdir()
    (folder / "data" / "greffier.toml").write_text(SHEET, "utf-8")
    with pytest.MonkeyPatch.context() as patch, opened(folder, patch) as house:
        (house.town / "lettre.txt").write_text(LETTER, "utf-8")
        house.parts.ingestion.add([house.town])
        yield house


@pytest.fixture(scope="module")
def address(house: House, serve: Serve) -> str:
    app: FastAPI = house.app()
    app.include_router(public_pages(PublicServices(parts=house.parts)))
    bands = Bands(house.parts.moratorium, house.parts.notices)
    app.add_middleware(Band, lines=bands, texts=Texts("fr"))
    app.add_middleware(
        Door, hosts=(), closed_page="", dress=lambda page, *, nonce: page, closing=asyncio.Event()
    )
    return serve(app)


@pytest.fixture(autouse=True)
def administrator(house: House) -> None:
    house.person = Person("alix", Role.ADMIN)


def go(page: Page, section: str) -> None:
    """Choose a section in the menu."""
    menu = page.get_by_role("navigation", name="Rubriques")
    menu.get_by_role("link", name=section, exact=True).click()
    expect(page.get_by_role("heading", level=1, name=section)).to_be_visible()


def said(page: Page, words: str) -> None:
    expect(page.locator(".said[role=status]")).to_contain_text(words)


def sound(page: Page) -> None:
    found = axe.Axe().run(page)
    told = [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found.response["violations"]]
    assert told == []


def fits(page: Page) -> None:
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.evaluate("innerWidth")


# -- the guide, section by section

UNFILED = "À classer plus tard : les agents seulement"


def test_ajouter_des_documents(visit: Open, address: str, tmp_path: Path) -> None:
    act, notes = tmp_path / "conseil <b>.txt", tmp_path / "photo.xyz"
    act.write_text(LIBRARY.replace("mercredi", "jeudi"), "utf-8")
    notes.write_bytes(b"\x00\x01")
    page = visit(f"{address}/admin/documents")

    page.get_by_label("Fichiers", exact=True).set_input_files([act, notes])
    page.get_by_role("radio", name=UNFILED).first.check()
    page.get_by_role("button", name="Envoyer et lire").click()

    report = page.get_by_role("table", name="Dernier ajout")
    expect(report.get_by_role("row").filter(has_text="conseil <b>.txt")).to_contain_text(
        "Dans les documents"
    )
    expect(report.get_by_role("row").filter(has_text="photo.xyz")).to_contain_text("Format")
    expect(page.get_by_role("heading", name="Dernier ajout")).to_be_visible()
    sound(page)


def test_un_envoi_trop_lourd_est_dit_avant_de_partir(
    visit: Open, address: str, tmp_path: Path, house: House
) -> None:
    heavy = tmp_path / "film.pdf"
    with heavy.open("wb") as file:
        file.truncate(500_000_000)
    page = visit(f"{address}/admin/documents")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method))

    page.get_by_label("Fichiers", exact=True).set_input_files(heavy)
    expect(page.get_by_role("alert")).to_contain_text("pèse 500 Mo, 200 Mo au plus")
    page.get_by_role("button", name="Envoyer et lire").click()
    page.wait_for_timeout(300)

    assert "POST" not in asked


def test_un_dossier_de_la_machine(visit: Open, address: str, house: House) -> None:
    page = visit(f"{address}/admin/documents")
    page.get_by_label("Chemin du dossier").fill(str(house.town))
    page.get_by_role("radio", name=UNFILED).nth(1).check()
    page.get_by_role("button", name="Lire ce dossier").click()
    expect(page.get_by_text(re.compile(r"inchangés\s: [23]"))).to_be_visible()


def test_relire_la_quarantaine(visit: Open, address: str, house: House) -> None:
    page = visit(f"{address}/admin")
    go(page, "Quarantaine")
    page.get_by_role("link", name="lettre.txt").click()
    expect(page.locator(".page-text mark")).to_have_text("Depuis mars, je perçois le RSA.")
    expect(page.locator("body")).not_to_contain_text(RESIDENT)
    sound(page)
    page.get_by_role("button", name="Garder sans ces phrases").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Garder sans ces phrases ?")
    expect(page.locator("q")).to_have_text("Depuis mars, je perçois le RSA.")
    sound(page)
    assert house.entries("quarantine") == []
    page.get_by_role("button", name="Effacer ces phrases et garder le reste").click()
    said(page, "sans les phrases en cause")
    assert house.entries("quarantine")[-1]["decision"] == "hide"


def test_chercher_les_pages_a_relire(visit: Open, address: str) -> None:
    page = visit(f"{address}/admin")
    go(page, "Pages à relire")
    page.get_by_role("button", name="Chercher les pages à relire").click()
    expect(page.get_by_text("Aucune page à relire.")).to_be_visible()
    sound(page)


def test_suspendre_les_reponses(visit: Open, address: str, house: House) -> None:
    page = visit(f"{address}/admin")
    go(page, "Suspendre les réponses")
    page.get_by_label("Pour qui").select_option(label="Les habitants")
    page.get_by_label("Phrase montrée au public").fill("Un contrôle est en cours.")
    page.get_by_role("button", name="Suspendre maintenant").click()
    said(page, "Réponses suspendues.")
    sound(page)
    assert [pause.audience for pause in house.parts.moratorium.pauses()] == ["senior"]

    for where in ("/transparence", "/remarques", "/accessibilite"):
        page.goto(f"{address}{where}")
        band = page.get_by_role("complementary", name="Annonce de la mairie")
        expect(band).to_contain_text("Un contrôle est en cours.")
        fits(page)
        sound(page)

    page.goto(f"{address}/admin/moratorium")
    page.get_by_role("button", name="Remettre en route").click()
    said(page, "Réponses remises en route.")
    expect(page.get_by_text("L'assistant répond normalement.")).to_be_visible()
    page.reload()
    assert house.parts.moratorium.pauses() == ()
    page.goto(f"{address}/remarques")
    expect(page.locator(".town-band")).to_have_count(0)


def test_annoncer_une_maintenance(visit: Open, address: str, house: House) -> None:
    page = visit(f"{address}/admin")
    go(page, "Annonces et maintenance")
    page.get_by_label("Texte de l'annonce").fill("La machine change de salle.")
    page.get_by_label("À partir de").fill("2026-01-01T08:00")
    page.get_by_label("Jusqu'à").fill("2096-01-01T12:00")
    page.get_by_label("Maintenance : ne répondre à aucune question pendant ce temps").check()
    page.get_by_role("button", name="Annoncer").click()
    said(page, "Annonce inscrite au registre")
    expect(page.locator(".town-band")).to_contain_text("01/01/2096 12:00")
    sound(page)
    assert house.parts.assistant.ask("Combien coûte le repas ?", audience="senior").leads == ()
    page.goto(f"{address}/remarques")
    expect(page.locator(".town-band")).to_contain_text("La machine change de salle.")
    page.goto(f"{address}/admin/notices")
    page.get_by_role("button", name="Terminer maintenant").click()
    said(page, "Annonce terminée")
    expect(page.locator(".town-band")).to_have_count(0)


def test_ce_qui_compte_tout_de_suite_et_ce_qui_attend(
    visit: Open, address: str, house: House
) -> None:
    stopped = Event()
    restarting = Restarting(under_way=UnderWay(), stop=stopped.set)
    before, jobs = house.desk.services, house.desk.jobs
    house.desk.services = replace(before, restarting=restarting)
    house.desk.jobs = Jobs()  # which takes nothing more, once it has restarted
    page = visit(f"{address}/admin")
    go(page, "Fiche de contact")
    page.get_by_label("Téléphone de l'accueil").fill("03 53 01 20 09")
    page.get_by_role("button", name="Enregistrer").click()
    said(page, "Cela compte dès maintenant")
    expect(page.get_by_text("ne comptent pas encore")).to_have_count(0)
    assert house.parts.settings.town.phone == "03 53 01 20 09"

    go(page, "Durées de conservation")
    page.get_by_label("Mois de conservation").fill("9")
    page.get_by_role("button", name="Enregistrer").click()
    said(page, "après un redémarrage")
    page.get_by_role("main").get_by_role("link", name="Redémarrer Greffier").click()
    expect(page.get_by_text("Aucune question n'est en cours.")).to_be_visible()
    sound(page)
    page.get_by_role("button", name="Redémarrer maintenant").click()
    expect(page.get_by_text("Greffier redémarre.")).to_be_visible()
    sound(page)
    assert stopped.wait(60)
    house.desk.services, house.desk.jobs = before, jobs


def test_une_erreur_se_lit_a_cote_de_son_champ(chromium: Browser, address: str) -> None:
    page = chromium.new_page()  # not `visit`: a form that is refused is an error in the console
    page.goto(f"{address}/admin/town")
    page.get_by_label("Nom de la commune").fill("Mirelande-sur-Orne")
    page.get_by_label("Téléphone de l'accueil").fill("appelez-moi")
    page.get_by_label("Adresse électronique de l'accueil").fill("pas un courriel")
    page.get_by_label("mardi").fill("quand il pleut")
    page.get_by_role("button", name="Enregistrer").click()
    wrong = page.locator("[aria-invalid=true]")
    expect(wrong).to_have_count(3)
    phone = page.get_by_label("Téléphone de l'accueil")
    expect(phone).to_have_value("appelez-moi")
    expect(phone).to_have_accessible_description(re.compile("ne se compose pas"))
    expect(page.get_by_label("Nom de la commune")).to_have_value("Mirelande-sur-Orne")
    page.get_by_role("alert").get_by_role("link", name=re.compile("courriel|électronique")).click()
    expect(page.locator("#email")).to_be_in_viewport()
    sound(page)
    page.set_viewport_size({"width": 320, "height": 800})
    fits(page)
    page.close()


def test_retirer_un_document(visit: Open, address: str, house: House) -> None:
    (house.town / "a-retirer.txt").write_text(CANTEEN.replace("4,20", "9,99"), "utf-8")
    house.parts.ingestion.add([house.town])
    page = visit(f"{address}/admin/documents")
    page.get_by_label("Chercher dans les noms").fill("a-retirer")
    page.get_by_role("button", name="Chercher", exact=True).click()
    page.get_by_role("row").filter(has_text="a-retirer.txt").get_by_role(
        "link", name="Retirer"
    ).click()
    sound(page)
    page.get_by_role("button", name="Retirer pour de bon").click()
    said(page, "rien n'a été retrouvé")
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger l'attestation signée").click()
    assert download.value.suggested_filename.startswith("attestation-")
    (house.town / "a-retirer.txt").unlink()


def test_remplir_la_fiche_de_contact(chromium: Browser, address: str, house: House) -> None:
    page = chromium.new_page()  # not `visit`: a form that is refused is an error in the console
    page.goto(f"{address}/admin")
    go(page, "Fiche de contact")
    page.get_by_label("Téléphone de l'accueil").fill("")
    page.get_by_label("lundi").fill("quand il pleut")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("alert")).to_contain_text("Il faut au moins un téléphone")
    sound(page)
    page.get_by_label("Téléphone de l'accueil").fill("03 53 01 20 01")
    page.get_by_label("lundi").fill("8h30-12h, 13h30-17h")
    page.get_by_role("button", name="Enregistrer").click()
    said(page, "Enregistré")
    assert house.settings().town.week["monday"] == ("8:30-12:00", "13:30-17:00")
    page.close()


def test_donner_la_liste_des_elus(visit: Open, address: str, house: House) -> None:
    page = visit(f"{address}/admin")
    go(page, "Élus et signataires")
    page.get_by_label("Élus et signataires").fill("Hélène Marcheterre\nBastien Olivarès")
    page.get_by_role("button", name="Enregistrer").click()
    said(page, "La liste compte dès maintenant")
    assert house.settings().roster == ("Hélène Marcheterre", "Bastien Olivarès")


def test_choisir_un_modele(
    chromium: Browser, address: str, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = b"a model of the town " * 100_000
    with loopback_hub(body) as hub:
        shelf = shelf_of(house.data.parent / "shelf", hub, body)
        monkeypatch.setattr("ui.admin.models.open_weights", lambda settings: shelf)
        page = chromium.new_page()
        page.goto(f"{address}/admin")
        go(page, "Modèles")
        expect(page.get_by_text("de mémoire")).to_be_visible()
        table = page.get_by_role("table", name="Modèles")
        for name in ("petit", "moyen"):
            page.get_by_role("button", name=f"Aller chercher {name}", exact=True).click()
            expect(page.get_by_text(f"{name} est là")).to_be_visible()
            sound(page)
        expect(table.get_by_role("row", name="enorme")).to_contain_text("trop grand")
        page.get_by_role("button", name="Choisir moyen").click()
        said(page, "après un redémarrage")
        expect(table.get_by_role("row", name="moyen")).to_contain_text("choisi")
        sound(page)
        assert house.settings().model.name == "moyen"

        hub.body = body[:-1] + b"?"
        page.get_by_role("button", name="Aller chercher abime").click()
        expect(page.locator(".bad")).to_contain_text("abime")
        sound(page)
        page.close()


def shelf_of(folder: Path, hub: LoopbackHub, body: bytes) -> Weights:
    """A shelf of models of the town's own, of which one is too big for any machine."""
    known = [
        WeightsFile(
            name=name, file=f"{name}.gguf", sha256=hashlib.sha256(body).hexdigest(),
            size_bytes=len(body), licence="Apache-2.0", languages=("fr",),
            purpose=Purpose.LANGUAGE_MODEL, memory_bytes=memory,
            sources=(Hub(repository="town/models"),),
        )
        for name, memory in (("petit", 1), ("moyen", 2), ("enorme", 10**15), ("abime", 3))
    ]  # fmt: skip
    return Weights(folder, hub=hub.url, known=known)


def test_ouvrir_un_compte(visit: Open, address: str, house: House) -> None:
    page = visit(f"{address}/admin")
    go(page, "Comptes")
    page.get_by_label("Nom du compte").fill("marie.d")
    page.get_by_label("Rôle").first.select_option(label="Auditeur")
    page.get_by_role("button", name="Créer le compte").click()
    expect(page.locator("code.link")).to_contain_text("/bienvenue/")
    sound(page)
    page.locator("summary").filter(has_text="marie.d").click()
    line = page.locator("details[open]")
    line.get_by_label("Actes publics").check()
    sound(page)
    line.get_by_role("button", name="Enregistrer").click()
    said(page, "Compte modifié")
    assert house.people.accounts["marie.d"].collections == ("public",)


def test_laisser_une_remarque_et_la_lire(visit: Open, address: str, house: House) -> None:
    house.person = None
    page = visit(f"{address}/remarques")
    page.get_by_label("une idée").check()
    page.get_by_label("Votre remarque").fill(f"Merci à {RESIDENT} <b>!")
    sound(page)
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator("blockquote")).to_have_text("Merci à [PERSONNE_1] <b>!")
    sound(page)
    house.person = Person("alix", Role.ADMIN)
    page.goto(f"{address}/admin/remarks")
    expect(page.get_by_role("row").filter(has_text="Merci à [PERSONNE_1] <b>!")).to_be_visible()


def test_regarder_l_etat_de_la_machine(visit: Open, address: str) -> None:
    page = visit(f"{address}/admin")
    go(page, "État de la machine")
    page.get_by_role("button", name="Examiner la machine").click()
    expect(page.get_by_role("table", name="État de la machine")).to_be_visible()
    expect(page.get_by_text("Il manque quelque chose.")).to_be_visible()
    sound(page)


def test_sauvegarder(visit: Open, address: str, tmp_path: Path) -> None:
    page = visit(f"{address}/admin")
    go(page, "Sauvegardes")
    expect(page.get_by_text("Les données n'ont jamais été sauvegardées.")).to_be_visible()
    send = page.get_by_role("button", name="Sauvegarder les données maintenant")
    form = page.locator("form").filter(has=send)
    form.get_by_label("Dossier de cette machine où écrire").fill(str(tmp_path))
    form.get_by_label("Phrase de passe").fill("six mots tirés au sort hier")
    form.get_by_label("La même, encore une fois").fill("six mots tirés au sort hier")
    send.click()
    expect(page.get_by_text("Sauvegarde écrite : greffier-")).to_be_visible()
    expect(page.get_by_text("Dernière sauvegarde des données : le")).to_be_visible()
    assert len([*tmp_path.glob("greffier-*.backup")]) == 1
    sound(page)


# -- every page, every look


@pytest.mark.parametrize("section", SECTIONS)
def test_axe_finds_nothing_and_nothing_sticks_out(visit: Open, address: str, section: str) -> None:
    page = visit(f"{address}/admin/{section}")
    for _ in each_look(page):
        sound(page)
        fits(page)


@pytest.mark.parametrize(
    "path",
    [
        "/transparence", "/transparence?lang=en", "/remarques", "/accessibilite",
        "/accessibilite?lang=en", "/transparence/comite",
    ],
)  # fmt: skip
def test_the_public_pages_are_sound_without_a_script(visit: Open, address: str, path: str) -> None:
    page = visit(f"{address}{path}")
    for _ in each_look(page):
        sound(page)
        fits(page)
        page.evaluate("document.fonts.ready")  # wider letters stand in for them before
        for table in page.locator(".wide").all():
            assert table.evaluate("table => table.scrollWidth <= table.clientWidth")


def test_on_a_phone_each_section_begins_in_the_first_screen(visit: Open, address: str) -> None:
    page = visit(f"{address}/admin", width=375)
    for section in SECTIONS:
        page.goto(f"{address}/admin/{section}")
        title = page.get_by_role("heading", level=1).bounding_box()
        assert title and title["y"] < 200, section
    for section in ("moratorium", "town", "roster", "synonyms", "people"):
        page.goto(f"{address}/admin/{section}")
        fields = page.locator("main :is(input, select, textarea)").filter(visible=True)
        box = fields.first.bounding_box()
        assert box and box["y"] + 44 <= 800, section  # a whole line of it


def test_the_menu_on_a_phone_by_touch_and_by_keyboard(visit: Open, address: str) -> None:
    page = visit(f"{address}/admin/documents", width=375)
    menu, button = page.locator(".menu"), page.get_by_role("button", name="Rubriques")
    expect(menu).to_be_hidden()
    button.focus()
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    sound(page)
    fits(page)
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()
    button.click()
    menu.get_by_role("link", name="Comptes").click()
    expect(page.get_by_role("heading", level=1, name="Comptes")).to_be_visible()
    expect(menu).to_be_hidden()


def test_everything_works_without_a_script(visit: Open, address: str, house: House) -> None:
    page = visit(f"{address}/admin/synonyms", script=False)
    page.get_by_label("Groupes de mots").fill("bennes, déchetterie")
    page.get_by_role("button", name="Enregistrer").click()
    said(page, "Enregistré")


def test_a_form_is_filled_and_sent_by_keyboard(visit: Open, address: str, house: House) -> None:
    (house.data / "greffier.toml").write_text(SHEET, "utf-8")
    house.parts.put_in_force(house.settings())  # nothing waits, so that no page leads to a restart
    page = visit(f"{address}/admin/moratorium")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Pour qui")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Pause.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    said(page, "Réponses suspendues.")
    for pause in house.parts.moratorium.pauses():
        house.parts.moratorium.remove(pause)


def test_a_double_click_sends_once(visit: Open, address: str, house: House) -> None:
    before = len(house.entries("settings"))
    page = visit(f"{address}/admin/moratorium")
    page.get_by_role("button", name="Suspendre maintenant").dblclick()
    said(page, "Réponses suspendues.")
    assert len(house.entries("settings")) == before + 1
    for pause in house.parts.moratorium.pauses():
        house.parts.moratorium.remove(pause)


def test_forced_colours_keep_buttons_and_the_place_in_sight(
    chromium: Browser, address: str
) -> None:
    context = chromium.new_context(forced_colors="active")
    page = context.new_page()
    page.goto(f"{address}/admin/moratorium")
    border = page.locator(".button").first.evaluate("b => getComputedStyle(b).borderTopStyle")
    outline = page.locator("[aria-current]").evaluate("a => getComputedStyle(a).outlineStyle")
    assert (border, outline) == ("solid", "solid")
    sound(page)
    context.close()


@pytest.mark.parametrize("section", SECTIONS)
def test_a_printed_section_holds_all_that_it_says(visit: Open, address: str, section: str) -> None:
    holds_on_paper(visit(f"{address}/admin/{section}"))
