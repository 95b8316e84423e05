"""Regions and what was read in them, put together as Markdown. Knows no model and no picture."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Sequence
from typing import Literal

from vary_cli import table
from vary_cli.compose import code, formulas, inline, joins, notes
from vary_cli.compose import running as heads_of
from vary_cli.compose.inline import Sign
from vary_cli.document import Cell, Region
from vary_cli.formula import typeset
from vary_cli.markup import comment

INDENT = 4
"""Blanks by which a list stands within an item."""
_HIGH = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_LEADER = re.compile(r"\s*(?:\.\s?){4,}\s*(?=\S{1,10}$)")
Headers = Literal["keep", "words", "drop", "comment"]
"""What becomes of running heads and feet; `words` keeps those that are more than a page's number."""
LABELS = 200
"""Most characters of a picture's labels that become its description."""


def page(
    regions: Sequence[Region], texts: Sequence[Sequence[str]], headers: Headers = "drop"
) -> tuple[str, tuple[str, ...]]:
    """A page's Markdown, and its running heads and feet, which are told whatever becomes of them in the text.

    `texts` holds for each region a text for each of its lines; for a picture its file name, or nothing.
    """
    words = joins.vocabulary([line for lines in texts for line in lines])
    tied = notes.marks(regions, texts)
    blocks: list[tuple[Region, str]] = []
    running: list[str] = []
    for region, lines in zip(regions, texts, strict=True):
        if region.kind in ("header", "footer"):
            heads = heads_of.texts(region, lines)
            running += [" ".join(heads)] if heads else []
            text = shown(heads, headers)
        else:
            text = markdown(region, lines, words=words, tied=tied)
        if text:
            blocks.append((region, text))
    return _stacked(blocks), tuple(running)


def shown(heads: Sequence[str], how: Headers) -> str:
    """A running head or foot in the text, as far as it is to be there."""
    if how == "drop" or not heads or (how == "words" and all(map(heads_of.is_number, heads))):
        return ""
    return comment(" ".join(heads)) if how == "comment" else heads_of.markdown(heads)


def _stacked(blocks: Sequence[tuple[Region, str]]) -> str:
    """Blocks with a blank line between them; items of one list without."""
    text = ""
    for i, (region, block) in enumerate(blocks):
        if i:
            text += "\n" if region.kind == "list" == blocks[i - 1][0].kind else "\n\n"
        text += block
    return text


def markdown(region: Region, texts: Sequence[str], *, words: Collection[str] = (), tied: Collection[str] = ()) -> str:
    """A region as a block of Markdown; '' if there is nothing to say.

    `texts` is what was read on each line, or for a picture its file name. `words` are words of the page, by which a
    hyphen at a line's end is judged; `tied` are marks of footnotes that have a note on this page.
    """
    if region.kind == "picture":
        return picture(region, texts)
    if not any(text.strip() for text in texts):
        return ""
    if region.kind == "code":
        return code.fenced(region, texts)
    if region.kind == "table":
        return table.markdown(entries(region, texts, words))
    if region.kind == "formula" and (latex := formula(region, texts)) is not None:
        return latex
    found = flowing(region, range(len(texts)), texts, words)
    if region.kind in ("title", "heading"):
        return marked(heading(region, found), tied)
    if region.kind == "list":
        return marked(item(region, found), tied)
    if region.kind == "footnote":
        return footnote(region, found, tied)
    return inline.guarded(marked(inline.markdown(found), tied))


def flowing(region: Region, lines: Sequence[int], texts: Sequence[str], words: Collection[str]) -> list[Sign]:
    """Some of a region's lines as one run of signs."""
    told = [inline.signs(texts[i].strip(), region.lines[i].spans) for i in lines]
    if region.kind not in ("header", "footer"):
        told = [inline.with_formulas(one, region.lines[i], region.rules) for one, i in zip(told, lines, strict=True)]
    return joins.paragraph(told, words)


def marked(text: str, tied: Collection[str]) -> str:
    """Text with raised marks of footnotes as references to them; powers and longer raised numbers are none."""
    for mark in tied:
        raised = mark.translate(inline.RAISED)
        other = f"<sup>{re.escape(mark)}</sup>" if raised == mark else rf"(?<![{_HIGH}]){raised}(?![{_HIGH}])"
        text = re.sub(other, f"[^{mark}]", text, count=1)
    return text


def formula(region: Region, texts: Sequence[str]) -> str | None:
    """A region's display formulas; None if they cannot be told from what was read, and stand as text.

    What the text layer places is read by its places; else what was read is LaTeX already, or no formula. Of a region
    without lines it is LaTeX in any case.
    """
    said = "".join(line.text for line in region.lines)
    if said and difflib.SequenceMatcher(None, said, "".join(texts), autojunk=False).ratio() >= inline.ALIKE:
        told = formulas.displays([span for line in region.lines for span in line.spans], region.rules)
    else:
        told = [fit] if (fit := _typed("\n".join(texts), sure=not region.lines)) is not None else None
    return None if not told else "\n\n".join(f"$$\n{latex}\n$$" for latex in told)


def _typed(text: str, sure: bool) -> str | None:
    """What was read, if it is LaTeX: for sure or with commands or scripts, and such that it can be set."""
    bare = re.sub(r"^\s*(\$\$|\\\[)|(\$\$|\\\])\s*$", "", text)
    return typeset(bare, display=True) if sure or re.search(r"\\[A-Za-z]+|[_^]", bare) else None


def heading(region: Region, found: Sequence[Sign]) -> str:
    """A heading; that it is bold goes without saying."""
    bare = inline.without(found, "bold")
    if inline.is_all(bare, "italic"):
        bare = inline.without(bare, "italic")
    return f"{'#' * min(6, max(1, region.level))} {inline.markdown(bare)}"


def item(region: Region, found: Sequence[Sign]) -> str:
    """An item of a list."""
    mark, rest = region.marker, list(found)
    if "".join(sign.char for sign in rest).startswith(mark):
        rest = rest[len(mark) :]
    while rest and rest[0].char.isspace():
        rest.pop(0)
    text = _LEADER.sub(" … ", inline.guarded(inline.markdown(rest)))
    if re.fullmatch(r"\d{1,9}[.)]", mark):
        lead = mark
    else:
        is_bullet = len(mark) == 1 and not mark.isalnum() and not "①" <= mark <= "⑳"
        lead = "-" if is_bullet or not mark else f"- {mark}"
    return f"{' ' * INDENT * region.level}{lead} {text}"


def footnote(region: Region, found: Sequence[Sign], tied: Collection[str]) -> str:
    """A footnote; tied to its mark if that stands on this page."""
    text = "".join(sign.char for sign in found)
    mark = notes.mark(region, text)
    if mark not in tied:
        return inline.guarded(inline.markdown(found))
    rest = list(found)[text.index(mark) + len(mark) :]
    return f"[^{mark}]: {inline.markdown(rest).strip()}"


def picture(region: Region, texts: Sequence[str]) -> str:
    """A link to a picture's file, described by the second text or by its labels; below it the others."""
    if not texts:
        return ""
    name, *described = texts
    labels = " ".join(described[:1] or [line.text for line in region.lines]).split()
    words = re.sub(r"[\[\]\\`<>*_$]", "", " ".join(labels))[:LABELS]
    below = [inline.guarded(inline.markdown(inline.signs(text, ()))) for text in described[1:] if text]
    return "\n\n".join([f"![{words}]({name})", *below])


def entries(region: Region, texts: Sequence[str], words: Collection[str]) -> table.Rows:
    """A table's rows; an empty one on top if it has no head, for Markdown takes the first row to be one."""
    rows = [
        [cell for cell in region.cells if cell.row == number]
        for number in range(1 + max(cell.row for cell in region.cells))
    ]
    columns = max(cell.column + cell.columns for cell in region.cells)
    taken: set[tuple[int, int]] = set()
    result = [_row(cells, columns, taken, region, texts, words) for cells in rows]
    has_head = any(cell.header for cell in region.cells if cell.row == 0)
    return tuple(result) if has_head else ((table.Entry("", header=True),) * columns, *result)


def _row(
    cells: Sequence[Cell],
    columns: int,
    taken: set[tuple[int, int]],
    region: Region,
    texts: Sequence[str],
    words: Collection[str],
) -> table.Row:
    """The entries of a row; columns without a cell are empty."""
    by_column = {cell.column: cell for cell in cells}
    number = cells[0].row if cells else -1
    row: list[table.Entry] = []
    column = 0
    while column < columns:
        cell = by_column.get(column)
        if cell is None:
            if (number, column) not in taken:
                row.append(table.Entry(""))
            column += 1
            continue
        found = flowing(region, cell.lines, texts, words)
        text = inline.markdown(inline.without(found, "bold") if cell.header else found)
        row.append(table.Entry(text, cell.rows, cell.columns, cell.header))
        taken |= {(number + down, column + right) for down in range(cell.rows) for right in range(cell.columns)}
        column += cell.columns
    return tuple(row)
