# SPDX-License-Identifier: EUPL-1.2
"""Gradio's own parts in the colours of `static/style.css`, which holds both light and dark.

No font is fetched: the stylesheet carries Atkinson Hyperlegible Next (OFL).
"""

from __future__ import annotations

import gradio as gr

FONT = (gr.themes.Font("Atkinson Hyperlegible Next"), "system-ui", "sans-serif")
MONO = ("ui-monospace", "monospace")

COLOURS = {
    "body_background_fill": "var(--paper)",
    "body_text_color": "var(--ink)",
    "body_text_color_subdued": "var(--quiet)",
    "background_fill_primary": "var(--surface)",
    "background_fill_secondary": "var(--paper)",
    "border_color_primary": "var(--line)",
    "border_color_accent": "var(--accent)",
    "block_background_fill": "transparent",
    "block_label_text_color": "var(--ink)",
    "block_title_text_color": "var(--ink)",
    "input_background_fill": "var(--surface)",
    "input_background_fill_focus": "var(--surface)",
    "input_border_color": "var(--edge)",
    "input_border_color_focus": "var(--accent)",
    "input_placeholder_color": "var(--quiet)",
    "button_primary_background_fill": "var(--accent)",
    "button_primary_background_fill_hover": "var(--accent-strong)",
    "button_primary_border_color": "transparent",
    "button_primary_border_color_hover": "transparent",
    "button_primary_text_color": "var(--on-accent)",
    "button_primary_text_color_hover": "var(--on-accent)",
    "button_secondary_background_fill": "var(--surface)",
    "button_secondary_background_fill_hover": "var(--accent-soft)",
    "button_secondary_text_color": "var(--ink)",
    "button_secondary_text_color_hover": "var(--ink)",
    "button_secondary_border_color": "var(--edge)",
    "button_secondary_border_color_hover": "var(--accent)",
    "error_background_fill": "var(--error-soft)",
    "error_text_color": "var(--error)",
}


def theme() -> gr.themes.Base:
    """Return the theme; the dark half says the same, since the stylesheet's colours change."""
    both = COLOURS | {f"{name}_dark": colour for name, colour in COLOURS.items()}
    return gr.themes.Base(font=FONT, font_mono=MONO, text_size="lg").set(
        **both,
        color_accent="var(--accent)",
        block_border_width="0px",
        block_padding="0px",
        block_shadow="none",
        input_shadow="none",
        input_shadow_focus="none",
        button_border_width="1px",
    )
