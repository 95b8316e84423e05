"""Display formulas: clusters of formula glyphs that stand apart from text. What they say is read elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from vary_cli import boxes
from vary_cli.document import Box
from vary_cli.layout.printed.block import Block, Sheet, block
from vary_cli.layout.printed.rows import HAN, Row, together

MATH = 0.3
"""The share of characters from formula fonts that makes a piece a formula's."""
GAP, ROOM = 2.0, 0.6
"""How far pieces of one formula stand apart, sideways and upwards, ems."""
_SIGNS = re.compile(r"[\d\s=+\-−−*/·×÷±<>≤≥≠≈∼→∈()\[\]{}|,.;:!?√∑∫∏∞∂∇…]+")
_FUNCTIONS = re.compile(
    r"(?:arg|cos|cov|Cov|corr|det|diag|dim|exp|inf|lim|ln|log|max|min|mod|Pr|sign|sin|sup|tan|tr|var|Var|logit)(?![a-z])"
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_RELATION = re.compile(r"[=<>≤≥≈≡∼∝→∈≠+−±∑∫∏√×]|[^\s]\s*/\s*[^\s]")
NUMBER = re.compile(r"\(([A-Z]?\.?\d{1,3}(?:[.–-]\d{1,3})*[a-z]?)\)")


def take(pieces: Sequence[Row], sheet: Sheet) -> tuple[list[Block], list[Row]]:
    """The display formulas of a page, and all other pieces."""
    clusters = [
        cluster
        for cluster in _clustered([p for p in pieces if is_formal(p)], sheet.em)
        if _stands_alone(cluster, pieces, sheet)
    ]
    for area in sheet.areas:
        if area.kind == "formula":
            inside = [piece for piece in pieces if boxes.holds(area.box, piece.box, 2.0)]
            if _is_formula(inside):
                clusters = [c for c in clusters if not boxes.holds(area.box, boxes.hull(p.box for p in c), 4.0)] + [
                    inside
                ]
    found, gone = [], set()
    for cluster in clusters:
        whole = [piece for piece in _numbered(cluster, pieces, sheet) if id(piece) not in gone]
        if whole:
            gone |= {id(piece) for piece in whole}
            found.append(block("formula", whole))
    return [replace(b, rows=tuple(together(b.rows))) for b in found], [
        piece for piece in pieces if id(piece) not in gone
    ]


def is_formal(piece: Row) -> bool:
    """Whether a piece may be of a formula: of formula fonts, or signs and names of functions alone."""
    rest = _FUNCTIONS.sub("", piece.text)
    if len(HAN.findall(piece.text)) > 1:
        return False
    if _WORD.search(rest) and piece.math < 0.5:
        return False
    return piece.math >= MATH or bool(_SIGNS.fullmatch(rest)) or (piece.italic and len(piece.text.strip()) <= 3)


def _clustered(pieces: Sequence[Row], em: float) -> list[list[Row]]:
    clusters: list[list[Row]] = []
    for piece in pieces:
        near = [cluster for cluster in clusters if any(_are_near(piece.box, other.box, em) for other in cluster)]
        clusters = [cluster for cluster in clusters if cluster not in near]
        clusters.append([piece, *(other for cluster in near for other in cluster)])
    return clusters


def _are_near(a: Box, b: Box, em: float) -> bool:
    return a[0] - GAP * em <= b[2] and b[0] - GAP * em <= a[2] and a[1] - ROOM * em <= b[3] and b[1] - ROOM * em <= a[3]


def _is_formula(cluster: Sequence[Row]) -> bool:
    """Whether pieces say what a formula says, not a sentence with some signs in it."""
    text = "".join(piece.text for piece in cluster)
    letters = sum(len(word) for word in _WORD.findall(_FUNCTIONS.sub("", text)))
    math = sum(piece.math * len(piece.text) for piece in cluster)
    if len(HAN.findall(text)) > 1:
        return False
    return bool(_RELATION.search(text)) and letters < 0.5 * len(text) and math > 0.15 * len(text)


def _stands_alone(cluster: Sequence[Row], pieces: Sequence[Row], sheet: Sheet) -> bool:
    """Whether no text stands on the lines of a cluster, and it is more than a sign or two."""
    box = boxes.hull(piece.box for piece in cluster)
    if not _is_formula(cluster) or box[2] - box[0] < 2.5 * sheet.em:
        return False
    if _is_flush(box, pieces, sheet.em):
        return False
    core = (box[0], box[1] + 0.2 * sheet.em, box[2], box[3] - 0.2 * sheet.em)
    return not any(
        _is_level(piece.box, core) and not is_formal(piece) and _room(piece.box, box) < 3 * sheet.em for piece in pieces
    )


def _is_level(box: Box, core: Box) -> bool:
    return min(box[3], core[3]) - max(box[1], core[1]) > 0.5 * (box[3] - box[1])


def _room(a: Box, b: Box) -> float:
    return max(a[0] - b[2], b[0] - a[2])


def _is_flush(box: Box, pieces: Sequence[Row], em: float) -> bool:
    """Whether a cluster begins where the text above or below it does: as words do, not displays."""
    text = [piece.box for piece in pieces if not is_formal(piece) and boxes.spread(piece.box, box) > 0.1]
    near = [other for other in text if -em < box[1] - other[3] < 2.5 * em or -em < other[1] - box[3] < 2.5 * em]
    return any(abs(other[0] - box[0]) < em for other in near)


def _numbered(cluster: list[Row], pieces: Sequence[Row], sheet: Sheet) -> list[Row]:
    """A cluster with the number that stands at the end of one of its lines."""
    box = boxes.hull(piece.box for piece in cluster)
    for piece in pieces:
        if (
            piece not in cluster
            and NUMBER.fullmatch(piece.text.strip())
            and box[1] < piece.baseline < box[3] + 0.3 * sheet.em
        ):
            between = [
                other for other in pieces if boxes.beside(other.box, piece.box) and box[2] < other.box[0] < piece.box[0]
            ]
            if piece.box[0] > box[2] and not between:
                return [*cluster, piece]
    return cluster
