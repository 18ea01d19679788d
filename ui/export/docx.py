# SPDX-License-Identifier: EUPL-1.2
"""Office Open XML text (DOCX), written by hand: five small files and no library.

Real styles (Title, Heading 1, Quote), so that a screen reader finds its way and Word's own
navigation works; the language is said; nothing points to another file or address.
"""

from __future__ import annotations

from ui.export.content import Content, Grid, Paragraph, Style
from ui.export.package import escape, packed, quoteattr

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_CORE = "application/vnd.openxmlformats-package.core-properties+xml"
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_CUSTOM = "application/vnd.openxmlformats-officedocument.custom-properties+xml"

_BULLET = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'

STYLES = {
    Style.TITLE: "Title",
    Style.HEADING: "Heading1",
    Style.BODY: "Normal",
    Style.QUOTE: "Quote",
    Style.ITEM: "ListBullet",
    Style.SIGN: "AISign",
    Style.MARK: "AIMark",
}


def write_docx(content: Content) -> bytes:
    """Return the content as the bytes of a DOCX file."""
    return packed(
        (name, _HEAD + text, True)
        for name, text in (
            ("[Content_Types].xml", _types()),
            ("_rels/.rels", _relations()),
            ("word/_rels/document.xml.rels", _document_relations()),
            ("word/document.xml", _document(content)),
            ("word/styles.xml", _styles(content.language)),
            ("word/numbering.xml", _numbering()),
            ("docProps/core.xml", _core(content)),
            ("docProps/custom.xml", _custom(content)),
        )
    )


def _document(content: Content) -> str:
    body = "".join(
        _table(part) if isinstance(part, Grid) else _paragraph(part, content.icon)
        for part in content.whole
    )
    page = (
        '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" '
        'w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
    )
    return f'<w:document xmlns:w="{_W}"><w:body>{body}{page}</w:body></w:document>'


def _paragraph(paragraph: Paragraph, icon: str) -> str:
    boxed = '<w:rPr><w:b/><w:bdr w:val="single" w:sz="12" w:space="0" w:color="auto"/></w:rPr>'
    first = (
        f'<w:r>{boxed}<w:t xml:space="preserve"> {escape(icon)} </w:t></w:r>'
        '<w:r><w:t xml:space="preserve">  </w:t></w:r>'
        if paragraph.style is Style.SIGN
        else ""
    )
    lines = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in paragraph.lines
    )
    style = STYLES[paragraph.style]
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{first}<w:r>{lines}</w:r></w:p>'


WIDTH = 9_638
"""Between the margins, in twentieths of a point."""


def _table(grid: Grid) -> str:
    """Return a table; its first row is repeated on each page, and read as names of columns."""
    columns = len(grid.rows[0])
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="8A929E"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    head = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
    rows = "".join(
        f"<w:tr>{head if grid.is_named and not place else ''}"
        f"{''.join(_cell(cell, WIDTH // columns, grid.is_named and not place) for cell in row)}"
        "</w:tr>"
        for place, row in enumerate(grid.rows)
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{WIDTH}" w:type="dxa"/>'
        f"<w:tblBorders>{edges}</w:tblBorders>"
        f'<w:tblLook w:firstRow="{int(grid.is_named)}" w:firstColumn="1"/></w:tblPr><w:tblGrid>'
        f'{f"""<w:gridCol w:w="{WIDTH // columns}"/>""" * columns}</w:tblGrid>{rows}</w:tbl>'
        f'<w:p><w:pPr><w:pStyle w:val="{STYLES[Style.BODY]}"/></w:pPr></w:p>'
    )


def _cell(words: str, width: int, is_name: bool) -> str:
    bold = "<w:rPr><w:b/></w:rPr>" if is_name else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p><w:r>{bold}'
        f'<w:t xml:space="preserve">{escape(words)}</w:t></w:r></w:p></w:tc>'
    )


def _styles(language: str) -> str:
    def style(name: str, shown: str, paragraph: str, letters: str) -> str:
        default = ' w:default="1"' if name == "Normal" else ""
        based = "" if name == "Normal" else '<w:basedOn w:val="Normal"/>'
        return (
            f'<w:style w:type="paragraph"{default} w:styleId="{name}"><w:name w:val="{shown}"/>'
            f"{based}<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{letters}</w:rPr></w:style>"
        )

    spaced = '<w:spacing w:before="{}" w:after="120" w:line="276" w:lineRule="auto"/>'
    edge = '<w:pBdr><w:left w:val="single" w:sz="12" w:space="8" w:color="175E5B"/></w:pBdr>'
    return (
        f'<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr>'
        '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri"/><w:sz w:val="22"/>'
        f'<w:lang w:val="{"fr-FR" if language == "fr" else "en-GB"}"/>'
        "</w:rPr></w:rPrDefault></w:docDefaults>"
        + style("Normal", "Normal", spaced.format(0), "")
        + style("Title", "Title", spaced.format(0), '<w:b/><w:sz w:val="32"/>')
        + style(
            "Heading1", "heading 1",
            f'<w:keepNext/>{spaced.format(280)}<w:outlineLvl w:val="0"/>',
            '<w:b/><w:sz w:val="26"/>',
        )
        + style("Quote", "Quote", f'{edge}{spaced.format(60)}<w:ind w:left="340"/>', "<w:i/>")
        + style("ListBullet", "List Bullet", f"{_BULLET}{spaced.format(0)}", "")
        + style("AISign", "AI sign", spaced.format(0), "<w:b/>")
        + style("AIMark", "AI mark", spaced.format(0), '<w:color w:val="545D6B"/>')
        + "</w:styles>"
    )  # fmt: skip


def _numbering() -> str:
    """Return what makes an item one of a list, for people and for screen readers."""
    return (
        f'<w:numbering xmlns:w="{_W}"><w:abstractNum w:abstractNumId="0">'
        '<w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:ind w:left="397" w:hanging="284"/></w:pPr></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )


def _types() -> str:
    parts = {
        "/word/document.xml": f"{_WORD}.document.main+xml",
        "/word/styles.xml": f"{_WORD}.styles+xml",
        "/word/numbering.xml": f"{_WORD}.numbering+xml",
        "/docProps/core.xml": _CORE,
        "/docProps/custom.xml": _CUSTOM,
    }
    overrides = "".join(
        f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts.items()
    )
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations() -> str:
    core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    return _related(
        (f"{_OFFICE}/relationships/officeDocument", "word/document.xml"),
        (core, "docProps/core.xml"),
        (f"{_OFFICE}/relationships/custom-properties", "docProps/custom.xml"),
    )


def _document_relations() -> str:
    return _related(
        (f"{_OFFICE}/relationships/styles", "styles.xml"),
        (f"{_OFFICE}/relationships/numbering", "numbering.xml"),
    )


def _related(*targets: tuple[str, str]) -> str:
    each = "".join(
        f'<Relationship Id="r{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_R}">{each}</Relationships>'


def _core(content: Content) -> str:
    return (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
        'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(content.title)}</dc:title>"
        f"<dc:creator>{escape(content.producer)}</dc:creator>"
        f"<dc:description>{escape(content.mark)}</dc:description>"
        f"<dc:language>{content.language}</dc:language>"
        f"<cp:keywords>{escape(content.keywords)}</cp:keywords>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{content.moment}</dcterms:created>'
        "</cp:coreProperties>"
    )


def _custom(content: Content) -> str:
    """Properties of its own, for programs that look for the marks."""
    each = "".join(
        f'<property fmtid="{_FORMAT}" pid="{number}" name={quoteattr(name)}>{_typed(value)}'
        "</property>"
        for number, (name, value) in enumerate(content.properties.items(), start=2)
    )
    return (
        f'<Properties xmlns="{_OFFICE}/custom-properties" xmlns:vt="{_OFFICE}/docPropsVTypes">'
        f"{each}</Properties>"
    )


def _typed(value: str | bool) -> str:
    if isinstance(value, bool):
        return f"<vt:bool>{str(value).lower()}</vt:bool>"
    return f"<vt:lpwstr>{escape(value)}</vt:lpwstr>"
