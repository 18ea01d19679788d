# SPDX-License-Identifier: EUPL-1.2
"""Every look that a page must bear: as wide as a desk's screen or a phone's, light and dark."""

from __future__ import annotations

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
