"""Pieces that may be of one formula, put together. px."""

from __future__ import annotations

from collections.abc import Sequence

from vary_cli import boxes
from vary_cli.document import Box
from vary_cli.layout.displays.pieces import Piece
from vary_cli.layout.displays.surroundings import level

CLOSE, GAP, ROOM = 1.2, 6.0, 0.6
"""How far pieces of one formula stand apart, ems: sideways in any case, sideways within a column, upwards."""
REACH = 20.0
"""So far up and down is looked for columns, ems."""
Cluster = list[Piece]


def hull(cluster: Sequence[Piece]) -> Box:
    """The box around some pieces."""
    return boxes.hull(piece.box for piece in cluster)


def clustered(pieces: Sequence[Piece], prose: Sequence[Piece]) -> list[Cluster]:
    """Pieces that may be of formulas, those of one formula together; words alone are of none."""
    clusters: list[Cluster] = []
    for piece in pieces:
        near = [cluster for cluster in clusters if any(is_near(piece, other, prose) for other in cluster)]
        clusters = [cluster for cluster in clusters if cluster not in near]
        clusters.append([piece, *(other for cluster in near for other in cluster)])
    return [cluster for cluster in clusters if not all(piece.is_word for piece in cluster)]


def merged(found: Sequence[tuple[Cluster, Box]]) -> list[Cluster]:
    """Clusters whose ink, in these boxes, runs into each other as one."""
    result: list[tuple[Cluster, Box]] = []
    for cluster, box in found:
        met = [one for one in result if boxes.area(boxes.common(one[1], box)) > 0]
        result = [one for one in result if one not in met]
        result.append(
            ([*cluster, *(piece for one, _ in met for piece in one)], boxes.hull([box, *(b for _, b in met)]))
        )
    return [cluster for cluster, _ in result]


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
    """Whether the text around runs over a gap: then it is none between columns."""
    near = [piece for piece in prose if abs(piece.box[1] - box[1]) < REACH * piece.em]
    return not near or any(piece.box[0] < left and piece.box[2] > right for piece in near)


def by_number(cluster: Cluster, numbers: Sequence[Piece]) -> list[tuple[Cluster, list[Piece]]]:
    """A cluster as one formula for each of its numbers, with the pieces on that number's level."""
    if len(numbers) < 2:
        return [(cluster, list(numbers))]
    rows: dict[Piece, Cluster] = {number: [] for number in numbers}
    for piece in cluster:
        rows[min(numbers, key=lambda number: abs(number.middle - piece.middle))].append(piece)
    return [(row, [number]) for number, row in rows.items() if row]


def is_number_of(number: Piece, cluster: Sequence[Piece], told: Sequence[Piece]) -> bool:
    """Whether a number stands at an end of one of a formula's lines, with nothing between."""
    box, here, em = hull(cluster), number.box, number.em
    is_level = box[1] - 0.3 * em < number.middle < box[3] + 0.3 * em
    if not is_level or (box[0] < here[2] and here[0] < box[2]):
        return False
    left, right = min(box[2], here[2]), max(box[0], here[0])
    others = [p for p in told if p is not number and p not in cluster and boxes.beside(p.box, here)]
    return not any(left - em < p.box[0] and p.box[2] < right + em for p in others)
