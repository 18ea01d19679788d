# SPDX-License-Identifier: EUPL-1.2
"""Every look that a page must bear: as wide as a desk's screen or a phone's, light and dark, and
on paper, zoomed in, in forced colours."""

from __future__ import annotations

import json
from collections.abc import Iterator

from playwright.sync_api import Page

LOOKS = tuple((width, dark) for width in (1280, 375, 320) for dark in (False, True))


def each_look(page: Page) -> Iterator[tuple[int, bool]]:
    """Show the page as it stands in one look after the other, then as it was."""
    size = page.viewport_size
    for width, dark in LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.evaluate("Promise.all(document.getAnimations().map(one => one.finished))")
        yield width, dark
    page.emulate_media(color_scheme=None)
    if size:
        page.set_viewport_size(size)


ZOOMED = {"width": 640, "height": 400}
"""A desk's screen at 200 %: half as many CSS pixels either way."""

LOST = """() => {
    const shown = (one) => one.checkVisibility({visibilityProperty: true}) && one.innerText;
    const all = [...document.body.querySelectorAll('*')].filter(shown);
    const named = (one) => one.outerHTML.slice(0, 120);
    const look = (one) => getComputedStyle(one);
    const bar = (one) => ['fixed', 'sticky'].includes(look(one).position);
    return {
        beside: document.documentElement.scrollWidth - innerWidth,
        covering: all.filter(bar).filter(one => one.offsetHeight > innerHeight / 2).map(named),
        cut: all.filter(one => look(one).overflowY === 'hidden' && look(one).clipPath === 'none')
            .filter(one => one.clientHeight > 1 && one.scrollHeight > one.clientHeight + 4)
            .map(named),
    };
}"""

FORCED = """() => [...document.querySelectorAll('button, input, select, textarea, a.download')]
    .filter(one => one.checkVisibility({visibilityProperty: true}) && one.offsetWidth > 2)
    .filter(one => !one.matches('[type=radio], [type=checkbox], [type=file], [type=hidden]'))
    .filter(one => {
        const look = getComputedStyle(one);
        return parseFloat(look.borderTopWidth) === 0 && parseFloat(look.borderBottomWidth) === 0
            && !look.textDecorationLine.includes('underline');
    })
    .map(one => one.outerHTML.slice(0, 120))"""


def holds_at_200_percent(page: Page) -> None:
    """Zoom in on what stands there: nothing lies beside, nothing is cut, no bar covers the half."""
    page.set_viewport_size(ZOOMED)
    told = page.evaluate(LOST)
    wrong = {what: found for what, found in told.items() if found and found != 0}
    assert not wrong, json.dumps(wrong, ensure_ascii=False, indent=1)


def holds_in_forced_colours(page: Page) -> None:
    """Show it in the colours of the system: what can be pressed or filled in is still marked."""
    page.emulate_media(forced_colors="active")
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    unmarked = page.evaluate(FORCED)
    assert not unmarked, "\n".join(unmarked)


PAPER = {"width": 718, "height": 1047}
"""A sheet of A4 between its margins, in CSS pixels."""

LEFT_OUT = (
    "nav, form, fieldset, button:not(.link), .button, .small-button, summary, .skip, .buttons, "
    ".take"
)
"""What only somebody at a screen can use."""

TEXTS = """(leftOut) => {
    const words = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const inside = walker.currentNode.parentElement, said = walker.currentNode.data.trim();
        if (!said || inside.closest('script, style, .unseen, .status')) continue;
        if (leftOut && inside.closest(leftOut)) continue;
        if (leftOut && inside.matches('section:has(> form) > h3')) continue; // the form's title
        if (inside.checkVisibility({visibilityProperty: true})) words.push(said);
    }
    return words;
}"""

ON_PAPER = """() => {
    const light = (colour) => {
        const [red, green, blue, alpha = 1] = colour.match(/[\\d.]+/g).map(Number);
        return alpha < 0.3 ? null : (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
    };
    const shown = [document.documentElement, ...document.body.querySelectorAll('*')]
        .filter(one => one.checkVisibility({visibilityProperty: true}));
    const named = (one) => one.outerHTML.slice(0, 120);
    const wordy = (one) => [...one.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    const style = (one) => getComputedStyle(one);
    const rows = shown.filter(one => !one.closest('.unseen'));
    return {
        ways: shown.filter(one => one.matches('nav, .skip')).map(named),
        dark: rows.filter(one => one.innerText && (light(style(one).backgroundColor) ?? 1) < 0.6)
            .map(named),
        pale: rows.filter(wordy).filter(one => light(style(one).color) > 0.6).map(named),
        cut: rows.filter(one => style(one).overflowX !== 'visible'
            && one.scrollWidth > one.clientWidth + 1 && one.innerText).map(named),
        beside: document.documentElement.scrollWidth - innerWidth,
    };
}"""


def holds_on_paper(page: Page) -> None:
    """Print what stands there, from a dark screen: the ways to other pages are gone, nothing is
    dark, pale, cut or beside the sheet, and each word that was read is there."""
    page.emulate_media(color_scheme="dark")
    read = page.evaluate(TEXTS, LEFT_OUT)
    assert read
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size(PAPER)
    printed = page.evaluate(TEXTS, "")
    told = page.evaluate(ON_PAPER) | {"lost": [words for words in read if words not in printed]}
    wrong = {what: found for what, found in told.items() if found}
    assert not wrong, json.dumps(wrong, ensure_ascii=False, indent=1)
