# SPDX-License-Identifier: EUPL-1.2
"""What docs/accessibility.md says was tried on public pages: their frame, the keyboard, spacing,
and what WCAG 2.2 adds (2.4.11, 2.5.8, 3.3.8).

A program presses the keys of a real browser; what a person or a screen reader would find besides,
it does not tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Page

from tests.assistant.terminal import stand_in
from tests.browser.conftest import Open, Serve
from tests.browser.looks import holds_at_200_percent, holds_in_forced_colours, holds_on_paper
from tests.ui.access.walk import whole_app
from tests.ui.town import ScriptedAssistant, answering
from ui.access import Desk
from ui.access.person import Role

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

pytestmark = [
    pytest.mark.real,
    # Gradio's queue reckons its own waiting times with old ways of pandas.
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]

PAGES = (
    "/accessibilite", "/transparence", "/transparence/ia", "/transparence/comite", "/remarques",
    "/connexion", "/simple",
)  # fmt: skip
WIDTHS = (1280, 375)
MOST_KEYS = 300

FRAME = """() => ({
    kind: document.doctype && document.doctype.name,
    language: document.documentElement.lang,
    title: document.title,
    frames: document.querySelectorAll('iframe, frame, object, embed').length,
    levels: [...document.querySelectorAll('h1, h2, h3, h4')].map(one => Number(one.tagName[1])),
    areas: ['header', 'main', 'footer'].map(one => document.querySelectorAll(one).length),
    foot: document.querySelector('footer').innerText.trim(),
    leads: document.querySelector('footer a').getAttribute('href'),
    languages: [...document.querySelectorAll('a[hreflang], nav a[lang]')].map(
        one => [one.lang, one.textContent.trim()]),
})"""

FOCUS = """() => {
    const one = document.activeElement;
    if (!one || one === document.body || one === document.documentElement) return null;
    const box = one.getBoundingClientRect(), look = getComputedStyle(one);
    const points = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.15], [0.5, 0.85]];
    const seen = points.some(([x, y]) => {
        const there = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
        return there && (one.contains(there) || there.contains(one));
    });
    window.visited = window.visited || [];
    const before = window.visited.at(-1);
    if (one === before && one.matches('audio')) return 'inside';  // a control of its own
    const follows = !before
        || Boolean(before.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
    const again = window.visited.includes(one);
    window.visited.push(one);
    return {
        what: one.outerHTML.slice(0, 120), seen, follows, again, order: one.tabIndex,
        marked: (look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2)
            || look.boxShadow !== 'none',
    };
}"""

MISSED = """() => {
    const wanted = 'a[href], button, input:not([type=hidden]), select, textarea, summary, audio';
    const groups = new Set(window.visited.filter(one => one.type === 'radio').map(one => one.name));
    return [...document.querySelectorAll(wanted)]
        .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.disabled)
        .filter(one => one.tabIndex >= 0 && !window.visited.includes(one))
        .filter(one => !(one.type === 'radio' && groups.has(one.name)))
        .map(one => one.outerHTML.slice(0, 120));
}"""

TARGETS = """() => {
    const wanted = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
    const all = [...document.querySelectorAll(wanted)]
        .filter(one => one.checkVisibility({visibilityProperty: true}))
        .filter(one => !one.matches('.skip'))  // out of sight until it has the focus
        .map(one => ({one, box: one.getBoundingClientRect()}));
    const small = ({box}) => box.width < 24 || box.height < 24;
    const middle = ({box}) => [box.left + box.width / 2, box.top + box.height / 2];
    const inText = ({one}) => getComputedStyle(one).display === 'inline'
        && [...one.parentElement.childNodes].some(
            node => node.nodeType === Node.TEXT_NODE && node.textContent.trim().length > 1);
    const gap = (from, other) => {
        const [x, y] = middle(from), box = other.box;
        if (small(other)) { const [u, v] = middle(other); return Math.hypot(x - u, y - v) - 12; }
        const dx = Math.max(box.left - x, 0, x - box.right);
        const dy = Math.max(box.top - y, 0, y - box.bottom);
        return Math.hypot(dx, dy);
    };
    return all.filter(small).filter(one => !inText(one))
        .filter(one => all.some(other => other !== one && gap(one, other) < 12))
        .map(({one, box}) => `${one.outerHTML.slice(0, 90)} ${box.width}x${box.height}`);
}"""

SPACED = """() => {
    for (const one of document.querySelectorAll('body, body *')) {
        const set = (name, value) => one.style.setProperty(name, value, 'important');
        set('line-height', '1.5');
        set('letter-spacing', '0.12em');
        set('word-spacing', '0.16em');
        if (one.tagName === 'P') set('margin-bottom', '2em');
    }
}"""

CUT = """() => [...document.querySelectorAll('body *')]
    .filter(one => one.checkVisibility({visibilityProperty: true}) && one.innerText)
    .filter(one => !one.closest('.unseen') && one.clientHeight > 0)
    .filter(one => ['hidden', 'clip'].includes(getComputedStyle(one).overflowY))
    .filter(one => one.scrollHeight > one.clientHeight + 1)
    .map(one => one.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def served(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Desk]]:
    with pytest.MonkeyPatch.context() as patch:
        stand_in(patch)
        folder = tmp_path_factory.mktemp("town")
        with whole_app(folder, assistant=ScriptedAssistant(answering)) as (app, desk):
            desk.accounts.add("adele", Role.ADMIN)
            desk.accounts.keep_password("adele", desk.passwords.hash("six mots au hasard"))
            yield serve(app), desk


@pytest.fixture(scope="module")
def address(served: tuple[str, Desk]) -> str:
    return served[0]


@pytest.mark.parametrize("path", PAGES)
def test_the_frame_of_a_public_page(visit: Open, address: str, path: str) -> None:
    told = visit(f"{address}{path}").evaluate(FRAME)
    assert (told["kind"], told["language"], told["frames"]) == ("html", "fr", 0)
    assert len(told["title"]) > 5
    assert told["areas"] == [1, 1, 1]
    assert told["foot"] == "Accessibilité\u00a0: non conforme"
    assert told["leads"] == "/accessibilite?lang=fr"
    levels = told["levels"]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))
    assert all(language for language, _ in told["languages"])


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PAGES)
def test_every_public_page_by_keyboard(visit: Open, address: str, path: str, width: int) -> None:
    """Each thing that can be pressed is reached once, in the order of the page, in sight and
    marked; the keyboard leaves the page at its end."""
    page, reached = loaded(visit(f"{address}{path}", width=width)), 0
    while reached < MOST_KEYS:
        page.keyboard.press("Tab")
        told = page.evaluate(FOCUS)
        if told == "inside":
            continue
        if told is None or told["again"]:
            break
        reached += 1
        assert told["seen"], told["what"]
        assert told["marked"], told["what"]
        assert told["follows"], told["what"]
        assert told["order"] == 0, told["what"]
    assert 0 < reached < MOST_KEYS
    assert page.evaluate(MISSED) == []


@pytest.mark.parametrize("path", [path for path in PAGES if path != "/connexion"])
def test_the_first_key_leads_to_the_content(visit: Open, address: str, path: str) -> None:
    page = visit(f"{address}{path}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.skip')")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'main'")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PAGES)
def test_what_is_pressed_is_large_enough(visit: Open, address: str, path: str, width: int) -> None:
    """24 pixels a side, or so far from the others; a link inside a sentence is as large as it."""
    page = loaded(visit(f"{address}{path}", width=width))
    assert page.evaluate(TARGETS) == []


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("path", PAGES)
def test_spaced_text_is_not_cut(visit: Open, address: str, path: str, width: int) -> None:
    page = loaded(visit(f"{address}{path}", width=width))
    page.evaluate(SPACED)
    assert page.evaluate(CUT) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("path", PAGES)
def test_a_public_page_holds_at_200_percent_and_in_forced_colours(
    visit: Open, address: str, path: str
) -> None:
    page = loaded(visit(f"{address}{path}", width=640))
    holds_at_200_percent(page)
    holds_in_forced_colours(page)
    found = axe.Axe().run(page).response["violations"]
    assert [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found] == []


@pytest.mark.parametrize("path", [page for page in PAGES if page not in {"/simple", "/connexion"}])
def test_a_public_page_is_printed_whole(visit: Open, address: str, path: str) -> None:
    holds_on_paper(loaded(visit(f"{address}{path}")))


def test_a_password_may_be_pasted_and_filled_in_by_a_program(
    visit: Open, served: tuple[str, Desk]
) -> None:
    address, desk = served
    desk.accounts.add("nina", Role.AGENT)
    link = desk.links.make("nina")
    for path, wanted in (
        ("/connexion", ["username", "current-password"]),
        (f"/bienvenue/{link}", ["new-password", "new-password"]),
    ):
        page = visit(f"{address}{path}")
        fields = page.locator("form input:not([type=hidden])")
        assert [one.get_attribute("autocomplete") for one in fields.all()] == wanted
        for one in fields.all():
            assert one.evaluate(
                "field => field.dispatchEvent(new ClipboardEvent("
                "'paste', {bubbles: true, cancelable: true}))"
            )
        assert page.locator("img, canvas, audio, iframe").count() == 0  # no puzzle


def loaded(page: Page) -> Page:
    page.wait_for_load_state()
    page.evaluate("document.fonts.ready")
    return page
