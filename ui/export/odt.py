# SPDX-License-Identifier: EUPL-1.2
"""OpenDocument text (ODT), written by hand: five small files and no library.

Headings are headings, the language is said, nothing points to another file or address.
"""

from __future__ import annotations

from ui.export.content import Content, Grid, Paragraph, Style, listed
from ui.export.package import escape, packed

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"
_NS = "urn:oasis:names:tc:opendocument:xmlns:"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACES = " ".join((
    f'xmlns:office="{_NS}office:1.0"', f'xmlns:text="{_NS}text:1.0"',
    f'xmlns:table="{_NS}table:1.0"',
    f'xmlns:style="{_NS}style:1.0"', f'xmlns:fo="{_NS}xsl-fo-compatible:1.0"',
    f'xmlns:meta="{_NS}meta:1.0"', 'xmlns:dc="http://purl.org/dc/elements/1.1/"',
    'office:version="1.3"',
))  # fmt: skip

STYLES = {
    Style.TITLE: "Title",
    Style.HEADING: "Heading_20_1",
    Style.BODY: "Standard",
    Style.QUOTE: "Quotations",
    Style.ITEM: "List_20_Contents",
    Style.SIGN: "AISign",
    Style.MARK: "AIMark",
}
LEVELS = {Style.TITLE: 1, Style.HEADING: 2}


def write_odt(content: Content) -> bytes:
    """Return the content as the bytes of an ODT file."""
    return packed((
        ("mimetype", MEDIA_TYPE, False),  # first and plain: this is how such a file is known
        ("content.xml", _HEAD + _content(content), True),
        ("styles.xml", _HEAD + _styles(content.language), True),
        ("meta.xml", _HEAD + _meta(content), True),
        ("META-INF/manifest.xml", _HEAD + _manifest(), True),
    ))  # fmt: skip


def _content(content: Content) -> str:
    body = "".join(
        _list(some, content.icon) if is_list else "".join(_part(one, content.icon) for one in some)
        for is_list, some in listed(content.whole)
    )
    edges = (
        '<office:automatic-styles><style:style style:name="Cell" style:family="table-cell">'
        '<style:table-cell-properties fo:border="0.5pt solid #8a929e" fo:padding="0.1cm"/>'
        '</style:style><style:style style:name="Name" style:family="paragraph" '
        'style:parent-style-name="Standard"><style:text-properties fo:font-weight="bold"/>'
        "</style:style></office:automatic-styles>"
    )
    return (
        f"<office:document-content {_SPACES}>{edges}<office:body><office:text>{body}"
        "</office:text></office:body></office:document-content>"
    )


def _part(part: Paragraph | Grid, icon: str) -> str:
    return _table(part) if isinstance(part, Grid) else _paragraph(part, icon)


def _list(items: list[Paragraph | Grid], icon: str) -> str:
    each = "".join(f"<text:list-item>{_part(item, icon)}</text:list-item>" for item in items)
    return f'<text:list text:style-name="Items">{each}</text:list>'


def _paragraph(paragraph: Paragraph, icon: str) -> str:
    lines = "<text:line-break/>".join(map(_spaced, paragraph.lines))
    style, level = STYLES[paragraph.style], LEVELS.get(paragraph.style)
    if level:
        return f'<text:h text:style-name="{style}" text:outline-level="{level}">{lines}</text:h>'
    if paragraph.style is Style.SIGN:
        lines = f'<text:span text:style-name="AIIcon">{escape(icon)}</text:span> {lines}'
    return f'<text:p text:style-name="{style}">{lines}</text:p>'


def _table(grid: Grid) -> str:
    """Return a table, with its names of columns as a header that is repeated on each page."""
    first, *others = [_row(row, "Standard") for row in grid.rows]
    if grid.is_named:
        head = _row(grid.rows[0], "Name")
        first = f"<table:table-header-rows>{head}</table:table-header-rows>"
    columns = f'<table:table-column table:number-columns-repeated="{len(grid.rows[0])}"/>'
    return f"<table:table>{columns}{first}{''.join(others)}</table:table>"


def _row(cells: list[str], style: str) -> str:
    each = "".join(
        '<table:table-cell table:style-name="Cell" office:value-type="string">'
        f'<text:p text:style-name="{style}">{_spaced(cell)}</text:p></table:table-cell>'
        for cell in cells
    )
    return f"<table:table-row>{each}</table:table-row>"


def _spaced(line: str) -> str:
    """Keep several spaces and tabulations, which this format would make one space."""
    parts = escape(line).replace("\t", "<text:tab/>").split("  ")
    return "<text:s/> ".join(parts) if len(parts) > 1 else parts[0]


def _styles(language: str) -> str:
    country = "FR" if language == "fr" else "GB"

    def style(name: str, shown: str, paragraph: str, letters: str) -> str:
        parent = "" if name == "Standard" else ' style:parent-style-name="Standard"'
        return (
            f'<style:style style:name="{name}" style:display-name="{shown}" '
            f'style:family="paragraph"{parent}>'
            f"<style:paragraph-properties {paragraph}/><style:text-properties {letters}/>"
            "</style:style>"
        )

    return (
        f"<office:document-styles {_SPACES}><office:styles>"
        '<style:default-style style:family="paragraph"><style:text-properties '
        f'fo:language="{language}" fo:country="{country}" fo:font-size="11pt"/>'
        "</style:default-style>"
        + style("Standard", "Standard", 'fo:margin-bottom="0.25cm" fo:line-height="120%"', "")
        + style("Title", "Title", 'fo:margin-bottom="0.3cm"',
                'fo:font-weight="bold" fo:font-size="16pt"')
        + style("Heading_20_1", "Heading 1", 'fo:margin-top="0.5cm" fo:keep-with-next="always"',
                'fo:font-weight="bold" fo:font-size="13pt"')
        + style("Quotations", "Quotations",
                'fo:margin-left="0.6cm" fo:padding-left="0.3cm" fo:border-left="2pt solid #175e5b"',
                'fo:font-style="italic"')
        + style("List_20_Contents", "List Contents", 'fo:margin-bottom="0.1cm"', "")
        + style("AIMark", "AI mark", 'fo:margin-bottom="0.4cm"', 'fo:color="#545d6b"')
        + style("AISign", "AI sign", 'fo:margin-bottom="0.2cm"', 'fo:font-weight="bold"')
        + '<style:style style:name="AIIcon" style:display-name="AI icon" style:family="text">'
        '<style:text-properties fo:font-weight="bold" fo:border="1.5pt solid #000000" '
        'fo:padding="0.05cm"/></style:style>'
        '<text:list-style style:name="Items"><text:list-level-style-bullet text:level="1" '
        'text:bullet-char="•"/></text:list-style>'
        "</office:styles><office:automatic-styles>"
        '<style:page-layout style:name="A4"><style:page-layout-properties '
        'fo:page-width="21cm" fo:page-height="29.7cm" fo:margin="2cm"/></style:page-layout>'
        "</office:automatic-styles><office:master-styles>"
        '<style:master-page style:name="Standard" style:page-layout-name="A4"/>'
        "</office:master-styles></office:document-styles>"
    )  # fmt: skip


def _meta(content: Content) -> str:
    return (
        f"<office:document-meta {_SPACES}><office:meta>"
        f"<meta:generator>{escape(content.producer)}</meta:generator>"
        f"<dc:title>{escape(content.title)}</dc:title>"
        f"<dc:description>{escape(content.mark)}</dc:description>"
        f"<meta:keyword>{escape(content.keywords)}</meta:keyword>"
        f"<meta:initial-creator>{escape(content.producer)}</meta:initial-creator>"
        f"<dc:creator>{escape(content.producer)}</dc:creator>"
        f"<meta:creation-date>{content.moment}</meta:creation-date>"
        f"<dc:date>{content.moment}</dc:date><dc:language>{content.language}</dc:language>"
        f"{''.join(_property(*told) for told in content.properties.items())}"
        "</office:meta></office:document-meta>"
    )


def _property(name: str, value: str | bool) -> str:
    kind = "boolean" if isinstance(value, bool) else "string"
    words = str(value).lower() if isinstance(value, bool) else value
    return (
        f'<meta:user-defined meta:name="{name}" meta:value-type="{kind}">'
        f"{escape(words)}</meta:user-defined>"
    )


def _manifest() -> str:
    space = f"{_NS}manifest:1.0"
    files = {"/": MEDIA_TYPE} | dict.fromkeys(("content.xml", "styles.xml", "meta.xml"), "text/xml")
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>'
        for name, kind in files.items()
    )
    return (
        f'<manifest:manifest xmlns:manifest="{space}" manifest:version="1.3">'
        f"{entries}</manifest:manifest>"
    )
