"""A chart put together: its marks are measured, its words get their parts, and both become facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PIL import Image

from vary_cli.charts import columns, curves, pies, plot, titles
from vary_cli.charts.facts import Facts, Unreadable
from vary_cli.charts.scene import Scene, scene
from vary_cli.charts.words import Word

NO_AXIS = "no axis with numbers is to be seen on it, nor parts with values"
NO_MARKS = "no bars, lines or wedges could be measured on it"


def read(image: Image.Image, words: Sequence[Word]) -> Facts:
    """What one chart says. Raises Unreadable."""
    found = scene(image, words)
    if found.left is None and found.bottom is None:
        facts = pies.read(found.words, found.entries, found.canvas)
        return titles.on_top(facts, found, 0.3 * image.height)
    measured = columns.read(found)
    facts, lying = measured if measured else (curves.read(found), False)
    if facts is None or not any(facts.values.values()):
        raise Unreadable(NO_MARKS)
    box = plot.lying(found) if lying else plot.upright(found)
    assert box is not None
    return titles.around(facts, found, box, lying)
