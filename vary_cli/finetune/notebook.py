"""lines.json of a run: which text stands on which line of its pictures. Found once, by the model as it was at first."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from vary_cli.document import Line
from vary_cli.errors import DataError
from vary_cli.example import Glyph
from vary_cli.finetune.augment import KnownLine
from vary_cli.finetune.lines import Known, known
from vary_cli.finetune.mixture import Mixture, Place
from vary_cli.finetune.run import LINES, writing, written
from vary_cli.model.vary import VaryModel

PROBES = 16  # examples of a set that are looked at; if all have places, all others do


class Notebook:
    """The lines of a run's pictures."""

    def __init__(self, run: Path, mixture: Mixture) -> None:
        self.file, self.mixture = run / LINES, mixture

    def fill(self, model: VaryModel, say: Callable[[str], None]) -> None:
        """Find the lines of all pictures whose characters have no places, unless that was done. Raises DataError."""
        if self.file.is_file():
            return
        found = {place: known(self.mixture.entry(place).example(), model) for place in bare(self.mixture)}
        with writing(self.file.parent):
            written(self.file, json.dumps([packed(*item) for item in found.items()], ensure_ascii=False).encode())
        if found:
            told = sum(len(one.lines) for one in found.values())
            left = sum(one.count for one in found.values()) - told
            say(f"{told} lines on {len(found)} pictures have a text that is sure; {left} others are left out")
        if found and not told and len(found) == sum(map(len, self.mixture.sets.values())):
            hint = (
                "the model reads too little of these pages to find its way: start with drawn data, vary data make pages"
            )
            raise DataError("no line's text is sure", hint, "data_empty")

    def read(self) -> dict[Place, Known]:
        """All that was found."""
        return dict(unpacked(item) for item in json.loads(self.file.read_text(encoding="utf-8")))


def bare(mixture: Mixture) -> Iterator[Place]:
    """Entries whose characters have no places."""
    for name, entries in mixture.sets.items():
        probes = range(0, len(entries), max(1, len(entries) // PROBES))
        if all(entries[index].columns is not None for index in probes):
            continue
        yield from ((name, index) for index, entry in enumerate(entries) if entry.columns is None)


def packed(place: Place, what: Known) -> list[Any]:
    """What is known of a picture, as JSON."""
    lines = [[*line.line.box, line.line.baseline, line.line.em, line.placed, spelled(line)] for line in what.lines]
    return [*place, what.turned, what.count, lines]


def spelled(line: KnownLine) -> list[Any]:
    """A line's text, and where its characters stand."""
    return ["".join(glyph.char for glyph in line.glyphs), [round(glyph.x, 1) for glyph in line.glyphs]]


def unpacked(item: list[Any]) -> tuple[Place, Known]:
    """The inverse of `packed`."""
    name, index, turned, count, lines = item
    return (name, index), Known(tuple(map(known_line, lines)), turned, count)


def known_line(item: list[Any]) -> KnownLine:
    """A line from JSON."""
    x0, y0, x1, y1, baseline, em, placed, (text, places) = item
    glyphs = tuple(Glyph(char, x, baseline, em, 0) for char, x in zip(text, places, strict=True))
    return KnownLine(Line((x0, y0, x1, y1), baseline, em), glyphs, placed)
