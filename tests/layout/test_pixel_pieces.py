"""Letters that touch or are linked over the space between two lines."""

from __future__ import annotations

import numpy as np

from vary_cli.ink.blobs import blobs
from vary_cli.layout.pixels.contact import parted
from vary_cli.layout.pixels.pieces import levelled

EM = 20.0


def line(top: int, count: int = 6, high: int = 15) -> list[list[int]]:
    return [[17 * i, top, 17 * i + 15, top + high] for i in range(count)]


def test_a_word_that_dirt_spans_over_two_lines_is_two() -> None:
    dirt = [[40, 16, 42, 17], [50, 18, 52, 19]]
    boxes = np.array([*line(0), *line(20), *dirt])
    owner = levelled(boxes, np.zeros(len(boxes), np.int64), EM)
    assert [owner[:6].tolist(), owner[6:12].tolist()] == [[0] * 6, [1] * 6]
    assert owner[12:].tolist() == [0, 1]


def test_dots_and_accents_stay_with_their_letters() -> None:
    boxes = np.array([*line(10, high=16), [4, 0, 8, 4], [20, 2, 26, 5], [60, 29, 63, 31]])
    owner = levelled(boxes, np.array([3] * len(boxes)), EM)
    assert owner.tolist() == [0] * len(boxes)


def test_letters_of_notes_that_touch_are_parted_by_the_size_of_notes() -> None:
    gray = np.full((60, 320), 255, np.uint8)
    for x0, y0, x1, y1 in [*line(4, 18, 14), *line(21, 18, 14)]:
        gray[y0:y1, x0:x1] = 0
    gray[18:21, 70:72] = 0  # one stroke joins the lines
    found = blobs(gray < 128)
    assert len(found) == 35
    assert len(parted(gray, found, EM)) == 36
