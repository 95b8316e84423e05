"""Titles: of the chart, and of its axes. The words that are left when all others have their parts."""

from __future__ import annotations

import re
from dataclasses import replace

from vary_cli.charts import categories
from vary_cli.charts.facts import Facts
from vary_cli.charts.scene import Scene
from vary_cli.charts.words import Word
from vary_cli.document import Box

SIGN = re.compile(r"[:：]\s*\d")  # of a part and its value
TALL = 0.85  # of the largest letters; a title's are as large
NEAR = 3.0  # em; an axis's name at its end stands so near


def on_top(facts: Facts, found: Scene) -> Facts:
    """The facts of a chart without axes with its title: the uppermost words, which name no part."""
    free = [word for word in found.words if not word.angle and is_text(word) and not SIGN.search(word.text)]
    top = min((word.box[1] for word in free), default=0.0)
    above = [word for word in free if word.box[1] < top + 2 * word.em]
    return replace(facts, title=phrase(above))


def phrase(words: list[Word]) -> str:
    """The largest of some words, in one row."""
    if not words:
        return ""
    tallest = max(words, key=lambda word: (word.box[3] - word.box[1]) * min(4, len(word.text)))
    row = [word for word in words if abs(word.middle[1] - tallest.middle[1]) < 0.5 * tallest.em]
    return " ".join(word.text for word in sorted(row, key=lambda word: word.box[0]))


def is_text(word: Word) -> bool:
    """Whether a word may be part of a title."""
    return any(char.isalpha() for char in word.text)


def around(facts: Facts, found: Scene, box: Box, lying: bool) -> Facts:
    """The facts with the titles of the chart and of its axes; `box` is the plot."""
    x0, y0, x1, y1 = box[0], top_of(found, box, lying), box[2], box[3]
    named = above_axis(found, box, y0)
    upper = [
        word for word in found.words if not word.angle and word.box[3] < y0 and is_text(word) and word not in named
    ]
    names = names_of(found, lying)
    floor = max((word.box[3] for word in names), default=y1)
    lower = [word for word in found.words if not word.angle and word.box[1] > floor and is_text(word)]
    left = [word for word in found.words if word.angle == 90 and word.box[2] < x0 and is_text(word)]
    right = [word for word in found.words if word.angle == 90 and word.box[0] > x1 and is_text(word)]
    ends = sorted(named, key=lambda word: word.box[0])
    up = phrase(left) or (ends[0].text if ends else "")
    second = phrase(right) or (ends[-1].text if len(ends) > 1 else "")
    across = phrase(lower)
    if lying:
        across, up = up, across
    return replace(facts, title=phrase(upper), x_title=across, y_title=up, second_title=second if found.right else "")


def names_of(found: Scene, lying: bool) -> list[Word]:
    """The numbers or names right below the plot."""
    if lying or found.left is None:
        return list(found.bottom.words) if found.bottom is not None else []
    return categories.below(found, found.left.scale.last, found.left.scale.step)


def top_of(found: Scene, box: Box, lying: bool) -> float:
    """What stands higher than this is above the marks: the first number or name along the axis."""
    if lying:
        names = categories.beside(found, box[0])
        return min((word.box[1] for word in names), default=box[3] / 3)
    return found.left.scale.first - 2 if found.left is not None else box[1]


def above_axis(found: Scene, box: Box, top: float) -> list[Word]:
    """Names of upright axes that stand at their upper ends."""
    numbers = [word.em for axis in (found.left, found.right, found.bottom) if axis for word in axis.words]
    size = sorted(numbers)[len(numbers) // 2]
    return [
        word
        for word in found.words
        if not word.angle
        and is_text(word)
        and word.em < 1.3 * size
        and -0.5 * size < top - word.box[3] < NEAR * size
        and (abs(word.box[0] - box[0]) < 2 * size or abs(word.box[2] - box[2]) < 2 * size)
    ]
