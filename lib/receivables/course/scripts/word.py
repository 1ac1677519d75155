"""A paper as a Word file (.docx): A4, running head, page numbers."""

from __future__ import annotations

import io
from collections.abc import Sequence

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from receivables.course.scripts.lines import clean
from receivables.course.scripts.paper import Block, Fields, Head, Items, Paper, Para, Said, Sign, Table
from receivables.course.scripts.words import words

FONT = "Microsoft YaHei"
_BRAND, _SOFT = RGBColor(0x0B, 0x5C, 0x6B), RGBColor(0x5B, 0x67, 0x73)
_WIDTH = 170  # mm between the margins of A4
_SIDES = {"right": WD_ALIGN_PARAGRAPH.RIGHT, "centre": WD_ALIGN_PARAGRAPH.CENTER}
_STYLES = {"Normal": 10.5, "Title": 20, "Heading 1": 15, "Heading 2": 12.5, "Heading 3": 11, "List Bullet": 10.5,
           "List Number": 10.5}


def new_document():
    """An empty A4 document in the course's font, East Asian text included."""
    document = Document()
    for name, size in _STYLES.items():
        style = document.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for part in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
            fonts.set(qn(part), FONT)
        for part in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(part), None)
        if name.startswith("Heading"):
            style.font.color.rgb, style.font.bold = _BRAND, True
    language = document.styles["Normal"].element.get_or_add_rPr()
    lang = OxmlElement("w:lang")
    lang.set(qn("w:val"), "en-US")  # of figures and Latin words: as Chinese they would break anywhere
    lang.set(qn("w:eastAsia"), "zh-CN")
    language.append(lang)
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm((210 - _WIDTH) / 2)
    page.top_margin, page.bottom_margin = Mm(20), Mm(18)
    document.styles["Normal"].paragraph_format.space_after = Pt(4)
    document.styles["Normal"].paragraph_format.line_spacing = 1.25
    return document


def to_docx(paper: Paper) -> bytes:
    """The paper as the bytes of a Word file.

    >>> to_docx(Paper("函", (Para("您好"),)))[:2]
    b'PK'
    """
    document = new_document()
    document.core_properties.title, document.core_properties.author = clean(paper.title)[:255], clean(paper.running)[:255]
    _running(document, paper)
    title = document.add_heading(clean(paper.title), 0)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if title._p.pPr is not None:
        for border in title._p.pPr.findall(qn("w:pBdr")):
            title._p.pPr.remove(border)
    if paper.cover:
        title.paragraph_format.space_before, title.runs[0].font.size = Pt(150), Pt(32)
        for line in paper.cover:
            made = document.add_paragraph(clean(line))
            made.alignment = WD_ALIGN_PARAGRAPH.CENTER
            made.runs[0].font.size = Pt(13)
        for number, chapter in enumerate(paper.chapters, 1):
            made = document.add_paragraph(f"{number}　{clean(chapter)}")
            made.paragraph_format.left_indent = Mm(45)
            made.paragraph_format.space_before = Pt(40 if number == 1 else 0)
    for number, (block, following) in enumerate(zip(paper.blocks, (*paper.blocks[1:], None), strict=True)):
        _block(document, block, number)
        if isinstance(block, Para) and (block.style == "lead" or isinstance(following, Head)):  # what leads up to words
            document.paragraphs[-1].paragraph_format.keep_with_next = True  # does not end a page without them
        if isinstance(block, Table | Fields) and not isinstance(following, Head):
            _gap(document)  # not before a heading: at the foot of a page it would make an empty one
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _running(document, paper: Paper) -> None:
    section = document.sections[0]
    head = section.header.paragraphs[0]
    head.text, head.alignment = clean(paper.running), WD_ALIGN_PARAGRAPH.RIGHT
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    before, after = words().letters["page"].split("{page}")
    foot.add_run(f"{clean(paper.foot)}{'　' if paper.foot else ''}{before}")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    field.append(OxmlElement("w:r"))
    number = OxmlElement("w:t")
    number.text = "1"
    field[0].append(number)
    foot._p.append(field)
    foot.add_run(after)
    for name in ("Header", "Footer"):  # by style: the page number is a field, no run of ours
        document.styles[name].font.size, document.styles[name].font.color.rgb = Pt(8.5), _SOFT


def _block(document, block: Block, number: int) -> None:
    match block:
        case Head(text, level, fresh):
            made = document.add_heading(clean(text), level)
            made.paragraph_format.page_break_before = fresh
        case Para(text, style):
            _para(document, clean(text), style)
        case Items(lines, kind, start):
            _items(document, lines, kind, start)
        case Fields(pairs):
            _fields(document, pairs)
        case Sign(parties):
            _sign(document, parties)
        case Said(text, note):
            _said(document, clean(text), clean(note), number)
        case Table():
            _table(document, block)


def _para(document, text: str, style: str) -> None:
    made = document.add_paragraph(text)
    made.alignment = _SIDES.get(style)
    for run in made.runs:
        if style == "small":
            run.font.size, run.font.color.rgb = Pt(8.5), _SOFT
        run.bold = style == "strong"
    if style == "lead":
        _edge(made, shade="E9F3F4")


def _edge(paragraph, *, shade: str) -> None:
    """A coloured bar to the left of a paragraph, on a wash."""
    properties = paragraph._p.get_or_add_pPr()
    borders = OxmlElement("w:pBdr")
    left = OxmlElement("w:left")
    for name, value in (("val", "single"), ("sz", "24"), ("space", "8"), ("color", "0B5C6B")):
        left.set(qn(f"w:{name}"), value)
    borders.append(left)
    wash = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", shade)):
        wash.set(qn(f"w:{name}"), value)
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
    properties.insert_element_before(wash, "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
    paragraph.paragraph_format.left_indent = Mm(4)


def _items(document, lines: Sequence[str], kind: str, start: int) -> None:
    """Numbers are written out: Word's own would run on through the whole document."""
    hang = 8 if kind == "number" else 6  # room for two figures
    for number, line in enumerate(lines, start):
        mark = {"bullet": "·", "number": f"{number}.", "tick": "□"}[kind]
        made = document.add_paragraph(f"{mark}\t{clean(line)}")
        made.paragraph_format.left_indent, made.paragraph_format.first_line_indent = Mm(hang + 1), Mm(-hang)
        made.paragraph_format.space_after = Pt(2)


def _fields(document, pairs: Sequence[tuple[str, str]]) -> None:
    table = document.add_table(rows=0, cols=2)
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    widths = (_WIDTH * 0.2, _WIDTH * 0.8)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for name, value in pairs:
        cells = table.add_row().cells
        _cell(cells[0], name, width=widths[0], soft=True)
        _cell(cells[1], value, width=widths[1])
        _underline(cells[1])


def _gap(document) -> None:
    """A little room after a table, where Word wants a paragraph."""
    made = document.add_paragraph()
    made.paragraph_format.space_after, made.paragraph_format.line_spacing = Pt(0), Pt(7)


def _underline(cell) -> None:
    borders = OxmlElement("w:tcBorders")
    bottom = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "4"), ("color", "B9C3CC")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    cell._tc.get_or_add_tcPr().append(borders)


def _cell(cell, text: str, *, width: float, bold: bool = False, soft: bool = False, right: bool = False,
          size: float = 10.5) -> None:
    cell.width = Mm(width)
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(1)
    paragraph.paragraph_format.line_spacing = 1.1
    run = paragraph.add_run(clean(text))
    run.font.size, run.bold = Pt(size), bold
    if soft:
        run.font.color.rgb = _SOFT
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _table(document, block: Table) -> None:
    table = document.add_table(rows=0, cols=len(block.head))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    widths = [_WIDTH * weight / sum(block.weights) for weight in block.weights]
    size = 8.5 if len(block.head) > 6 else 9.5
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for number, cells in enumerate((block.head, *block.rows)):
        row = table.add_row()
        bold = number == 0 or (block.total and number == len(block.rows))
        for place, text in enumerate(cells):
            _cell(row.cells[place], text, width=widths[place], bold=bold, right=place in block.right, size=size)
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if number == 0:
            properties.append(OxmlElement("w:tblHeader"))
            for cell in row.cells:
                wash = OxmlElement("w:shd")
                wash.set(qn("w:val"), "clear")
                wash.set(qn("w:fill"), "E9F3F4")
                cell._tc.get_or_add_tcPr().append(wash)
        elif block.tall:
            row.height = Mm(8.5)
        if block.tall:  # a form to fill by hand stays on one page
            for cell in row.cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True


def _sign(document, parties: Sequence[Sequence[str]]) -> None:
    table = document.add_table(rows=1, cols=len(parties))
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell, lines in zip(table.rows[0].cells, parties, strict=True):
        cell.width = Mm(_WIDTH / len(parties))
        for number, line in enumerate(lines):
            paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            paragraph.add_run(clean(line))
            paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(7), Pt(3)


def _said(document, text: str, note: str, number: int) -> None:
    """Words and note as one paragraph with its own bar: neighbours of equal indent would run into one block."""
    made = document.add_paragraph()
    made.add_run(text).font.size = Pt(11.5)
    if note:
        made.add_run().add_break()
        run = made.add_run(note)
        run.font.size, run.font.color.rgb = Pt(8.5), _SOFT
    _edge(made, shade="F5F7F9")
    made.paragraph_format.left_indent = Mm(4 + 0.1 * (number % 2))
    made.paragraph_format.keep_together, made.paragraph_format.space_after = True, Pt(7)
