"""Regions of born-digital pages, from PDFs made on the spot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pymupdf
import pytest

from vary_cli import layer
from vary_cli.document import LayerLine, Span, TextLayer
from vary_cli.layout import printed
from vary_cli.layout.printed.block import Block

SIZE = (400.0, 560.0)
PROSE = "Words of a paragraph that fills its line to the end and"
Laid = Callable[[], list[Block]]


@pytest.fixture
def page() -> Iterator[pymupdf.Page]:
    with pymupdf.open() as document:
        yield document.new_page(width=SIZE[0], height=SIZE[1])


@pytest.fixture
def laid(page: pymupdf.Page) -> Laid:
    """laid() -> the blocks of the page as it is then."""

    def laid() -> list[Block]:
        found = layer.extract(page, False)
        assert found is not None
        return printed.blocks(found, SIZE)

    return laid


def write(page: pymupdf.Page, x: float, y: float, *lines: str, step: float = 12, **how: object) -> float:
    """Lines from (x, y) downwards; y of the next one."""
    for i, line in enumerate(lines):
        page.insert_text((x, y + i * step), line, **{"fontsize": 10, "fontname": "tiro", **how})
    return y + step * len(lines)


def told(blocks: list[Block]) -> list[tuple[str, str]]:
    return [(block.kind, " ".join(block.text.split("\n"))) for block in blocks]


def table(block: Block) -> dict[tuple[int, int], str]:
    """(row, column) -> text."""
    return {(cell.row, cell.column): " ".join(block.rows[i].text for i in cell.lines) for cell in block.cells}


def test_columns_are_read_one_after_the_other(page: pymupdf.Page, laid: Laid) -> None:
    write(page, 30, 60, "A title over both of the columns of the page", fontsize=14)
    for name, x in (("left", 30), ("right", 220)):
        write(page, x, 100, *(f"{name} {i} of a column of text" for i in range(8)))
    text = " ".join(block.text for block in laid())
    assert text.index("title") < text.index("left 0") < text.index("left 7") < text.index("right 0")


def test_columns_side_by_side_end_together(page: pymupdf.Page, laid: Laid) -> None:
    for name, x in (("one", 30), ("two", 150), ("three", 270)):
        write(page, x, 100, *(f"{name} {i} of some narrow lines" for i in range(9)))
    write(page, 30, 220, "A note that goes over two of the columns")
    text = " ".join(block.text for block in laid())
    order = ["one 0", "one 8", "two 0", "two 8", "three 0", "three 8", "A note"]
    assert sorted(order, key=text.index) == order


def test_a_column_may_begin_far_below_those_beside_it(page: pymupdf.Page, laid: Laid) -> None:
    write(page, 30, 60, *(f"first {i} of narrow lines" for i in range(20)))
    write(page, 155, 220, *(f"second {i} of narrow lines" for i in range(8)))
    for top in (60, 212):
        write(page, 280, top, *(f"third {top + i} of narrow lines" for i in range(8)))
    text = " ".join(block.text for block in laid())
    assert text.index("first 19") < text.index("second 0") < text.index("second 7") < text.index("third 60")


def test_columns_of_signs_are_no_code_with_notes_beside_it() -> None:
    signs = [("∠", "angle"), ("⋆", "star"), ("♭", "flat"), ("∃", "exists"), ("∞", "infty"), ("∇", "nabla")]
    left = [f"{sign} \\measured{name}" for sign, name in signs]
    right = [f"{sign} \\spherical{name}" for sign, name in signs]

    def order(*sides: list[str]) -> list[str]:
        lines = [mono(pair, 100 + 12 * i) for i, pair in enumerate(zip(*sides, strict=True))]
        return "\n".join(block.text for block in printed.blocks(TextLayer(tuple(lines)), SIZE)).split("\n")

    assert order(left, right) == left + right
    notes = [f"# says {i}" for i in range(6)]
    for code in ([f"call(a{i})" for i in range(6)], [f"├── name{i} │" for i in range(6)]):
        assert [line.split() for line in order(code, notes)] == [
            f"{a} {b}".split() for a, b in zip(code, notes, strict=True)
        ]


def mono(texts: tuple[str, ...], y: float) -> LayerLine:
    """One line of type of one width, its texts 120 points apart."""
    text = "".join(text.ljust(20) for text in texts).rstrip()
    edges = tuple(40 + 6.0 * i for i in range(len(text) + 1))
    box = (edges[0], y - 8, edges[-1], y + 2)
    return LayerLine((Span(text, box, edges, y, 10.0, mono=True),), box)


def test_authors_side_by_side_stand_over_the_columns(page: pymupdf.Page, laid: Laid) -> None:
    write(page, 60, 40, "A title over both of the columns of the page", fontsize=14)
    for name, x in (("Left", 30), ("Right", 220)):
        write(page, x + 50, 70, f"{name} Author", f"at {name}")
        write(page, x, 100, *(f"{name} {i} of a column of text" for i in range(8)))
    text = " ".join(block.text for block in laid())
    order = ["title", "Left Author", "Right Author", "Left 0", "Left 7", "Right 0"]
    assert sorted(order, key=text.index) == order


def test_paragraphs_are_parted_by_room_and_by_indents(page: pymupdf.Page, laid: Laid) -> None:
    y = write(page, 30, 60, PROSE, PROSE, "ends here.") + 8
    y = write(page, 30, y, PROSE, PROSE, "ends.")
    write(page, 45, y, PROSE)
    write(page, 30, y + 12, PROSE, "ends.")
    assert [len(block.rows) for block in laid()] == [3, 3, 3]


def test_headings_have_the_levels_of_their_looks(page: pymupdf.Page, laid: Laid) -> None:
    write(page, 30, 60, "The whole", fontsize=18, fontname="tibo")
    write(page, 30, 90, PROSE, PROSE, PROSE)
    write(page, 30, 150, "A part", fontsize=13, fontname="tibo")
    write(page, 30, 170, PROSE, PROSE, PROSE)
    found = [(block.text, block.level) for block in laid() if block.kind == "heading"]
    assert found == [("The whole", 1), ("A part", 2)]


def test_a_headings_number_tells_its_level_where_nothing_else_does(page: pymupdf.Page, laid: Laid) -> None:
    write(page, 30, 60, PROSE, PROSE, PROSE)
    write(page, 30, 120, "2.3.1 Smaller still", fontsize=12, fontname="tibo")
    write(page, 30, 140, PROSE, PROSE, PROSE)
    assert [block.level for block in laid() if block.kind == "heading"] == [3]


def test_bookmarks_tell_headings_that_look_like_text(page: pymupdf.Page, laid: Laid) -> None:
    write(page, 30, 60, PROSE, "ends here.")
    write(page, 30, 100, "Quiet title")
    write(page, 30, 130, PROSE, "ends here.")
    page.parent.set_toc([[1, "Book", 1], [2, "Quiet title", 1]])
    assert [(block.text, block.level) for block in laid() if block.kind == "heading"] == [("Quiet title", 2)]


def test_authors_under_a_title_are_no_heading(page: pymupdf.Page, laid: Laid) -> None:
    write(page, 30, 60, "A title over the whole page", fontsize=16)
    write(page, 60, 85, "Ada Example", fontsize=13)
    write(page, 200, 85, "Ben Sample", fontsize=13)
    write(page, 30, 110, PROSE, PROSE, "ends.")
    assert [kind for kind, _ in told(laid())] == ["heading", "text", "text"]


def test_lists_nest_by_their_indents(page: pymupdf.Page, laid: Laid) -> None:
    y = write(page, 30, 60, PROSE, "as follows:") + 4
    for indent, mark, text in ((0, "*", "one"), (18, "-", "inner"), (18, "-", "other"), (0, "*", "two")):
        write(page, 40 + indent, y, mark)
        y = write(page, 52 + indent, y, f"item {text} of the list") + 2
    found = [(block.level, block.marker, block.rows[0].text[2:]) for block in laid() if block.kind == "list"]
    assert found == [
        (0, "*", "item one of the list"),
        (1, "-", "item inner of the list"),
        (1, "-", "item other of the list"),
        (0, "*", "item two of the list"),
    ]


def test_the_rest_of_an_item_belongs_to_it(page: pymupdf.Page, laid: Laid) -> None:
    write(page, 40, 60, "1.")
    y = write(page, 55, 60, "the first item goes on in the line below", "and ends there")
    write(page, 40, y, "2.")
    write(page, 55, y, "the second one does not")
    assert [(block.kind, len(block.rows)) for block in laid()] == [("list", 2), ("list", 1)]


def test_a_ruled_table_has_its_cells(page: pymupdf.Page, laid: Laid) -> None:
    write(page, 30, 60, PROSE, PROSE)
    for i in range(4):
        page.draw_line((50, 100 + 20 * i), (350, 100 + 20 * i))
    for x in (50, 150, 250, 350):
        page.draw_line((x, 100), (x, 160))
    for r in range(3):
        for c in range(3):
            write(page, 55 + 100 * c, 114 + 20 * r, f"r{r}c{c}", fontname="tibo" if r == 0 else "tiro")
    (found,) = [block for block in laid() if block.kind == "table"]
    assert table(found) == {(r, c): f"r{r}c{c}" for r in range(3) for c in range(3)}
    assert {cell.row for cell in found.cells if cell.header} == {0}


def test_a_table_of_level_rules_alone_has_its_cells_too(page: pymupdf.Page, laid: Laid) -> None:
    for y in (100, 118, 170):
        page.draw_line((50, y), (350, y))
    rows = [("Name", "Size", "Colour"), ("apple", "7", "red"), ("pear", "12", "green"), ("plum", "3", "blue")]
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            write(page, 55 + 110 * c, 112 + 17 * r, text)
    (found,) = [block for block in laid() if block.kind == "table"]
    assert table(found) == {(r, c): text for r, row in enumerate(rows) for c, text in enumerate(row)}


def test_a_cell_spans_the_columns_that_its_text_crosses(page: pymupdf.Page, laid: Laid) -> None:
    for y in (100, 120, 140, 160, 180):
        page.draw_line((50, y), (350, y))
    for x in (50, 150, 250, 350):
        page.draw_line((x, 100 if x in (50, 350) else 120), (x, 180))
    write(page, 120, 114, "A head over all of the columns", fontname="tibo")
    for r in range(3):
        for c in range(3):
            write(page, 55 + 100 * c, 134 + 20 * r, f"r{r}c{c}")
    (found,) = [block for block in laid() if block.kind == "table"]
    head = next(cell for cell in found.cells if cell.row == 0)
    assert (head.column, head.columns) == (0, 3)


def test_code_is_told_by_its_type(page: pymupdf.Page, laid: Laid) -> None:
    y = write(page, 30, 60, PROSE, "as in this piece:")
    y = write(page, 30, y + 8, "def f(x):", "    return x", fontname="cour")
    write(page, 30, y + 8, PROSE, "after it.")
    assert [block.kind for block in laid()] == ["text", "code", "text"]


def test_short_lines_of_code_with_numbers_are_code(page: pymupdf.Page, laid: Laid) -> None:
    write(page, 30, 60, PROSE, "as in this piece:")
    for i, code in enumerate(["begin {", "}", "end"]):
        write(page, 30, 96 + 12 * i, str(391 + i), fontsize=5)
        write(page, 48, 96 + 12 * i, code, fontname="cour")
    write(page, 30, 144, PROSE, "after it.")
    assert [block.kind for block in laid()] == ["text", "code", "text"]


def test_a_line_of_code_that_is_told_by_its_number_alone() -> None:
    lines = [mono((code,), 100 + 12 * i) for i, code in enumerate(["9 begin {", "10 }%", "11 end", "7 words"])]
    lines[1] = replace(lines[1], spans=(replace(lines[1].spans[0], mono=False),))
    lines[3] = replace(lines[3], spans=(replace(lines[3].spans[0], mono=False),))
    code, rest = printed.blocks(TextLayer(tuple(lines)), SIZE)
    assert (code.kind, code.text) == ("code", "9 begin {\n10 }%\n11 end")
    assert [(span.text, span.mono) for span in code.rows[1].spans] == [("10 ", False), ("}%", True)]
    assert (rest.kind, rest.text) == ("text", "7 words")


def test_a_sentence_goes_on_with_code_under_an_indented_line(page: pymupdf.Page, laid: Laid) -> None:
    y = write(page, 30, 60, PROSE, PROSE, PROSE, "ends here.")
    write(page, 45, y, "Words of a paragraph that fills its line to switch-")
    write(page, 30, y + 12, r"ing \first, \second, \third, \fourth", fontname="cour")
    write(page, 30, y + 24, PROSE, "ends.")
    assert [len(block.rows) for block in laid()] == [4, 4]


def test_a_sentence_goes_on_beside_a_name_in_the_margin(page: pymupdf.Page, laid: Laid) -> None:
    write(page, 30, 60, r"\name", fontname="cour")
    y = write(page, 90, 60, PROSE)
    y = write(page, 90, y, "aims at nothing.")
    write(page, 60, y + 4, "12 code", fontname="cour")
    assert [(block.kind, len(block.rows)) for block in laid()] == [("text", 2), ("code", 1)]


def test_an_index_in_columns_is_no_table(page: pymupdf.Page, laid: Laid) -> None:
    for y in (40, 200):
        page.draw_line((30, y), (370, y))
    for column, name in enumerate(["first", "second", "third"]):
        for row in range(8):
            write(page, 30 + 115 * column, 60 + 12 * row, f"{name} {row}")
            write(page, 80 + 115 * column, 60 + 12 * row, f". . . . . {10 + row}, {20 + row}")
    found = laid()
    assert "table" not in [block.kind for block in found]
    text = " ".join(block.text for block in found)
    assert text.index("first 0") < text.index("first 7") < text.index("second 0") < text.index("third 7")


def test_rows_with_labels_stand_by_themselves(page: pymupdf.Page, laid: Laid) -> None:
    y = write(page, 30, 60, PROSE, PROSE, "and ends here")
    for i, label in enumerate(["Date:", "Location:"]):
        write(page, 30, y + 12 * i, label, fontname="tibo")
        write(page, 90, y + 12 * i, "what it is")
    assert [len(block.rows) for block in laid()] == [3, 1, 1]


def test_large_words_between_rules_are_no_table(page: pymupdf.Page, laid: Laid) -> None:
    for y in (40, 110):
        page.draw_line((30, y), (370, y))
    for i, (left, right) in enumerate([("FOR", "RELEASE"), ("our", "news")]):
        write(page, 140 - pymupdf.get_text_length(left, "tibo", 19), 66 + 24 * i, left, fontsize=19, fontname="tibo")
        write(page, 149, 66 + 24 * i, right, fontsize=19, fontname="tibo")
    write(page, 30, 140, *[PROSE] * 6, fontsize=8)
    assert "table" not in [block.kind for block in laid()]


def test_a_paragraph_may_be_set_with_more_room_than_others(page: pymupdf.Page, laid: Laid) -> None:
    y = write(page, 30, 60, *[PROSE] * 5, "ends.") + 20
    y = write(page, 30, y, PROSE, *[PROSE.lower()] * 2, "ends.", step=19) + 10
    write(page, 30, y, "A title", "Another title", step=19)
    assert [len(block.rows) for block in laid()] == [6, 4, 1, 1]


def test_a_page_number_and_a_running_head_are_no_text(page: pymupdf.Page, laid: Laid) -> None:
    write(page, 30, 30, "12")
    write(page, 290, 30, "Chapter the First")
    write(page, 30, 80, *[PROSE] * 20)
    write(page, 195, 540, "– 12 –")
    assert [kind for kind, _ in told(laid())] == ["header", "text", "footer"]


def test_small_text_with_a_raised_mark_at_the_foot_is_a_footnote(page: pymupdf.Page, laid: Laid) -> None:
    write(page, 30, 60, *[PROSE] * 20, "ends.")
    for i, text in enumerate(("The first note.", "The second one.")):
        write(page, 30, 446 + 11 * i, str(i + 1), fontsize=6)
        write(page, 34, 450 + 11 * i, text, fontsize=8)
    assert told(laid())[1:] == [("footnote", "1The first note."), ("footnote", "2The second one.")]


def test_a_drawing_is_a_picture_with_its_labels(page: pymupdf.Page, laid: Laid) -> None:
    write(page, 30, 60, PROSE, "ends.")
    page.draw_circle((200, 200), 60)
    page.draw_line((140, 140), (260, 260))
    write(page, 180, 190, "label")
    write(page, 30, 300, PROSE, "ends.")
    assert told(laid())[1] == ("picture", "label")


def test_contents_are_a_list_and_no_table(page: pymupdf.Page, laid: Laid) -> None:
    write(page, 30, 60, "1 Beginning", fontname="tibo")
    write(page, 340, 60, "1", fontname="tibo")
    for i, name in enumerate(("First words", "Second words", "Third words")):
        write(page, 45, 74 + 14 * i, f"1.{i + 1} {name} " + ". " * 40)
        write(page, 340, 74 + 14 * i, str(i + 2))
    found = laid()
    assert [(block.kind, block.level) for block in found] == [("list", 0), *[("list", 1)] * 3]
    assert [block.text.split()[-1] for block in found] == ["1", "2", "3", "4"]
