# SPDX-License-Identifier: EUPL-1.2
"""Text of a PDF page that nobody sees: taken out before the page is read.

Invisible (render mode 3) on a page without a picture, smaller than 2 points, or as light as
the paper behind it. Invisible text over a picture is the layer that a scanner adds: it stays.
White letters on a dark ground are seen: where a page has some, its picture decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from ctypes import byref, c_float, c_uint

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from numpy.typing import NDArray

MIN_POINTS = 2.0
LIGHT = 245
"""A letter's grey level from which it is not told from white paper."""

INK = 24
"""How much darker than the lightest the darkest pixel of seen text is, at least."""

MAX_OBJECTS = 20_000


def remove_hidden_text(page: pdfium.PdfPage, *, has_picture: bool) -> int:
    """Take hidden text out of a page in memory; return how many pieces were taken."""
    suspects = [
        (handle, certain)
        for handle in _text_objects(page)
        if (certain := _looks_hidden(handle, page, has_picture=has_picture)) is not None
    ]
    light = [handle for handle, certain in suspects if not certain]
    grey = page.render(scale=1, grayscale=True).to_numpy().squeeze() if light else None
    removed = 0
    for handle, certain in suspects:
        if certain or (grey is not None and not _is_seen(handle, page, grey)):
            removed += bool(pdfium_c.FPDFPage_RemoveObject(page, handle))
    return removed


def _text_objects(page: pdfium.PdfPage) -> Iterator[pdfium_c.FPDF_PAGEOBJECT]:
    for index in range(min(pdfium_c.FPDFPage_CountObjects(page), MAX_OBJECTS)):
        handle = pdfium_c.FPDFPage_GetObject(page, index)
        if pdfium_c.FPDFPageObj_GetType(handle) == pdfium_c.FPDF_PAGEOBJ_TEXT:
            yield handle


def _looks_hidden(
    handle: pdfium_c.FPDF_PAGEOBJECT, page: pdfium.PdfPage, *, has_picture: bool
) -> bool | None:
    """Return true if hidden for certain, false if light, nothing if plain to see."""
    if pdfium_c.FPDFTextObj_GetTextRenderMode(handle) == pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE:
        return None if has_picture else True
    if _points(handle) < MIN_POINTS:
        return True
    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint()
    if pdfium_c.FPDFPageObj_GetFillColor(
        handle, byref(red), byref(green), byref(blue), byref(alpha)
    ) and (min(red.value, green.value, blue.value) >= LIGHT or alpha.value < 16):
        return False
    return None


def _points(handle: pdfium_c.FPDF_PAGEOBJECT) -> float:
    """Return the size of the letters as drawn: the font's size times the text's scale."""
    size, matrix = c_float(), pdfium_c.FS_MATRIX()
    if not pdfium_c.FPDFTextObj_GetFontSize(handle, byref(size)):
        return MIN_POINTS
    if not pdfium_c.FPDFPageObj_GetMatrix(handle, byref(matrix)):
        return float(size.value)
    scale = max(
        (matrix.a**2 + matrix.b**2) ** 0.5,
        (matrix.c**2 + matrix.d**2) ** 0.5,
    )
    return float(abs(size.value) * scale)


def _is_seen(
    handle: pdfium_c.FPDF_PAGEOBJECT, page: pdfium.PdfPage, grey: NDArray[np.uint8]
) -> bool:
    """Say whether there is any contrast where a light text stands."""
    left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
    if not pdfium_c.FPDFPageObj_GetBounds(
        handle, byref(left), byref(bottom), byref(right), byref(top)
    ):
        return True
    height = grey.shape[0]
    rows = slice(max(0, int(height - top.value)), max(1, int(height - bottom.value) + 1))
    columns = slice(max(0, int(left.value)), max(1, int(right.value) + 1))
    spot = grey[rows, columns]
    return bool(spot.size) and int(spot.max()) - int(spot.min()) >= INK
