"""Rows: lines of text as the eye sees them, put together from the pieces that a text layer gives. Points."""

from __future__ import annotations

import itertools
import re
import statistics
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from vary_cli.boxes import hull
from vary_cli.document import Box, LayerLine, Span

HAN = re.compile(r"[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]")
_BOXES = re.compile(r"[\u2500-\u259f]")
_NUMBERED = re.compile(r"(\d+) +(?=\S)")
PARTED = 1.2
"""Ems of room between the columns of a list of signs."""
SMALL = 0.85
"""Of the size of what it stands beside: smaller characters may be raised or lowered and belong to it all the same."""


@dataclass(frozen=True)
class Row:
    """A line of text, or a piece of one."""

    spans: tuple[Span, ...]
    box: Box

    @property
    def text(self) -> str:
        """What the layer says."""
        return "".join(span.text for span in self.spans)

    @cached_property
    def size(self) -> float:
        """Em of most of its characters, points."""
        return self._most(lambda span: span.size)

    @cached_property
    def baseline(self) -> float:
        """y of most of its characters, points."""
        size = self.size
        large = [span for span in self.spans if span.size >= SMALL * size and not _is_tall(span)]
        return Row(tuple(large), self.box)._most(lambda span: span.baseline) if large else self.spans[0].baseline

    def _most(self, value: Callable[[Span], float]) -> float:
        counts: Counter[float] = Counter()
        for span in self.spans:
            counts[round(value(span), 1)] += len(span.text.strip())
        return counts.most_common(1)[0][0]

    def portion(self, kind: Callable[[Span], bool]) -> float:
        """The share of its characters, Chinese ones and blanks aside, that are of a kind."""
        told = [(span, len(HAN.sub("", span.text).replace(" ", ""))) for span in self.spans]
        return sum(count for span, count in told if kind(span)) / max(1, sum(count for _, count in told))

    @cached_property
    def mono(self) -> bool:
        """Whether it is set in type of one width, a line's number aside; Chinese is not, and less than the rest."""
        number, *rest = self.spans
        words = Row(tuple(rest), self.box) if rest and number.text.strip().isdecimal() else self
        han = len(HAN.findall(words.text))
        return han <= 0.5 * len(words.text.replace(" ", "")) and words.portion(lambda span: span.mono) > 0.8

    @cached_property
    def bold(self) -> bool:
        """Whether all of it but signs, formulas and some code is bold, Chinese characters counted."""
        letters = [(span, sum(map(str.isalnum, span.text))) for span in self.spans]
        bold = sum(count for span, count in letters if span.bold)
        rest = sum(count for span, count in letters if not (span.bold or span.math or span.mono))
        return bold > 0 == rest and bold >= 0.5 * sum(count for _, count in letters)

    @cached_property
    def signs(self) -> int:
        """How many signs it has that no keyboard has, the lines of boxes and trees aside."""
        return sum(unicodedata.category(char)[0] == "S" and char > "~" for char in _BOXES.sub("", self.text))

    @cached_property
    def italic(self) -> bool:
        """Whether all of it but signs is italic."""
        letters = [(span.italic, sum(map(str.isalpha, span.text))) for span in self.spans if not span.math]
        return 0 < sum(count for _, count in letters) == sum(count for italic, count in letters if italic)

    @cached_property
    def math(self) -> float:
        """The share of its characters that are of formulas."""
        return self.portion(lambda span: span.math)


def _is_tall(span: Span) -> bool:
    return span.box[3] - span.box[1] > 1.4 * span.size


def pieces(lines: Iterable[LayerLine]) -> list[Row]:
    """A layer's lines as rows, not yet put together; lists of signs, which look like code, cut where columns part."""
    rows = [Row(line.spans, line.box) for line in lines if line.text.strip()]
    return [part for row in rows for part in (words(row, PARTED) if row.mono and row.signs else [row])]


def usual_size(rows: Iterable[Row]) -> float:
    """Em of most of the text, points; 10 without any."""
    counts: Counter[float] = Counter()
    for row in rows:
        counts[round(row.size * 2) / 2] += len(row.text) * (1 if row.mono else 2)
    return counts.most_common(1)[0][0] if counts else 10.0


def together(found: Sequence[Row]) -> list[Row]:
    """The rows of one column: pieces of one height joined, raised and lowered pieces with what they belong to."""
    large = sorted((row for row in found), key=lambda row: (-round(row.size, 1), row.baseline, row.box[0]))
    lines: list[list[Row]] = []
    for row in large:
        home = min((line for line in lines if _belongs(row, line)), key=lambda line: _distance(row, line), default=None)
        if home is None:
            lines.append([row])
        else:
            home.append(row)
    return sorted((joined(line) for line in lines), key=lambda row: (row.baseline, row.box[0]))


def numbered(found: Sequence[Row]) -> list[Row]:
    """Rows from top to bottom, with those as code whose number is the next one after that of code.

    On a scan a brace or two may not look like code.
    """
    result: list[Row] = []
    for row in found:
        follows = bool(result) and _follows(result[-1], row)
        result.append(replace(row, spans=tuple(_as_code(row))) if follows else row)
    return result


def _follows(code: Row, row: Row) -> bool:
    """Whether a row that does not look like code has the next number after a line of it."""
    number = _number(row)
    is_next = code.mono and number is not None and _number(code) == number - 1
    return is_next and not row.mono and row.baseline - code.baseline < 2 * row.size


def _number(row: Row) -> int | None:
    """The number that stands before a line by itself."""
    found = _NUMBERED.match(row.text)
    return int(found[1]) if found else None


def _as_code(row: Row) -> Iterator[Span]:
    """The spans of a numbered line, those after its number as code."""
    first, *rest = row.spans
    found = _NUMBERED.match(row.text)
    end = min(len(first.text), found.end() if found else 0)
    yield cut(first, 0, end)
    for span in ([cut(first, end, len(first.text))] if end < len(first.text) else []) + rest:
        yield replace(span, mono=True)


def _belongs(row: Row, line: list[Row]) -> bool:
    """Whether a piece stands on a line: on its baseline, or small and close to one of its pieces."""
    first = line[0]
    rise = abs(row.baseline - first.baseline)
    if rise < 0.2 * first.size:
        return True
    if _is_tall(row.spans[0]):
        return bool(row.box[1] < first.baseline < row.box[3]) and _touches(row, line, 1.0)
    return bool(row.size < SMALL * first.size and rise < 0.75 * first.size) and _touches(row, line, 0.35)


def _touches(row: Row, line: list[Row], gap: float) -> bool:
    slack = gap * line[0].size
    return any(row.box[0] - slack <= other.box[2] and other.box[0] - slack <= row.box[2] for other in line)


def _distance(row: Row, line: list[Row]) -> float:
    return abs(row.baseline - line[0].baseline)


def joined(line: Sequence[Row]) -> Row:
    """Pieces as one row, from left to right, with a blank where there is a gap."""
    spans: list[Span] = []
    for span in sorted((span for row in line for span in row.spans), key=lambda span: span.edges[0]):
        if spans and _is_apart(spans[-1], span):
            last = spans[-1]
            spans[-1] = replace(last, text=last.text + " ", edges=(*last.edges, max(last.edges[-1], span.edges[0])))
        spans.append(span)
    return Row(tuple(spans), hull(row.box for row in line))


def _is_apart(a: Span, b: Span) -> bool:
    gap = b.edges[0] - a.edges[-1]
    return gap > 0.18 * max(a.size, b.size) and not a.text.endswith(" ") and not b.text.startswith(" ")


def words(row: Row, gap: float) -> Iterator[Row]:
    """A row cut where blanks are wider than `gap` ems; blanks at the cuts are dropped."""
    run: list[Span] = []
    for span in row.spans:
        for part in _parts(span, gap * row.size):
            if run and part.edges[0] - _end(run) > gap * row.size:
                yield trimmed(run)
                run = []
            run.append(part)
    if any(span.text.strip() for span in run):
        yield trimmed(run)


def _end(run: list[Span]) -> float:
    """Where the last visible character of a run ends."""
    for span in reversed(run):
        shown = len(span.text.rstrip())
        if shown:
            return span.edges[shown]
    return run[0].edges[0]


def _parts(span: Span, gap: float) -> Iterator[Span]:
    """A span cut at its blanks that are wider than a gap, in points."""
    start = 0
    for blank in re.finditer(r" +", span.text):
        if span.edges[blank.end()] - span.edges[blank.start()] > gap and blank.start() > start:
            yield cut(span, start, blank.start())
            start = blank.end()
    if span.text[start:].strip():
        yield cut(span, start, len(span.text))


def cut(span: Span, start: int, end: int) -> Span:
    """The characters from start to end of a span."""
    edges = span.edges[start : end + 1]
    return replace(span, text=span.text[start:end], edges=edges, box=(edges[0], span.box[1], edges[-1], span.box[3]))


def trimmed(spans: Sequence[Span]) -> Row:
    """Spans as a row without blanks at its ends; at least one character must show."""
    shown = [span for span in spans]
    while not shown[0].text.strip():
        shown.pop(0)
    while not shown[-1].text.strip():
        shown.pop()
    shown[0] = cut(shown[0], len(shown[0].text) - len(shown[0].text.lstrip()), len(shown[0].text))
    shown[-1] = cut(shown[-1], 0, len(shown[-1].text.rstrip()))
    size = max(span.size for span in shown)
    top = min(min(span.baseline - 0.78 * span.size, span.box[1] if span.math else span.baseline) for span in shown)
    bottom = max(max(span.baseline + 0.22 * span.size, span.box[3] if span.math else span.baseline) for span in shown)
    assert size > 0
    return Row(tuple(shown), (shown[0].edges[0], top, max(span.edges[-1] for span in shown), bottom))


def leading(rows: Sequence[Row]) -> float:
    """The usual distance between the baselines of a column's lines, points."""
    steps = [b.baseline - a.baseline for a, b in itertools.pairwise(rows) if abs(a.size - b.size) < 0.1 * a.size]
    size = statistics.median(row.size for row in rows) if rows else 10.0
    close = [step for step in steps if 0.8 * size < step < 2.2 * size]
    return statistics.median_low(close) if close else 1.2 * size
