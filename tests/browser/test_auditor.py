# SPDX-License-Identifier: EUPL-1.2
"""An auditor's visit in a real browser, as docs/fr/auditeur.md tells it, step by step.

axe-core looks at every state: no violation, best practices included.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from guardrails.register import AuditRecord, Kind, Register, Selection
from guardrails.register.inspection import verify_file
from guardrails.register.kit import COPY, KEY_FILE
from guardrails.register.proving import verify_bundle
from tests.browser.conftest import Open, Serve
from tests.browser.looks import (
    each_look,
    holds_at_200_percent,
    holds_in_forced_colours,
    holds_on_paper,
)
from tests.ui.auditor.stand import HOSTILE, SECOND, Asked, auditor_app, early, enter, weeks

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

pytestmark = [
    pytest.mark.real,
    # Gradio's queue reckons its own waiting times with old ways of pandas.
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]

GUIDE = Path(__file__).parents[2] / "docs" / "fr" / "auditeur.md"


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    home = early(tmp_path_factory.mktemp("auditor"))
    with home.open() as opened:
        weeks(home, opened)
        enter(opened, Asked(question=HOSTILE, ends="not_answered"))
        yield opened


@pytest.fixture(scope="module")
def address(serve: Serve, register: Register) -> str:
    return serve(auditor_app(register)) + "/auditeur/"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def view(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Vues du registre").get_by_role("link", name=name).click()


def choose(page: Page, name: str, option: str) -> None:
    page.get_by_role("combobox", name=name, exact=True).select_option(option)


def told(page: Page, words: str) -> None:
    expect(page.locator("#status")).to_contain_text(words)


def forget(page: Page) -> None:
    """Take the words away that tell of the act before, where the next one ends with the same."""
    page.locator("#status [data-tone]").evaluate("element => { element.textContent = '' }")


def listed(page: Page) -> None:
    press(page, "Afficher")
    expect(page.locator("#listing tbody tr")).to_have_count(25)


def opened(page: Page) -> None:
    listed(page)
    page.locator("#listing tr:has(.badge.answer) button").first.click()
    expect(page.locator("#entry h2")).to_be_focused()


RATEABLE = "#drawn tbody tr:has(.badge:is(.answer, .refusal)) button"
"""Opens what was drawn; one that was abandoned has nothing to rate."""


def rate(page: Page, first: str = "juste", others: str = "juste") -> None:
    """Rate what is open: the first sentence, the others, and every source as the right one; a
    refusal, where it is one, as right."""
    for place, asked in enumerate(page.get_by_role("group", name="elle est").all()):
        asked.get_by_label(others if place else first, exact=True).check()
    for asked in page.get_by_role("group", name="la source citée est").all():
        asked.get_by_label("la bonne", exact=True).check()
    for asked in page.get_by_role("group", name="Ce refus est").all():
        asked.get_by_label("à raison").check()


def drawn(page: Page) -> None:
    view(page, "Échantillon")
    page.get_by_label("Combien").fill("5")
    page.get_by_label("Graine (facultative").fill("mars2026")
    press(page, "Tirer au sort")
    expect(page.locator("#drawn tbody tr")).to_have_count(5)


def counted(page: Page) -> None:
    view(page, "Statistiques")
    press(page, "Compter")
    expect(page.locator("#report figure")).to_have_count(6)


def prepared(page: Page, form: str) -> Path:
    view(page, "Export")
    page.get_by_label(form).check()
    press(page, "Préparer")
    return saved(page, f"Télécharger – {form}")


def saved(page: Page, name: str) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).click()
    return Path(waiting.value.path())


# -- the guide, in its order


def steps() -> list[str]:
    return re.findall(r"^### \d+\. (.+)$", GUIDE.read_text("utf-8"), re.MULTILINE)


def test_the_guide_has_the_steps_that_are_followed_here() -> None:
    assert steps() == [
        "Vérifier le registre",
        "Chercher des entrées",
        "Lire une entrée entière",
        "Tirer un échantillon",
        "Rendre un avis",
        "Regarder les statistiques",
        "Emporter des pièces",
    ]


def test_every_picture_of_the_guide_is_there() -> None:
    pictures = re.findall(r"\]\((\.\./images/auditeur-[\w-]+\.png)\)", GUIDE.read_text("utf-8"))
    assert len(pictures) >= 5
    assert all((GUIDE.parent / picture).is_file() for picture in pictures)


def test_the_visit_of_the_guide(
    visit: Open, address: str, register: Register, tmp_path: Path
) -> None:
    note, key = register.checkpoint(), str(register.key_chain()[0])
    page = visit(address)
    expect(page.locator(".check")).to_contain_text("n'a pas encore été vérifié")

    # 1. Vérifier le registre
    page.get_by_text("Comparer à ce que vous gardez ailleurs").click()
    page.get_by_label("Point de contrôle (le texte entier)").first.fill(note)
    page.get_by_label("Clé publique").fill(key)
    press(page, "Vérifier maintenant")
    expect(page.locator(".check")).to_have_attribute("data-holds", "yes")
    expect(page.locator(".check strong")).to_contain_text("aucune modifiée, insérée ni retirée")

    # 2. Chercher des entrées
    choose(page, "Échange clos", "refus")
    choose(page, "Motif de refus", "donnée personnelle")
    page.get_by_label("Du", exact=True).fill("2026-02-09")
    page.get_by_label("Au (inclus)").fill("2026-03-06")
    press(page, "Afficher")
    told(page, "Cette lecture est inscrite à l'entrée")
    rows = page.locator("#listing tbody tr")
    expect(rows.first).to_contain_text("[PERSONNE_1]")
    assert rows.count() == rows.filter(has_text="donnée personnelle").count() > 1
    press(page, "Effacer le filtre")
    listed(page)
    press(page, "Plus anciennes")
    expect(page.get_by_role("button", name="Plus récentes")).to_be_visible()
    page.get_by_role("button", name="Plus récentes").click()
    expect(page.get_by_role("button", name="Plus récentes")).to_have_count(0)

    # 3. Lire une entrée entière
    page.locator("#listing tr:has(.badge.answer) button").first.click()
    entry = page.locator("#entry")
    for part in ("telle qu'elle a été traitée", "Ce qui a été répondu", "Passages trouvés",
                 "Délais, énergie, modèle, règles", "Au registre"):  # fmt: skip
        expect(entry.get_by_role("heading", name=part)).to_be_visible()
    expect(entry).to_contain_text("Citation retrouvée mot pour mot dans le passage")
    entry.locator(".quotes a.source").first.click()
    expect(page.get_by_role("dialog")).to_contain_text("COMMUNE DE VALCLAIR")
    page.keyboard.press("Escape")
    expect(entry).to_contain_text("2 sur 25")
    press(page, "Suivante")
    expect(entry).to_contain_text("3 sur 25")
    page.get_by_role("link", name="Retour à la liste").click()
    expect(page.locator("#listing table")).to_be_visible()

    # 4. Tirer un échantillon
    drawn(page)
    told(page, "La graine est inscrite à l'entrée")
    first = page.locator("#drawn tbody td.c-number").all_inner_texts()
    number = page.locator('#drawn dt:has-text("Inscrit à l\'entrée") + dd').inner_text()
    page.get_by_text("Refaire un tirage inscrit").click()
    page.get_by_label("Entrée du tirage n°").fill(number)
    forget(page)
    press(page, "Refaire ce tirage")
    told(page, "questions tirées")
    assert page.locator("#drawn tbody td.c-number").all_inner_texts() == first

    # 5. Rendre un avis
    page.locator(RATEABLE).first.click()
    expect(entry).to_contain_text("sur 5")
    rate(page, "en partie juste")
    page.get_by_label("Note (facultative)").fill("Odile Ferrand demande le tarif des autres.")
    press(page, "Inscrire mon avis")
    told(page, "Avis inscrit à l'entrée")
    expect(entry.locator(".opinions")).to_contain_text("[PERSONNE_1] demande le tarif des autres.")
    page.get_by_role("link", name="Retour à l'échantillon").click()
    expect(page.locator("#drawn")).to_contain_text("1 / 5")

    # 6. Regarder les statistiques
    counted(page)
    page.locator("#report figure").first.get_by_text("Voir les chiffres").click()
    expect(page.locator("#report figure table").first).to_contain_text("02/02/2026")

    # 7. Emporter des pièces
    lot = tmp_path / "lot.zip"
    lot.write_bytes(prepared(page, "Lot signé (.zip)").read_bytes())
    assert verify_bundle(lot, keys=[key]).holds
    with zipfile.ZipFile(lot) as bundle:
        assert "LISEZMOI.txt" in bundle.namelist()
    copy = tmp_path / "copy.sqlite3"
    with zipfile.ZipFile(prepared(page, "Copie du registre (.zip)")) as packed:
        copy.write_bytes(packed.read(COPY))
        (with_it,) = (n for n in packed.namelist() if n.startswith("point-"))
        late = packed.read(with_it).decode()
    assert verify_file(copy, notes=[note, late], keys=[key]).holds
    kit = saved(page, "Prendre le kit de vérification")
    with zipfile.ZipFile(kit) as packed:
        assert packed.read(KEY_FILE).decode().strip() == key
    assert register.verify(notes=[saved(page, "Prendre un point de contrôle").read_text()]).holds

    # all of it was entered
    mine = dict.fromkeys((Kind.READING, Kind.SAMPLE, Kind.REVIEW, Kind.EXPORT), 0)
    for made in register.unrecorded_entries(Selection(), stop=register.size()):
        if made.role == "auditor":
            mine[made.kind] += 1
    assert (mine[Kind.SAMPLE], mine[Kind.REVIEW]) == (1, 1)
    assert mine[Kind.READING] >= 8 and mine[Kind.EXPORT] >= 1
    assert "Odile" not in json.dumps([str(e.payload) for e in register.entries()])


# -- every state


def verified(page: Page) -> None:
    page.get_by_text("Comparer à ce que").click()
    press(page, "Vérifier maintenant")
    expect(page.locator(".check")).to_have_attribute("data-holds", "yes")
    told(page, "Vérification faite")


def nothing(page: Page) -> None:
    page.get_by_label("Pseudonyme").fill("2026-03." + "0" * 20)
    press(page, "Afficher")
    expect(page.locator(".nothing")).to_be_visible()


def problem(page: Page) -> None:
    page.get_by_label("Pseudonyme").fill("Odile")
    press(page, "Afficher")
    told(page, "Un nom n'en est pas un")


def other(page: Page) -> None:
    page.get_by_label("Entrée n°").fill("0")
    press(page, "Ouvrir")
    expect(page.locator("#entry h2")).to_be_focused()


def rated(page: Page) -> None:
    drawn(page)
    page.locator(RATEABLE).first.click()
    expect(page.locator("#entry h2")).to_be_focused()
    rate(page)
    press(page, "Inscrire mon avis")
    told(page, "Avis inscrit")


def statistics(page: Page) -> None:
    rated(page)
    page.get_by_role("link", name="Retour à l'échantillon").click()
    counted(page)
    for table in page.locator("#report summary").all():
        table.click()


def ready(page: Page) -> None:
    view(page, "Export")
    press(page, "Préparer")
    expect(page.locator("#taken a")).to_be_visible()


STATES: dict[str, Callable[[Page], None]] = {
    "home": lambda page: None,
    "verified": verified,
    "list": listed,
    "nothing": nothing,
    "problem": problem,
    "entry": opened,
    "other": other,
    "sample": drawn,
    "rated": rated,
    "statistics": statistics,
    "export": ready,
}


def sound(page: Page) -> None:
    """Fail on anything that axe finds, with its own words."""
    found = axe.Axe().run(page).response["violations"]
    assert found == [], json.dumps(
        [(v["id"], [node["html"][:200] for node in v["nodes"]]) for v in found], indent=1
    )


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_and_nothing_sticks_out(visit: Open, address: str, state: str) -> None:
    page = visit(address, width=320)
    expect(page.locator(".check p").first).to_be_visible()
    STATES[state](page)
    for width, _ in each_look(page):
        sound(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_axe_finds_nothing_in_english(visit: Open, serve: Serve, register: Register) -> None:
    page = visit(serve(auditor_app(register, language="en")) + "/auditeur/")
    press(page, "Show")
    expect(page.locator("#status")).to_contain_text("25 entries shown")
    page.locator("#listing tbody button").first.click()
    expect(page.get_by_role("heading", name="What was answered")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    sound(page)


# -- by keyboard, by hand, by spite


def tab_to(page: Page, name: str, limit: int = 40) -> None:
    for _ in range(limit):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText"
        )
        if focused == name:
            return
    pytest.fail(f"{name} cannot be reached by the Tab key")


def test_a_whole_reading_by_keyboard(visit: Open, address: str) -> None:
    page = visit(address)
    expect(page.locator(".check p").first).to_be_visible()
    tab_to(page, "Aller au contenu")
    tab_to(page, "Afficher")
    page.keyboard.press("Enter")
    expect(page.locator("#listing tbody tr")).to_have_count(25)
    number = page.locator("#listing tbody button").first.get_attribute("aria-label") or ""
    tab_to(page, number)
    page.keyboard.press("Enter")
    expect(page.locator("#entry h2")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("link", name="Retour à la liste")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=number)).to_be_focused()
    tab_to(page, "Plus anciennes", limit=120)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Plus récentes")).to_be_visible()


def test_the_back_button_of_the_browser_goes_back_to_the_list(visit: Open, address: str) -> None:
    page = visit(address)
    opened(page)
    page.go_back()
    expect(page.locator("#listing table")).to_be_visible()
    expect(page.locator("#entry")).to_be_hidden()
    page.reload()
    expect(page.locator("#find-form")).to_be_visible()


def test_a_status_is_announced_once(visit: Open, address: str) -> None:
    page = visit(address)
    expect(page.locator(".check p").first).to_be_visible()
    page.evaluate(
        """() => { window.said = [];
        const region = document.querySelector('[role=status].unseen');
        new MutationObserver(() => window.said.push(region.textContent)).observe(
          region, { childList: true, characterData: true, subtree: true }); }"""
    )
    press(page, "Vérifier maintenant")
    expect(page.locator(".check")).to_have_attribute("data-holds", "yes")
    told(page, "Vérification faite")
    said = page.evaluate("window.said")
    assert [words for words in said if "Vérification faite" in words] == said[-1:]


def test_two_auditors_rate_an_answer_of_two_sentences_and_disagree(
    visit: Open, serve: Serve, tmp_path: Path
) -> None:
    """By keyboard from the choice to the button; the second sees nothing of the first."""
    with early(tmp_path).open() as register:
        for act in range(3):
            enter(register, Asked(question=f"Question {act} ?", act=act, also=(1,)))
        first = visit(serve(auditor_app(register)) + "/auditeur/")
        second = visit(serve(auditor_app(register, person=SECOND)) + "/auditeur/")
        expect(first.locator(".check p").first).to_be_visible()
        view(first, "Échantillon")
        expect(first.locator("#sample-form")).to_contain_text("50 / 81 / 95 questions parmi")
        first.get_by_label("Combien").fill("3")
        press(first, "Tirer au sort")
        twice = first.locator("#drawn p button")
        expect(twice).to_have_count(1)
        first.on("dialog", lambda dialog: pytest.fail(dialog.message))
        twice.click()
        expect(first.locator("#entry h2")).to_be_focused()
        press(first, "Inscrire mon avis")  # nothing is chosen: the browser names the first choice
        expect(first.locator("#entry input:focus")).to_have_attribute("name", re.compile("said-"))
        for key in ("ArrowRight", "ArrowLeft"):  # the first choice, without a mouse
            first.keyboard.press(key)
        expect(first.get_by_label("juste", exact=True).first).to_be_checked()
        rate(first)
        press(first, "Inscrire mon avis")
        told(first, "Avis inscrit à l'entrée")
        assert sum(e.kind is Kind.REVIEW for e in register.entries()) == 1
        number = first.locator('#drawn dt:has-text("Inscrit à l\'entrée") + dd').inner_text()

        expect(second.locator(".check p").first).to_be_visible()
        view(second, "Échantillon")
        second.get_by_text("Refaire un tirage inscrit").click()
        second.get_by_label("Entrée du tirage n°").fill(number)
        press(second, "Refaire ce tirage")
        second.locator("#drawn p button").click()
        entry = second.locator("#entry")
        expect(entry).to_contain_text(
            "1 avis d'un autre auditeur, montré une fois le vôtre inscrit"
        )
        expect(entry.locator(".badge.mark-right")).to_have_count(0)
        rate(second, "fausse")
        press(second, "Inscrire mon avis")
        expect(entry.locator(".badge.mark-right")).to_have_count(1)
        expect(entry.locator(".badge.mark-wrong")).to_have_count(1)

        second.get_by_role("link", name="Retour à l'échantillon").click()
        view(second, "Statistiques")
        press(second, "Compter")
        report = second.locator("#report")
        expect(report).to_contain_text("1 sur 1 (intervalle à 95 % : 2 à 100 %)")
        expect(report).to_contain_text("Il reste 2 questions à noter")
        expect(report).to_contain_text("même avis 1 sur 2, kappa de Cohen : trop peu")
        sound(second)
        disputed = report.locator("p", has_text="encore en désaccord").get_by_role("button")
        expect(disputed).to_have_count(1)
        disputed.click()
        expect(entry.get_by_role("heading", name="Votre avis")).to_be_visible()
        sound(second)


def test_a_double_click_enters_one_mark(visit: Open, address: str, register: Register) -> None:
    page = visit(address)
    opened(page)
    before = sum(e.kind is Kind.REVIEW for e in register.entries())
    rate(page)
    page.get_by_role("button", name="Inscrire mon avis").dblclick()
    told(page, "Avis inscrit")
    page.wait_for_timeout(500)
    assert sum(e.kind is Kind.REVIEW for e in register.entries()) == before + 1


def test_hostile_words_show_as_text(visit: Open, address: str) -> None:
    page = visit(address)
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    listed(page)
    row = page.locator("#listing tr", has_text="onerror")
    expect(row).to_contain_text(HOSTILE)
    row.get_by_role("button").click()
    expect(page.locator("#entry .words").first).to_have_text(HOSTILE)
    expect(page.locator("#entry img, #listing img")).to_have_count(0)


def test_two_auditors_see_their_own_desk(visit: Open, address: str) -> None:
    first, second = visit(address), visit(address)
    opened(first)
    drawn(second)
    expect(first.locator("#drawn table")).to_have_count(0)
    expect(second.locator("#entry article")).to_have_count(0)


def test_the_browser_keeps_nothing(visit: Open, address: str) -> None:
    page = visit(address)
    opened(page)
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "cantine" not in kept and "déchèterie" not in kept
    page.reload()
    expect(page.locator("#entry article")).to_have_count(0)


def test_a_long_register_is_read_page_by_page(visit: Open, serve: Serve, tmp_path: Path) -> None:
    home = early(tmp_path)
    with home.open() as register:
        for start in range(0, 20_000, 5_000):
            register.append_many([
                AuditRecord(kind=Kind.INTENT, payload={"question": f"Question {start + n} ?"})
                for n in range(5_000)
            ])  # fmt: skip
        page = visit(serve(auditor_app(register)) + "/auditeur/")
        listed(page)
        expect(page.locator("#listing")).to_contain_text("Question 19999")
        press(page, "Plus anciennes")
        expect(page.locator("#listing")).to_contain_text("Question 19974")
        assert len(page.content()) < 400_000


@pytest.mark.parametrize("width", [320, 1280])
def test_forced_colours_and_large_text_hide_nothing(visit: Open, address: str, width: int) -> None:
    page = visit(address, width=width)
    page.emulate_media(forced_colors="active")
    page.add_style_tag(content="html { font-size: 200% }")
    counted(page)
    expect(page.locator("#report figcaption").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("state", STATES)
def test_every_state_holds_at_200_percent_and_in_forced_colours(
    visit: Open, address: str, state: str
) -> None:
    page = visit(address, width=640)
    expect(page.locator(".check p").first).to_be_visible()
    STATES[state](page)
    holds_at_200_percent(page)
    holds_in_forced_colours(page)
    sound(page)


def test_the_kit_and_a_checkpoint_are_taken_by_keyboard(visit: Open, address: str) -> None:
    page = visit(address)
    expect(page.locator(".check p").first).to_be_visible()
    tab_to(page, "Export")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Export")).to_be_focused()
    for name, file in (
        ("Prendre le kit de vérification", "kit-de-verification-"),
        ("Prendre un point de contrôle", "point-de-controle-"),
    ):
        tab_to(page, name)
        with page.expect_download() as waiting:
            page.keyboard.press("Enter")
        assert waiting.value.suggested_filename.startswith(file)


@pytest.mark.parametrize("state", ["verified", "list", "entry", "other", "sample", "statistics"])
def test_what_is_printed_is_the_register_without_its_buttons(
    visit: Open, address: str, state: str
) -> None:
    page = visit(address)
    expect(page.locator(".check p").first).to_be_visible()
    STATES[state](page)
    holds_on_paper(page)
    for left_out in ("#filter", "#check-form form", "#views", ".around", ".pager"):
        for one in page.locator(left_out).all():
            expect(one).to_be_hidden()
