"""Display formulas on a scan that has been read: which of its lines are pieces of them, and how far their ink goes.

What was read of a formula is often nonsense; that it is no prose, and stands apart from it, tells it all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PIL import Image

from vary_cli import boxes
from vary_cli.document import Box
from vary_cli.layout.displays import ink
from vary_cli.layout.displays.clusters import Cluster, by_number, clustered, hull, is_number_of, merged
from vary_cli.layout.displays.pieces import Piece, pieces
from vary_cli.layout.displays.surroundings import Surroundings
from vary_cli.layout.seen import Seen

SURE = 2.0
"""The evidence that makes a display."""
SMALLEST, LARGEST = 1.5, 18.0
"""Ems; displays are wider than the one, and not as high as the other."""
LOOSE, DENSE = 0.15, 0.5
"""The share of words of which a display has less: one that begins where the text does, any."""
BAR = 14.0
"""Ems; the bar of a fraction is no longer."""
LOW = 0.55
"""Of a tall line's height: in one of large letters most of the ink is higher."""


class Shown(NamedTuple):
    """A display formula, px."""

    box: Box
    lines: tuple[Seen, ...]
    number: str


@dataclass(frozen=True)
class Candidate:
    """Pieces that may be a display formula."""

    pieces: Cluster
    numbers: Sequence[Piece]
    """In the margin beside it."""
    ink: ink.Ink
    around: Surroundings

    def evidence(self, rules: Sequence[Box]) -> float:
        """What speaks for it: what it says and where it stands; nothing does if either speaks against it."""
        said, around = self.content(rules), self.around
        if not said or around.is_beside_text or (around.is_flush and self.wordy > LOOSE):
            return 0.0
        place = 1.0 * around.is_centred + 0.5 * around.is_indented + 0.5 * around.is_apart - 1.0 * around.is_flush
        return said + place

    def content(self, rules: Sequence[Box]) -> float:
        """What it says that formulas say: signs, parts over each other, bars, a number."""
        left, top, right, bottom = self.ink.box
        signs, em = sum(piece.relations for piece in self.pieces), self.around.em
        hinted = signs > 1 or any(piece.hints for piece in self.pieces)
        if self.wordy > DENSE or right - left < SMALLEST * em or bottom - top > LARGEST * em:
            return 0.0
        barred = any(is_bar(rule, self.ink.box, em) for rule in rules)
        return 1.0 * bool(signs) + 0.5 * hinted + 1.0 * self.is_stacked + 0.5 * barred + 1.5 * bool(self.numbers)

    @property
    def wordy(self) -> float:
        """The share of its characters that stand in words."""
        return sum(piece.letters for piece in self.pieces) / max(1, sum(len(piece.text) for piece in self.pieces))

    @property
    def is_stacked(self) -> bool:
        """Whether it holds more than one line of letters, closer to each other than lines of text."""
        height = self.ink.box[3] - self.ink.box[1]
        if any(piece.is_tall for piece in self.pieces) and 0 < self.ink.height < LOW * height:
            return True
        return any(
            boxes.spread(one.box, two.box) > 0.2 and 0 < two.middle - one.middle < 0.8 * one.em
            for one in self.pieces
            for two in self.pieces
        )


def is_bar(rule: Box, box: Box, em: float) -> bool:
    """Whether a ruled line may be the bar of a fraction in a box."""
    return rule[3] - rule[1] < 0.2 * em and rule[2] - rule[0] < BAR * em and boxes.share(rule, box) > 0.5


def take(found: Sequence[Seen], image: Image.Image, rules: Sequence[Box]) -> tuple[list[Shown], list[Seen]]:
    """The display formulas of a page, and all other lines."""
    told = pieces(found)
    shown: list[Shown] = []
    gone: set[Piece] = set()
    for one in candidates(told, image):
        if one.evidence(rules) >= SURE:
            own = (*one.pieces, *one.numbers)
            gone.update(own)
            number = one.numbers[0].number if one.numbers else ""
            shown.append(Shown(one.ink.box, tuple(piece.seen for piece in own), number))
    return shown, [piece.seen for piece in told if piece not in gone]


def candidates(told: Sequence[Piece], image: Image.Image) -> Iterator[Candidate]:
    """What may be display formulas on a page."""
    prose = [piece for piece in told if piece.is_prose and not piece.is_word]
    rest = [piece for piece in told if piece.is_word or not (piece.is_prose or piece.number)]
    walls = [piece.box for piece in told if piece not in rest]
    for cluster in merged([(one, drawn(one, walls, image).box) for one in clustered(rest, prose)]):
        numbers = [piece for piece in told if piece.number and is_number_of(piece, cluster, told)]
        for own, number in by_number(cluster, numbers):
            found = drawn(own, [*walls, *(piece.box for piece in cluster if piece not in own)], image)
            yield Candidate(own, number, found, Surroundings(found.box, prose, own[0].em, image.width))


def drawn(cluster: Cluster, others: Sequence[Box], image: Image.Image) -> ink.Ink:
    """All the ink of some pieces."""
    return ink.whole(image, hull(cluster), others, cluster[0].em)
