"""Display formulas on a scan that has been read: which of its lines are pieces of them, and how far their ink goes.

What was read of a formula is often nonsense; that it is no prose, and stands apart from it, tells it all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PIL import Image

from vary_cli.document import Box
from vary_cli.layout.displays import ink
from vary_cli.layout.displays.pieces import Piece, pieces
from vary_cli.layout.displays.surroundings import Surroundings, level
from vary_cli.layout.printed import boxes
from vary_cli.layout.seen import Seen

CLOSE, GAP, ROOM = 1.2, 6.0, 0.6
"""How far pieces of one formula stand apart, ems: sideways in any case, sideways within a column, upwards."""
SURE = 2.0
"""The evidence that makes a display."""
BAR = 14.0
"""Ems; the bar of a fraction is no longer."""


class Shown(NamedTuple):
    """A display formula, px."""

    box: Box
    lines: tuple[Seen, ...]
    number: str


def take(found: Sequence[Seen], image: Image.Image, rules: Sequence[Box]) -> tuple[list[Shown], list[Seen]]:
    """The display formulas of a page, and all other lines."""
    told = pieces(found)
    prose = [piece for piece in told if piece.is_prose]
    rest = [piece for piece in told if not piece.is_prose and not piece.number]
    numbers = [piece for piece in told if piece.number and not piece.is_prose]
    shown: list[Shown] = []
    gone: set[Piece] = set()
    for cluster in clustered(rest, prose):
        own = [number for number in numbers if is_number_of(number, cluster, told)]
        around = Surroundings(hull(cluster), prose, cluster[0].em, image.width)
        if evidence(cluster, own, around, rules) >= SURE:
            gone |= {*cluster, *own}
            others = [piece.box for piece in told if piece not in cluster]
            box = ink.whole(image, around.box, others, around.em)
            shown.append(Shown(box, tuple(piece.seen for piece in (*cluster, *own)), own[-1].number if own else ""))
    return shown, [piece.seen for piece in told if piece not in gone]


def hull(cluster: Sequence[Piece]) -> Box:
    """The box around some pieces."""
    return boxes.hull(piece.box for piece in cluster)


def clustered(rest: Sequence[Piece], prose: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces that may be formulas', those of one formula together."""
    clusters: list[list[Piece]] = []
    for piece in rest:
        near = [cluster for cluster in clusters if any(is_near(piece, other, prose) for other in cluster)]
        clusters = [cluster for cluster in clusters if cluster not in near]
        clusters.append([piece, *(other for cluster in near for other in cluster)])
    return clusters


def is_near(one: Piece, two: Piece, prose: Sequence[Piece]) -> bool:
    """Whether two pieces may be of one formula."""
    a, b, em = one.box, two.box, one.em
    if max(a[1] - b[3], b[1] - a[3]) > ROOM * em:
        return False
    gap = max(a[0] - b[2], b[0] - a[2])
    if gap <= CLOSE * em:
        return True
    return (
        gap <= GAP * em and (level(a, b) or level(b, a)) and is_one_column(min(a[2], b[2]), max(a[0], b[0]), a, prose)
    )


def is_one_column(left: float, right: float, box: Box, prose: Sequence[Piece]) -> bool:
    """Whether the text around runs over a gap: it is none between columns."""
    near = [p for p in prose if abs(p.box[1] - box[1]) < 20 * p.em]
    return not near or any(p.box[0] < left and p.box[2] > right for p in near)


def is_number_of(number: Piece, cluster: Sequence[Piece], told: Sequence[Piece]) -> bool:
    """Whether a number stands at an end of one of a formula's lines, with nothing between."""
    box, here, em = hull(cluster), number.box, number.em
    is_level = box[1] - 0.3 * em < (here[1] + here[3]) / 2 < box[3] + 0.3 * em
    if not is_level or (box[0] < here[2] and here[0] < box[2]):
        return False
    left, right = min(box[2], here[2]), max(box[0], here[0])
    others = [p for p in told if p is not number and p not in cluster and boxes.beside(p.box, here)]
    return not any(left - em < p.box[0] and p.box[2] < right + em for p in others)


def evidence(cluster: Sequence[Piece], numbers: Sequence[Piece], around: Surroundings, rules: Sequence[Box]) -> float:
    """What speaks for a cluster to be a display; nothing does where text stands on its lines."""
    if around.is_beside_text or around.box[2] - around.box[0] < 1.5 * around.em:
        return 0.0
    relations = sum(piece.relations for piece in cluster)
    stacked = any(piece.is_tall for piece in cluster) or is_stacked(cluster)
    barred = any(is_bar(rule, around.box, around.em) for rule in rules)
    return (
        1.0 * bool(relations)
        + 0.5 * (relations > 1)
        + 1.0 * stacked
        + 0.5 * barred
        + 1.5 * bool(numbers)
        + 1.0 * around.is_centred
        + 0.5 * around.is_apart
        - 1.0 * around.is_flush
    )


def is_stacked(cluster: Sequence[Piece]) -> bool:
    """Whether some of its pieces stand over each other, closer than lines of text."""
    return any(
        boxes.spread(one.box, two.box) > 0.2 and 0 < middle(two) - middle(one) < 0.8 * one.em
        for one in cluster
        for two in cluster
    )


def middle(piece: Piece) -> float:
    """Half the way down."""
    return (piece.box[1] + piece.box[3]) / 2


def is_bar(rule: Box, box: Box, em: float) -> bool:
    """Whether a ruled line may be the bar of a fraction in a box."""
    return rule[3] - rule[1] < 0.2 * em and rule[2] - rule[0] < BAR * em and boxes.share(rule, box) > 0.5
