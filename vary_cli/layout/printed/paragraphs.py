"""Rows of a column cut into blocks: where a paragraph, an item, a piece of code or a heading begins."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from vary_cli.formula import signs
from vary_cli.layout.printed import footnotes, lists
from vary_cli.layout.printed.block import Column, Sheet, column
from vary_cli.layout.printed.rows import Row

WIDE = 1.27
"""A step between baselines so many times the usual one parts paragraphs."""
TALL = 1.6
"""The same for rows with raised or tall parts, which push their neighbours away."""
SPREAD = 2.6
"""Ems between the baselines of text that is set with much room, at most."""
INDENT = 0.7
"""Ems by which the first line of a paragraph is set in."""
FULL = 0.12
"""Share of a column's width that a full row may leave on the right."""


def cut(rows: Sequence[Row], sheet: Sheet) -> Iterator[list[Row]]:
    """Rows of one column, from top to bottom, as blocks."""
    if not rows:
        return
    place = column(rows)
    run = [rows[0]]
    for i, row in enumerate(rows[1:], 1):
        after = rows[i + 1] if i + 1 < len(rows) else None
        if begins(run, row, after, place, sheet):
            yield run
            run = []
        run.append(row)
    yield run


def begins(run: Sequence[Row], row: Row, after: Row | None, place: Column, sheet: Sheet) -> bool:
    """Whether a row begins a block after a run of rows."""
    last = run[-1]
    marked = lists.marker(row) and lists.is_plausible(row, run, place)
    code, was_code = sheet.is_code(row), sheet.is_code(last)
    if code and was_code and not marked:
        return _code_ends(run, row, sheet)
    if signs.are_listed(last.text) != signs.are_listed(row.text):
        return True
    if _resized(last, row) or sheet.shade(last.box) != sheet.shade(row.box) or marked:
        return True
    if is_apart(last, row, place) and not _is_spread(run, row, place):
        return True
    if sheet.is_entry(last):
        return True
    if footnotes.is_marked(row) and row.size < footnotes.SMALLER * sheet.em:
        return True
    if code != was_code and _is_code_edge(run, row, place):
        return True
    if (last.bold and _reweighted(last, row, place)) or (_is_labelled(row) and not _is_full(last, place)):
        return True
    if lists.marker(run[0]) and abs(row.box[0] - lists.text_left(run[0])) < 0.5 * row.size:
        return False
    return _reweighted(last, row, place) or _is_indented(run, row, after, place) or _ends_early(last, row, place)


def _is_labelled(row: Row) -> bool:
    """Whether a row says of itself what it is: "Date:", in bold, and then which."""
    label = "".join(span.text for span in itertools.takewhile(lambda span: span.bold, row.spans)).rstrip()
    return label.endswith((":", "：")) and len(label) < len(row.text.rstrip())


def _is_full(row: Row, place: Column) -> bool:
    """Whether a row reaches the right edge, about."""
    return row.box[2] > place.right - FULL * place.width


def _resized(a: Row, b: Row) -> bool:
    """Whether two rows are of different sizes."""
    return abs(a.size - b.size) > 0.12 * max(a.size, b.size) and min(len(a.text), len(b.text)) > 2


def _reweighted(a: Row, b: Row, place: Column) -> bool:
    """Whether bold type ends or begins between two rows, and not within a phrase."""
    if a.bold == b.bold or min(len(a.text), len(b.text)) < 4:
        return False
    if a.bold:
        return not b.spans[0].bold and (a.box[2] < place.right - 0.1 * place.width or a.size > 1.03 * b.size)
    return a.box[2] < place.right - 0.1 * place.width or a.text.rstrip()[-1:] in ".:!?。：！？"


def is_apart(a: Row, b: Row, place: Column) -> bool:
    """Whether the step from a row to the next is more than a line."""
    step = b.baseline - a.baseline
    usual = max(place.leading, 1.05 * max(a.size, b.size)) if a.size > 0.9 * b.size else place.leading
    tall = b.box[1] < b.baseline - 0.9 * b.size or a.box[3] > a.baseline + 0.4 * a.size
    return step > (TALL if tall else WIDE) * usual or step < -0.5 * a.size


def _is_spread(run: Sequence[Row], row: Row, place: Column) -> bool:
    """Whether a paragraph goes on whose lines stand further apart than others of its column, as drafts have them."""
    last, step = run[-1], row.baseline - run[-1].baseline
    if not _is_full(last, place) or not 0 < step < SPREAD * row.size:
        return False
    if len(run) > 1:
        return abs(step - (last.baseline - run[-2].baseline)) < 0.1 * row.size
    begins = last.box[0] - place.left < 3 * row.size  # and is no numbered formula
    return begins and row.text[:1].islower() and _runs_on(last, row, place)


def _code_ends(run: Sequence[Row], row: Row, sheet: Sheet) -> bool:
    """Whether code ends between two rows of it: it goes on over blank lines, and all through one shaded box."""
    last = run[-1]
    shade = sheet.shade(last.box)
    if last.bold and not row.bold and len(run) == 1 and row.baseline - last.baseline > 1.3 * row.size:
        return shade is None
    if shade is not None or sheet.shade(row.box) is not None:
        return shade != sheet.shade(row.box)
    if any(
        last.baseline < rule[1] < row.baseline - 0.5 * row.size and rule[0] <= row.box[0] and rule[2] > last.box[0]
        for rule in sheet.rules
    ):
        return True
    pitch = min((b.baseline - a.baseline for a, b in itertools.pairwise(run)), default=1.2 * row.size)
    lines = (row.baseline - last.baseline) / max(pitch, 0.9 * row.size)
    return lines > 3.2 or (lines > 1.3 and len(run) > 2 and abs(lines - round(lines)) > 0.2)


def _is_code_edge(run: Sequence[Row], row: Row, place: Column) -> bool:
    """Whether code meets text here, and not a long piece of code within a sentence."""
    last, step = run[-1], row.baseline - run[-1].baseline
    if step > 1.12 * place.leading:
        return True
    if row.mono and _runs_on(last, row, place):
        return False
    if abs(row.box[0] - last.box[0]) > 0.5 * row.size:
        return True
    if row.mono:
        return _is_ended(last) or last.box[2] < place.left + 0.6 * place.width
    return all(other.mono for other in run) and (len(run) > 1 or last.box[2] < place.left + 0.6 * place.width)


def _runs_on(last: Row, row: Row, place: Column) -> bool:
    """Whether a full row ends within a phrase, or within code, that goes on at the left edge."""
    is_next = _is_full(last, place) and abs(row.box[0] - place.left) < 0.5 * row.size
    return is_next and (last.spans[-1].mono or not _is_ended(last))


def _is_ended(row: Row) -> bool:
    """Whether a row may end a sentence."""
    return row.text.rstrip()[-1:] in ".:;!?。：！？；"


def _is_indented(run: Sequence[Row], row: Row, after: Row | None, place: Column) -> bool:
    """Whether a row is set in as a paragraph's first line, and not as the rest of a hanging one; or set out again."""
    last = run[-1]
    shift = row.box[0] - last.box[0]
    full = _is_full(last, place)
    if abs(shift) < INDENT * row.size or _is_centred(last, row):
        return False
    if shift < 0:
        return not full if len(run) == 1 else last.box[0] - run[0].box[0] > -INDENT * row.size
    hangs = after is None or abs(after.box[0] - row.box[0]) < 0.3 * row.size
    goes_on = row.text[:1].islower() and not _is_ended(last)
    return not (full and len(run) == 1 and (hangs or goes_on))


def _is_centred(a: Row, b: Row) -> bool:
    """Whether two rows share their middle."""
    return abs((a.box[0] + a.box[2]) - (b.box[0] + b.box[2])) < 0.6 * a.size


def _ends_early(last: Row, row: Row, place: Column) -> bool:
    """Whether a justified paragraph's last line is before a row that begins at the edge."""
    short = last.box[2] < place.right - 0.2 * place.width
    return place.justified and short and _is_ended(last) and abs(row.box[0] - last.box[0]) < 0.3 * row.size
